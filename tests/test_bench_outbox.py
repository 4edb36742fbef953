"""The outbox's bench: what the mail server has written down, and what the page makes of it."""

from __future__ import annotations

from pathlib import Path

from tests.bench.letterbox import arrivals
from tests.bench.outbox_report import WITH, WITHOUT, Drain, bars, report
from tests.bench.results import Results
from tests.bench.shapes import Outcome

DRAIN = Drain(10_000, 500.0, 0, 0, 100.0)


def ran(side: str, shape: str, lost: int = 0, **samples: list[float]) -> Outcome:
    """One run."""
    counts = {"calls": 10, "lost": lost, "overtaken": 0}
    return Outcome(side, shape, samples, counts, {"engine": 100.0}, {"engine": 140.0})


def met(outcomes: list[Outcome], drain: Drain = DRAIN) -> dict[str, bool | None]:
    """Which bars were met."""
    return {bar.figure.partition(",")[0]: bar.met for bar in bars(Results(outcomes=outcomes), drain)}


def test_a_bar_is_judged_by_the_runs_beside_the_messages_alone() -> None:
    slow, quick = ran(WITHOUT, "waiting-100", M3=[80.0] * 9), ran(WITH, "waiting-100", M3=[4.0] * 9)
    assert met([slow, quick])["M3"] is True
    assert met([ran(WITH, "waiting-100", M3=[80.0] * 9)])["M3"] is False
    assert met([slow])["M3"] is None
    assert met([ran(WITH, "idle", lost=1)])["callers lost"] is False


def test_a_message_that_is_lost_or_comes_twice_is_said_plainly() -> None:
    assert met([], Drain(10_000, 500.0, 1, 0, 100.0))["messages lost"] is False
    page = report(Results(outcomes=[ran(WITH, "busy", M1=[5.0])]), Drain(10_000, 500.0, 0, 2, 100.0), "How.")
    assert "| messages that came twice | 0 | 2 |  | **missed** |" in page
    assert "| mails per second | 20.0 |" in page


def test_a_line_that_is_still_being_written_is_read_the_next_time(tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    assert arrivals(letters) == []
    letters.write_text("1.500 <a@b>\n2.500 <c@d>\n3.50", "ascii")
    assert arrivals(letters) == [(1.5, "<a@b>"), (2.5, "<c@d>")]
