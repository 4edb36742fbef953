"""The calls page: the customer's own calls, found, read step by step, taken away as a table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from engine.accounts import Role
from engine.service.catalogue import CatalogueService
from engine.store.catalogue import StoredCatalogue
from tests.catalogue import RULES
from tests.talks import talk, wrote_talks
from tests.web.desk_scenes import JONAS
from tests.web.office import Office
from tests.web.portal import Shown, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


async def test_2_2_calls_are_listed_with_what_was_waited_talked_and_charged(office: Office) -> None:
    await office.had_call(
        "K1001", "vz-1", NOON, outcome="answered", line="+493099887700", waited_ms=11_200, talked_ms=128_000,
        charged_minutes=3,
    )  # fmt: skip
    await office.had_call("K1001", "vz-2", NOON + timedelta(hours=1), caller=None, waited_ms=44_000)
    await office.had_call("K1002", "vz-3", NOON)
    async with client(office) as petra:
        page = await petra.opens("/calls")
        assert page.texts(".//tbody/tr") == [
            "20.11.26, 13:00 unbekannt Anrufer hat beim Warten aufgelegt – 44 s 0 s 0 min",
            "20.11.26, 12:00 +49 30 555 über +49 30 99887700 angenommen – 11 s 128 s 3 min",
        ]
        assert (await petra.opens("/calls/vz-3")).status == 404
        assert (await petra.opens("/calls/nothing")).status == 404


async def test_all_who_have_talked_in_a_call_are_named_in_order_on_the_page_and_in_the_table(office: Office) -> None:
    record = await office.had_call("K1001", "vz-1", NOON, outcome="answered", agent="anna", talked_ms=50_000)
    await CatalogueService(StoredCatalogue(office.database), RULES).import_text(JONAS)
    await wrote_talks(office.database, talk(asdict(record), n=2, agent="jonas", talked_ms=20_000))
    async with client(office) as petra:
        page = await petra.opens("/calls?text=petersen")
        assert page.texts(".//tbody/tr") == [
            "20.11.26, 12:00 +49 30 555 angenommen Anna Lindner, Jonas Petersen 0 s 50 s 0 min"
        ]
        assert "Anna Lindner, Jonas Petersen" in (await petra.opens("/calls/vz-1")).text
        async with petra.http.get(f"{office.url}/calls.csv") as answer:
            assert ";Anna Lindner, Jonas Petersen;" in await answer.text()


async def test_calls_are_found_by_day_and_text_and_turned_over_in_pages(office: Office) -> None:
    for n in range(120):
        caller = "+49301234567" if n == 7 else f"+4940{n:04}"
        await office.had_call("K1001", f"vz-{n:03}", NOON - timedelta(hours=n), caller=caller)
    async with client(office) as petra:
        found = await petra.opens("/calls?text=030+1234567")
        assert found.texts(".//tbody/tr/th") == ["20.11.26, 05:00"]
        day = await petra.opens("/calls?since=2026-11-18&until=2026-11-18")
        assert (len(day.texts(".//tbody/tr")), day.texts(".//tbody/tr/th")[-1]) == (24, "18.11.26, 00:00")
        seen: list[str] = []
        path = "/calls"
        while path:
            page = await petra.opens(path)
            links = [one.get("href", "") for one in page.tree.iter("a")]
            seen += [link for link in links if link.startswith("/calls/")]
            path = next((link for link in links if "after=" in link), "")
        assert seen == [f"/calls/vz-{n:03}" for n in range(120)]
        wrong = await petra.opens("/calls?since=yesterday")
        assert (wrong.status, wrong.mistakes) == (422, ["Von: Bitte schreiben Sie den Tag als 24.12.2026."])
        for far in ("since=0001-01-01", "until=9999-12-31"):
            page = await petra.opens(f"/calls?{far}")
            assert page.status == 422
            assert page.mistakes[0].endswith(": Bitte nennen Sie einen Tag aus den Jahren 2000 bis 2999.")
        nothing = await petra.opens("/calls?text=nobody")
        assert "Dazu gibt es keinen Anruf." in nothing.text


async def test_a_call_is_told_step_by_step_without_what_is_ours_alone(office: Office) -> None:
    await office.had_call("K1001", "vz-1", NOON, outcome="answered")
    trail = (
        ("arrived", "+4930555 for 49301000001"), ("customer", "K1001"), ("183", ""), ("music", "default"),
        ("ringing_agent", "anna"), ("picked_up", "anna"), ("200", ""), ("charged", "1 min (4 s)"),
    )  # fmt: skip
    for n, (what, detail) in enumerate(trail):
        await office.happened("vz-1", n + 1, NOON + timedelta(seconds=n / 2), what, detail)
    async with client(office) as petra:
        page = await petra.opens("/calls/vz-1")
    assert page.texts(".//ol/li") == [
        "Der Anruf ist angekommen nach 0 s",
        "Der Anrufer hört Musik oder Ansagen; der Anruf gilt noch nicht als angenommen nach 1 s",
        "Musik oder Freizeichen: Unsere übliche Wartemusik nach 1,5 s",
        "Bei uns klingelt ein Telefon nach 2 s",
        "Ein Mensch hat abgenommen nach 2,5 s",
        "Der Anruf ist verbunden nach 3 s",
    ]
    assert "anna" not in page.text


async def test_2_3_what_was_dialled_to_put_the_caller_through_is_told_in_order(office: Office) -> None:
    await office.had_call("K1001", "vz-1", NOON, outcome="answered", transferred_ms=90_000)
    await office.had_call("K1002", "vz-2", NOON)
    await office.dialled("K1001", "vz-1", "Eva Korn", "+491713920011", NOON, "busy")
    joined = NOON + timedelta(seconds=30)
    await office.dialled("K1001", "vz-1", "Max Korn", "+493023125012", NOON, "put_through", joined, 120, 30_000)
    await office.dialled("K1002", "vz-2", "Lea Lot", "+493023125099", NOON, "no_answer")
    async with client(office) as petra:
        page = await petra.opens("/calls/vz-1")
        listed = page.texts(".//section[@aria-labelledby='attempts-title']//li")
        assert listed == [
            "Eva Korn +49 171 3920011: besetzt 12:00",
            "Max Korn +49 30 23125012: verbunden 12:00, 90 s gesprochen",
        ]
        assert (await petra.opens("/calls/vz-2")).status == 404


async def test_the_table_holds_no_formula_and_nobody_elses_calls(office: Office) -> None:
    await office.had_call(
        "K1001", "vz-1", NOON, caller="=1+1;x", charged_minutes=2, waited_ms=500, transferred_ms=12_500
    )
    await office.had_call("K1002", "vz-2", NOON)
    async with client(office) as petra, petra.http.get(f"{office.url}/calls.csv") as answer:
        assert (answer.status, answer.content_type) == (200, "text/csv")
        assert (await answer.read()).decode("utf-8-sig").splitlines() == [
            "Eingegangen;Anrufer;Anschluss;Ausgang;Angenommen von;Gewartet, Sekunden;Gesprochen, Sekunden;"
            "Berechnet, Minuten;Nach dem Verbinden, Sekunden",
            """20.11.26, 12:00;"'=1+1;x";;Anrufer hat beim Warten aufgelegt;;0,5;0,0;2;12,5""",
        ]


@pytest.mark.parametrize("path", ["/calls", "/calls.csv", "/calls/vz-1", "/hours"])
async def test_staff_has_nothing_to_do_with_it(office: Office, path: str) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPERVISOR)
    async with client(office, "ines") as ines:
        assert (await ines.opens(path)).status == 403


async def test_days_in_the_wrong_order_are_told_at_the_field(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/calls?since=2026-11-19&until=2026-11-18")
        assert (page.status, page.mistakes) == (
            422,
            ["Bis: Dieser Tag liegt vor dem ersten. Bitte vertauschen Sie die beiden."],
        )
        assert "Bitte suchen Sie nach etwas anderem" not in page.text
        assert (await petra.opens("/calls?since=2026-11-18&until=2026-11-18")).status == 200


async def test_a_test_call_from_the_command_line_is_called_so_and_proves_no_forwarding(office: Office) -> None:
    now = office.clock.now()
    await office.had_call("K1001", "vz-1", now, caller="testcall")
    async with client(office) as petra:
        assert callers(await petra.opens("/calls")) == ["Testanruf"]
        assert "Testanruf" in (await petra.opens("/calls/vz-1")).text
        async with petra.http.get(f"{office.url}/calls.csv") as answer:
            assert (await answer.read()).decode("utf-8-sig").splitlines()[1].split(";")[1] == "Testanruf"
        start = (await petra.opens("/")).text
        assert "Bei uns ist noch kein Anruf angekommen." in start and "Letzter Anruf" not in start
        heard = (await petra.opens(f"/test-call?since={int(now.timestamp())}")).text
        assert "Der Testanruf unserer Anlage" in heard and "testcall" not in heard
        await office.had_call("K1001", "vz-2", now)
        assert "Letzter Anruf" in (await petra.opens("/")).text


def callers(page: Shown) -> list[str]:
    """Who has called."""
    return page.texts(".//td[@data-label='Anrufer']")
