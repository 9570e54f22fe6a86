"""Why somebody is expected to rate as they are, in words. No I/O here."""

from contracts.forecasts import Reason
from taste.compatibility.sentences import listed
from taste.forecasts.rules import Effect

CHOICES = {
    "nominated": "They nominated it.",
    "first_choice": "It was their first choice in the poll.",
    "second_choice": "It was their second choice in the poll.",
}


def reason(effect: Effect) -> Reason:
    return Reason(name=effect.name, effect=round(effect.points, 2), sentence=_sentence(effect))


def _sentence(effect: Effect) -> str:
    more = "more" if effect.points > 0 else "less"
    if effect.name == "habit":
        return f"They usually give {abs(effect.points):.1f} {more} than the club."
    if effect.name == "album":
        return f"The club gave {more} than usual to {_of(effect)}."
    if effect.name == "likeness":
        return f"They gave {more} than one would expect to {_of(effect)}."
    return CHOICES[effect.name]


def _of(effect: Effect) -> str:
    return listed([f"*{title}*" for title in effect.of]) if effect.of else "what is like it"
