"""Bäckerei Korn's numbers for putting through, and how it can stand with a caller who is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from engine.ports.putting_through import DeskTransfer, Stage, Tried, Wish
from engine.transfer.plan import Result
from tests.web.desk_scenes import KORN

EVA, MAX = "Eva Korn", "Max Korn"
MOBILE, OFFICE, RELEASED = "+491713920011", "+493023125014", "+493023125012"
"""Eva's, which nobody sees, and Max's telephone, which is released."""
BOTH = frozenset(Wish)


def with_targets() -> list[dict[str, Any]]:
    """The contacts: Eva, who is away, with two numbers, and her deputy Max with one."""
    eva, deputy = KORN["contacts"]
    return [
        {**eva, "transfer": {"targets": [MOBILE, OFFICE], "restrictions": "Nicht vor 10 Uhr.", "accept": True}},
        {**deputy, "transfer": {"targets": [RELEASED]}},
    ]


def stands(
    stage: Stage, since: datetime, tried: Iterable[Tried] = (Tried(EVA, True, Result.BUSY),), **more: Any
) -> DeskTransfer:
    """At Eva's second number, which rings; everything can be wished for that can be at this stage."""
    is_over = stage in (Stage.BACK, Stage.IN_LINE, Stage.OVER)
    can = frozenset() if is_over else BOTH - ({Wish.SWAP, Wish.CONFERENCE} if stage is Stage.DIALLING else set())
    told = {"rings": stage is Stage.DIALLING, "can": can, "places": () if is_over else (1, 2), **more}
    return DeskTransfer(stage, EVA, mobile=False, place=2, since=since, tried=tuple(tried), **told)
