"""Where a browser may be sent afterwards."""

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.oauth.rules import BadNext, local_path

SITE = "https://club.example"


@pytest.mark.parametrize(
    "path", ["/", "/weeks", "/weeks/3?tab=a&b=%20c#top", "/a//b", "/a%2Fb", "/caf%C3%A9", "/~wren/@x:y;z"]
)
def test_a_path_of_this_site_is_taken_as_it_is(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "evil",
    [
        "//evil",
        "///evil",
        "/\\evil",
        "\\\\evil",
        "/%2f%2fevil",
        "/%2Fevil",
        "/%5cevil",
        "/%255cevil",
        "/%25252f%25252fevil",
        "https:evil",
        "https://evil",
        "HTTPS://evil",
        "\tjavascript:alert(1)",
        "javascript:alert(1)",
        "/\t/evil",
        "/%09/evil",
        "/\r\nSet-Cookie: a=b",
        "/%0d%0aSet-Cookie:%20a=b",
        "/a\nb",
        "/a\0b",
        "/a b",
        "/é",
        "\uff0f\uff0fevil",
        "",
        "evil",
        "evil.example/",
        "?next=/",
        "#/",
        ".",
        "@evil",
        "/" + "x" * 2048,
    ],
)
def test_nothing_else_is(evil):
    with pytest.raises(BadNext):
        local_path(evil)


@given(st.text(alphabet="/\\%25cf0dahtps:@.?#\t\r\n evil", max_size=24))
def test_what_is_taken_stays_on_this_site_however_often_it_is_decoded(text):
    try:
        spelled = local_path(text)
    except BadNext:
        return
    for _ in range(5):
        assert urlsplit(urljoin(SITE, spelled)).netloc == "club.example"
        assert not set(spelled) & set("\\\r\n\t")
        spelled = unquote(spelled)
