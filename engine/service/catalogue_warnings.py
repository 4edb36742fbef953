"""What can be imported and is hardly meant: customers whom nobody can answer, contacts whom no call reaches.

Rule of this file: a warning stops nothing, for agents and trunks may well come after the customers; so it is silent of
agents where there is none at all, and of trunks likewise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.entries import AgentEntry, CustomerEntry, KeyedEntry, TrunkEntry
from engine.service.catalogue_mistakes import suggestion
from engine.service.catalogue_reading import Key
from engine.service.catalogue_yaml import Path
from engine.terms import Group, Skill

Warned = Iterator[tuple[Key, Path, str]]
"""The entry, the field within it, and what is to be looked at."""


def warnings(after: Mapping[Key, KeyedEntry], written: Iterable[Key]) -> Warned:
    """Everything that looks wrong with the entries `written`, if the store held `after`."""
    agents = [entry for entry in after.values() if isinstance(entry, AgentEntry)]
    trunks = [entry for entry in after.values() if isinstance(entry, TrunkEntry)]
    for key in written:
        customer = after.get(key)
        if not isinstance(customer, CustomerEntry):
            continue
        if agents and not _can_be_answered(customer, agents):
            yield key, ("routing",), f"nobody can answer: no agent has all that it asks for{_mend(customer, agents)}"
        for path, words in _hardly_put_through(customer, trunks):
            yield key, path, words


def _hardly_put_through(customer: CustomerEntry, trunks: Collection[TrunkEntry]) -> Iterator[tuple[Path, str]]:
    """Targets that no call reaches, or that are called by nobody whom they could call back."""
    used = [place for place, one in enumerate(customer.contacts) if any(target.use for target in one.transfer.targets)]
    if trunks and all(trunk.outbound.priority is None for trunk in trunks):
        for place in used:
            yield ("contacts", place, "transfer"), "nobody can be put through: no trunk has outbound with a priority"
    if used and not customer.shown_numbers:
        text = (
            "who is put through shows no number of the customer's: write one, with the right of use, as shown_numbers"
        )
        yield ("contacts", used[0], "transfer"), text
    lines = {line.number for line in customer.lines}
    for place in used:
        for at, target in enumerate(customer.contacts[place].transfer.targets):
            if target.use and target.number in lines:
                text = f"{target.number} is one of the forwarded lines, so it is never dialled: calls would come back"
                yield ("contacts", place, "transfer", "targets", at), text


def _can_be_answered(customer: CustomerEntry, agents: Iterable[AgentEntry]) -> bool:
    need = customer.routing.need()
    circles = [need.first] if need.overflow_after is None else [need.first, need.wider]
    held = [(frozenset(map(Skill, agent.skills)), frozenset(map(Group, agent.groups))) for agent in agents]
    return any(circle.holds(skills, groups) for circle in circles for skills, groups in held)


def _mend(customer: CustomerEntry, agents: Iterable[AgentEntry]) -> str:
    known = {skill for agent in agents for skill in agent.skills}
    strange = [skill for skill in customer.routing.skills if skill not in known]
    return f" (nobody has the skill '{strange[0]}'{suggestion(strange[0], known)})" if strange else ""
