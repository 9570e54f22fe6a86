"""The club service under test."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, update
from uuid_utils.compat import uuid7

from chassis.testing import Scripted
from club.main import app as club
from club.models import DEFAULT_CLUB, Club, Week
from contracts.catalog import AlbumChanged
from contracts.identity import UserChanged, UserMerged


@pytest.fixture
def app():
    return club


@pytest.fixture
def stage(stage):
    """The club alone: it knows whom and what it is told of, and its neighbours know nobody and nothing else."""
    stage.app.state.neighbours = {name: Scripted({}) for name in ("identity", "catalog")}
    return stage


@pytest.fixture
def club_of(deliver):
    """`await club_of("Ida", "Ben")`: people the club knows, as identity told of them."""

    async def make(*names):
        people = [
            UserChanged(
                version=1,
                user_id=uuid7(),
                display_name=name,
                handle=name.lower(),
                avatar_url=f"https://cdn.example/{name.lower()}.png",
                discord_id=str(uuid4().int >> 64),
            )
            for name in names
        ]
        for person in people:
            await deliver(person)
        return people

    return make


@pytest.fixture
def merge(deliver):
    """`await merge(old, into)`: identity tells of it."""

    async def tell(old, into, version=2_000):
        await deliver(UserMerged(user_id=old.user_id, survivor_id=into.user_id, version=version))

    return tell


@pytest.fixture
def record(deliver):
    """`await record("Blue", "Joni Mitchell", 1971)`: an album the club knows, as the catalogue told of it."""

    async def make(title, artist="Joni Mitchell", year=1971, **known):
        told = AlbumChanged(
            version=1,
            album_id=uuid7(),
            title=title,
            artist=artist,
            artists=[{"id": uuid7(), "name": artist}],
            year=year,
            mbid=known.get("mbid"),
            spotify_id=known.get("spotify_id"),
            cover_url=None,
            updated_at="2025-11-24T12:00:00Z",
        )
        await deliver(told)
        return told

    return make


@pytest.fixture
def a_week(stage):
    """`await a_week(3)`: the id of a week with that number."""

    async def make(number=3):
        async with stage.db.transaction() as tx:
            week = Week(number=number)
            tx.add(week)
        return week.id

    return make


@pytest.fixture
def rules(stage):
    """`await rules(nominations_per_member=25)`: what the default club decides."""

    async def decide(**given):
        async with stage.db.transaction() as tx:
            await tx.execute(update(Club).where(Club.id == DEFAULT_CLUB).values(rules=given))

    return decide


@pytest.fixture
def ask(client, sign):
    """`await ask("POST", "/club/weeks", {…})`: a bot's request; with `by`, somebody else's."""

    async def send(method, path, body=None, by=None):
        # Plain ASCII, which can spell what JSON libraries refuse to send: half a surrogate pair, NaN.
        text, headers = json.dumps(body), {"Content-Type": "application/json"} | (sign() if by is None else by)
        return await client.request(method, path, content=None if body is None else text, headers=headers)

    return send


@pytest.fixture
def refusal():
    """`refusal(answer)`: status and code of a problem document, which has a sentence to a member."""

    def read(answer):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].endswith(".")
        return answer.status_code, answer.json()["code"]

    return read


@pytest.fixture
def queries():
    """The statements sent to PostgreSQL so far."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def booth(ask, club_of, record):
    """An open week with three albums of others, and Ida, Ben and Cleo, who vote: `await booth.cast(ida, first)`."""

    class Booth:
        week, people, nominations = None, [], []

        async def cast(self, person, first, second=None, by=None):
            body = {"first": first} | ({"second": second} if second else {})
            return await ask("PUT", f"{self.week}/ballots/{person.user_id}", body, by=by)

        async def close(self):
            answer = await ask("POST", f"{self.week}/advance", {"to": "discussing"})
            assert answer.status_code == 200, answer.text

        async def result(self):
            return (await ask("GET", f"{self.week}/result")).json()

        async def put_up(self, person, title):
            album = {"album_id": str((await record(title)).album_id)}
            body = {"user": {"user_id": str(person.user_id)}, "album": album}
            return (await ask("POST", f"{self.week}/nominations", body)).json()["id"]

    made, others = Booth(), await club_of("Xenia", "Yann", "Zoe")
    made.week = f"/club/weeks/{(await ask('POST', '/club/weeks', {'number': 7})).json()['id']}"
    made.people = await club_of("Ida", "Ben", "Cleo")
    titles = zip(others, ("Blue", "Hejira", "Mingus"), strict=True)
    made.nominations = [await made.put_up(*each) for each in titles]
    return made


class Owners:
    """What identity and the catalogue answer: everybody and everything is adopted as it is told."""

    def __init__(self, version=1_000):
        self.version = version

    def users(self, body):
        told = [] if body["only_ask"] else body["users"]
        return {"users": [{"user_id": each.pop("id"), "version": self.version, **each} for each in told]}

    def albums(self, body):
        told = [] if body["only_ask"] else body["albums"]
        stamped = {"version": self.version, "updated_at": "2025-11-24T12:00:00Z"}
        return {"albums": [{"album_id": each.pop("id"), **stamped, **each} for each in told]}


@pytest.fixture
def owners(stage):
    """`asked`: what they were asked, by owner."""
    them = Owners()
    neighbours = {
        "identity": Scripted({"POST /internal/users/adopt": them.users}),
        "catalog": Scripted({"POST /internal/albums/adopt": them.albums}),
    }
    stage.app.state.neighbours |= neighbours
    return neighbours


@pytest.fixture
def export(client, sign):
    """`await export()`: the document of a club, as an admin gets it."""

    async def get(path="/club/export", by=None):
        return await client.get(path, headers=sign("admin") if by is None else by)

    return get


@pytest.fixture
def restore(client, sign, owners):
    """`await restore(document)`: the answer; bytes are sent as they are."""

    async def post(document, slug="main", by=None):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return await client.post(f"/clubs/{slug}/restore", content=body, headers=sign("admin") if by is None else by)

    return post
