"""Back from a provider's page: the state is taken, then the provider is asked; both before any transaction."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import Depends, Query, Request

from chassis.tokens import SignedCaller
from contracts.ids import UserId
from identity.models import OAuthState
from identity.oauth.browser import PresentBrowser
from identity.oauth.states import Returned, take
from identity.providers.discord import Discord
from identity.providers.grants import Account, Grant
from identity.providers.lastfm import LastFm
from identity.providers.settings import ProviderSettings
from identity.providers.spotify import Spotify
from identity.vault.cipher import Vault, vault_at_hand

State: TypeAlias = Annotated[str | None, Query(description="What we gave the provider along.")]
Code: TypeAlias = Annotated[str | None, Query(description="What the provider gave the browser along.")]
Error: TypeAlias = Annotated[str | None, Query(description="Why there is no code.")]


@dataclass(frozen=True)
class Arrival:
    """Somebody who has proved to be `account`, and for what: a `member` who links it, or nobody yet, who signs in."""

    account: Account
    grant: Grant
    member: UserId | None
    next: str
    vault: Vault


class Answer:
    """What RFC 6749 has a provider add to our address."""

    def __init__(self, state: State = None, code: Code = None, error: Error = None) -> None:
        self.state, self.code, self.error = state, code, error


Answered = Annotated[Answer, Depends()]


async def _from_discord(request: Request, caller: SignedCaller, browser: PresentBrowser, answer: Answered) -> Arrival:
    returned = Returned("discord", answer.state, answer.code, answer.error, browser.known)
    begun, code = await take(request.app.state.db, returned, caller)
    return _arrival(begun, *await Discord(ProviderSettings()).arrive(code, begun.code_verifier))


async def _from_spotify(request: Request, caller: SignedCaller, browser: PresentBrowser, answer: Answered) -> Arrival:
    returned = Returned("spotify", answer.state, answer.code, answer.error, browser.known)
    begun, code = await take(request.app.state.db, returned, caller)
    account, grant = await Spotify(ProviderSettings()).arrive(code, begun.code_verifier)
    # Who only signs in has not agreed that we read anything: what opens the account is not kept.
    return _arrival(begun, account, grant if begun.purpose == "link" else Grant({}, grant.scopes))


async def _from_lastfm(
    request: Request, caller: SignedCaller, browser: PresentBrowser, state: State = None, token: Code = None
) -> Arrival:
    begun, token = await take(request.app.state.db, Returned("lastfm", state, token, None, browser.known), caller)
    return _arrival(begun, *await LastFm(ProviderSettings()).arrive(token))


def _arrival(begun: OAuthState, account: Account, grant: Grant) -> Arrival:
    return Arrival(account, grant, begun.user_id, begun.next, vault_at_hand())


FromDiscord = Annotated[Arrival, Depends(_from_discord)]
FromSpotify = Annotated[Arrival, Depends(_from_spotify)]
FromLastFm = Annotated[Arrival, Depends(_from_lastfm)]
