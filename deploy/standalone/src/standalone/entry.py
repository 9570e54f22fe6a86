"""Where the `sidetrack` command begins."""

import gc
import sys
from importlib import import_module

# What needs one part, or none: to load all of them takes seconds.
LIGHT = {
    "serve": "standalone.serving",
    "reannounce": "standalone.announcing",
    "bus": "standalone.messages",
    "dead": "standalone.messages",
}


def main() -> None:
    module = LIGHT.get(sys.argv[1]) if len(sys.argv) > 1 else None
    # Of what is loaded there is nothing to collect, and looking for it takes an eighth of the time.
    gc.disable()
    command = import_module(module or "standalone.command")
    gc.enable()
    command.app()
