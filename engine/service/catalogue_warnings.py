"""What can be imported and is hardly meant: customers whom nobody can answer.

Rule of this file: a warning stops nothing, for agents may well come after the customers; so it is silent where there is
no agent at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.entries import AgentEntry, CustomerEntry, KeyedEntry
from engine.service.catalogue_mistakes import suggestion
from engine.service.catalogue_reading import Key
from engine.service.catalogue_yaml import Path
from engine.terms import Group, Skill

Warned = Iterator[tuple[Key, Path, str]]
"""The entry, the field within it, and what is to be looked at."""


def warnings(after: Mapping[Key, KeyedEntry], written: Iterable[Key]) -> Warned:
    """Everything that looks wrong with the entries `written`, if the store held `after`."""
    agents = [entry for entry in after.values() if isinstance(entry, AgentEntry)]
    for key in written if agents else ():
        customer = after.get(key)
        if isinstance(customer, CustomerEntry) and not _can_be_answered(customer, agents):
            yield key, ("routing",), f"nobody can answer: no agent has all that it asks for{_mend(customer, agents)}"


def _can_be_answered(customer: CustomerEntry, agents: Iterable[AgentEntry]) -> bool:
    need = customer.routing.need()
    circles = [need.first] if need.overflow_after is None else [need.first, need.wider]
    held = [(frozenset(map(Skill, agent.skills)), frozenset(map(Group, agent.groups))) for agent in agents]
    return any(circle.holds(skills, groups) for circle in circles for skills, groups in held)


def _mend(customer: CustomerEntry, agents: Iterable[AgentEntry]) -> str:
    known = {skill for agent in agents for skill in agent.skills}
    strange = [skill for skill in customer.routing.skills if skill not in known]
    return f" (nobody has the skill '{strange[0]}'{suggestion(strange[0], known)})" if strange else ""
