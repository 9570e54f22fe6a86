"""The server's main process. Where the kernel can, it ends it together with us, even by kill -9."""

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from standalone.postgres.account import Account, as_account

PR_SET_PDEATHSIG = 1
PATIENCE, LAST_WORDS = 60, 5


class Process:
    def __init__(
        self, command: Sequence[str | Path], env: Mapping[str, str], account: Account | None, words: Path
    ) -> None:
        # All that the server begets holds the other end: it is closed when the last of them is gone.
        self._last_gone, held = os.pipe()
        with words.open("wb") as written:
            self._popen = subprocess.Popen(  # noqa: S603 — our own program and arguments, no shell
                command,
                env=env,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                pass_fds=[held],
                start_new_session=True,  # Ctrl-C is for us, who end PostgreSQL after its clients
                preexec_fn=end_with_parent(),  # noqa: PLW1509 — it only asks the kernel, it takes no lock
                **as_account(account),
            )
        os.close(held)
        self.pid = self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def stop(self) -> None:
        """Ever harder, should it hang."""
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.running:
                self._popen.send_signal(how)
                with suppress(subprocess.TimeoutExpired):
                    self._popen.wait(PATIENCE)
        self.bury()

    def bury(self) -> None:
        """After its death: waits for its children, of whom one still writes the log."""
        if self._last_gone >= 0:
            select.select([self._last_gone], [], [], LAST_WORDS)
            os.close(self._last_gone)
            self._last_gone = -1


def end_with_parent() -> Callable[[], None] | None:
    """A `preexec_fn`: it runs after the change of user, which would clear the wish again.

    The wish is bound to the *thread* that spawns, hence to be spawned from the main one.
    """
    if sys.platform != "linux":  # there the next start finds the stray server
        return None
    # Looked up here: between fork and exec nothing may be loaded.
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != parent:  # the parent died before it was asked
            os._exit(1)

    return ask
