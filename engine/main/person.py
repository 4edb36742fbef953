"""`vorzimmer person …`: everything about one telephone number, as a file or gone (GDPR, articles 15, 17, 20).

Rule of this file: nothing is deleted before `--yes` is written, and what would be is told until then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from engine.main import show
from engine.main.problem import Problem, command
from engine.settings import load
from engine.terms import CustomerId, Wrong

if TYPE_CHECKING:
    from engine.ports.persons import Kind, Person
    from engine.service.persons import Persons

app = typer.Typer(no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="The caller's number, however it is written.")]
Customer = Annotated[
    str | None, typer.Option("--customer", metavar="NUMBER", help="In this customer's data alone; else in everybody's.")
]


@app.command()
@command
async def export(number: Number, customer: Customer = None) -> None:
    """Print everything that is kept about the number, as one JSON document."""
    from engine.service.persons import document
    from engine.web.person_words import LEFT_OUT

    async with _persons(customer) as (persons, whose):
        person = await persons.find(number, whose, None)
    show.as_json(document(person, datetime.now(UTC), LEFT_OUT, persons.periods))


@app.command()
@command
async def delete(
    number: Number,
    customer: Customer = None,
    keep_blocked: Annotated[
        bool, typer.Option("--keep-blocked", help="Customers who have blocked the number go on refusing its calls.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete it; else it is only told what would go.")] = False,
) -> None:
    """Delete everything about the number that nobody must keep."""
    from engine.ports.persons import Kind
    from engine.service.persons import StillCalling

    keep = frozenset({Kind.BLOCKED}) if keep_blocked else frozenset()
    async with _persons(customer) as (persons, whose):
        if not yes:
            _tell_what_would_go(await persons.find(number, whose, None), keep)
            return
        try:
            done = await persons.delete(number, whose, None, keep)
        except StillCalling:
            raise Problem("a call of this number is going on: try again when it is over") from None
    _table(done.counts)
    print(f"Deleted. Case {done.case}: note it with the request; the log of changes has it without the number.")
    _tell_what_stays(done.person)


def _tell_what_would_go(person: Person, keep: frozenset[Kind]) -> None:
    from engine.ports.persons import STAYS

    _table({kind: count for kind, count in person.counts.items() if kind not in STAYS | keep})
    if person.under_way:
        print(f"{person.under_way} of the messages are still to be delivered: they would not be.")
    _tell_what_stays(person)
    print("Nothing was deleted: add --yes to do so.")


def _table(counts: Mapping[Kind, int]) -> None:
    from engine.web.person_words import KINDS

    show.table(("what", "how many"), [(KINDS[kind], count) for kind, count in counts.items()], "Nothing is kept.")


def _tell_what_stays(person: Person) -> None:
    from engine.ports.persons import Kind

    if person.rows[Kind.CALLS]:
        print("Of calls stays what an invoice is made of: when, how long, which line, without the number.")
    for row in person.rows[Kind.ENTERED]:
        print(f"Stays, for customer {row['customer']} has entered it: {show.plain(row['field'])}")
    for row in person.rows[Kind.MENTIONED]:
        print(
            f"Stays, for it is another's: {row['where']} {row['id']} of customer {row['customer']} mentions the number"
        )


@asynccontextmanager
async def _persons(customer: str | None) -> AsyncIterator[tuple[Persons, CustomerId | None]]:
    from engine.main.keeping import persons_of
    from engine.main.stored import accounts_of, stored
    from engine.main.traces import traces_of

    settings = load()
    async with stored(settings) as database:
        whose = None if customer is None else await accounts_of(database).customer_of(customer)
        if customer is not None and whose is None:
            raise Problem(f"there is no customer {customer}: `vorzimmer export` lists them")
        async with traces_of(settings, database) as traces:
            try:
                yield persons_of(settings, database, lambda: datetime.now(UTC), traces), whose
            except Wrong as wrong:
                raise Problem(str(wrong)) from None
