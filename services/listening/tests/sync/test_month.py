"""A month at three providers that fail, are corrected and tell late: nothing is missed, and nothing is there twice.

The clock is set by hand, chance has a seed, and whoever fetches is the very code that runs.
"""

from datetime import timedelta
from random import Random

import pytest
from tests.fakes.faults import BROKEN, Reply, busy
from tests.fakes.lastfm import API
from tests.fakes.spotify import RECENT

FAULTS = [
    BROKEN["an error"],
    BROKEN["away"],
    BROKEN["HTML with a 200"],
    busy("1200"),
    busy(None),
    Reply.of({"error": 16}),
]
DAY, BEFORE = timedelta(days=1), 50


class LastFm:
    """Scrobbles that come two weeks late, edits on the site, others' answers, pages that shift, two at one moment."""

    tick, path, latest, longest = timedelta(hours=3), API, timedelta(days=13), 3

    def __init__(self, fake, dice):
        self.fake, self.dice = fake, dice
        self.mine = fake.listeners["Wren"]
        self.meets = True

    def tell(self, at, title):
        self.mine.add(at, title)
        if self.dice.random() < 0.02:
            self.mine.add(at, f"{title} on another device")

    def fuss(self, now):
        self.fake.mistakes = self.dice.choice([0] * 20 + [1, 2])
        self.mine.playing = self.dice.choice([None, "Elephant"])
        near = [told for told in self.mine.told if now - told[0] < 20 * 86_400]
        if near and self.dice.random() < 0.1:
            at, _, title, _ = self.dice.choice(near)
            self.mine.edit(at, title, f"{title}, corrected at {now}")

    def truth(self):
        return {(at, title) for at, _, title, _ in self.mine.told}


class ListenBrainz:
    """Listens that come weeks late, and several at one moment."""

    tick, path = timedelta(hours=3), "/1/user/wren/listens"
    latest, longest = timedelta(days=30), 3

    def __init__(self, fake, dice):
        self.fake, self.dice = fake, dice
        self.mine = fake.listens["wren"]

    def tell(self, at, title):
        for each in (title, f"{title} on another device")[: 1 + (self.dice.random() < 0.1)]:
            self.mine.append((at, "Joni Mitchell", each, "Blue"))

    def fuss(self, now):
        pass

    def truth(self):
        return {(at, title) for at, _, title, _ in self.mine}


class Spotify:
    """The last 50 only, and some of them half an hour late; it is never away for long."""

    tick, path, latest, longest = timedelta(minutes=45), RECENT, timedelta(minutes=30), 2

    def __init__(self, fake, dice):
        self.fake, self.dice = fake, dice
        self.mine = fake.plays["wren"]

    def tell(self, at, title):
        self.mine.append((at * 1000 + self.dice.randrange(1000), title))

    def fuss(self, now):
        pass

    def truth(self):
        return {(ms, title) for ms, title in self.mine}


class Life:
    """Listens in sessions, of which some are told late, while the provider fails now and then."""

    def __init__(self, provider, clock, dice):
        self.provider, self.clock, self.dice = provider, clock, dice
        self.late, self.away, self.session, self.song = [], 0, 0, 0
        provider.fake.meanwhile = self.meanwhile

    def meanwhile(self):
        """Between two pages."""
        if self.dice.random() < 0.3:
            self.tell_late(self.late[:1])

    def pass_(self):
        start = int(self.clock().timestamp())
        self.clock.at += self.provider.tick
        now = int(self.clock().timestamp())
        if not self.session and self.clock().hour >= 7 and self.dice.random() < 0.3:
            self.session = self.dice.randrange(1, 4)
        if self.session:
            self.session -= 1
            self.listen(start, now)
        self.tell_late([each for each in self.late if each[0] <= now])
        self.fail()
        self.provider.fuss(now)

    def listen(self, start, now):
        offline = self.dice.random() < 0.1
        for at in range(start + self.dice.randrange(60), now, 225):
            self.song += 1
            title = f"Song {self.dice.randrange(300)} of {self.song % 7}"
            if offline:
                due = now + self.dice.randrange(int(self.provider.latest.total_seconds()))
                self.late.append((due, at, title))
            else:
                self.provider.tell(at, title)

    def tell_late(self, some):
        for each in some:
            self.late.remove(each)
            self.provider.tell(*each[1:])

    def fail(self):
        self.away = max(0, self.away - 1)
        if not self.away:
            self.provider.fake.mend()
            if self.dice.random() < 0.05:
                self.away = self.dice.randrange(1, self.provider.longest + 1)
                self.provider.fake.fault(self.provider.path, self.dice.choice(FAULTS))

    def settle(self):
        self.provider.fake.mend()
        self.provider.fake.meanwhile = lambda: None
        self.provider.fake.mistakes = 0
        self.tell_late([*self.late])


@pytest.fixture
def live(clock, lastfm, listenbrainz, spotify, link, work, kept, task, monkeypatch):
    # Small pages, so that there are several of them at every turn.
    monkeypatch.setattr("listening.sync.lastfm.PAGE", 40)
    monkeypatch.setattr("listening.sync.listenbrainz.PAGE", 40)
    monkeypatch.setattr("listening.sync.spotify.PAGE", 20)
    fakes = {"lastfm": (LastFm, lastfm), "listenbrainz": (ListenBrainz, listenbrainz), "spotify": (Spotify, spotify)}

    async def run(name, seed, days):
        dice = Random(seed)
        kind, fake = fakes[name]
        provider = kind(fake, dice)
        life = Life(provider, clock, dice)
        for number in range(BEFORE):
            provider.tell(int(clock().timestamp()) - 300 * (number + 1), f"Before {number}")
        await link(name)
        await work()
        for _ in range(days * (DAY // provider.tick)):
            life.pass_()
            await work()
        life.settle()
        for _ in range(5):
            clock.pass_(hours=7)
            await work()
        return provider

    return run


@pytest.mark.parametrize("name", ["lastfm", "listenbrainz", "spotify"])
@pytest.mark.parametrize(
    ("days", "seed"), [(3, 1), *(pytest.param(30, seed, marks=pytest.mark.prove) for seed in (2, 3))]
)
async def test_nothing_is_missed_and_nothing_is_there_twice(live, kept, task, name, days, seed):
    provider = await live(name, seed, days)
    scale = 1000 if name == "spotify" else 1
    sightings, plays = await kept()
    moments = sorted(round(each[0].timestamp() * 1000) * scale // 1000 for each in sightings)
    assert moments == sorted(at for at, _ in provider.truth())
    assert plays == len(sightings)
    assert (await task(name)).error is None
