"""Finding customers by parts of what people know of them: name, number, access number, forwarded line.

Rule of this file: one short text per customer holds all of it, folded, and a search reads all those texts: 100,000 of
them are 8 MB, faster read than any index of parts is kept, and the same on both databases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, or_, select

from engine.ports.customers import FoundCustomer
from engine.store import tables as t
from engine.terms import CustomerId

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NUMBER = re.compile(r"[+0-9\s/().-]*[0-9][0-9\s/().-]*")
_TEXT = t.customer_search.c.text


def search_text(number: str, name: str, numbers: Iterable[str]) -> str:
    """What the customer is found by: one on each line, and one line more where umlauts may be spelled out."""
    items = dict.fromkeys((_folded(name), _folded(name.casefold().translate(_SPELLED)), _folded(number), *numbers))
    return "\n".join(("", *items, ""))


def find(connection: Connection, text: str, limit: int, country: str) -> list[FoundCustomer]:
    """At most `limit` customers in whose text every word is, or the number however it is written; best first."""
    words = _folded(text).split()
    if not words:
        return []
    whole = " ".join(words)
    found: ColumnElement[bool] = and_(*(_has(connection, word) for word in words))
    best = [whole]
    if _NUMBER.fullmatch(text):
        best.append(_digits(text, country))
        found = or_(found, _has(connection, best[-1]))
    ranks = [
        (or_(*(_has(connection, before + one + after) for one in best)), rank)
        for rank, (before, after) in enumerate((("\n", "\n"), ("\n", ""), (" ", "")))
    ]
    wanted = select(t.customer_search.c.customer).where(found).order_by(case(*ranks, else_=len(ranks)), _TEXT)
    return _customers(connection, list(connection.execute(wanted.limit(limit)).scalars()))


def refill(connection: Connection) -> None:
    """Write the texts of all customers anew."""
    numbers: dict[int, list[str]] = defaultdict(list)
    for table in (t.access_numbers, t.forwarded_lines):
        for key, number in connection.execute(select(table.c.customer, table.c.number).order_by(table.c.place)):
            numbers[key].append(number)
    rows = [
        {"customer": key, "text": search_text(number, name, numbers[key])}
        for key, number, name in connection.execute(select(t.customers.c.id, t.customers.c.number, t.customers.c.name))
    ]
    connection.execute(t.customer_search.delete())
    if rows:
        connection.execute(insert(t.customer_search), rows)


def _folded(text: str) -> str:
    """Without case, accents, and more than one blank at a time."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _digits(text: str, country: str) -> str:
    """The number, or its beginning, as it stands in the store."""
    bare = re.sub(r"[^+0-9]", "", text)
    if bare.startswith("00"):
        return "+" + bare[2:]
    return f"+{country}{bare[1:]}" if bare.startswith("0") else bare


def _has(connection: Connection, part: str) -> ColumnElement[bool]:
    # Not LIKE: it takes four times as long, for it has patterns in mind.
    position = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return position(_TEXT, part) > 0


def _customers(connection: Connection, keys: list[int]) -> list[FoundCustomer]:
    columns = (t.customers.c.id, t.customers.c.number, t.customers.c.name, t.customers.c.blocked, t.customers.c.tariff)
    rows = {row.id: row for row in connection.execute(select(*columns).where(t.customers.c.id.in_(keys)))}
    numbers: dict[tuple[str, int], list[str]] = defaultdict(list)
    for table in (t.access_numbers, t.forwarded_lines):
        wanted = select(table.c.customer, table.c.number).where(table.c.customer.in_(keys)).order_by(table.c.place)
        for key, number in connection.execute(wanted):
            numbers[table.name, key].append(number)
    return [
        FoundCustomer(
            CustomerId(row.id),
            row.number,
            row.name,
            row.blocked,
            row.tariff,
            tuple(numbers[t.access_numbers.name, row.id]),
            tuple(numbers[t.forwarded_lines.name, row.id]),
        )
        for row in map(rows.__getitem__, keys)
    ]
