"""Which right each field of a customer needs.

Rule of this file: every field is named, the customer's own ones too; what is not named is support's.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.accounts import Action

RIGHTS: Mapping[str, Action] = {
    "number": Action.CREATE_CUSTOMER,
    "name": Action.CREATE_CUSTOMER,
    "live_since": Action.EDIT_GREETING_LOCKED,
    "access_numbers": Action.EDIT_ACCESS_NUMBERS,
    "tariff": Action.EDIT_TARIFF,
    "max_calls": Action.EDIT_TARIFF,
    "max_rate": Action.EDIT_TARIFF,
    "blocked": Action.BLOCK,
    # Somebody must have seen that the customer agrees (§ 201 StGB).
    "listening_in": Action.EDIT_TARIFF,
    # The state says which days are holidays.
    "state": Action.EDIT_HOURS,
    "hours": Action.EDIT_HOURS,
    "closed_days": Action.EDIT_HOURS,
    # Somebody must have seen that the customer may use the number (L7).
    "shown_numbers": Action.EDIT_SHOWN_NUMBERS,
    "put_through": Action.EDIT_SHOWN_NUMBERS,
    "lines": Action.EDIT_OWN,
    "greeting": Action.EDIT_OWN,
    "absence_reason": Action.EDIT_OWN,
    "back_from": Action.EDIT_OWN,
    "back_from_text": Action.EDIT_OWN,
    "instructions": Action.EDIT_OWN,
    "wait": Action.EDIT_OWN,
    "routing": Action.EDIT_OWN,
    "ring_time": Action.EDIT_OWN,
    "contacts": Action.EDIT_OWN,
    "company": Action.EDIT_OWN,
    "vip_notes": Action.EDIT_OWN,
    "faq": Action.EDIT_OWN,
    "message_fields": Action.EDIT_OWN,
    "blocked_callers": Action.EDIT_OWN,
    "digest": Action.EDIT_OWN,
}
"""The greeting is support's after its two weeks, which `engine.service.customers` looks after (§5.1.1)."""


def right_for(field: str) -> Action:
    """The right to change this field of a customer."""
    return RIGHTS.get(field, Action.CREATE_CUSTOMER)
