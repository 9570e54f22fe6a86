"""How a command says no."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from chassis.errors import Refusal


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal is a sentence and a failure, not a traceback."""
    try:
        yield
    except Refusal as refusal:
        # Its words may be somebody's own, with whatever they typed in them.
        Console(stderr=True).print(str(refusal), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from refusal
