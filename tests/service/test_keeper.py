"""The keeper: an engine that dies is followed by another, one that ends is not, and none outlives its keeper."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.main.keeper import CRASHED, PAUSES, STOPS, keep


def kept(place: Path, work: Callable[[int], None]) -> tuple[int, list[str], list[float]]:
    """Keep engines that each note whether they are the first, then do the n-th's `work`: exit code, notes, pauses."""
    notes, pauses = place / "notes", list[float]()

    def engine(again: bool) -> None:
        with notes.open("a") as book:
            book.write(f"{again}\n")
        work(len(notes.read_text().split()))

    with pytest.raises(SystemExit) as ended:
        keep(engine, pauses.append)
    return int(ended.value.code or 0), notes.read_text().split(), pauses


def dies(n: int) -> None:
    if n < 3:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)


def crashes(n: int) -> None:
    os._exit(CRASHED if n < 7 else 3)


def test_who_is_killed_is_followed_at_once_and_then_after_a_pause(tmp_path: Path) -> None:
    assert kept(tmp_path, dies) == (0, ["False", "True", "True"], [0.0, 1.0])


def test_who_crashes_again_and_again_is_followed_more_slowly(tmp_path: Path) -> None:
    assert kept(tmp_path, crashes) == (3, ["False", *["True"] * 6], [*PAUSES, PAUSES[-1]])


def test_what_the_keeper_has_loaded_the_next_engine_has() -> None:
    loaded: list[str] = []

    def prepare() -> None:
        loaded.append("web")
        raise RuntimeError("whatever is wrong there, the engine that runs must not die of it")

    def engine(again: bool) -> None:
        os._exit(len(loaded) if again else CRASHED)

    with pytest.raises(SystemExit) as ended, capture_logs() as logs:
        keep(engine, lambda _: None, prepare)
    assert ended.value.code == 1
    assert [entry["event"] for entry in logs] == ["keeper_cannot_prepare", "engine_died", "keeper_cannot_prepare"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_order_to_stop_is_handed_on(tmp_path: Path, number: signal.Signals) -> None:
    def obeys(_: int) -> None:
        signal.signal(number, lambda *_: os._exit(5))
        os.kill(os.getppid(), number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        signal.pause()

    assert kept(tmp_path, obeys) == (5, ["False"], [])


def test_an_order_that_comes_in_the_pause_or_too_early_is_obeyed_by_the_next(tmp_path: Path) -> None:
    def stops(_: float) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("the pause goes on")

    def dies_or_obeys(again: bool) -> None:
        (tmp_path / f"again-{again}").touch()
        if not again:
            os.kill(os.getpid(), signal.SIGKILL)
        assert signal.sigwait(STOPS) == signal.SIGTERM
        os._exit(6)

    with pytest.raises(SystemExit) as ended:
        keep(dies_or_obeys, stops)
    assert (ended.value.code, sorted(path.name for path in tmp_path.iterdir())) == (6, ["again-False", "again-True"])


def test_none_outlives_its_keeper() -> None:
    listens, says = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(listens)

        def waits(_: bool) -> None:
            os.write(says, b"x")
            signal.pause()

        keep(waits)
    os.close(says)
    assert os.read(listens, 1) == b"x"
    os.kill(keeper, signal.SIGKILL)
    os.waitpid(keeper, 0)
    ready, _, _ = select.select([listens], [], [], 10)
    assert ready and os.read(listens, 1) == b"", "the engine is gone, and its end of the pipe with it"
    os.close(listens)
