"""What docs/api.md shows is what happens: its examples are run in their order, its table of problems is whole."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.message.slip import Tick, Urgency
from engine.message.states import DeliveryState, Means
from engine.ports.messages import Delivery
from engine.terms import CallId
from engine.web.api.description import description
from engine.web.api.problems import KINDS, V1
from tests.catalogue import PROJECT
from tests.web.office import Office
from tests.web.programs import program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGE = (PROJECT / "docs" / "api.md").read_text("utf-8")
ARRIVED = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
TAKEN: dict[str, Any] = {
    "contact": "Eva Korn", "caller_name": "Jan Krüger", "company": "Mühle Krüger", "number": "030 555",
    "subject": "Mehl", "urgency": Urgency.URGENT, "text": "Der Wagen kommt erst um 14 Uhr.",
    "ticks": frozenset({Tick.CALL_BACK}),
    "call": CallId("vz-1"),
}  # fmt: skip
BLOCK = re.compile(r"^```http\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLE = re.compile(r"(\w+) (\S+)\n(?:Authorization: .*\n)?(.*?)\n?\n(\d{3})\n(.*)", re.DOTALL)


def alike(shown: Any, told: Any) -> bool:
    """Whether the answer is what is shown; `…` stands for any text."""
    if isinstance(shown, dict) and isinstance(told, dict):
        return shown.keys() == told.keys() and all(alike(shown[key], told[key]) for key in shown)
    if isinstance(shown, list) and isinstance(told, list):
        return len(shown) == len(told) and all(map(alike, shown, told))
    if isinstance(shown, str) and "…" in shown:
        return isinstance(told, str) and told.startswith(shown.partition("…")[0])
    return bool(shown == told)


async def test_every_example_of_the_page_happens_as_it_is_shown(office: Office) -> None:
    more = {"access_number": "+49301000001", "line": "+493099887700", "waited_ms": 11_200}
    await office.had_call("K1001", "vz-1", ARRIVED, **more)
    for n, (what, detail) in enumerate((("arrived", "+4930555 for 49301000001"), ("music", "default"))):
        await office.happened("vz-1", n, ARRIVED + timedelta(seconds=n / 2), what, detail)
    await office.set("K1001", {"contacts": [{"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}}]})
    message = await office.took("K1001", ARRIVED, **TAKEN)
    await office.set("K1001", {"contacts": []})
    mail = Delivery(Means.MAIL, "Eva Korn", "eva@korn.example", DeliveryState.SENT, ARRIVED, tries=1)
    await office.sent("K1001", message, mail)
    program, done = await program_of(office), []
    for block in BLOCK.findall(PAGE):
        method, path, body, status, shown = EXAMPLE.fullmatch(block).groups()  # type: ignore[union-attr]
        told = await program.asks(method, path.removeprefix(V1), json.loads(body) if body else None)
        assert (told[0], alike(json.loads(shown), told[1])) == (int(status), True), (method, path, told)
        done.append(f"{method} {path.removeprefix(V1)} {status}")
    assert done == [
        "GET /me 200",
        "PATCH /customer 200",
        "PATCH /customer 409",
        "PATCH /customer 422",
        "GET /calls?since=2026-11-20&until=2026-11-20&text=030+555 200",
        "GET /calls/vz-1 200",
        "GET /messages?text=mehl&state=new 200",
        "PATCH /messages/1 200",
        "POST /messages/1/deliveries 409",
        "POST /users 201",
        "PATCH /users/2 200",
    ]
    assert len(done) == PAGE.count("```http")


async def test_the_page_has_every_problem_and_every_place() -> None:
    assert sorted(set(re.findall(rf"`{V1}/problems/([a-z-]+)`", PAGE))) == sorted(KINDS)
    text = PAGE.replace("K1001", "{number}").replace("users/2", "users/{user}").replace("calls/vz-1", "calls/{call}")
    text = text.replace("messages/1", "messages/{message}").replace("deliveries/2", "deliveries/{delivery}")
    said = {path for path in description()["paths"] if path in text}
    assert set(description()["paths"]) - said == {f"{V1}/problems/{{kind}}"}
