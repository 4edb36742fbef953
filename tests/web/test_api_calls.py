"""A customer's calls as programs read them: its own alone, and of each what is its business."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.accounts import Role
from engine.web.api.problems import KINDS, V1
from tests.web.office import Office
from tests.web.programs import Program, problem, program_as, program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOT_FOR_ROLE = problem(403, "not-for-this-role", KINDS["not-for-this-role"])
UNKNOWN = problem(404, "unknown", KINDS["unknown"])
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


async def ids(program: Program, query: str = "") -> list[str]:
    """Of the calls that a program gets."""
    status, calls = await program.asks("GET", f"/calls{query}")
    assert status == 200, calls
    return [call["id"] for call in calls]


async def test_a_customers_program_reads_its_own_calls(office: Office) -> None:
    for n in range(5):
        caller = "+49301234567" if n == 3 else "+4940555"
        await office.had_call("K1001", f"vz-{n}", NOON - timedelta(days=n), caller=caller)
    await office.had_call("K1002", "vz-theirs", NOON)
    program = await program_of(office)
    assert await ids(program) == ["vz-0", "vz-1", "vz-2", "vz-3", "vz-4"]
    assert await ids(program, "?limit=2") == ["vz-0", "vz-1"]
    assert await ids(program, "?limit=2&after=vz-1") == ["vz-2", "vz-3"]
    assert await ids(program, "?since=2026-11-17&until=2026-11-18") == ["vz-2", "vz-3"]
    assert await ids(program, "?text=030+123") == ["vz-3"]
    assert await ids(program, "?after=vz-theirs") == await ids(program, "?text=%00") == []
    for call in ("vz-theirs", "nothing", "%00"):
        assert await program.asks("GET", f"/calls/{call}") == UNKNOWN
    assert await program.asks("GET", "/calls?customer=K1002") == UNKNOWN
    assert await program.asks("GET", "/calls/vz-theirs?customer=K1002") == UNKNOWN
    for wrong in ("since=yesterday", "until=9999-12-31", "limit=0", "limit=x", f"text={'x' * 81}"):
        status, said = await program.asks("GET", f"/calls?{wrong}")
        assert (status, said["type"]) == (422, f"{V1}/problems/malformed"), wrong


async def test_a_call_is_told_without_what_is_ours_alone(office: Office) -> None:
    await office.had_call("K1001", "vz-1", NOON, outcome="answered", agent="anna", talked_ms=128_000, charged_minutes=3)
    talked = (("picked_up", "anna"), ("200", ""), ("agent_lost", "anna"), ("assigned", "anna by chief"))
    trail = (("arrived", "+4930555 for 49301000001"), ("customer", "K1001"), *talked)
    for n, (what, detail) in enumerate(trail):
        await office.happened("vz-1", n, NOON + timedelta(seconds=n), what, detail)
    _, told = await (await program_of(office)).asks("GET", "/calls/vz-1")
    assert told["agents"] == ["Anna Lindner"]
    assert (told["answered_by"], told["talked_ms"], told["charged_minutes"]) == ("Anna Lindner", 128_000, 3)
    steps = [("arrived", 0), ("picked_up", 2000), ("200", 3000), ("agent_lost", 4000)]
    assert told["steps"] == [{"what": what, "after_ms": after, "detail": ""} for what, after in steps]
    assert "anna" not in str(told)


async def test_what_was_dialled_to_put_the_caller_through(office: Office) -> None:
    await office.had_call("K1001", "vz-1", NOON, outcome="answered", transferred_ms=90_000)
    joined = NOON + timedelta(seconds=30)
    await office.dialled("K1001", "vz-1", "Max Korn", "+493023125012", NOON, "put_through", joined, 120, 30_000)
    _, told = await (await program_of(office)).asks("GET", "/calls/vz-1")
    assert told["transferred_ms"] == 90_000
    assert told["attempts"] == [
        {
            "contact": "Max Korn", "number": "+493023125012", "kind": "announced", "result": "put_through",
            "dialled_at": "2026-11-20T11:00:00Z", "answered_at": "2026-11-20T11:00:30Z",
            "ended_at": "2026-11-20T11:02:30Z", "talked_ms": 90_000,
        }
    ]  # fmt: skip


async def test_staff_name_the_customer_whose_calls_they_want(office: Office) -> None:
    await office.had_call("K1001", "vz-1", NOON)
    await office.had_call("K1002", "vz-2", NOON)
    for role in (Role.SUPPORT, Role.ADMIN):
        program = await program_as(office, role)
        assert await ids(program, "?customer=K1002") == ["vz-2"]
        assert (await program.asks("GET", "/calls/vz-1?customer=K1001"))[1]["id"] == "vz-1"
        assert await program.asks("GET", "/calls/vz-1?customer=K1002") == UNKNOWN
        for path in ("/calls", "/calls/vz-1"):
            status, said = await program.asks("GET", path)
            assert (status, said["detail"]) == (422, "name the customer, e.g. ?customer=K1001")
    assert await (await program_as(office, Role.SUPERVISOR)).asks("GET", "/calls") == NOT_FOR_ROLE
