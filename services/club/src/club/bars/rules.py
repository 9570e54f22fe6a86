"""What a bar keeps people from. No I/O here."""

from collections.abc import Collection

from chassis.errors import Forbidden
from contracts.clubs import Act


class Barred(Forbidden):
    sentence = "The club's admins have barred you from this."


def check_not_barred(act: Act, barred_from: Collection[Act]) -> None:
    if act in barred_from:
        raise Barred
