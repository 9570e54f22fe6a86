"""One document made of five, and the page that shows it."""

import base64
import copy
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.openapi import Document, merge
from gateway.routes import SERVICES
from gateway.upstream import Answer, ServiceAway


def reading(path, schema, **more):
    answer = {
        "description": "OK",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
    return {path: {"get": {"responses": {"200": answer}, **more}}}


def service(paths, **schemas):
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}


ALBUM = {"type": "object", "properties": {"title": {"type": "string"}}}
THIN = {"type": "object", "properties": {"id": {"type": "string"}}}
HOLDS = {"type": "array", "items": {"$ref": "#/components/schemas/Album"}}


def refs(document):
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))


def schema_of(merged, path):
    return merged["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].split("/")[
        -1
    ]


def test_paths_of_all_services_stand_side_by_side():
    merged = merge({"club": service(reading("/club/weeks", "Week"), Week=THIN), "catalog": service({})})
    assert set(merged["paths"]) == {"/club/weeks", "/health"}
    assert merged["openapi"] == "3.1.0"
    assert merged["servers"] == [{"url": "/"}]
    assert merged["components"]["securitySchemes"]["api_key"]["scheme"] == "bearer"


def test_internal_paths_and_paths_that_lead_elsewhere_are_left_out():
    paths = {
        path: {"get": {"responses": {}}} for path in ("/internal/users/{id}", "/music/albums", "/livez", "/club/x")
    }
    assert set(merge({"club": service(paths)})["paths"]) == {"/club/x", "/health"}


def test_every_operation_is_tagged():
    merged = merge({"club": service(reading("/club/a", "A") | reading("/club/b", "B", tags=["weeks"]), A=THIN, B=THIN)})
    assert merged["paths"]["/club/a"]["get"]["tags"] == ["club"]
    assert merged["paths"]["/club/b"]["get"]["tags"] == ["weeks"]


def test_a_schema_two_services_agree_on_is_told_once():
    merged = merge(
        {
            "club": service(reading("/club/a", "Album"), Album=ALBUM),
            "catalog": service(reading("/music/a", "Album"), Album=ALBUM),
        }
    )
    assert set(merged["components"]["schemas"]) == {"Album"}


def test_a_name_two_services_use_differently_gets_theirs_before_it():
    merged = merge(
        {
            "club": service(reading("/club/a", "Album"), Album=THIN),
            "catalog": service(reading("/music/a", "Album"), Album=ALBUM),
        }
    )
    assert merged["components"]["schemas"] == {"CatalogAlbum": ALBUM, "ClubAlbum": THIN}
    assert schema_of(merged, "/club/a") == "ClubAlbum"
    assert schema_of(merged, "/music/a") == "CatalogAlbum"


def test_what_refers_to_a_renamed_schema_follows_it():
    merged = merge(
        {
            "club": service(reading("/club/a", "Page"), Page=HOLDS, Album=THIN),
            "catalog": service(reading("/music/a", "Page"), Page=HOLDS, Album=ALBUM),
        }
    )
    assert merged["components"]["schemas"]["ClubPage"]["items"] == {"$ref": "#/components/schemas/ClubAlbum"}
    assert refs(merged) <= set(merged["components"]["schemas"])


def test_a_new_name_that_is_taken_is_passed_over():
    merged = merge({"club": service({}, Album=THIN, ClubAlbum={"type": "null"}), "catalog": service({}, Album=ALBUM)})
    assert merged["components"]["schemas"]["ClubAlbum"] == {"type": "null"}
    assert merged["components"]["schemas"]["ClubAlbum_"] == THIN


@given(
    st.dictionaries(
        st.sampled_from(SERVICES),
        st.dictionaries(
            st.sampled_from("ABC"),
            st.sampled_from([THIN, ALBUM, *({"$ref": f"#/components/schemas/{x}"} for x in "ABC")]),
        ),
    )
)
def test_no_reference_is_ever_left_hanging(schemas):
    known = {name: {**dict.fromkeys("ABC", THIN), **each} for name, each in schemas.items()}
    before = copy.deepcopy(known)
    merged = merge({name: service({}, **each) for name, each in known.items()})
    assert refs(merged) <= set(merged["components"]["schemas"])
    assert known == before


def test_a_missing_service_is_named():
    merged = merge({"club": None, "catalog": service(reading("/music/a", "Album"), Album=ALBUM)})
    assert merged["x-missing"] == ["club"]
    assert "club" in merged["info"]["description"]
    assert "/music/a" in merged["paths"]


@pytest.mark.parametrize("body", [None, b"oops", b"{}", b"[]", b"null"])
async def test_a_service_that_gives_no_document_takes_nothing_from_the_rest(canned, body):
    catalog = json.dumps(service(reading("/music/a", "A"), A=THIN)).encode()
    club = canned(ServiceAway("club") if body is None else Answer(200, body))
    parts = {"club": club, "catalog": canned(Answer(200, catalog))}
    merged = json.loads((await Document(parts).answer()).body)
    assert (merged["x-missing"], "/music/a" in merged["paths"]) == (["club"], True)


async def test_services_are_asked_at_the_first_demand_only(canned):
    part = canned(Answer(200, json.dumps(service({})).encode()))
    document = Document({"club": part})
    assert part.asked == 0
    first, second = await document.answer(), await document.answer()
    assert (part.asked, first.body) == (1, second.body)


def test_the_document_is_served_from_either_way(gate):
    answer = gate.ask("GET", "/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert "/health" in answer.json()["paths"]


def test_the_page_runs_its_own_script_and_nothing_from_elsewhere(gate):

    answer = gate.ask("GET", "/docs")
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    for tag in ("script", "style"):
        inline = re.search(f"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)[1]
        assert base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://|src=|<link|\son\w+=", answer.text.split("<script>")[0])
