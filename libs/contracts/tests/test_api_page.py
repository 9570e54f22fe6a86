"""The examples of docs/api.md are what the contracts take and answer."""

import json
import re
from pathlib import Path

import pytest

from contracts.accounts import Authorization, Link, ListenBrainzToken, UsableToken
from contracts.activity import Activity
from contracts.archive import Restored
from contracts.artists import ArtistDetails
from contracts.audit import AuditEntry
from contracts.batches import readable
from contracts.blends import Blend
from contracts.catalog import Album, AlbumDetails, AlbumIn
from contracts.club import NewWeek, NewWinner, Week
from contracts.corrections import Correction, CorrectionOutcome, Corrections
from contracts.exports import ExportJob
from contracts.forecasts import Forecast
from contracts.history import NewImport
from contracts.identity import UserIn
from contracts.importing import ImportJob
from contracts.keys import MadeKey, MadeOwnKey
from contracts.listeners import AlbumListeners
from contracts.listens import ListensIn, TakenIn
from contracts.memory import ClubStats, KnownAlbum, MemberPage
from contracts.merging import MergeDiff
from contracts.messages import SeenMessages
from contracts.nominations import NewNomination, Nomination
from contracts.paging import Page
from contracts.parsing import ParsedNomination, ParsedRating
from contracts.profiles import ChangedProfile
from contracts.ratings import NewRating, OneRating, RatingSummary
from contracts.recommendations import Recommendations
from contracts.resolving import Candidate
from contracts.results import NewOverride
from contracts.reviews import ReviewOutcome
from contracts.summaries import Summary
from contracts.syncing import LeasedTasks, OwnSync
from contracts.taste import TasteProfile
from contracts.taste_club import ClubMatrix, Neighbours
from contracts.taste_compatibility import Compatibility
from contracts.taste_outside import OutsideTaste
from contracts.tracks import EnsuredTracks, MessyTriples, TrackDetails
from contracts.votes import Ballot, NewVote, VoteSummary

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
# In the order of the page; two of them show alternatives, a line each.
USERS, ALBUMS, PROBLEM, *WHOLE = EXAMPLES
MODELS = [
    NewWeek,
    Week,
    NewNomination,
    Nomination,
    NewVote,
    Ballot,
    VoteSummary,
    NewWinner,
    NewOverride,
    NewRating,
    OneRating,
    RatingSummary,
    Page[ReviewOutcome],
    ParsedNomination,
    ParsedRating,
    SeenMessages,
    Correction,
    Corrections,
    Page[CorrectionOutcome],
    AuditEntry,
    NewImport,
    Restored,
    ClubStats,
    MemberPage,
    Page[KnownAlbum],
    Album,
    Page[Candidate],
    MessyTriples,
    EnsuredTracks,
    AlbumDetails,
    ArtistDetails,
    TrackDetails,
    MergeDiff,
    ListensIn,
    TakenIn,
    Summary,
    AlbumListeners,
    ImportJob,
    Page[OwnSync],
    LeasedTasks,
    TasteProfile,
    OutsideTaste,
    Compatibility,
    ClubMatrix,
    Neighbours,
    Forecast,
    Recommendations,
    Blend,
    ChangedProfile,
    Activity,
    MadeKey,
    MadeOwnKey,
    Authorization,
    ListenBrainzToken,
    Page[Link],
    UsableToken,
    ExportJob,
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_example_is_what_the_contract_says(model):
    example = json.loads(WHOLE[MODELS.index(model)])
    assert set(example) <= set(model.model_fields)
    model.model_validate(example)


@pytest.mark.parametrize(("model", "lines"), [(UserIn, USERS), (AlbumIn, ALBUMS)], ids=["user", "album"])
def test_each_way_to_name_somebody_or_something_is_taken(model, lines):
    for example in lines.splitlines():
        model.model_validate_json(example)


def test_every_kind_of_history_is_shown_and_can_be_read():
    shown = NewImport.model_validate(json.loads(WHOLE[MODELS.index(NewImport)]))
    assert [item.kind for item in readable(shown.items).values()] == ["week", "nomination", "winner", "rating"]


def test_no_example_is_without_a_contract():
    assert len(WHOLE) == len(MODELS)
    assert json.loads(PROBLEM).keys() >= {"type", "title", "status", "code", "detail", "request_id"}
