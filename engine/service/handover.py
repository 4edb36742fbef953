"""A call that comes to a second agent: what the first one has left, and her draft taken over into his form.

Rules of this file: of a call alone that is, or was a moment ago, the agent's own, and of the talks before his. The
first one's draft stays hers: it is copied, and she may still save it. What he has typed himself is not lost by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.message.slip import Urgency
from engine.ports.desk import DeskCall, DeskStore
from engine.ports.handover import Left, Written
from engine.terms import AgentId


class Handover:
    """Works on what desks keep."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    async def left(self, call: DeskCall) -> Sequence[Left]:
        """The talks before the agent's own, in order; of an agent who has talked twice the last one."""
        last = {talk.agent: talk for talk in call.before}
        talks = [talk for talk in call.before if last[talk.agent] is talk]
        written = [await self._store.written_by(call.customer, call.id, talk.agent) for talk in talks]
        return [Left(talk, _worth(one)) for talk, one in zip(talks, written, strict=True)]

    async def merged(self, call: DeskCall, agent: AgentId) -> Mapping[str, Any] | None:
        """The last draft that is left, with what this agent has typed himself; None = there is none."""
        drafts = [one.written.draft for one in await self.left(call) if one.written.draft]
        return merged(drafts[-1], await self._store.draft(agent, call.id), call.caller) if drafts else None


def _worth(written: Written) -> Written:
    """Without a draft in which stands no more than what every form begins with."""
    return written if set(written.draft) - {"number", "urgency"} else replace(written, draft={})


def merged(theirs: Mapping[str, Any], own: Mapping[str, Any], caller: str | None) -> dict[str, Any]:
    """Own words count; of texts both are kept. The number and the urgency that every form begins with are nobody's."""
    begun = {"number": caller, "urgency": Urgency.NORMAL.value}
    both = {**theirs, **{name: value for name, value in own.items() if value and value != begun.get(name)}}
    texts = [text for text in (theirs.get("text"), own.get("text")) if text]
    if len(texts) > 1:
        both["text"] = texts[1] if texts[0] in texts[1] else "\n".join([texts[0], *_beside(*texts)])
    ticks = {*theirs.get("ticks", ()), *own.get("ticks", ())}
    return {**both, "ticks": sorted(ticks)} if ticks else both


def _beside(theirs: str, own: str) -> list[str]:
    """The lines of the own text that do not begin a line of theirs: taken over before, and written on there since."""
    there = theirs.splitlines()
    return [line for line in own.splitlines() if not any(re.match(re.escape(line) + r"(?!\w)", one) for one in there)]
