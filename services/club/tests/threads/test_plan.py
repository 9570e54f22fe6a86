"""What is understood of threads, what is doubtful, and what is left out."""

import pytest

from club.threads.exports import Channel
from club.threads.places import place_of
from club.threads.review import BadDecisions, Line, read_decisions, written

BLUE = "Blue — Joni Mitchell (1971)\nWhy?: Ten songs."
HEJIRA = "Hejira — Joni Mitchell (1976)\nWhy?: The road."


def test_three_weeks_of_messy_threads_are_understood(three_weeks, planned):
    plan = planned(three_weeks)
    assert plan.said == {
        "week": [(3, "2025-11-24"), (4, "2025-12-01"), (5, "2025-12-08")],
        "nomination": [
            (3, "Blue"),
            (3, "Kind of Blue"),
            (3, "Pink Moon"),
            (4, "Automatic for the People"),
            (4, "Debut"),
            (5, "Homogenic"),
            (5, "Mezzanine"),
        ],
        "winner": [(3, "Blue"), (4, "Automatic for the People")],
        "rating": [(3, 4.5), (3, 4.0), (3, 3.5), (3, 4.5), (4, 5.0), (4, 3.0), (5, 4.0)],
    }
    assert +plan.left_out == {
        "chatter": 3,
        "corrected": 3,
        "bot": 2,
        "system": 1,
        "deleted_user": 1,
        "elsewhere": 1,
        "too_long": 1,
        "withdrawal": 1,
    }


def test_what_is_doubtful_says_why(three_weeks, planned):
    doubtful = planned(three_weeks).doubtful
    told = [(each.kind, each.number, each.body.get("album", {}).get("title"), each.why[-1][:30]) for each in doubtful]
    assert told == [
        ("nomination", 3, "OK Computer", "Its author seems to have taken"),
        ("nomination", 3, "this is great", "There is no heading, year or l"),
        ("rating", 3, None, "This is on another scale. What"),
        ("nomination", 4, "Dummy", "There is no heading, year or l"),
        ("rating", 4, None, "A rating goes in half steps. W"),
        ("winner", 5, "Homogenic", "Messages of several members na"),
        ("winner", 5, "Mezzanine", "Messages of several members na"),
    ]
    assert all(each.confidence < 0.5 for each in doubtful)


def test_everything_says_where_it_was_read(three_weeks, planned):
    blue = next(each for each in planned(three_weeks).items if each.kind == "nomination")
    source = blue.body["provenance"]
    assert (source["file"], source["channel"], source["author"]) == (
        "003-nominations.json",
        "nominations",
        "175928847299117063",
    )
    assert source["at"] == "2025-11-18T18:21:00.421000+00:00"
    assert source["message_id"].isdecimal()


@pytest.mark.parametrize(
    ("name", "category", "number", "day", "room"),
    [
        ("nominations", "WEEK 003 [2025-11-24]", 3, "2025-11-24", "nominations"),
        ("week-12-ratings-2025-11-24", "Archive", 12, "2025-11-24", "ratings"),
        ("Winner!", "Week #7 (2025/9/1)", 7, "2025-09-01", "winner"),
        ("Ratings & reviews", "wk 9", 9, None, "ratings"),
        ("WEEK 2025-11-24 poll", None, None, "2025-11-24", "poll"),
        ("WEEK 004", "nominations", 4, None, "nominations"),
        ("general", "WEEK 003 [2025-11-24]", 3, "2025-11-24", "other"),
        ("nominations", "WEEK 3 [2025-13-45]", 3, None, "nominations"),
        ("general", "weekly chat", None, None, "other"),
    ],
)
def test_of_which_week_a_thread_is_and_what_is_said_in_it(name, category, number, day, room):
    place = place_of(Channel(id="1", name=name, category=category))
    assert (place.number, place.day and place.day.isoformat(), place.room) == (number, day, room)


def test_a_thread_of_two_weeks_is_believed_in_nothing(thread, planned):
    plan = planned([thread("week-4-nominations", ("Ida", BLUE))])
    assert plan.items == []
    assert {"Category and thread name two different weeks."} <= set(plan.doubtful[0].why)


def test_a_file_of_no_week_is_named(thread, planned):
    plan = planned([thread("nominations", ("Ida", BLUE), category=None)])
    assert (plan.unplaced, plan.left_out["elsewhere"], plan.items) == (["nominations.json"], 1, [])


def test_the_last_of_several_nominations_counts(thread, planned):
    said = [("Ida", BLUE), ("Ben", BLUE), ("Ida", HEJIRA)]
    plan = planned([thread("nominations", *said)])
    assert plan.said["nomination"] == [(3, "Blue"), (3, "Hejira")]
    assert plan.left_out["corrected"] == 1


