"""What can go wrong on the phone. Rule: the message says what was waited for and what came instead."""

from __future__ import annotations


class PhoneError(Exception):
    """The phone could not do what was asked of it; the text says why."""


class NotInTime(PhoneError):
    """What was waited for did not happen within the limit."""
