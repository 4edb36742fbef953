"""What was due while no engine was there: a ring, a longest wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from engine.store.journal_file import read
from tests.stories.installation import QUICK, Installation, eventually
from tests.stories.scene import story
from tests.stories.test_line import FIRST, SECOND, THIRD, arrived, ends, took
from tests.stories.test_restart import AGAIN, MUSIC, dials, talks, trails

LAST_RING = ["max_wait last ring", "missed ben: no_answer"]
BUSY = ["max_wait busy", "ended max_wait, busy", "charged 0 min"]


async def test_times_run_out_while_no_engine_is_there(tmp_path: Path) -> None:
    """A ring and a longest wait: what is due is done when the next engine can do it, and nobody stays stuck."""
    quick = Installation(tmp_path / "vz", {**QUICK, "RING_TIME": "3", "ALERT_TIME": "2"})
    await quick.start()
    async with story(quick) as scene:
        scene.has_customer(wait={"treatment": "delayed_connect", "max_wait": 8})
        anna, ben = await scene.hires("anna"), await scene.hires("ben")
        await scene.opens(anna, ben)
        first = await talks(scene, anna, FIRST)
        second = await dials(scene, SECOND, 1)
        await ben.is_rung()
        third = await dials(scene, THIRD, 2)
        quick.kill()
        live = read(quick.home / "run" / "journal").calls.values()
        last = max(moment for call in live for moment in call.due.values())

        async def over() -> bool:
            return datetime.now(UTC) > last

        await eventually(over, "every time that ran has run out")
        await quick.start()
        await second.is_refused(486)
        await third.is_refused(486)
        await ben.rings_no_more()
        await ends(anna, first)
        assert await trails(scene) == [
            [*arrived(FIRST), MUSIC, *took("anna")[:3], "taken_over talking", *took("anna")[3:]],
            [*arrived(SECOND), MUSIC, "ringing_agent ben", "taken_over ringing", *AGAIN, *LAST_RING, *BUSY],
            [*arrived(THIRD), MUSIC, "taken_over waiting", *AGAIN, *BUSY],
        ]
    assert await asyncio.to_thread(quick.stop) == 0
