"""What stays of somebody who left."""

import pytest

from club.leaving import rules

IDA, FORMER = "019ab6e1-1111-7111-8111-111111111111", "5b0ce1f4-7f0e-4d55-9a5e-2f6a3d1c8e90"


@pytest.mark.parametrize(
    ("phase", "withdrawn", "stays"),
    [("closed", False, True), ("closed", True, False), ("rating", False, False), ("open", False, False)],
)
def test_a_rating_stays_where_it_stands_in_a_week_that_is_closed(phase, withdrawn, stays):
    assert rules.rating_stays(phase, withdrawn=withdrawn) == stays


def test_an_import_remembers_what_stood_as_somebody_formers_and_without_words():
    state = {"user_id": IDA, "pitch": "Of Joni.", "ref": {"id": "7"}, "genre": "folk", "withdrawn_at": False}
    told = {"user_id": FORMER, "pitch": None, "ref": None, "genre": "folk", "withdrawn_at": False}
    assert rules.state_of_former(state, [IDA], FORMER) == told
    assert rules.state_of_former({"review": "Yes.", "review_hidden_at": True}, [IDA], FORMER) == {
        "review": None,
        "review_hidden_at": False,
    }
    assert rules.state_of_former(None, [IDA], FORMER) is None


def test_a_source_loses_the_author_who_left_and_what_was_theirs_the_message_too():
    source = {"file": "week.json", "author": "175", "message_id": "7"}
    assert rules.source_of_former(source, ["175"], theirs=False) == source | {"author": None}
    assert rules.source_of_former(source, ["176"], theirs=False) == source
    assert rules.source_of_former(source, ["176"], theirs=True) == source | {"author": None, "message_id": None}
