"""What a foreign page or a foreign word could do to the workspace: nothing."""

from itertools import product
from urllib.parse import quote

import httpx
from sqlmodel import func, select

from models.inbox import Delivery
from tests.access.payloads import PAYLOADS
from tests.unit.page_markup import Markup
from tests.workspace import Workspace

FOREIGN = frozenset({"iframe", "object", "embed", "base", "style", "math", "mtext", "mglyph"})
"""Elements that no page of the workspace has."""
MIKE, PAGE = "mike-davis", "/as/mike-davis/c/us"


async def test_74_what_anybody_stores_is_text_on_every_page(workspace: Workspace) -> None:
    harmless = Markup((await workspace.client.get(PAGE)).text)
    for at, payload in enumerate(PAYLOADS):
        await workspace.say(MIKE, f'/deal "{payload}" {at + 20}k USD', "us")
        await workspace.say("emily-chen", f"talk {payload}", "us")
    await workspace.say(MIKE, f"feedback {PAYLOADS[0]}")
    await workspace.say("ines-keller", f"setup company {PAYLOADS[0]}")

    for page in (PAGE, "/as/ines-keller/c/dm-ines-keller", "/as/sun-jia", "/as/emily-chen/c/us"):
        answer = await workspace.client.get(page, follow_redirects=True)
        found = Markup(answer.text)
        assert found.faults == [], page
        assert FOREIGN.isdisjoint(found.elements), page
        assert found.elements.count("script") == harmless.elements.count("script"), page


async def test_74_what_stands_in_an_address_is_not_reflected_as_markup(workspace: Workspace) -> None:
    for payload in PAYLOADS:
        odd = quote(payload, safe="")
        for address in (
            f"/as/{odd}", f"/as/{odd}/c/us", f"/as/mike-davis/c/{odd}", f"{PAGE}?thread={odd}", f"/{odd}",
            f"/workspace/messages?as={odd}&channel=us", f"/workspace/messages?as={MIKE}&channel=us&after={odd}",
            f"/workspace/pictures/{odd}.png", f"/workspace/files/{odd}/x.csv",
        ):  # fmt: skip
            answer = await workspace.client.get(address)
            assert answer.status_code < 500, address
            assert "script-src 'self'" in answer.headers["content-security-policy"], address
            assert answer.headers["x-content-type-options"] == "nosniff"
            if "html" in answer.headers.get("content-type", ""):
                assert Markup(answer.text).faults == [], address
                assert "alert(1)" not in Markup(answer.text).scripts, address


async def test_75_no_foreign_page_changes_anything(workspace: Workspace) -> None:
    hosts = (
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "0.0.0.0",
        "[::]",
        "",
        "127.0.0.1@evil",
    )
    origins = (
        "http://evil.example", "null", "http://127.0.0.1.evil.example", "https://127.0.0.1", "http://127.0.0.1:1",
        "http://localhost", "file://", "http://127.0.0.1@evil.example",
    )  # fmt: skip
    kinds = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonp")
    headers = [{"Host": host} for host in hosts] + [{"Origin": origin} for origin in origins]
    headers += [{"Content-Type": kind} for kind in kinds]
    doors = ("/workspace/messages", "/workspace/actions", "/workspace/clock")
    body = b'{"as":"mike-davis","channel":"us","text":"/deal Evil 9m USD","advance":"1d","message":"1","button":"x"}'

    for door, odd in product(doors, headers):
        sent = {"Content-Type": "application/json"} | odd
        answer = await workspace.client.post(door, content=body, headers=sent)
        assert 400 <= answer.status_code < 500, (door, odd, answer.status_code)
        assert "access-control-allow-origin" not in answer.headers
    for door in doors:
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            answer = await workspace.client.request(method, door, headers={"Origin": "http://evil.example"})
            assert answer.status_code >= 400, (door, method)

    assert workspace.rows(lambda session: session.exec(select(func.count()).select_from(Delivery)).one()) == 0
    true = await workspace.client.post(doors[0], content=body, headers={"Content-Type": "application/json"})
    assert true.status_code == httpx.codes.OK
