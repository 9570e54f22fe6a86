"""Ports, and waiting for whoever listens on them."""

import itertools
import os
import socket
import time

# Below those that the kernel gives to whoever connects. Processes that test side by side begin at different ones.
PORTS = range(15_000, 32_000)
_apart = os.getpid() * 97 % len(PORTS)
_next = itertools.cycle([*PORTS[_apart:], *PORTS[:_apart]])


def free_port() -> int:
    for port in itertools.islice(_next, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("No port is free.")


def wait_for_port(port: int, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on {port}.")
