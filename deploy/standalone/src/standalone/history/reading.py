"""Export files from disk; nothing is sent while one of them cannot be read."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from chassis.errors import Conflict, Invalid
from club.threads.exports import LARGEST, Export, TooLarge, read_export
from club.threads.review import BadDecisions, Decision, read_decisions


class Unusable(Invalid):
    """What was given cannot be read; a line for each."""


class OtherGuild(Conflict):
    sentence = "These files are of another server than the club's; with --any-guild they are taken all the same."


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files, and of folders those that end in .json."""
    return [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def read_files(files: Iterable[Path]) -> tuple[list[Export], list[str]]:
    """The exports, and a sentence for each file that was given twice. Raises Unusable, which names every bad file."""
    exports: dict[str, Export] = {}
    wrong, twice = [], []
    for file in files:
        try:
            export = read_export(file.name, _content(file))
        except Invalid as refusal:
            wrong.append(f"{file} {refusal}")
            continue
        except OSError as error:
            wrong.append(f"{file} cannot be read: {error.strerror}.")
            continue
        known = exports.setdefault(export.digest, export)
        if known is not export:
            twice.append(f"{file} is the same as {known.file}, and is read once.")
    if wrong:
        raise Unusable("\n".join(wrong))
    if not exports:
        raise Unusable("No export files were given.")
    return [*exports.values()], twice


def _content(file: Path) -> bytes:
    # Looked at before it is read: what is far too large never enters the memory.
    if file.stat().st_size > LARGEST:
        raise TooLarge
    return file.read_bytes()


def check_guild(exports: Iterable[Export], guild_id: str | None) -> None:
    """All are of the club's server; of one, where the club has none."""
    guilds = {export.guild.id for export in exports}
    if guild_id is None and len(guilds) > 1:
        raise OtherGuild("These files are of several servers; with --any-guild they are taken all the same.")
    if guild_id is not None and guilds != {guild_id}:
        raise OtherGuild


def check_writable(review: Path | None, decisions: Path | None) -> None:
    """Before anything is sent: a review that cannot be written afterwards is lost."""
    if review is None:
        return
    if decisions is not None and review.resolve() == decisions.resolve():
        raise Unusable("--review would write over --decisions; give it another name.")
    if review.is_dir() or not os.access(review.parent, os.W_OK):
        raise Unusable(f"{review} cannot be written.")


def decisions_in(file: Path | None) -> Mapping[str, Decision]:
    if file is None:
        return {}
    try:
        return read_decisions(file.read_text("utf-8"))
    except (BadDecisions, UnicodeDecodeError) as error:
        raise Unusable(f"{file}: {error}") from error
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from error
