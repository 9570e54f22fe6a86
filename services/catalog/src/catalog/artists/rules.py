"""What is refused of artists. No I/O here."""

from chassis.errors import NotFound


class UnknownArtist(NotFound):
    sentence = "There is no such artist."