def test_as_many_count_as_the_club_lets_a_member_nominate(thread, planned):
    said = [("Ida", BLUE), ("Ida", HEJIRA), ("Ida", BLUE + " Still.")]
    plan = planned([thread("nominations", *said)], per_member=2)
    assert [each.body["pitch"] for each in plan.items if each.kind == "nomination"] == [
        "The road.",
        "Ten songs. Still.",
    ]


def test_what_is_less_certain_than_what_it_would_correct_corrects_nothing(thread, planned):
    plan = planned([thread("nominations", ("Ida", BLUE), ("Ida", "I stand by it"))])
    assert plan.said["nomination"] == [(3, "Blue")]
    assert [each.kind for each in plan.doubtful] == ["nomination"]


def test_the_same_message_in_two_files_is_read_once(thread, planned):
    export = thread("nominations", ("Ida", BLUE))
    plan = planned([export, export.model_copy(update={"file": "again.json"})])
    assert (len(plan.said["nomination"]), plan.left_out["twice"]) == (1, 1)


@pytest.mark.parametrize(
    ("announcement", "winner"),
    [
        ("Blue by Joni Mitchell", "Blue"),
        ("And the winner is … BLUE!", "Blue"),
        ("Hejira won, by a vote, over nobody's favourite", "Hejira"),
        ("Court and Spark — Joni Mitchell (1974)", "Court and Spark"),
    ],
)
def test_a_winner_is_the_nomination_that_is_named_or_what_is_typed(thread, planned, announcement, winner):
    nominations = thread("nominations", ("Ida", BLUE), ("Ben", HEJIRA))
    plan = planned([nominations, thread("winner", ("Cleo", announcement))])
    assert plan.said["winner"] == [(3, winner)]


def test_a_winner_that_is_one_of_several_named_is_doubtful(thread, planned):
    nominations = thread("nominations", ("Ida", BLUE), ("Ben", HEJIRA))
    plan = planned([nominations, thread("winner", ("Cleo", "Blue beats Hejira"))])
    assert (plan.said["winner"], plan.doubtful[0].kind) == ([], "winner")


def test_the_author_of_an_announcement_may_correct_it(thread, planned):
    nominations = thread("nominations", ("Ida", BLUE), ("Ben", HEJIRA))
    winner = thread("winner", ("Cleo", "The winner is Blue"), ("Cleo", "Miscounted: Hejira won"))
    assert planned([nominations, winner]).said["winner"] == [(3, "Hejira")]


def test_the_files_order_does_not_matter(three_weeks, planned):
    assert planned(three_weeks[::-1]).said == planned(three_weeks).said


def decided(plan, **by_title):
    """The review file of a plan, with decisions by title, given back."""
    lines = [
        Line(key=each.key, decision=by_title.get(each.body.get("album", {}).get("title")), item=each.item())
        for each in plan.doubtful
    ]
    return read_decisions(written(lines))


def test_a_person_decides_what_is_doubtful(three_weeks, planned):
    decisions = decided(planned(three_weeks), Dummy="accept", Mezzanine="accept", Homogenic="drop")
    plan = planned(three_weeks, decisions)
    assert (4, "Dummy") in plan.said["nomination"]
    assert plan.said["winner"][-1] == (5, "Mezzanine")
    assert plan.left_out["dropped"] == 1


def test_what_was_accepted_counts_before_what_was_only_read(thread, planned):
    exports = [thread("nominations", ("Ida", "Hejira by Joni Mitchell"), ("Ida", BLUE))]
    plan = planned(exports, decided(planned(exports), Hejira="accept"))
    assert plan.said["nomination"] == [(3, "Hejira")]


def test_what_was_doubtful_can_be_put_right(three_weeks, planned):
    asked = next(each for each in planned(three_weeks).doubtful if each.kind == "rating")
    right = Line(key=asked.key, decision="accept", item=asked.item() | {"rating": 4.5})
    plan = planned(three_weeks, {right.key: right})
    mended = next(each for each in plan.items if each.key == asked.key)
    assert (mended.body["rating"], mended.body["provenance"]) == (4.5, asked.body["provenance"])


@pytest.mark.parametrize("edited", [{}, {"rating": 9}, {"rating": 4, "number": "x"}, {"rating": 4, "surprise": True}])
def test_what_the_club_would_not_take_stays_doubtful(three_weeks, planned, edited):
    asked = next(each for each in planned(three_weeks).doubtful if each.kind == "rating")
    wrong = Line(key=asked.key, decision="accept", item=asked.item() | edited)
    plan = planned(three_weeks, {wrong.key: wrong})
    left = next(each for each in plan.doubtful if each.key == asked.key)
    assert left.why[-1].startswith("The club would not take this")


@pytest.mark.parametrize("line", ["nothing", "[]", '{"decision": "accept"}', '{"key": "x", "decision": "perhaps"}'])
def test_a_line_that_is_no_decision_is_refused_by_its_number(line):
    with pytest.raises(BadDecisions, match="Line 2"):
        read_decisions('{"key": "rating:1", "decision": "drop"}\n' + line)
