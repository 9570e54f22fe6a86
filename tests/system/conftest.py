"""A running system for each topology, shared by the tests that do no harm to it."""

from contextlib import ExitStack
from functools import partial

import pytest

from tests import beneath
from tests.fakes import lastfm as lastfm_fake
from tests.fakes.discord import FakeDiscord
from tests.fakes.lastfm import FakeLastFm
from tests.fakes.listenbrainz import FakeListenBrainz
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.spotify import FakeSpotify
from tests.homes import new_home
from tests.system.deployments import QUICK, distributed, standalone


@pytest.fixture(scope="session")
def providers():
    with ExitStack() as stack:
        kinds = {"discord": FakeDiscord, "spotify": FakeSpotify, "lastfm": FakeLastFm, "listenbrainz": FakeListenBrainz}
        yield {name: stack.enter_context(kind()) for name, kind in kinds.items()}


@pytest.fixture(scope="session")
def settings(providers):
    """So that all the providers are known."""
    told = {
        "DISCORD_URL": providers["discord"].url,
        "SPOTIFY_ACCOUNTS_URL": providers["spotify"].url,
        "SPOTIFY_API_URL": providers["spotify"].url,
        "LASTFM_URL": providers["lastfm"].url,
        "LASTFM_API_URL": providers["lastfm"].url,
        "LISTENBRAINZ_URL": providers["listenbrainz"].url,
        "DISCORD_CLIENT_ID": CLIENT_ID,
        "DISCORD_CLIENT_SECRET": CLIENT_SECRET,
        "SPOTIFY_CLIENT_ID": CLIENT_ID,
        "SPOTIFY_CLIENT_SECRET": CLIENT_SECRET,
        "LASTFM_API_KEY": lastfm_fake.API_KEY,
        "LASTFM_SECRET": lastfm_fake.SECRET,
    }
    return QUICK | {f"SIDETRACK_{name}": text for name, text in told.items()}


@pytest.fixture(scope="session")
def standalone_deployment(providers, settings):
    with new_home() as home, standalone(home, settings) as deployment:
        _lead_back_to(deployment, providers)
        yield deployment


@pytest.fixture(scope="session")
def distributed_deployment(providers, settings, broker):
    with new_home() as home, distributed(home, broker, settings) as deployment:
        _lead_back_to(deployment, providers)
        yield deployment


def _lead_back_to(deployment, providers):
    for name in ("discord", "spotify"):
        providers[name].redirect_uris.add(f"{deployment.url}/auth/{name}/callback")


@pytest.fixture(params=["standalone", "distributed"])
def deployment(request):
    return request.getfixturevalue(f"{request.param}_deployment")


@pytest.fixture
def learned(deployment):
    """`learned(query, *parameters)`: what the services have written, seen from beneath."""
    return partial(beneath.value, deployment.home)


@pytest.fixture
def at_rest(deployment):
    """`at_rest(read)`: what it reads once nothing is on its way any more."""
    return partial(beneath.at_rest, deployment.home)


@pytest.fixture
def bot(deployment):
    with deployment.client(headers=deployment.bot) as client:
        yield client


@pytest.fixture
def post(bot):
    """`post(path, body)`: what is answered, which is no refusal."""

    def send(path, body):
        answer = bot.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    return send


@pytest.fixture
def admin(deployment):
    with deployment.client(headers={"Authorization": f"Bearer {deployment.admin_key}"}) as client:
        yield client


@pytest.fixture
def page(deployment):
    own = f"http://127.0.0.1:{deployment.port}"
    with deployment.client(headers={"Origin": own, "Sec-Fetch-Site": "same-origin"}) as client:
        yield client


@pytest.fixture
def query(standalone_deployment):
    """`query(statement, *parameters)`: rows of the standalone system's database."""
    return partial(beneath.fetch, standalone_deployment.home)
