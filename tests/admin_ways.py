"""How an administrator gets to each of the own pages in `tests.screens`, and what must have happened there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from engine.ports.people import AgentNow, TrunkNow
from engine.store.tables import agent_log
from engine.terms import AgentState
from tests.catalogue import service_on
from tests.web.browsing import Visitor
from tests.web.office import Office

_PEOPLE = """
groups: [{name: Empfang}, {name: Technik}]
trunks:
  - {name: reserve, registrar: "sip:sip.carrier.example", user: "4930123450", password: x, max_calls: 30}
agents:
  - {login: anna, name: Anna Lindner, skills: [deutsch], groups: [Empfang], phone: {kind: registered}}
  - {login: bert, name: Bert Osten, phone: {kind: static, uri: "sip:bert@192.0.2.7"}}
"""


async def agents(visitor: Visitor, office: Office) -> None:
    await service_on(office.database).import_text(_PEOPLE)
    office.board.agents["anna"] = AgentNow(AgentState.READY, None, True)
    office.board.agents["bert"] = AgentNow(AgentState.PAUSED, "Mittag", None)
    await visitor.opens("/admin/agents")


async def agent(visitor: Visitor, office: Office) -> None:
    await agents(visitor, office)
    await visitor.opens("/admin/agents/anna/edit")


async def agent_made(visitor: Visitor, office: Office) -> None:
    n = len((await office.people.all()).agents)
    await visitor.opens("/admin/agents/new")
    await visitor.fills(login=f"cora{n}", name="Cora Weiß", skills="deutsch")
    await visitor.presses("Speichern")


async def trunks(visitor: Visitor, office: Office) -> None:
    await service_on(office.database).import_text(_PEOPLE)
    office.board.trunks.update({"carrier": TrunkNow(None, 3), "reserve": TrunkNow("Rejected", 0)})
    await visitor.opens("/admin/trunks")


async def trunk_refused(visitor: Visitor, office: Office) -> None:
    await trunks(visitor, office)
    await visitor.opens("/admin/trunks/new")
    await visitor.fills(name="zweite", match="192.0.2.0/24", registrar="sip.carrier.example")
    await visitor.presses("Speichern")


async def admin_log(visitor: Visitor, office: Office) -> None:
    await agents(visitor, office)
    rita = await office.accounts.user_of("rita")
    assert rita
    await office.people.save(("agents", "anna"), {"name": "Anna Berg"}, {}, rita.identity())
    await visitor.opens("/admin/log")


async def days(visitor: Visitor, office: Office) -> None:
    """Anna's morning, as far as it has come."""
    states = ((60, "ready", None), (40, "talking", None), (35, "wrap_up", None), (34, "ready", None))
    log = [*states, (20, "paused", "lunch"), (10, "ready", None)]
    rows = [
        {"agent": "anna", "state": state, "reason": why, "at": office.clock.now() - timedelta(minutes=ago)}
        for ago, state, why in log
    ]
    async with office.database.writing() as connection:
        await connection.execute(insert(agent_log), rows)
    await visitor.opens("/days")
