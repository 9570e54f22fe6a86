"""A club of three, shortly."""

from services.taste.tests.telling import BEN, CLEO, IDA, album, day, rated, roster, track, user, week

NAMES = {IDA: "Ida", BEN: "Ben", CLEO: "Cleo"}
PLAYED = {IDA: ("Joni Mitchell", "Nick Drake", "Vashti Bunyan"), BEN: ("Joni Mitchell", "Nick Drake", "Sun Ra")}
PLAYED[CLEO] = ("Daft Punk", "Air", "Sun Ra")


def of_everybody(**privacy):
    """What is told of three members; Ida shows so much of it."""
    events = [user(each, name, privacy=privacy if each == IDA else {}) for each, name in NAMES.items()]
    events += [day(*(track(name, name, name, 20) for name in PLAYED[each]), user_id=each) for each in NAMES]
    events += [album(name, name, genres=["folk" if name in PLAYED[IDA] else "house"]) for name in PLAYED[BEN]]
    events += [rated(rating=rating, user_id=each) for each, rating in ((IDA, 4.5), (BEN, 4.5), (CLEO, 2.0))]
    return [*events, week(), roster(IDA, BEN, CLEO)]
