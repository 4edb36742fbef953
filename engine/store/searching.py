"""Finding customers by parts of what people know of them: name, number, access number, forwarded line.

Rule of this file: one short text per customer holds all of it, folded, and a search reads all those texts: 100,000 of
them are 8 MB, faster read than any index of parts is kept, and the same on both databases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select

from engine import terms
from engine.ports.customers import FoundCustomer
from engine.store import tables as t
from engine.terms import CustomerId, NotANumber, dialled

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ACCENT = re.compile("[\u0300-\u036f]")
NUMBER = re.compile(r"[+0-9\s/().-]*[0-9][0-9\s/().-]*")
_TEXT = t.customer_search.c.text
_MOST = 500
"""Customers that a search looks at; who finds more has to say more."""
_LAST = "\U0010ffff"


def search_row(key: int, number: str, name: str, numbers: Iterable[str]) -> dict[str, Any]:
    """What the customer is found by: one on each line, and one line more where umlauts may be spelled out."""
    plain = folded(name)
    items = dict.fromkeys((plain, spelled(name), folded(number), *numbers))
    return {"customer": key, "name": plain, "text": "\n".join(("", *items, ""))}


def find(connection: Connection, text: str, limit: int, country: str) -> list[FoundCustomer]:
    """At most `limit` customers in whose text every word is, or the number however it is written; best first."""
    words = folded(text).split()
    if not words:
        return []
    whole, found = " ".join(words), and_(*(has(connection, _TEXT, word) for word in words))
    if NUMBER.fullmatch(text):
        written = digits(text, country)
        found = (
            has(connection, _TEXT, written) if text.lstrip()[0] in "+0" else or_(found, has(connection, _TEXT, written))
        )
        whole = written if text.lstrip()[0] in "+0" else whole
    texts = _texts(connection, found, _MOST)
    if len(texts) == _MOST:
        # Too many to look at: of the rest those alone that are best by an index.
        name, number = t.customer_search.c.name, t.customers.c.number
        begins = select(t.customer_search.c.customer).where(name >= whole, name < whole + _LAST).limit(limit)
        exact = select(t.customers.c.id).where(number.in_([text.strip(), text.strip().upper()]))
        for better in (begins.order_by(name), exact):
            texts |= _texts(connection, t.customer_search.c.customer.in_(better), limit)
    best = sorted(texts, key=lambda key: (_rank(texts[key], whole), texts[key]))
    return _customers(connection, best[:limit])


def _texts(connection: Connection, which: ColumnElement[bool], limit: int) -> dict[int, str]:
    wanted = select(t.customer_search.c.customer, _TEXT).where(which).limit(limit)
    return {key: text for key, text in connection.execute(wanted)}


def _rank(text: str, whole: str) -> int:
    """0 = it is one of the items, 1 = one begins so, 2 = a word begins so, 3 = it is somewhere."""
    parts = (f"\n{whole}\n", f"\n{whole}", f" {whole}")
    return next((rank for rank, part in enumerate(parts) if part in text), len(parts))


def refill(connection: Connection) -> None:
    """Write the texts of all customers anew."""
    numbers: dict[int, list[str]] = defaultdict(list)
    for table in (t.access_numbers, t.forwarded_lines):
        for key, number in connection.execute(select(table.c.customer, table.c.number).order_by(table.c.place)):
            numbers[key].append(number)
    rows = [
        search_row(key, number, name, numbers[key])
        for key, number, name in connection.execute(select(t.customers.c.id, t.customers.c.number, t.customers.c.name))
    ]
    connection.execute(t.customer_search.delete())
    if rows:
        connection.execute(insert(t.customer_search), rows)


def folded(text: str) -> str:
    """Without case, accents, and more than one blank at a time."""
    plain = text.casefold()
    return " ".join((plain if plain.isascii() else _ACCENT.sub("", unicodedata.normalize("NFKD", plain))).split())


def spelled(text: str) -> str:
    """The same with umlauts as they are spelled out: `mueller`."""
    return folded(text.casefold().translate(_SPELLED))


def digits(text: str, country: str) -> str:
    """The number, or its beginning, as it stands in the store."""
    bare = re.sub(r"[^+0-9]", "", text)
    if bare.startswith("00"):
        return "+" + bare[2:]
    return f"+{country}{bare[1:]}" if bare.startswith("0") else bare


def spellings(text: str, country: str) -> list[str]:
    """This text, and if it is a number the other ways in which carriers write it."""
    try:
        return list(dict.fromkeys((text, *terms.spellings(dialled(text, country), country))))
    except NotANumber:
        return [text]


def has(connection: Connection, column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether the part is in the column, letter by letter."""
    # Not LIKE: it takes four times as long, for it has patterns in mind.
    position = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return position(column, part) > 0


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
