"""A browser that goes from one site to the next."""

from contextlib import contextmanager
from functools import partial

import httpx2


def follow(browser, address, headers=None):
    """To the page behind all redirects but the last one, which is ours: that answer. To others it tells no headers."""
    while True:
        ours = address.startswith((str(browser.base_url), "/"))
        answer = browser.get(address, headers=headers if ours else None)
        if not answer.is_redirect or "/callback" in address:
            return answer
        address = answer.headers["location"]


@contextmanager
def browsing(deployment, headers=None, **options):
    with httpx2.Client(base_url=deployment.url, follow_redirects=False, timeout=20, **options) as browser:
        yield browser, partial(follow, browser, headers=headers)
