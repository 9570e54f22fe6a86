"""What Discord and Spotify have in common: a page that asks the member, and RFC 6749 with PKCE behind it."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.fakes.faults import Reply
from tests.fakes.server import Call, Fake

CLIENT_ID, CLIENT_SECRET = "157730590492196864", "a secret: with % and ü"


@dataclass
class Code:
    user: str
    redirect_uri: str
    challenge: str
    scope: str


class OAuthFake(Fake):
    """`user` is who sits at the browser, and `agrees` whether they do. Tokens are told apart by whose they are."""

    def __init__(self, page: str, token_path: str, lasts: int) -> None:
        super().__init__()
        self.user, self.agrees, self.lasts, self.rotates = "175928847299117063", True, lasts, True
        self.redirect_uris: set[str] = set()
        self.token_path = token_path
        self.access: dict[str, str] = {}
        self.refresh: dict[str, tuple[str, str]] = {}
        self._codes: dict[str, Code] = {}
        self.routes |= {("GET", page): self._page, ("POST", token_path): self._token}

    @property
    def refreshes(self) -> list[Call]:
        return [call for call in self.asked(self.token_path) if call.form.get("grant_type") == "refresh_token"]

    def end_access_tokens(self) -> None:
        self.access.clear()

    def end_authorisation(self) -> None:
        """As the member does on the provider's page, or six months do."""
        self.access.clear()
        self.refresh.clear()

    def bearer(self, call: Call) -> str | None:
        return self.access.get(call.headers.get("authorization", "").removeprefix("Bearer "))

    def _page(self, call: Call) -> Reply:
        asked = call.query
        known = asked.get("client_id") == CLIENT_ID and asked.get("redirect_uri") in self.redirect_uris
        proves = asked.get("code_challenge_method") == "S256" and len(asked.get("code_challenge", "")) == 43
        if not known or asked.get("response_type") != "code" or not proves:
            return Reply(400, b"INVALID_CLIENT: Invalid redirect URI", {"Content-Type": "text/plain"})
        back = {"state": asked["state"]} if "state" in asked else {}
        if not self.agrees:
            return Reply.to(f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied'} | back)}")
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(self.user, asked["redirect_uri"], asked["code_challenge"], asked.get("scope", ""))
        return Reply.to(f"{asked['redirect_uri']}?{urlencode({'code': code} | back)}")

    def _token(self, call: Call) -> Reply:
        if call.headers.get("authorization") != _basic():
            return Reply.of({"error": "invalid_client"}, 401)
        if call.form.get("grant_type") == "authorization_code":
            return self._exchange(call.form)
        if call.form.get("grant_type") == "refresh_token":
            return self._refresh(call.form)
        return Reply.of({"error": "unsupported_grant_type"}, 400)

    def _exchange(self, form: dict[str, str]) -> Reply:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.redirect_uri != form.get("redirect_uri"):
            return Reply.of({"error": "invalid_grant", "error_description": "Invalid authorization code"}, 400)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            return Reply.of({"error": "invalid_grant", "error_description": "code_verifier was incorrect"}, 400)
        return self._issue(code.user, code.scope, new_refresh=True)

    def _refresh(self, form: dict[str, str]) -> Reply:
        used = form.get("refresh_token", "")
        if used not in self.refresh:
            return Reply.of({"error": "invalid_grant", "error_description": "Refresh token revoked"}, 400)
        user, scope = self.refresh.pop(used) if self.rotates else self.refresh[used]
        return self._issue(user, scope, new_refresh=self.rotates)

    def _issue(self, user: str, scope: str, *, new_refresh: bool) -> Reply:
        access = f"canary-access-{secrets.token_urlsafe(16)}"
        self.access[access] = user
        told = {"access_token": access, "token_type": "Bearer", "expires_in": self.lasts, "scope": scope}
        if new_refresh:
            told["refresh_token"] = f"canary-refresh-{secrets.token_urlsafe(16)}"
            self.refresh[told["refresh_token"]] = user, scope
        return Reply.of(told)


def _basic() -> str:
    encoded = f"{CLIENT_ID}:a+secret%3A+with+%25+and+%C3%BC"
    return "Basic " + base64.b64encode(encoded.encode()).decode()
