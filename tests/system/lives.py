"""Somebody who did everything there is to do in a club of their own."""

from uuid import uuid4

from tests.homes import until

PASSWORD = "four words of one's own"
ALBUMS = [{"title": title, "artist": "Joni Mitchell"} for title in ("Blue", "Hejira", "Mingus", "Clouds")]


class Life:
    """What somebody did: by which ids, in which weeks, with which credentials."""

    def __init__(self, deployment, bot, admin, page):
        self.snowflake, self.handle = str(uuid4().int >> 65), f"wren-{uuid4().hex[:12]}"
        self.review = f"All of it, says {self.handle}."
        self.club = f"/clubs/leaving-{uuid4().hex[:8]}"
        self._send(admin, "PUT", self.club, {"name": "Blue Notes"})
        wren = {"discord_id": self.snowflake, "display_name": f"Wren {self.handle}"}
        others = [{"discord_id": str(uuid4().int >> 65), "display_name": f"Other {each}"} for each in range(3)]
        roster = [{"user": wren, "role": "host"}, *({"user": each} for each in others)]
        self._send(bot, "PUT", f"{self.club}/members", {"members": roster})
        self.old = bot.get(f"/users/discord/{self.snowflake}").json()["id"]
        self.past, self.here = (self._week(bot, number, wren, others) for number in (1, 2))
        self._close(bot, wren, others)
        account = {"handle": self.handle, "password": PASSWORD}
        self.id = self._send(page, "POST", "/auth/register", account)["user"]["id"]
        merge = {"from": self.old, "into": self.id, "reason": "They showed that the account on Discord is theirs."}
        self._send(admin, "POST", "/admin/users/merge", merge)
        other = bot.get(f"/users/discord/{others[0]['discord_id']}").json()["id"]
        self._send(page, "PUT", f"/users/{other}/follow")
        self._send(page, "PATCH", "/users/me", {"bio": self.review})
        self.key = self._send(page, "POST", "/users/me/keys", {"name": "A player"})["key"]
        with deployment.client() as program:
            grant = {"grant_type": "password", "handle": self.handle, "password": PASSWORD, "client_name": "A program"}
            listens = {"listens": [self._listen(600 * each) for each in range(3)] + [self._listen(-(10**9))]}
            answer = program.post("/listens/bulk", json=listens, headers={"Authorization": f"Bearer {self.key}"})
            assert (answer.json()["inserted"], answer.json()["quarantined"]) == (3, 1), answer.text
            self.token = self._send(program, "POST", "/auth/token", grant)["access_token"]
            taste = {"origin": "a-worker", "formula_version": 1, "computed_at": "2025-11-18T04:00:00Z"}
            worker = {"Authorization": f"Bearer {deployment.api_keys['worker']}"}
            whole = taste | {"genres": [{"name": self.handle, "share": 1}]}
            until(lambda: program.post(f"/users/{self.id}/taste", json=whole, headers=worker).is_success)
        keyed = {"Idempotency-Key": str(uuid4())}
        vote = {"user": {"discord_id": self.snowflake}, "rank": 1, "nomination_id": self.choices[0]}
        assert bot.post(f"{self.here}/votes", json=vote, headers=keyed).is_success
        bar = {"reason": "Voted twice.", "from": ["nominate"]}
        self._send(admin, "PUT", f"{self.club}/bars/{self.id}", bar)

    @property
    def words(self):
        return {self.id, self.old, self.snowflake, self.handle, self.review}

    def _listen(self, seconds):
        track = {"title": "River", "artist": "Joni Mitchell", "album": "Blue"}
        about = {"source": "navidrome", "client": self.handle, "raw": {"player": self.review}}
        return {"track": track, "listened_at": 1_763_496_000 + seconds, **about}

    def _send(self, client, method, path, body=None):
        answer = client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def _week(self, bot, number, wren, others):
        week = f"{self.club}/weeks/{self._send(bot, 'POST', f'{self.club}/weeks', {'number': number})['id']}"
        self.choices = [
            self._send(bot, "POST", f"{week}/nominations", {"user": whose, "album": album} | more)["id"]
            for whose, album, more in zip((*others, wren), ALBUMS, ({}, {}, {}, {"pitch": self.review}), strict=True)
        ]
        self._send(bot, "PUT", f"{week}/ballots/discord:{self.snowflake}", {"first": self.choices[0]})
        self._send(bot, "PUT", f"{week}/ballots/discord:{others[0]['discord_id']}", {"first": self.choices[3]})
        return week

    def _close(self, bot, wren, others):
        self._send(bot, "POST", f"{self.past}/advance", {"to": "rating"})
        for whose, rating in ((wren, 4.5), (others[0], 3)):
            body = {"user": whose, "rating": rating, "favorite_track": "River"}
            self._send(bot, "POST", f"{self.past}/ratings", body | ({"review": self.review} if whose is wren else {}))
        self._send(bot, "POST", f"{self.past}/advance", {"to": "closed"})
        self._send(bot, "POST", f"{self.past}/ratings", {"user": wren, "rating": 5, "review": self.review})
