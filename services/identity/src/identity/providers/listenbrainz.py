"""ListenBrainz: a user token that the member copies from its settings page."""

from http import HTTPStatus

from chassis.errors import Invalid
from chassis.providers import ProviderAway
from chassis.wire import Wire
from identity.providers.grants import Account, Grant, named_account
from identity.providers.rules import account_of
from identity.providers.settings import ProviderSettings


class WrongToken(Invalid):
    sentence = "ListenBrainz does not know this token."


class ListenBrainz:
    """Needs no key of ours."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._url, self._wire = settings.listenbrainz_url, Wire("listenbrainz", settings.provider_timeout)

    async def arrive(self, token: str) -> tuple[Account, Grant]:
        """Whose token it is. Raises WrongToken."""
        headers = {"Authorization": f"Token {token}"}
        told = await self._wire.ask("GET", f"{self._url}/1/validate-token", headers=headers)
        valid = told.answer.get("valid")
        if told.status == HTTPStatus.UNAUTHORIZED or valid is False:
            raise WrongToken
        if told.status != HTTPStatus.OK or valid is not True:
            raise ProviderAway
        return named_account("listenbrainz", account_of(told.answer, "user_name")), Grant({"user_token": token})
