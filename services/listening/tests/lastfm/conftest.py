"""A client of Last.fm's protocol, and identity as it is asked about it."""

import json
from xml.dom import minidom

import pytest

SESSION = "5" * 32


class Asked:
    """What identity is asked and answers; `fault` is what it finds wrong with whatever comes next."""

    def __init__(self, wren):
        self.calls, self.fault = [], None
        self._whose = {"user_id": str(wren.user_id), "name": "wren"}

    def answers(self):
        asked = {"calls": self.known, "tokens": self.tokens, "sessions": self.sessions}
        return {f"POST /internal/lastfm/{what}": answer for what, answer in asked.items()}

    def known(self, body):
        self.calls.append(body)
        if self.fault:
            return {"fault": self.fault}
        if "session" not in body:
            return {}
        return self._whose if body["session"] == SESSION else {"fault": "invalid_session"}

    def tokens(self, body):
        self.calls.append(body)
        return {"fault": self.fault, "token": "7" * 32}

    def sessions(self, body):
        self.calls.append(body)
        return {"fault": self.fault} if self.fault else {**self._whose, "session": SESSION}


@pytest.fixture
def identity(stage, wren):
    asked = Asked(wren)
    stage.app.state.neighbours["identity"].answers |= asked.answers()
    return asked


@pytest.fixture
def send(client, sign, identity):
    """`await send("track.scrobble", …)`: the answer; nobody is signed in, as the gateway sees it."""

    async def call(method, verb="POST", **parameters):
        usual = {"method": method, "api_key": "1" * 32, "api_sig": "2" * 32, "sk": SESSION}
        told = {name: text for name, text in (usual | parameters).items() if text is not None}
        given = {"data": told} if verb == "POST" else {"params": told}
        return await client.request(verb, "/2.0", headers=sign("anonymous"), **given)

    return call


@pytest.fixture
def ask(send):
    """The same in JSON: what is answered with 200."""

    async def call(method, **parameters):
        answer = await send(method, format="json", **parameters)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
        return json.loads(answer.content)

    return call


@pytest.fixture
def read_xml():
    """The one element below `lfm`, and the status."""

    def read(answer):
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        root = minidom.parseString(answer.content).documentElement
        return root.getAttribute("status"), root.firstChild

    return read


@pytest.fixture
def song():
    """`song(3)`: the parameters of a scrobble with the number 3."""

    def make(number=None, *, track="A Case of You", artist="Joni Mitchell", at=1_763_496_000, **more):
        spelled = {"artist": artist, "track": track, "timestamp": str(at), "album": "Blue"} | more
        suffix = "" if number is None else f"[{number}]"
        return {f"{name}{suffix}": text for name, text in spelled.items() if text is not None}

    return make
