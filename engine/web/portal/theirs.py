"""What somebody else has written meanwhile, told beside one's own text, field by field.

Rule of this file: the own text stays in the form; only what differs is told.
"""

from __future__ import annotations

from typing import Any

from engine.web.forms import Field, Form, Kind, Rows, Values
from engine.web.languages import N_, Words

CHANGED = N_("Somebody else has changed this meanwhile, to: {theirs}. To keep what you have entered, save again.")
NOTHING, YES, NO = N_("nothing"), N_("yes"), N_("no")


def show_theirs(form: Form[Any], name: str, theirs: Values) -> None:
    """At each field of what is saved as `name`: what stands there now, by `theirs`, the values of such a form."""
    other = Form(form.model, form.parts, form.words, theirs)
    for part in form.parts:
        if not f"{part.name}.".startswith(f"{name}."):
            continue
        if isinstance(part, Field):
            _compare(form, part, other.value(part.name))
        else:
            _compare_rows(form, part, other)
    if form.said is not None:  # the same by another way of writing
        form.refuse(form.place(name), CHANGED, theirs=form.words(NOTHING))


def _compare(form: Form[Any], at: Field, theirs: Any) -> None:
    if (form.value(at.name) or None) != (theirs or None):
        form.refuse(at.name, CHANGED, theirs=_told(at, theirs, form.words))


def _compare_rows(form: Form[Any], rows: Rows, other: Form[Any]) -> None:
    """Row by row; all of theirs at the list's first field, if they have more."""
    own, theirs = (len(one.value(rows.name) or ()) for one in (form, other))
    if theirs > own:
        form.refuse(form.place(rows.name), CHANGED, theirs=_rows_told(rows, other))
        return
    for row in form.rows(rows)[:own]:
        for one in row:
            _compare(form, one, other.value(one.name))


def _rows_told(rows: Rows, other: Form[Any]) -> str:
    return "; ".join(
        ", ".join(_told(one, value, other.words) for one in row if (value := other.value(one.name)) not in (None, []))
        for row in other.rows(rows)[: len(other.value(rows.name))]
    )


def _told(one: Field, value: Any, words: Words) -> str:
    if one.kind is Kind.CHECK:
        return words(YES if value else NO)
    if value in (None, "", []):
        return words(NOTHING)
    values = map(str, value if isinstance(value, list) else [value])
    return ", ".join(words(one.choices[text]) if text in one.choices else text for text in values)
