"""Files as services hand them out, small ones made here."""

import io
import json
import zipfile

import pytest


@pytest.fixture
def packed(tmp_path):
    """`packed({"MyData/endsong_0.json": […]})`: an archive with these, each as JSON or as the text that it is."""

    def pack(members, name="my_spotify_data.zip"):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, told in members.items():
                archive.writestr(member, told if isinstance(told, str | bytes) else json.dumps(told))
        path = tmp_path / name
        path.write_bytes(held.getvalue())
        return path

    return pack


@pytest.fixture
def laid(tmp_path):
    """`laid(text)`: a file that holds it; what is no text is held as JSON."""

    def lay(told, name="history.json"):
        path = tmp_path / name
        path.write_bytes(
            told if isinstance(told, bytes) else (told if isinstance(told, str) else json.dumps(told)).encode()
        )
        return path

    return lay
