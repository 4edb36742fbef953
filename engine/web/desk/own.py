"""A customer's own fields in the form for a message: shown after the usual ones, read back, and what they lack.

Rule of this file: nobody who types while a caller talks is held up for good. What is missing or odd is said once at its
field; the second time it is saved as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from engine.entries.message_fields import MessageFieldEntry
from engine.web.forms import Field, Kind
from engine.web.languages import N_, AsWritten, Words, as_written

Own = Sequence[MessageFieldEntry]
_NAME = re.compile(r"own_[0-9a-f]{12}")
_KINDS = {"date": Kind.DATE, "choice": Kind.SELECT, "yes_no": Kind.SELECT}
_YES_NO = ("ja", "nein")
"""As the message says it, which is its customer's and German."""
_WRITTEN = "%d.%m.%Y"
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .]*(,[0-9]+)?")
_HINTS = {"number": N_("A number.")}
_MISSING = N_("Please ask the caller. If there is no answer, save once more.")
_NO_NUMBER = N_("This is no number. If it is right so, save once more.")
_NO_DAY = N_("This is no day. If it is right so, save once more.")


def name_of(one: MessageFieldEntry) -> str:
    """Of its field in the form: another label is another field, so no draft gets into the wrong one."""
    return f"own_{sha256(one.label.encode()).hexdigest()[:12]}"


def is_own(name: str) -> bool:
    """Whether a form's field is one of these, of whatever customer."""
    return _NAME.fullmatch(name) is not None


def parts(own: Own) -> tuple[Field, ...]:
    """The fields."""
    return tuple(_field(one) for one in own)


def _field(one: MessageFieldEntry) -> Field:
    choices = _YES_NO if one.kind == "yes_no" else one.choices
    kind, hint = _KINDS.get(one.kind, Kind.TEXT), _HINTS.get(one.kind, "")
    return Field(name_of(one), AsWritten(one.label), kind, hint, not one.required, as_written(choices))


def shown(own: Own, draft: Mapping[str, Any]) -> dict[str, Any]:
    """What their fields show of a draft: as it was typed, or as a message that was taken back had it."""
    taken = {label: value for label, value in draft.get("fields") or ()}
    return {name_of(one): draft.get(name_of(one)) or _typed(one, taken.get(one.label, "")) for one in own}


def _typed(one: MessageFieldEntry, value: str) -> str | None:
    if one.kind == "date" and (day := _day(value, _WRITTEN)):
        return day.isoformat()
    return value or None


def said(own: Own, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Labels and values as the message keeps them; of those that need not be said only what was said."""
    told = ((one, _written(one, values.get(name_of(one)) or "")) for one in own)
    return tuple((one.label, value) for one, value in told if value or one.required)


def _written(one: MessageFieldEntry, text: str) -> str:
    day = _day(text, "%Y-%m-%d") if one.kind == "date" else None
    return f"{day:{_WRITTEN}}" if day else text


def wanting(own: Own, values: Mapping[str, Any], words: Words) -> dict[str, str]:
    """What is to be said of each field that is missing or odd, by its name."""
    found = ((name_of(one), _lacks(one, values.get(name_of(one)) or "")) for one in own)
    return {name: words(text) for name, text in found if text}


def _lacks(one: MessageFieldEntry, text: str) -> str:
    if not text:
        return _MISSING if one.required else ""
    if one.kind == "number" and not _NUMBER.fullmatch(text):
        return _NO_NUMBER
    return _NO_DAY if one.kind == "date" and not _day(text, "%Y-%m-%d") else ""


def place(own: Own, path: str, fields: Sequence[tuple[str, str]]) -> str:
    """The form's field of a mistake in `fields.<n>` of what was said; any other path as it is."""
    first, _, n = path.partition(".")
    if first != "fields":
        return path
    label = fields[int(n)][0]
    return next((name_of(one) for one in own if one.label == label), "")


def typed_in(sent: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Of what a form has sent, what was typed into such fields."""
    texts = {name: next(iter(values), "") for name, values in sent.items() if is_own(name)}
    return {name: text for name, text in texts.items() if text.strip()}


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), form).date()
    except ValueError:
        return None
