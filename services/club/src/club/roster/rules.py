"""What a roster keeps people from. No I/O here."""

from chassis.errors import Forbidden


class NotOnRoster(Forbidden):
    sentence = "Only members on the club's roster can do this."
