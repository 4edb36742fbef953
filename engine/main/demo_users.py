"""The demonstration's users: one for each role, with a one-time link that is new at every start.

Rule of this file: they are there only where a demonstration was run, and nobody has a password that was not chosen.
"""

from __future__ import annotations

from engine.accounts import Role
from engine.entries import Catalogue
from engine.main import show
from engine.main.stored import link_url
from engine.service.accounts import AccountError, Accounts
from engine.settings import Settings
from engine.terms import AgentId


async def tell(settings: Settings, accounts: Accounts, demo: Catalogue) -> None:
    """Make those that are missing, and print a link for each; who is disabled stays so."""
    show.console.print("\nSign in as one of these; the link is good once, and you choose the password by it:")
    for role in Role:
        try:
            said = await _link(settings, accounts, role, demo)
        except AccountError as problem:
            said = str(problem)
        show.console.print(f"{_login(role):16} {show.plain(said)}", soft_wrap=True)


async def _link(settings: Settings, accounts: Accounts, role: Role, demo: Catalogue) -> str:
    """Raises AccountError."""
    known = await accounts.user_of(_login(role))
    if known and known.disabled:
        return "is disabled"
    if known:
        return link_url(settings, await accounts.invite(known.id))
    customer = await accounts.customer_of(demo.customers[0].number) if role is Role.CUSTOMER else None
    agent = AgentId(demo.agents[0].login) if role is Role.AGENT else None
    _, token = await accounts.add_user(_login(role), f"Demo {role.title()}", role, customer, agent)
    return link_url(settings, token)


def _login(role: Role) -> str:
    return f"demo-{role}"
