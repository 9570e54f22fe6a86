"""Where the `sidetrack` command begins."""

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
    import_module(module or "standalone.command").app()
