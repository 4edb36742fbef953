"""What whoever answers at a target's phone is asked, spoken with the names of customer and caller (§5.2.4).

Rules of this file: made while the phone rings, and no leg waits for it: until it is ready the general question is
asked. It has names in it, so it is forgotten with the call, and what an engine before this one has left, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

import structlog

from engine.terms import CallId, Wrong, prompt_sound, unreadable

log = structlog.get_logger()
LONGEST = 60
"""Characters of a name that are spoken."""
_TEXTS = {
    "de": ("Anruf für {customer}.", "Anruf für {customer}, von {caller}.", "Zum Annehmen drücken Sie bitte die Eins."),
    "en": ("A call for {customer}.", "A call for {customer}, from {caller}.", "Please press one to take it."),
}


class Speaker(Protocol):
    """As `engine.ports.announcements.Studio`."""

    def can_speak(self) -> bool: ...
    async def speak(self, text: str, language: str) -> bytes: ...


class PromptShelf(Protocol):
    """Where the switch finds them. May raise OSError."""

    def put_prompt(self, name: str, sound: bytes) -> None: ...
    def drop_prompt(self, name: str) -> None: ...
    def drop_prompts(self) -> None: ...


@dataclass(slots=True)
class _Prompt:
    text: str
    sound: str
    is_ready: bool = False


class Prompts:
    """For one running engine. `language`: of the voice, `de` or `en`."""

    def __init__(self, studio: Speaker, shelf: PromptShelf, language: str) -> None:
        """None is there."""
        self._studio, self._shelf, self._language = studio, shelf, language
        self.live: dict[CallId, _Prompt] = {}
        self._names = count(1)
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, call: CallId, customer: str, caller: str | None) -> None:
        """Somebody is going to be asked; returns at once. `caller`: the name, None = not known."""
        text = question(customer, caller, self._language)
        there = self.live.get(call)
        if (there and there.text == text) or not self._studio.can_speak():
            return
        self.over(call)
        prompt = self.live[call] = _Prompt(text, prompt_sound(next(self._names)))
        self._soon(self._make(call, prompt))

    def ready(self, call: CallId) -> str | None:
        """What this call's question is named by; None = it is not ready, or there is none."""
        prompt = self.live.get(call)
        return prompt.sound if prompt and prompt.is_ready else None

    def over(self, call: CallId) -> None:
        """Nobody is asked any more in this call."""
        if prompt := self.live.pop(call, None):
            self._soon(self._forget(prompt))

    async def clear(self) -> None:
        """Forget what was left; to be asked before the first one is begun."""
        await asyncio.to_thread(self._shelf.drop_prompts)

    async def _make(self, call: CallId, prompt: _Prompt) -> None:
        try:
            sound = await self._studio.speak(prompt.text, self._language)
            await asyncio.to_thread(self._shelf.put_prompt, prompt.sound, sound)
        except (Wrong, OSError) as problem:
            log.info("prompt_not_spoken", call=call, problem=str(problem))
            return
        if self.live.get(call) is prompt:
            prompt.is_ready = True
        else:
            await self._forget(prompt)

    async def _forget(self, prompt: _Prompt) -> None:
        try:
            await asyncio.to_thread(self._shelf.drop_prompt, prompt.sound)
        except OSError as problem:
            log.info("prompt_not_forgotten", sound=prompt.sound, problem=str(problem))

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


def question(customer: str, caller: str | None, language: str) -> str:
    """What is said; names are cut, and what cannot be read is no name."""
    plain, named, press = _TEXTS[language]
    said = named if caller else plain
    return f"{said.format(customer=customer[:LONGEST], caller=caller)} {press}"


def spoken_name(typed: object) -> str | None:
    """A caller's name as an agent has typed it, or a form has sent it; None = there is none that can be said."""
    text = typed[0] if isinstance(typed, list) and typed else typed
    if not isinstance(text, str) or unreadable(text):
        return None
    return text.strip()[:LONGEST] or None
