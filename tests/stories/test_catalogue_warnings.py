"""An administrator is told of what can be imported and is hardly meant."""

from __future__ import annotations

import pytest

from engine.store.database import Database
from tests.catalogue import FIRST, service_on

ROUTINGS = [
    ("{skills: [german]}", None),
    ("{}", None),
    ("{skills: [german], groups: [team1]}", None),
    ("{skills: [klingon], overflow_after: 20}", None),
    ("{skills: [english], groups: [team1]}", ""),
    ("{skills: [klingon]}", " (nobody has the skill 'klingon')"),
    ("{skills: [germany]}", " (nobody has the skill 'germany', did you mean 'german'?)"),
    ("{skills: [klingon], overflow: {skills: [x]}, overflow_after: 20}", " (nobody has the skill 'klingon')"),
]


@pytest.mark.parametrize(("routing", "why"), ROUTINGS)
async def test_customers_whom_nobody_can_answer(database: Database, routing: str, why: str | None) -> None:
    text = FIRST.replace("{skills: [german], overflow_after: 60}", routing)
    service = service_on(database)
    said = [] if why is None else [f"nobody can answer: no agent has all that it asks for{why}"]
    expected = [f"line 19: customers[K1001].routing: {one}" for one in said]
    assert [str(one) for one in await service.warnings(text)] == expected
    await service.import_text(text)
    assert [str(one) for one in await service.warnings(text)] == expected


TARGETS = """\
customers:
  - number: K1
    name: One
    tariff: always
    access_numbers: ["+49301000001"]
    lines: ["+493023125001"]
    contacts:
      - name: Eva
        notify: {mail: [eva@muster.example]}
        transfer: {targets: ["0171 3920099", {number: "030 23125001", use: false}]}
"""


async def test_contacts_whom_no_call_reaches(database: Database) -> None:
    service = service_on(database)
    await service.import_text(FIRST)
    assert [str(one) for one in await service.warnings(TARGETS)] == [
        "line 10: customers[K1].contacts[0].transfer: nobody can be put through: no trunk has outbound with a priority",
        "line 10: customers[K1].contacts[0].transfer: who is put through shows no number of the customer's: "
        "write one, with the right of use, as shown_numbers",
    ]
    out = 'trunks: [{name: out, outbound: {priority: 1, uri: "sip:carrier.example"}}]\n'
    sound = TARGETS.replace(
        "    contacts:", '    shown_numbers: [{number: "+493023125002", right: contract}]\n    contacts:'
    )
    assert await service.warnings(out + sound) == []
    assert [str(one) for one in await service.warnings(out + sound.replace(", use: false", ""))] == [
        "line 12: customers[K1].contacts[0].transfer.targets[1]: +493023125001 is one of the forwarded lines, so "
        "it is never dialled: calls would come back"
    ]


async def test_customers_may_come_before_the_agents(database: Database) -> None:
    text = "customers: [{number: K1, name: One, tariff: always, routing: {skills: [klingon]}}]"
    assert await service_on(database).warnings(text) == []
