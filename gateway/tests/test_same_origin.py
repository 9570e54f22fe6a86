"""A page of another site must not write with the cookie of whoever looks at it."""

import pytest

from gateway.problems import Unsupported
from gateway.same_origin import CrossSite, check_own_page

OWN, TRUSTED, EVIL = "https://club.example", "https://pages.example", "https://evil.example"


def check(method="POST", *, must_tell=True, **headers):
    given = {"host": "club.example"} | {name.replace("_", "-"): text for name, text in headers.items()}
    told = [(name.encode(), text.encode()) for name, text in given.items()]
    scope = {"type": "http", "method": method, "scheme": "https", "headers": told}
    check_own_page(scope, frozenset({TRUSTED.encode()}), must_tell=must_tell)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": OWN},
        {"origin": OWN, "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin"},
        {"origin": TRUSTED, "sec_fetch_site": "cross-site"},
        {"origin": OWN, "content_type": "application/json"},
    ],
)
def test_own_and_trusted_pages_may_write(headers):
    check(**headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": EVIL},
        {"origin": "null"},
        {"origin": "http://club.example"},
        {"origin": "https://club.example.evil.example"},
        {"origin": "https://club.example:444"},
        {"origin": EVIL, "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"referer": OWN},
    ],
)
def test_no_other_page_may_and_none_that_does_not_tell(headers):
    with pytest.raises(CrossSite):
        check(**headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_not_writing(method):
    check(method, origin=EVIL)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_other_method_is(method):
    with pytest.raises(CrossSite):
        check(method, origin=EVIL)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/plain;charset=UTF-8", "multipart/form-data; boundary=x", "Text/Plain"]
)
def test_what_a_form_can_send_unasked_is_not_taken_with_a_cookie(content_type):
    with pytest.raises(Unsupported):
        check(origin=OWN, content_type=content_type)


def test_programs_that_sign_in_need_not_tell_but_pages_of_others_are_found_out():
    check(must_tell=False)
    check(must_tell=False, origin=OWN)
    for headers in ({"origin": EVIL}, {"sec_fetch_site": "cross-site"}):
        with pytest.raises(CrossSite):
            check(must_tell=False, **headers)
