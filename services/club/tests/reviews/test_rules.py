"""What a batch means by an id."""

from uuid import UUID

import pytest

from club.reviews.rules import NoReviewId, review_id, spoken

ID = "01a21780-a425-73fb-820f-0ea0b50ebcad"


def test_a_review_is_named_by_the_id_of_its_rating():
    assert review_id(ID) == review_id(ID.upper()) == UUID(ID)


@pytest.mark.parametrize("wrong", ["", "x", f"{ID}0", 7, 7.5, None, True, [], [ID], {"id": ID}, "\ud800", "\0"])
def test_anything_else_names_none(wrong):
    with pytest.raises(NoReviewId):
        review_id(wrong)


def test_whatever_was_sent_can_be_said_again():
    assert spoken(ID) == ID
    assert spoken("\ud800").isascii()
    assert len(spoken("x" * 10**6)) == 64
