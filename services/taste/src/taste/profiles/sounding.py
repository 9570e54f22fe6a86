"""How an album sounds, axis by axis: what was measured goes before what is estimated. No I/O here."""

from collections.abc import Mapping
from typing import Any

from taste.profiles.evidence import Sound


def sounds(features: Mapping[str, Any] | None, mood: Mapping[str, Any] | None) -> dict[str, Sound]:
    """Of what the catalogue tells: `features` that a source measured, `mood` that genres let one expect."""
    found = _estimated(mood) if mood else {}
    measured = features or {}
    for axis in ("energy", "valence", "acousticness", "tempo"):
        if (value := measured.get(axis)) is not None:
            found[axis] = Sound(value, measured["coverage"], measured=True)
    return found


def _estimated(mood: Mapping[str, Any]) -> dict[str, Sound]:
    axes = {
        "energy": mood["energy"],
        "valence": mood["valence"],
        "acousticness": round(1 - mood["electronic"], 3),
        "density": mood["density"],
    }
    return {axis: Sound(value, mood["coverage"], measured=False) for axis, value in axes.items()}
