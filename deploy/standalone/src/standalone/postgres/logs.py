"""What the server writes down: a file a weekday, emptied when its day comes again, and `start.log` before that."""

from pathlib import Path

from standalone.postgres.account import Account, give

SHOWN = 2000


class Logs:
    def __init__(self, folder: Path) -> None:
        self.start = folder / "start.log"
        self._daily = folder / "log"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "logging_collector": "on",
            "log_directory": str(self._daily),
            "log_filename": "%a.log",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_truncate_on_rotation": "on",
        }

    def make(self, account: Account | None) -> None:
        self._daily.mkdir(mode=0o700, exist_ok=True)
        give(self._daily, account)

    def mark(self) -> dict[Path, int]:
        """How far the files have come, to tell later what is new."""
        return {path: path.stat().st_size for path in self._daily.iterdir()}

    def since(self, mark: dict[Path, int]) -> str:
        """The last that was said since `mark`, by a server that started after it."""
        return "\n".join(
            said for path in (self.start, *self._daily.iterdir()) if (said := _tail(path, mark.get(path, 0)))
        )


def _tail(path: Path, start: int) -> str:
    with path.open("rb") as file:
        file.seek(max(start, path.stat().st_size - SHOWN))
        return file.read().decode("utf-8", "replace").strip()
