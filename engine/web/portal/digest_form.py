"""The fields of a daily summary, in the form over a contact and in the one over the customer (§5.2.3).

Rule of this file: whether one is wanted and on which days is one choice; what stands beside it counts only then.
"""

from __future__ import annotations

from typing import Any

from engine.web.forms import Field, Kind, Values
from engine.web.languages import N_

NEVER = "never"
_USUAL = {"days": NEVER, "at": "18:00", "empty": False}


def digest_fields(above: str, hint: str) -> tuple[Field, ...]:
    """`above`: the path of the entry in the form's model; `hint`: what is said of it, marked with `N_`."""
    days = {NEVER: N_("no"), "working": N_("on working days"), "daily": N_("every day")}
    return (
        Field(
            f"{above}.days",
            N_("Daily summary by e-mail"),
            Kind.SELECT,
            hint,
            choices=days,
        ),
        Field(f"{above}.at", N_("Summary at"), hint=N_("A time of day such as 18:00."), optional=True),
        Field(f"{above}.empty", N_("Send the summary also when there is nothing to tell"), Kind.CHECK),
    )


def digest_shown(digest: Values | None) -> Values:
    """What the fields show for this entry; None = none is wanted."""
    return {**_USUAL, **(digest or {})}


def digest_meant(values: Values) -> dict[str, Any] | None:
    """The entry that the fields mean."""
    if values.get("days") in (None, NEVER):
        return None
    return {**values, "at": values.get("at") or _USUAL["at"]}
