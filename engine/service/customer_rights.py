"""Which right each field of a customer needs.

Rule of this file: whoever may save may change every field that is not named here.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.accounts import Action

_RIGHTS: Mapping[str, Action] = {
    "number": Action.CREATE_CUSTOMER,
    "name": Action.CREATE_CUSTOMER,
    "live_since": Action.EDIT_GREETING_LOCKED,
    "access_numbers": Action.EDIT_ACCESS_NUMBERS,
    "tariff": Action.EDIT_TARIFF,
    "max_calls": Action.EDIT_TARIFF,
    "max_rate": Action.EDIT_TARIFF,
    "blocked": Action.BLOCK,
    # The state says which days are holidays.
    "state": Action.EDIT_HOURS,
    "hours": Action.EDIT_HOURS,
    "closed_days": Action.EDIT_HOURS,
}


def right_for(field: str) -> Action:
    """The right to change this field of a customer."""
    return _RIGHTS.get(field, Action.EDIT_OWN)
