"""Genres over HTTP."""

from functools import cache

from catalog.genres import rules
from catalog.genres.tables import moods, spellings, tree
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts import genres, text

router = routes(prefix="/music/genres", tags=["genres"])


@router.get("")
async def read_genres(_: SignedCaller) -> genres.GenreTree:
    """All genres, each with those it is a kind of; whoever has no parents is a root."""
    return _whole_tree()


@router.get("/{name}")
async def read_genre(name: text.Name, _: SignedCaller) -> genres.Genre:
    """One genre, in whichever spelling, with its parents, its children and the mood that is estimated of it."""
    genre = spellings().get(rules.folded(name))
    if genre is None:
        raise rules.UnknownGenre
    found = rules.estimate(tree(), moods(), genre)
    mood = found and genres.MoodEstimate(**found.mood._asdict(), inherited_from=list(found.inherited_from))
    below = rules.children(tree(), genre)
    return genres.Genre(name=genre, parents=list(tree()[genre]), children=below, mood=mood)


@cache
def _whole_tree() -> genres.GenreTree:
    placed = [genres.PlacedGenre(name=name, parents=list(parents)) for name, parents in tree().items()]
    return genres.GenreTree(roots=[each.name for each in placed if not each.parents], genres=placed)
