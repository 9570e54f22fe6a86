"""Who shows less of themself is seen less at once."""

from contracts.privacy import Privacy


async def test_to_show_less_holds_as_soon_as_it_is_told_and_what_is_told_late_does_not_show_more(
    client, sign, deliver, wren
):
    async def seen():
        return (await client.get(f"/users/{wren.user_id}/summary", headers=sign("anonymous"))).status_code

    less = wren.model_copy(update={"version": 9, "privacy": Privacy(listening="private"), "timezone": "Europe/Berlin"})
    body = less.model_dump(mode="json")
    assert (await client.post("/internal/listeners/privacy", json=body, headers=sign("bot"))).status_code == 403
    assert await seen() == 200
    assert (await client.post("/internal/listeners/privacy", json=body, headers=sign("service"))).status_code == 200
    assert await seen() == 403
    await deliver(wren.model_copy(update={"version": 8}))
    assert await seen() == 403
    await deliver(less)
    zone = (await client.get(f"/users/{wren.user_id}/heatmap", headers=sign("bot"))).json()["timezone"]
    assert (await seen(), zone) == (403, "Europe/Berlin")
