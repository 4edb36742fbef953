"""Recorded calls: what the switch said, played through decode, exchange and perform, gives the very same tale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replay.replaying import CALLS, Replay

RECORDINGS = sorted(CALLS.glob("*.jsonl"))


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_the_recorded_call_is_told_the_same_way(recording: Path) -> None:
    replay = Replay(recording)
    assert replay.tale == recording.with_suffix(".tale").read_text("utf-8").splitlines()
    assert not replay.exchange.calls
    assert not len(replay.exchange.floor.line)
    assert replay.running == {}
    assert [agent.id for agent in replay.exchange.floor.agents.values() if not agent.free] == []


OUTCOMES = {
    "answered": ("answered", "anna", 1),
    "caller_hangs_up_while_the_phone_rings": ("abandoned", None, 0),
    "delayed_connect": ("answered", "anna", 1),
    "first_agent_rejects_second_hangs_up": ("answered", "ben", 1),
    "nobody_picks_up": ("abandoned", None, 0),
    "phone_lost": ("answered", "ben", 1),
    "ringing": ("answered", "anna", 1),
    "ringing_announced": ("answered", "anna", 1),
    "unknown_number": ("unknown_number", None, 0),
}


def test_every_recording_has_its_outcome() -> None:
    found = {}
    for recording in RECORDINGS:
        (record,) = Replay(recording).records
        found[recording.stem] = (record.outcome, record.agent, record.charged_minutes)
    assert found == OUTCOMES
