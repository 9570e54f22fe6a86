"""What a worker tells, shortly."""

from services.taste.tests.telling import named

ORIGIN = "essentia-worker"


def outside(*, at="2025-11-18T04:00:00Z", formula=1, origin=ORIGIN, **more):
    """The body of a call: a folk lover, computed then."""
    said = {"genres": [{"name": "folk", "share": 0.7}, {"name": "trip hop", "share": 0.3}]}
    return {"origin": origin, "formula_version": formula, "computed_at": at, **said, **more}


def album_share(title, share, artist="Joni Mitchell"):
    return {"id": str(named(title)), "title": title, "artist": artist, "share": share}


def axis(name, value, spread=0.1):
    return {"axis": name, "value": value, "spread": spread, "coverage": 1, "confidence": 0.5}
