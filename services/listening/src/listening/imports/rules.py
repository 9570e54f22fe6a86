"""What a file may be, and when one is refused. No I/O here."""

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from contracts.ids import UserId

MEBIBYTE = 1024 * 1024
# As it is sent; and, of an archive, all that is read out of it.
LARGEST, LARGEST_UNPACKED = 64 * MEBIBYTE, 2048 * MEBIBYTE
# JSON packs to a tenth or a thirtieth. What packs better than this is no history.
DENSEST, ALWAYS = 250, 16 * MEBIBYTE
MEMBERS = 5000
# Of one person that wait or run.
AT_ONCE = 3
# How many listens go in with one transaction.
CHUNK = 1000


class UnknownFormat(Invalid):
    sentence = "This is no listening history that can be read: see the documentation for those that can."


class DamagedArchive(Invalid):
    sentence = "This archive cannot be opened."


class TooMuchInside(Invalid):
    sentence = "This archive unpacks to more than any listening history."


class FileTooLarge(Invalid):
    sentence = "The file is larger than 64 MiB: hand it in in parts, or in the archive it came in."


class NothingSent(Invalid):
    sentence = "Send the file as the body of the request."


class NoSuchImport(NotFound):
    sentence = "There is no such import."


class NoSuchListener(NotFound):
    sentence = "There is nobody by this handle or id."


class TooManyImports(TooMany):
    sentence = "Several of your files wait already; please wait until they are read."


class ImportElsewhere(Conflict):
    sentence = "Somebody else imports this file just now."


class OnlyOnesOwn(Forbidden):
    sentence = "Only members hand in files, each their own: sign in as yourself."


def importer(caller: Caller) -> UserId:
    """Whose listens the file tells of. Raises Unauthenticated, or OnlyOnesOwn for a program."""
    if caller.user_id is not None:
        return caller.user_id
    raise Unauthenticated if caller.kind == "anonymous" else OnlyOnesOwn
