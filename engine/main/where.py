"""Where everything is: what `vorzimmer run` prints when calls can be taken."""

from __future__ import annotations

from collections.abc import Container

from engine.main import show
from engine.main.engine import Engine
from engine.store.listing import StoredListing

MOST = 20
"""Customers and agents listed; beyond that their number is told."""


async def tell(engine: Engine, listing: StoredListing, *, passwords: Container[str] = ()) -> None:
    """Ports, access numbers, agents; `passwords`: the logins whose phone's password is shown (a demonstration's)."""
    facts = engine.facts()
    show.table(("where", ""), [(word, facts[word]) for word in ("sip", "web", "switch", "home")], "")
    numbers, count = await listing.numbers(MOST)
    show.console.print()
    show.table(
        ("access number", "customer", "wait treatment", "tariff"),
        [(n.number, n.customer, n.treatment, n.tariff) for n in numbers],
        "There are no customers yet: `vorzimmer import FILE` brings them.",
    )
    _more(count, "access numbers")
    agents, count = await listing.agents(MOST)
    columns = ("agent", "name", "skills", "phone", *(["password"] if passwords else []))
    rows = [(a.login, a.name, " ".join(a.skills), a.phone, a.password if a.login in passwords else "") for a in agents]
    show.console.print()
    show.table(columns, [row[: len(columns)] for row in rows], "There are no agents yet.")
    _more(count, "agents")


def _more(count: int, what: str) -> None:
    if count > MOST:
        show.console.print(f"… {count} {what} in all: `vorzimmer export` lists them")
