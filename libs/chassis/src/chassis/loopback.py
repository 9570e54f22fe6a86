"""Whether a request is of this very machine, which alone is spoken to without https."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, names this very machine."""
    name = host.rsplit("]", 1)[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
