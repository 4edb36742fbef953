"""`vorzimmer notify-test MEANS ADDRESS`: a test message, and what came of it; and where gateways tell of SMS."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from engine.main.problem import Problem, command
from engine.settings import Settings, load

if TYPE_CHECKING:
    from engine.ports.outbox import Courier, Handed, Parcel

app = typer.Typer()
_SETTINGS = {"mail": "smtp_host", "sms": "sms_gateway", "pushover": "pushover_token_file"}
_SEND = 60.0
"""Seconds in which it is handed over, or is not."""
_FAX = 800.0
"""The same for a fax, which is delivered then."""
_SAYS = {
    "sent": "{address}: handed over",
    "delivered": "{address}: delivered",
    "acknowledged": "{address}: acknowledged by {by}",
}


@app.command(name="notify-test")
@command
async def notify_test(
    means: Annotated[Literal["mail", "sms", "pushover", "fax"], typer.Argument()],
    address: Annotated[str, typer.Argument(help="Mail address, mobile number, Pushover user key, or fax number.")],
    wait: Annotated[float, typer.Option(min=0, max=600, help="Ask for so many seconds whether it has arrived.")] = 30,
) -> None:
    """Send a test message and tell what came of it."""
    from engine.main.couriers import couriers_of
    from engine.main.notify_secrets import check
    from engine.message.states import Means
    from engine.ports.outbox import NotHanded
    from engine.service.trial_message import trial

    check(settings := load())
    if means == "fax":
        return await _fax(settings, address)
    courier = next((one for one in couriers_of(settings) if one.means.value == means), None)
    if courier is None:
        raise Problem(f"{means} is not set up: write {_SETTINGS[means]} and what belongs to it into the settings")
    try:
        async with asyncio.timeout(_SEND):
            handed = await courier.send(parcel := trial(Means(means), address))
        _tell(handed, address)
        await follow(courier, replace(parcel, reference=handed.reference), handed, wait)
    except NotHanded as problem:
        again = "" if problem.final else "; the engine would try again"
        raise Problem(f"{address}: {problem.trouble.value}, {problem.detail}{again}") from None
    except TimeoutError:
        raise Problem(f"{address}: nobody has taken it within {_SEND:.0f} s") from None


@app.command(name="sms-reports")
@command
async def sms_reports() -> None:
    """Print the address at which the SMS gateway is to tell what has become of its SMS; keep it secret."""
    from engine.main.outbox import sms_hook_url

    settings = load()
    if not settings.sms_reports:
        raise Problem("nobody listens there: write sms_reports: true, and seven or lox24 as sms_gateway")
    print(sms_hook_url(settings))


async def _fax(settings: Settings, number: str) -> None:
    """By the running engine, for it alone has the switch; waits until the pages are there, or are not."""
    from engine.main.client import ask

    if not settings.fax_number:
        raise Problem("fax is not set up: write fax_number into the settings")
    said = await ask(settings.home, "POST", "/fax", {"number": number}, _FAX)
    print(f"{number}: delivered ({said['reference']})")


async def follow(courier: Courier, parcel: Parcel, handed: Handed, wait: float) -> None:
    """Look as often as the courier wants to, until there is news or the time is over."""
    ends = asyncio.get_running_loop().time() + wait
    while handed.look_at is not None:
        pause = max((handed.look_at - datetime.now(UTC)).total_seconds(), 0.0)
        if asyncio.get_running_loop().time() + pause > ends:
            print(f"{parcel.address}: more is not known after {wait:.0f} s")
            return
        await asyncio.sleep(pause)
        last, handed = handed, await courier.look(parcel)
        if handed.state is not last.state:
            _tell(handed, parcel.address)


def _tell(handed: Handed, address: str) -> None:
    said = _SAYS[handed.state.value].format(address=address, by=handed.by)
    print(f"{said} ({handed.reference})" if handed.reference else said)
