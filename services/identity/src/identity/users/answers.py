"""People as they are shown: the Discord id only to those who may see it."""

from contracts.identity import Person
from identity.models import User


def person(user: User, *, with_discord: bool) -> Person:
    shown = Person.model_validate(user)
    return shown if with_discord else shown.model_copy(update={"discord_id": None})
