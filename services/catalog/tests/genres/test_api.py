"""Genres over HTTP."""


async def test_the_tree_has_every_genre_with_its_parents(client, sign):
    told = (await client.get("/music/genres", headers=sign("anonymous"))).json()
    parents = {each["name"]: each["parents"] for each in told["genres"]}
    assert len(parents) == len(told["genres"]) > 300
    assert parents["trip hop"] == ["electronic", "hip hop"]
    assert {name for name, above in parents.items() if not above} == set(told["roots"])


async def test_a_genre_is_found_in_any_spelling_with_its_mood(client, sign):
    told = [(await client.get(f"/music/genres/{each}", headers=sign())).json() for each in ("trip hop", "Trip-Hop")]
    assert told[0] == told[1]
    assert (told[0]["name"], told[0]["mood"]["basis"], told[0]["mood"]["inherited_from"]) == (
        "trip hop",
        "estimate",
        [],
    )
    pop = (await client.get("/music/genres/R&B", headers=sign())).json()
    assert "soul" in pop["children"]


async def test_a_mood_that_is_inherited_says_from_where(client, sign):
    told = (await client.get("/music/genres/goregrind", headers=sign())).json()
    assert told["mood"]["inherited_from"] == told["parents"]


async def test_there_is_no_other_genre(client, sign):
    answer = await client.get("/music/genres/skronk", headers=sign())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_genre")
