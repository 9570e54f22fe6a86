"""Discord as a member's browser and our server meet it: https://discord.com/developers/docs/topics/oauth2."""

from tests.fakes.faults import Reply
from tests.fakes.oauth import OAuthFake
from tests.fakes.server import Call

PAGE, TOKEN, ME = "/oauth2/authorize", "/api/v10/oauth2/token", "/api/v10/users/@me"
WEEK = 604_800


class FakeDiscord(OAuthFake):
    def __init__(self) -> None:
        super().__init__(PAGE, TOKEN, WEEK)
        self.shown = {"username": "wren", "global_name": "Wren", "avatar": "a_" + "0" * 32}
        self.routes["GET", ME] = self._me

    def _me(self, call: Call) -> Reply:
        user = self.bearer(call)
        if user is None:
            return Reply.of({"message": "401: Unauthorized", "code": 0}, 401)
        more = {"discriminator": "0", "public_flags": 0, "flags": 0, "banner": None, "mfa_enabled": True}
        return Reply.of({"id": user, **self.shown, **more})
