"""Every event there is: importing this module fills the registry with all of them."""

from contracts import catalog, club, clubs, identity, listening, phases, results, taste
from contracts.event import REGISTRY

__all__ = ["REGISTRY", "catalog", "club", "clubs", "identity", "listening", "phases", "results", "taste"]
