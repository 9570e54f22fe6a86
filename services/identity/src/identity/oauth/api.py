"""Signing in with Discord and Spotify, and linking accounts, over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response, status
from fastapi.responses import RedirectResponse

from chassis.db import Tx
from chassis.http import router as make_router
from chassis.tokens import SignedCaller
from contracts.accounts import Authorization, Link, ListenBrainzToken
from identity.links.announcement import shown
from identity.links.linking import link
from identity.models import Method
from identity.oauth.browser import NO_STORE
from identity.oauth.departing import Departure
from identity.oauth.returning import Arrival, FromDiscord, FromLastFm, FromSpotify
from identity.oauth.rules import member
from identity.oauth.signing_in import who_signs_in
from identity.providers.discord import Discord
from identity.providers.grants import Account, Grant
from identity.providers.lastfm import LastFm
from identity.providers.listenbrainz import ListenBrainz
from identity.providers.settings import ProviderSettings
from identity.providers.spotify import SCOPE_TO_LINK, SCOPE_TO_SIGN_IN, Spotify
from identity.sessions.begin import begin_session
from identity.vault.cipher import vault_at_hand

router = make_router(prefix="/auth", tags=["auth"])

SENT_ON: dict[str, Any] = {"status_code": status.HTTP_303_SEE_OTHER, "response_class": RedirectResponse}


@router.get("/discord/login", **SENT_ON)
async def begin_with_discord(departure: Departure) -> Response:
    """Sends the browser to Discord's page, to sign in here."""
    discord = Discord(ProviderSettings())
    begun = await departure.to_sign_in("discord")
    return departure.sent(discord.authorize_url(begun.state, begun.verifier))


@router.get("/spotify/login", **SENT_ON)
async def begin_with_spotify(departure: Departure) -> Response:
    """Sends the browser to Spotify's page, to sign in here; what you have played is not asked for."""
    spotify = Spotify(ProviderSettings())
    begun = await departure.to_sign_in("spotify")
    return departure.sent(spotify.authorize_url(begun.state, begun.verifier, SCOPE_TO_SIGN_IN))


@router.post("/discord/link")
async def begin_link_to_discord(caller: SignedCaller, departure: Departure, response: Response) -> Authorization:
    """Where to send your browser to link your Discord account."""
    user_id, discord = member(caller), Discord(ProviderSettings())
    begun = await departure.to_link("discord", user_id)
    return departure.told(response, discord.authorize_url(begun.state, begun.verifier))


@router.post("/spotify/link")
async def begin_link_to_spotify(caller: SignedCaller, departure: Departure, response: Response) -> Authorization:
    """Where to send your browser to link your Spotify account: we then read what you have lately played."""
    user_id, spotify = member(caller), Spotify(ProviderSettings())
    vault_at_hand().current  # noqa: B018 — without a key to keep it with, nothing is asked for
    begun = await departure.to_link("spotify", user_id)
    return departure.told(response, spotify.authorize_url(begun.state, begun.verifier, SCOPE_TO_LINK))


@router.post("/lastfm/link")
async def begin_link_to_lastfm(caller: SignedCaller, departure: Departure, response: Response) -> Authorization:
    """Where to send your browser to link your Last.fm account."""
    user_id, lastfm = member(caller), LastFm(ProviderSettings())
    vault_at_hand().current  # noqa: B018 — without a key to keep it with, nothing is asked for
    begun = await departure.to_link("lastfm", user_id)
    return departure.told(response, lastfm.authorize_url(begun.state))


async def _listenbrainz(token: ListenBrainzToken, caller: SignedCaller) -> tuple[Account, Grant]:
    member(caller)
    vault_at_hand().current  # noqa: B018 — without a key to keep it with, nothing is asked for
    return await ListenBrainz(ProviderSettings()).arrive(token.token)


@router.post("/listenbrainz/link")
async def link_listenbrainz(
    caller: SignedCaller,
    proved: Annotated[tuple[Account, Grant], Depends(_listenbrainz)],
    tx: Tx,
    response: Response,
) -> Link:
    """Link your ListenBrainz account by its user token, once ListenBrainz says that the token is good."""
    response.headers.update(NO_STORE)
    return shown(await link(tx, member(caller), *proved, vault_at_hand()))


@router.get("/discord/callback", **SENT_ON)
async def return_from_discord(arrival: FromDiscord, request: Request, tx: Tx) -> Response:
    """Where Discord sends the browser back to: signed in, or with the account linked."""
    return await _end(tx, request, arrival)


@router.get("/spotify/callback", **SENT_ON)
async def return_from_spotify(arrival: FromSpotify, request: Request, tx: Tx) -> Response:
    """Where Spotify sends the browser back to: signed in, or with the account linked."""
    return await _end(tx, request, arrival)


@router.get("/lastfm/callback", **SENT_ON)
async def return_from_lastfm(arrival: FromLastFm, request: Request, tx: Tx) -> Response:
    """Where Last.fm sends the browser back to, with the account linked."""
    return await _end(tx, request, arrival)


async def _end(tx: Tx, request: Request, arrival: Arrival) -> Response:
    onward = RedirectResponse(arrival.next, status.HTTP_303_SEE_OTHER, NO_STORE)
    if arrival.member is not None:
        await link(tx, arrival.member, arrival.account, arrival.grant, arrival.vault)
        return onward
    user = await who_signs_in(tx, arrival)
    method: Method = "discord" if arrival.account.provider == "discord" else "spotify"
    await begin_session(tx, onward, request, user.id, method)
    return onward
