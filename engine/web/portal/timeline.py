"""What a caller hears under each treatment, step by step, as it stands beside the choice.

Rule of this file: the steps are read off the very plan that a call would get; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from engine.call.plan import RINGTONE, WaitPlan
from engine.entries import WaitEntry
from engine.law.checks import ForwardedLine
from engine.law.duties import must_announce
from engine.terms import Treatment
from engine.web.languages import N_

SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `icon` is the name of a drawing; `text` is marked with `N_`, its placeholders are in `values`."""

    icon: str
    text: str
    values: dict[str, str] = field(default_factory=dict)
    answered: bool = False
    """The caller is connected, and pays from here on if the number costs anything by the minute."""


def timelines(wait: WaitEntry, lines: Iterable[ForwardedLine], longest: float) -> dict[Treatment, list[Step]]:
    """The steps for every treatment, with all else as it is set. `longest`: of a delayed connect, in seconds."""
    plan = replace(wait.plan(), notice=must_announce(lines))
    return {one: list(_steps(replace(plan, treatment=one).within(longest))) for one in Treatment}


def _steps(plan: WaitPlan) -> Iterator[Step]:
    at_once = plan.treatment is Treatment.ANSWERED
    if at_once:
        yield Step("check", N_("The call is answered at once"), answered=True)
    if plan.treatment is Treatment.RINGING:
        yield Step("phone", N_("Ring tone until somebody is free"))
    else:
        yield from _media(plan)
    if plan.max_wait is not None:
        end = N_("after {seconds} s: the caller waits on") if plan.waits_on else N_("after {seconds} s: busy tone")
        yield Step("clock", end, _seconds(plan.max_wait))
    yield Step("people", N_("A person answers"), answered=not at_once)


def _media(plan: WaitPlan) -> Iterator[Step]:
    if plan.notice:
        yield Step("speech", N_("Announcement of the waiting time and its cost, as the law asks"))
    if plan.greeting:
        yield Step("speech", N_("Greeting announcement"))
    sound = {RINGTONE: N_("Ring tone"), SILENCE: N_("Silence")}.get(plan.heard, N_("Music"))
    yield Step("phone" if plan.heard == RINGTONE else "note", sound)
    if plan.announce_every and plan.announcements:
        yield Step("speech", N_("every {seconds} s an announcement in between"), _seconds(plan.announce_every))


def _seconds(seconds: float) -> dict[str, str]:
    return {"seconds": f"{seconds:g}"}
