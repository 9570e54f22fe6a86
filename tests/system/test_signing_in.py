"""Signing in through the gateway, as a browser and as a program does, on both topologies."""

from uuid import uuid4

import pytest

from tests.homes import until

PASSWORD = "four words of one's own"


@pytest.fixture
def browser(deployment):
    """`with browser() as page:` keeps cookies, and says what a browser says of the page that asks."""

    def opened():
        own = f"http://127.0.0.1:{deployment.port}"
        return deployment.client(headers={"Origin": own, "Sec-Fetch-Site": "same-origin"})

    return opened


@pytest.fixture
def handle():
    return f"wren-{uuid4().hex[:12]}"


def state(page):
    return page.get("/auth/session").json()["signed_in"]


def test_a_browser_signs_in_acts_as_that_person_and_signs_out(browser, handle):
    with browser() as page:
        assert state(page) is False
        made = page.post("/auth/register", json={"handle": handle, "password": PASSWORD})
        assert made.status_code == 201, made.text
        assert [cookie.name for cookie in page.cookies.jar] == ["sidetrack"]
        assert state(page) is True
        assert [each["current"] for each in page.get("/users/me/sessions").json()["items"]] == [True]
        assert page.post("/auth/logout").status_code == 204
        assert state(page) is False
        assert list(page.cookies.jar) == []


def test_a_session_ended_elsewhere_ends_here_within_a_second(browser, handle):
    with browser() as here, browser() as there:
        here.post("/auth/register", json={"handle": handle, "password": PASSWORD}).raise_for_status()
        there.post("/auth/login", json={"handle": handle, "password": PASSWORD}).raise_for_status()
        assert state(there) is True
        assert here.delete("/users/me/sessions").status_code == 204
        until(lambda: not state(there), within=5)
        assert state(here) is True


def test_a_session_cookie_writes_only_from_a_page_of_this_site(browser, handle, deployment):
    with browser() as page:
        page.post("/auth/register", json={"handle": handle, "password": PASSWORD}).raise_for_status()
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "", "Sec-Fetch-Site": "cross-site"}):
            refused = page.delete("/users/me/sessions", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
        assert state(page) is True


def test_a_program_acts_with_a_token_and_not_any_more_once_it_is_shut_out(deployment, browser, handle):
    with browser() as page, deployment.client() as program:
        page.post("/auth/register", json={"handle": handle, "password": PASSWORD}).raise_for_status()
        grant = {"grant_type": "password", "handle": handle, "password": PASSWORD}
        pair = program.post("/auth/token", json=grant).json()
        program.headers["Authorization"] = f"Bearer {pair['access_token']}"
        assert state(program) is True
        (client,) = (each for each in page.get("/users/me/sessions").json()["items"] if each["kind"] == "client")
        assert page.delete(f"/users/me/sessions/{client['id']}").status_code == 204

        def shut_out():
            return program.get("/auth/session").status_code == 401

        until(shut_out, within=5)
        again = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        del program.headers["Authorization"]
        assert program.post("/auth/token", json=again).json()["code"] == "bad_grant"


def test_an_admin_made_at_the_terminal_may_do_what_admins_may(deployment, browser, handle):
    deployment.command("admin", "create", handle, "--password", PASSWORD)
    with browser() as page:
        page.post("/auth/login", json={"handle": handle, "password": PASSWORD}).raise_for_status()
        assert page.get("/admin/audit").status_code == 200
