"""Seasons of clubs with a taste, shortly."""

import random
from dataclasses import replace
from uuid import UUID

from services.taste.tests.telling import named

from taste.forecasts.season import Foreseen, SeasonWeek

GENRES = ("folk", "house", "jazz", "metal")


def put(title, *genres, artist=None, year=1990):
    return Foreseen(named(title), title, artist or f"{title}'s artist", year, dict.fromkeys(genres, 1 / len(genres)))


def member(number):
    return UUID(int=number + 1)


def season(weeks=30, members=12, seed=1):
    """Each member likes one genre by 1.4 points and dislikes another by as much; some are kind, some are not."""
    chance = random.Random(seed)
    likes = {member(each): chance.sample(GENRES, 2) for each in range(members)}
    kindness = {user_id: chance.gauss(0, 0.4) for user_id in likes}
    told = []
    for number in range(1, weeks + 1):
        genre = GENRES[number % len(GENRES)]
        quality = chance.gauss(0, 0.3)
        ratings = {}
        for user_id, (liked, disliked) in likes.items():
            if chance.random() < 0.8:
                wish = 3.2 + quality + kindness[user_id] + 1.4 * ((genre == liked) - (genre == disliked))
                ratings[user_id] = min(max(round(2 * (wish + chance.gauss(0, 0.4))), 2), 10)
        told.append(SeasonWeek(UUID(int=number), number, put(f"Album {number}", genre), ratings))
    return told


def shuffled(told, seed=2):
    """The same ratings, dealt anew: who gave what to which album says nothing any more."""
    chance = random.Random(seed)
    dealt = [half for week in told for half in week.ratings.values()]
    chance.shuffle(dealt)
    deal = iter(dealt)
    return [replace(week, ratings={user_id: next(deal) for user_id in week.ratings}) for week in told]
