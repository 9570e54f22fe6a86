"""When a winner can be overridden. No I/O here."""

from chassis.errors import Conflict


class NoResult(Conflict):
    sentence = "This week has no result yet; until then its hosts decide the winner."
