"""Where everything is: what `vorzimmer run` prints when calls can be taken."""

from __future__ import annotations

from collections.abc import Container

from engine.entries import Catalogue
from engine.main import show
from engine.main.engine import Engine

MOST = 20
"""Customers and agents listed; beyond that their number is told."""


def tell(engine: Engine, catalogue: Catalogue, *, passwords: Container[str] = ()) -> None:
    """Ports, access numbers, agents; `passwords`: the logins whose phone's password is shown (a demonstration's)."""
    facts = engine.facts()
    show.table(("where", ""), [(word, facts[word]) for word in ("sip", "web", "switch", "home")], "")
    numbers = [(n, c.name, c.wait.treatment, c.tariff) for c in catalogue.customers for n in c.access_numbers]
    show.console.print()
    show.table(
        ("access number", "customer", "wait treatment", "tariff"),
        numbers[:MOST],
        "There are no customers yet: `vorzimmer import FILE` brings them.",
    )
    _more(len(numbers), "access numbers")
    columns = ("agent", "name", "skills", "phone", *(["password"] if passwords else []))
    rows = [
        (a.login, a.name, " ".join(a.skills), a.phone.kind, a.phone.password if a.login in passwords else "")
        for a in catalogue.agents
    ]
    show.console.print()
    show.table(columns, [row[: len(columns)] for row in rows[:MOST]], "There are no agents yet.")
    _more(len(rows), "agents")


def _more(count: int, what: str) -> None:
    if count > MOST:
        show.console.print(f"… {count} {what} in all: `vorzimmer export` lists them")
