"""What the desk calls putting through: how it stands, what can be wanted, what came of it, and why it cannot be.

Rule of this file: every word of the rules has one here; a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.ports.putting_through import DeskTransfer, Stage, Tried, Wish
from engine.transfer.plan import Result
from engine.web.languages import N_, Words
from engine.web.portal.call_words import RESULTS

STAGES: Mapping[Stage, str] = {
    Stage.DIALLING: N_("is dialled"),
    Stage.CONSULTING: N_("you talk to {contact}, the caller waits"),
    Stage.SWAPPED: N_("you talk to the caller, {contact} waits"),
    Stage.CONFERENCE: N_("all three talk"),
    Stage.FORWARDING: N_("is dialled; you are free"),
    Stage.PUT_THROUGH: N_("connected with {contact}"),
    Stage.BACK: N_("the caller is with you again"),
    Stage.IN_LINE: N_("the caller is back in the line"),
    Stage.OVER: N_("the call is over"),
}
_RINGS, _ASKED = N_("rings"), N_("has answered and is asked to press 1")
ICONS: Mapping[Stage, str] = {
    Stage.DIALLING: "phone",
    Stage.CONSULTING: "speech",
    Stage.SWAPPED: "speech",
    Stage.CONFERENCE: "people",
    Stage.FORWARDING: "phone",
    Stage.PUT_THROUGH: "check",
    Stage.BACK: "warning",
    Stage.IN_LINE: "warning",
    Stage.OVER: "check",
}
NOT_NOW = N_("This cannot be done just now: the call has gone on meanwhile.")
BUTTONS: Mapping[Wish, tuple[str, str]] = {
    Wish.TAKE_BACK: ("z", N_("take the caller back")),
    Wish.SKIP: ("x", N_("next number")),
    Wish.SWAP: ("k", N_("swap")),
    Wish.CONFERENCE: ("c", N_("conference")),
    Wish.HAND_OVER: ("v", N_("hand over")),
}
"""Key and words, in the order of the buttons."""
_MOBILE, _OTHER = N_("mobile"), N_("landline")
_PROPOSAL = N_("Put-through to {contact}: {results}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How it stands, as the desk says it."""

    transfer: DeskTransfer
    words: Words

    @property
    def where(self) -> str:
        """Whom, and which of the contact's numbers."""
        now = self.transfer
        if not now.places or now.stage in (Stage.BACK, Stage.IN_LINE, Stage.OVER):
            return now.contact
        told = {"contact": now.contact, "place": now.place, "kind": kind(now.mobile, self.words)}
        return self.words(N_("{contact}: number {place} ({kind})"), **told)

    @property
    def how(self) -> str:
        """What happens."""
        now = self.transfer
        if now.stage in (Stage.DIALLING, Stage.FORWARDING) and (now.asked or now.rings):
            return self.words(_ASKED if now.asked else _RINGS)
        if now.stage is Stage.OVER and now.tried:
            return self.words(RESULTS[now.tried[-1].result])
        return self.words(STAGES[now.stage], contact=now.contact)

    @property
    def icon(self) -> str:
        """Beside it."""
        return ICONS[self.transfer.stage]

    @property
    def runs(self) -> bool:
        """Whether the time counts on."""
        return self.transfer.stage not in (Stage.BACK, Stage.IN_LINE, Stage.OVER)

    @property
    def proposal(self) -> str:
        """What a message could say of it; nothing while it goes on."""
        return "" if self.runs else proposal(self.transfer, self.words)


def kind(mobile: bool, words: Words) -> str:
    """What sort of telephone it is."""
    return words(_MOBILE if mobile else _OTHER)


def tried(one: Tried, words: Words) -> str:
    """What came of it."""
    return words(RESULTS[one.result])


def proposal(transfer: DeskTransfer, words: Words) -> str:
    """A line for each contact who was tried: "1. busy, 2. not picked up". Empty if somebody was had."""
    if any(one.result is Result.PUT_THROUGH for one in transfer.tried):
        return ""
    lines = []
    for contact in dict.fromkeys(one.contact for one in transfer.tried):
        results = [tried(one, words) for one in transfer.tried if one.contact == contact]
        numbered = results if len(results) == 1 else [f"{n}. {said}" for n, said in enumerate(results, start=1)]
        lines.append(words(_PROPOSAL, contact=contact, results=", ".join(numbered)))
    return "\n".join(lines)
