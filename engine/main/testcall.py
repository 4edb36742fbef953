"""`vorzimmer call NUMBER`: a test call over SIP, told as the caller hears it."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.main import show
from engine.main.problem import Problem, command
from engine.settings import load
from engine.terms import NotANumber, dialled

app = typer.Typer()


@app.command()
@command
async def call(
    number: Annotated[str, typer.Argument(help="An access number, e.g. +4930123450.")],
    wait: Annotated[float, typer.Option(min=1, max=3600, help="Give up after so many seconds without answer.")] = 60,
    talk: Annotated[float, typer.Option(min=1, max=3600, help="Hang up so many seconds after the answer.")] = 10,
) -> None:
    """Call an access number of this installation and tell what a caller hears."""
    from engine.main.switch_settings import sip_server
    from pbx.phone import PhoneError
    from pbx.phone.trial import place_call
    from pbx.runtime.secret_files import TESTCALL_USER, testcall_password

    settings = load()
    try:
        number = dialled(number, settings.country)
    except NotANumber as problem:
        raise Problem(str(problem)) from None
    password = testcall_password(settings.home)
    server = sip_server(settings)
    told = place_call(number, server, user=TESTCALL_USER, password=password, patience=wait, talk=talk)
    answered = False
    try:
        async for fact in told:
            answered = answered or fact.what.isdigit()
            show.console.print(f"{fact.at.astimezone():%H:%M:%S.%f}", show.plain(fact.what), show.plain(fact.detail))
    except PhoneError as problem:
        raise Problem(f"{problem}; is the engine running? `vorzimmer status` tells") from None
    if not answered:
        raise Problem("nothing answers at {}:{}: `vorzimmer status` tells whether calls can be taken".format(*server))
