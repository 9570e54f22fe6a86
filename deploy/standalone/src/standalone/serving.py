"""`sidetrack serve`: one part in a process of its own."""

import os
import sys
from typing import Annotated

import typer

from gateway.routes import SERVICES

PARTS = (*SERVICES, "gateway")

Port = Annotated[int, typer.Option(envvar="SIDETRACK_PORT", help="Where to listen.")]
Host = Annotated[str, typer.Option(envvar="SIDETRACK_HOST", help="On which address to listen.")]

app = typer.Typer(add_completion=False)


@app.callback()
def _begin() -> None:
    """So that the command keeps its name, though it is alone."""


@app.command()
def serve(
    part: Annotated[str, typer.Argument(help="identity, catalog, club, listening, taste or gateway.")],
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Run one part in this process; its settings come from the environment."""
    if part not in PARTS:
        typer.echo(f"There is no part {part}.", err=True)
        raise typer.Exit(1)
    # In place of this process.
    public = ["--public"] if part == "gateway" else []
    told = ["-m", "chassis.serve", f"{part}.main:app", "--host", host, "--port", str(port), *public]
    os.execv(sys.executable, [sys.executable, *told])  # noqa: S606 — our own program, no shell
