"""Sending a browser to a provider, to be known again when it is back."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Query, Response, status
from fastapi.responses import RedirectResponse

from chassis.db import Tx
from contracts.accounts import Authorization
from contracts.identity import Provider
from contracts.ids import UserId
from identity.oauth.browser import NO_STORE, PresentBrowser
from identity.oauth.rules import LONGEST_NEXT, local_path
from identity.oauth.states import Begun, begin

Next: TypeAlias = Annotated[
    str, Query(max_length=LONGEST_NEXT, description="A path of this site, where the browser is sent afterwards.")
]


class _Departure:
    """Of one browser; `next` is where it goes at last."""

    def __init__(self, browser: PresentBrowser, tx: Tx, next: Next = "/") -> None:  # noqa: A002 — the parameter's name on the wire
        self._browser, self._tx, self._next = browser, tx, local_path(next)

    async def to_sign_in(self, provider: Provider) -> Begun:
        return await begin(self._tx, provider, "sign_in", next_=self._next, browser=self._browser.value)

    async def to_link(self, provider: Provider, user_id: UserId) -> Begun:
        return await begin(self._tx, provider, "link", next_=self._next, browser=self._browser.value, user_id=user_id)

    def sent(self, page: str) -> Response:
        onward = RedirectResponse(page, status.HTTP_303_SEE_OTHER, NO_STORE)
        self._browser.mark(onward)
        return onward

    def told(self, response: Response, page: str) -> Authorization:
        """Where it is to go, for a page that sends it there itself."""
        self._browser.mark(response)
        response.headers.update(NO_STORE)
        return Authorization(authorize_url=page)


Departure = Annotated[_Departure, Depends(_Departure)]
