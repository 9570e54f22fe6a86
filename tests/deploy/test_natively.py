"""The containers' commands with the containers' environments, as processes of this machine: only addresses differ."""

import re
from urllib.parse import urlsplit

import pytest

from standalone.postgres import Postgres
from tests.deploy.compose import ONE_SHOTS, PROCESSES
from tests.homes import FAST, new_home
from tests.servers import free_port
from tests.system.deployments import Deployment

PERSON = {"discord_id": "41771983423143937", "display_name": "Lou"}
ALBUM = {"title": "Hejira", "artist": "Joni Mitchell", "year": 1976}


@pytest.mark.prove
def test_a_week_is_written_and_read_by_what_the_containers_would_run(parts, told, keys, broker):
    ports = {name: free_port() for name in PROCESSES}
    with new_home() as home, Postgres(home, FAST) as postgres:
        deployment = Deployment(home, keys, ports["gateway"])
        for name in ONE_SHOTS:
            deployment.environment = _here(told(name), postgres.url, broker.url, ports)
            deployment.command(*parts[name]["command"])
        for name, port in ports.items():
            environment = _here(told(name), postgres.url, broker.url, ports)
            deployment.parts[name] = (environment, ("serve", name, "--port", str(port)))
        try:
            deployment.start()
            with deployment.client(headers=deployment.bot) as bot:
                week = bot.post("/club/weeks", json={"number": 7}).json()["id"]
                nominated = bot.post(f"/club/weeks/{week}/nominations", json={"user": PERSON, "album": ALBUM})
                assert nominated.status_code == 201
                assert bot.get(f"/club/weeks/{week}").json()["nominations"][0]["album"]["title"] == ALBUM["title"]
        finally:
            deployment.stop()


def _here(environment, postgres_url, bus_url, ports):
    """The same environment with the addresses of this machine's servers."""
    administrator, _, place = urlsplit(postgres_url).netloc.rpartition("@")

    def moved(said):
        said = re.sub(r"//postgres:\w+@", f"//{administrator}@", said).replace("@postgres:5432", f"@{place}")
        said = bus_url if said.startswith("amqp:") else said
        host = urlsplit(said).hostname if said.startswith("http:") else None
        return f"http://127.0.0.1:{ports[host]}" if host else said

    return {name: moved(said) for name, said in environment.items()}
