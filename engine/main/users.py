"""`vorzimmer user …`: who may sign in to the web.

Rule of this file: no password is ever taken or shown here; a one-time link is, and the user chooses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.accounts import Role
from engine.main import show
from engine.main.problem import Problem, command
from engine.settings import Settings, load
from engine.terms import AgentId

if TYPE_CHECKING:
    from engine.service.accounts import Accounts, UserRow

app = typer.Typer(no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="An e-mail address or a word.")]
COLUMNS = ("login", "name", "role", "customer", "agent", "state", "second factor", "signed in")


@asynccontextmanager
async def _accounts(settings: Settings) -> AsyncIterator[Accounts]:
    from engine.main.stored import accounts_of, stored

    async with stored(settings) as database:
        yield accounts_of(database)


@app.command()
@command
async def add(
    login: Login,
    name: Annotated[str, typer.Option(help="As people call the user.")],
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    customer: Annotated[str | None, typer.Option(metavar="NUMBER", help="Whose user; for the role customer.")] = None,
    agent: Annotated[str | None, typer.Option(metavar="LOGIN", help="Which agent; for agents, supervisors.")] = None,
    language: Annotated[Literal["de", "en"], typer.Option(help="Of the pages.")] = "de",
) -> None:
    """Make a user, and print the one-time link by which the password is chosen."""
    settings = load()
    async with _accounts(settings) as accounts:
        whose = await accounts.customer_of(customer) if customer is not None else None
        if customer is not None and whose is None:
            raise Problem(f"there is no customer {customer}: `vorzimmer export` lists them")
        which = None if agent is None else AgentId(agent)
        _, token = await accounts.add_user(login, name, role, whose, which, language)
        await _tell_link(settings, accounts, login, token)


@app.command()
@command
async def link(
    login: Login,
    without_totp: Annotated[
        bool, typer.Option("--without-totp", help="The authenticator app is lost: no code is asked for any more.")
    ] = False,
) -> None:
    """Print a new one-time link, e.g. for a forgotten password; earlier links are over."""
    settings = load()
    async with _accounts(settings) as accounts:
        user = await _user(accounts, login)
        if user.disabled:
            raise Problem(f"{user.login} is disabled: `vorzimmer user enable {user.login}` first")
        await _tell_link(settings, accounts, login, await accounts.invite(user.id, without_totp=without_totp))


async def _tell_link(settings: Settings, accounts: Accounts, login: str, token: str) -> None:
    from engine.accounts import link_life
    from engine.main.stored import link_url

    user = await _user(accounts, login)
    days = link_life(user.password is not None).days
    print(f"{user.login} chooses a password by this link; it is good once, for {days} day{'s' * (days > 1)}:")
    print(link_url(settings, token))


@app.command(name="list")
@command
async def list_users(
    search: Annotated[str, typer.Argument(help="A part of login or name.")] = "",
    json: Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, by login.")] = 200,
) -> None:
    """The users."""
    async with _accounts(load()) as accounts:
        found = [_row(user) for user in await accounts.users(search=search, most=limit)]
    if json:
        return show.as_json([dict(zip(map(_key, COLUMNS), row, strict=True)) for row in found])
    rows = [[*row[:-2], "yes" if row[-2] else "–", show.local(row[-1])] for row in found]
    show.table(COLUMNS, rows, "There are no such users: `vorzimmer user add` makes one.")


def _key(column: str) -> str:
    return column.replace(" ", "_")


def _row(user: UserRow) -> list[Any]:
    state = "disabled" if user.disabled else "active" if user.password else "invited"
    number = user.customer_number
    return [user.login, user.name, user.role, number, user.agent, state, user.totp is not None, user.signed_in_at]


@app.command()
@command
async def disable(login: Login) -> None:
    """Let the user in no more; sessions and links are over at once."""
    await _set_disabled(login, True)


@app.command()
@command
async def enable(login: Login) -> None:
    """Let a disabled user in again."""
    await _set_disabled(login, False)


async def _set_disabled(login: str, disabled: bool) -> None:
    async with _accounts(load()) as accounts:
        user = await _user(accounts, login)
        await accounts.disable(user.id, disabled)
    print(f"{user.login} is {'disabled' if disabled else 'enabled'}")


async def _user(accounts: Accounts, login: str) -> UserRow:
    user = await accounts.user_of(login)
    if user is None:
        raise Problem(f"there is no user {login}: `vorzimmer user list` lists them")
    return user
