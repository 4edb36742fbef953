"""What support alone changes of a customer, part by part (§6.2): each with its form.

Rule of this file: the same forms, checks and conflicts as in the portal; only whose customer it is comes from the
address, and the role from whoever is signed in.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Response

from engine.directory.greeting import GREETING_LENGTH
from engine.entries import CustomerEntry
from engine.hours.holidays import STATES
from engine.law.shown import Shows
from engine.web.forms import Field, Form, FormOf, Kind, Rows
from engine.web.languages import N_, as_written
from engine.web.portal.editing import SAVED, Part
from engine.web.support.page import OneCustomer, SupportPage

router = APIRouter(prefix="/support/customers")
STATE_NAMES = {
    "BW": N_("Baden-Württemberg"),
    "BY": N_("Bavaria, with Assumption Day"),
    "BY-PROTESTANT": N_("Bavaria, without Assumption Day"),
    "BY-AUGSBURG": N_("Bavaria, city of Augsburg"),
    "BE": N_("Berlin"),
    "BB": N_("Brandenburg"),
    "HB": N_("Bremen"),
    "HH": N_("Hamburg"),
    "HE": N_("Hesse"),
    "MV": N_("Mecklenburg-Western Pomerania"),
    "NI": N_("Lower Saxony"),
    "NW": N_("North Rhine-Westphalia"),
    "RP": N_("Rhineland-Palatinate"),
    "SL": N_("Saarland"),
    "SN": N_("Saxony"),
    "SN-CATHOLIC": N_("Saxony, with Corpus Christi"),
    "ST": N_("Saxony-Anhalt"),
    "SH": N_("Schleswig-Holstein"),
    "TH": N_("Thuringia"),
    "TH-CATHOLIC": N_("Thuringia, with Corpus Christi"),
}
"""Each of `STATES`, as people call it."""
assert set(STATE_NAMES) == set(STATES)
TARIFF = Field("tariff", N_("Tariff"), Kind.SELECT)
STATE = Field(
    "state", N_("Federal state"), Kind.SELECT, N_("Its public holidays count."), optional=True, choices=STATE_NAMES
)
ACCESS_NUMBERS = Field(
    "access_numbers", N_("Access numbers"), Kind.LINES, N_("One on each line; calls to them are this customer's.")
)
PUTTING_THROUGH = (
    Field(
        "put_through.shows",
        N_("The number that a called person sees"),
        Kind.RADIOS,
        choices={
            Shows.OWN.value: N_("the customer's"),
            Shows.CALLER.value: N_("the caller's, where the carrier allows it; else the customer's"),
        },
    ),
    Field(
        "put_through.number",
        N_("The customer's number that is shown"),
        Kind.TEL,
        N_("One of the numbers shown on outgoing calls. Empty: the first of them."),
        optional=True,
    ),
    Field(
        "put_through.legs_per_minute",
        N_("Numbers dialled per minute"),
        Kind.NUMBER,
        N_("At most, against fraud. Empty: as many as everywhere."),
        optional=True,
    ),
    Field(
        "put_through.minutes_per_day",
        N_("Minutes per day that callers were put through"),
        Kind.NUMBER,
        N_("At most, against fraud. Empty: as many as everywhere."),
        optional=True,
    ),
)
PARTS: dict[str, tuple[str, Part[CustomerEntry]]] = {
    "contract": (
        N_("Name and tariff"),
        Part(FormOf(CustomerEntry, (Field("name", N_("Name")), TARIFF, STATE))),
    ),
    "numbers": (N_("Access numbers"), Part(FormOf(CustomerEntry, (ACCESS_NUMBERS,)))),
    "limits": (
        N_("Limits"),
        Part(
            FormOf(
                CustomerEntry,
                (
                    Field("max_calls", N_("Calls at once"), Kind.NUMBER, N_("Empty: no limit."), optional=True),
                    Field("max_rate", N_("Calls per second"), Kind.NUMBER, N_("Empty: no limit."), optional=True),
                ),
            )
        ),
    ),
    "greeting": (
        N_("Greeting"),
        Part(
            FormOf(
                CustomerEntry,
                (
                    Field(
                        "greeting",
                        N_("Greeting"),
                        Kind.AREA,
                        N_("{agent} stands for the agent's name."),
                        optional=True,
                        length=GREETING_LENGTH,
                    ),
                    Field(
                        "live_since",
                        N_("In use since"),
                        Kind.DATE,
                        N_("Two weeks later only support can change the greeting. Empty: the day of the first call."),
                        optional=True,
                    ),
                ),
            )
        ),
    ),
    "listening": (
        N_("Listening in"),
        Part(
            FormOf(
                CustomerEntry,
                (
                    Field(
                        "listening_in",
                        N_("Supervisors may listen in"),
                        Kind.CHECK,
                        N_("Only if the customer has agreed in writing. Caller and agent are told before it begins."),
                    ),
                ),
            )
        ),
    ),
    "shown": (
        N_("Numbers shown on outgoing calls"),
        Part(
            FormOf(
                CustomerEntry,
                (
                    Rows(
                        "shown_numbers",
                        N_("Number {n}"),
                        (
                            Field("shown_numbers.*.number", N_("Number"), Kind.TEL),
                            Field(
                                "shown_numbers.*.right",
                                N_("Right of use"),
                                Kind.AREA,
                                N_("Why the customer may show it, such as the carrier's confirmation and its date."),
                            ),
                        ),
                        most=20,
                    ),
                ),
            )
        ),
    ),
    "putting-through": (N_("Putting through"), Part(FormOf(CustomerEntry, PUTTING_THROUGH))),
}
"""By the word in the address: the title and the form."""


@router.get("/{number:path}/edit/{part}")
async def show(page: OneCustomer, part: str) -> Response:
    """The part as it stands."""
    title, form = await _part(page, part)
    return _page(page, part, title, await form.show(page))


@router.post("/{number:path}/edit/{part}")
async def save(page: OneCustomer, part: str) -> Response:
    """The part as it shall be."""
    title, of = await _part(page, part)
    form, status = await of.save(page)
    return page.go(page.home, "saved") if status == SAVED else _page(page, part, title, form, status)


def with_tariffs(fields: tuple[Field | Rows, ...], names: list[str]) -> tuple[Field | Rows, ...]:
    """The same fields, with these tariffs to choose from."""
    choices = as_written(names)
    return tuple(replace(one, choices=choices) if one is TARIFF else one for one in fields)


async def _part(page: SupportPage, name: str) -> tuple[str, Part[CustomerEntry]]:
    if name not in PARTS:
        raise HTTPException(404)
    title, part = PARTS[name]
    if TARIFF not in part.form.parts:
        return title, part
    tariffs = [tariff.name for tariff in await page.web.support.tariffs()]
    return title, Part(FormOf(CustomerEntry, with_tariffs(part.form.parts, tariffs)))


def _page(page: SupportPage, part: str, title: str, form: Form[CustomerEntry], status: int = 200) -> Response:
    return page.show(
        "support/edit.html", status, title=title, form=form, action=f"{page.home}/edit/{part}", number=page.number,
        home=page.home,
    )  # fmt: skip
