"""What nobody can be asked about. No I/O here."""

from chassis.errors import NotFound


class UnknownAlbum(NotFound):
    sentence = "Nobody here has ever told of such an album."


class UnknownArtist(NotFound):
    sentence = "Nobody here has ever told of such an artist."
