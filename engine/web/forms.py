"""Forms over pydantic models: some fields of an entry with their words, filled, read back, checked by the model.

Rule of this file: the model alone says what is right; its mistakes are put at the fields, and what was typed is kept.
A field's name is the path of its value in the model (`wait.music`), and so is the name that browsers send.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError

from engine.web.languages import Words
from engine.web.mistakes import explain
from engine.web.moving import move

MOST_FIELDS = 1000
VERSION = "version"
"""The hidden field with the version of what was loaded, for those who save what somebody else has changed."""
MOVE = "move"
"""What a button sends to move a row or take it out, see `engine.web.moving`."""
_SECRETS: set[str] = set()
"""Names of the fields that any form asks for passwords and codes in."""
_ROW = re.compile(r"\.[0-9]+(?=\.|$)")
M = TypeVar("M", bound=BaseModel)
Values = dict[str, Any]


class Kind(StrEnum):
    """How a field is shown, and which value is made from what it sends."""

    TEXT = "text"
    AREA = "area"
    EMAIL = "email"
    TEL = "tel"
    URL = "url"
    NUMBER = "number"
    PASSWORD = "password"
    CODE = "code"
    DATE = "date"
    MOMENT = "datetime-local"
    CHECK = "check"
    """True or false."""
    SELECT = "select"
    RADIOS = "radios"
    CHECKS = "checks"
    """Any of the choices, as a list."""
    HIDDEN = "hidden"
    LINES = "lines"
    """A list, one text per line."""
    FILE = "file"
    """A file, which the page reads by itself."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Label, hint and the choices' words are marked with `N_`, or `AsWritten` where people have named it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    optional: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    """Value → what is shown."""
    autocomplete: str = "off"
    length: int | None = None
    """Characters above which the counter warns."""
    ticked: bool = False
    """In a row to spare: whether it offers itself ticked."""

    @property
    def id(self) -> str:
        """Of its element."""
        return self.name.replace(".", "-")

    def at(self, row: int) -> Field:
        """The same field in this row of a list, where `name` has a `*`."""
        values = {slot: getattr(self, slot) for slot in self.__slots__}
        return Field(**{**values, "name": self.name.replace("*", str(row), 1)})


@dataclass(frozen=True, slots=True)
class Rows:
    """A list in the model: the same fields for each of at most `most` rows; a row left empty is dropped."""

    name: str
    label: str
    """Of one row, with `{n}`."""
    fields: tuple[Field, ...]
    """Their names begin with `<name>.*.`."""
    most: int
    spare: int = 1
    """Empty rows offered."""
    ordered: bool = False
    """Their order counts: there are buttons to change it."""


@dataclass
class Form(Generic[M]):
    """One form: what it shows, and after reading what it says. `values` and `mistakes` are by the field's name."""

    model: type[M]
    parts: tuple[Field | Rows, ...]
    words: Words
    values: dict[str, Any] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    version: str = ""
    said: M | None = None
    """The sound model, once it was read."""
    moved: bool = False
    """A row was moved or taken out by a button, and nothing else was asked for."""

    def fields(self) -> Iterator[Field]:
        """Every field, rows unrolled."""
        for part in self.parts:
            yield from [part] if isinstance(part, Field) else (one for row in self.rows(part) for one in row)

    def rows(self, rows: Rows) -> list[list[Field]]:
        """The rows that are filled and those to spare."""
        count = min(len(self.value(rows.name) or ()) + rows.spare, rows.most)
        return [[one.at(n) for one in rows.fields] for n in range(count)]

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        return next((one for one in self.fields() if one.name == name), None) or _unknown(name)

    @property
    def has_rows(self) -> bool:
        """Whether it has buttons beside the one that sends it."""
        return any(isinstance(one, Rows) for one in self.parts)

    @property
    def asks_password(self) -> bool:
        """Whether a password is among the fields: password managers want to know whose."""
        return any(one.kind is Kind.PASSWORD for one in self.fields())

    def value(self, name: str) -> Any:
        """What stands in that field."""
        return _get(self.values, name)

    def in_order(self) -> list[tuple[str, str]]:
        """The mistakes as the fields stand; those of the whole form first."""
        names = ["", *(one.name for one in self.fields())]
        return [(name, self.mistakes[name]) for name in names if name in self.mistakes]

    def place(self, path: str) -> str:
        """The field that a mistake belongs to: the one with the longest common path; empty for the whole form."""
        names = [one.name for one in self.fields()]
        at = [name for name in names if f"{path}.".startswith(f"{name}.")]
        within = [name for name in names if path and name.startswith(f"{path}.")]
        return max(at, key=len, default=next(iter(within), ""))

    def refuse(self, name: str, message: str, **values: object) -> None:
        """A mistake that only a service can see, in a text marked with `N_`; for the whole form if `name` is empty."""
        self.said = None
        self.mistakes.setdefault(name, self.words(message, **values))


@dataclass(frozen=True, slots=True)
class FormOf(Generic[M]):
    """What a form is made of; `Form` is one that somebody fills in."""

    model: type[M]
    parts: tuple[Field | Rows, ...]
    shown: Callable[[Values], Values] = dict
    """The fields' values from those of the model, where the fields are others."""
    meant: Callable[[Values], Values] = dict
    """And back; what was typed may be anything."""

    def __post_init__(self) -> None:
        """What it asks for in secret is known from now on."""
        fields = (one for part in self.parts for one in ([part] if isinstance(part, Field) else part.fields))
        _SECRETS.update(one.name for one in fields if one.kind in (Kind.PASSWORD, Kind.CODE))

    def show(self, words: Words, entry: M | None = None, version: str = "", **values: Any) -> Form[M]:
        """The form as it is offered: filled from the entry, or with these values."""
        return Form(self.model, self.parts, words, self.known(entry) if entry else self.shown(values), version=version)

    async def read(self, request: Request, words: Words, entry: M | None = None) -> Form[M]:
        """The form as it was sent, laid over the entry; `said` is the outcome, None where there are mistakes.

        Raises HTTPException 413 for a flood of fields.
        """
        sent = await sent_fields(request)
        values = self.known(entry) if entry else self.shown({})
        for part in self.parts:
            if isinstance(part, Field):
                put_value(values, part.name, _typed(part, sent.get(part.name, [])))
            else:
                put_value(values, part.name, list(_sent_rows(part, sent)))
        form = Form(self.model, self.parts, words, values, version=sent.get(VERSION, [""])[0])
        if MOVE in sent:
            move(form.values, sent[MOVE][0], [one.name for one in self.parts if isinstance(one, Rows)])
            form.moved = True
            return form
        return self._judged(form)

    def asked(self, words: Words, query: Mapping[str, str]) -> Form[M]:
        """The form as an address has it, of fields of one text each; judged like one that was sent."""
        values = {one.name: query.get(one.name) or None for one in self.parts}
        return self._judged(Form(self.model, self.parts, words, values))

    def _judged(self, form: Form[M]) -> Form[M]:
        try:
            form.said = self.model.model_validate(self.meant(form.values))
        except ValidationError as error:
            for found in error.errors():
                form.mistakes.setdefault(form.place(".".join(map(str, found["loc"]))), explain(found, form.words))
        return form

    def known(self, entry: M) -> Values:
        """The fields' values for this entry."""
        return self.filled(entry.model_dump(mode="json", by_alias=True))

    def filled(self, model: Values) -> Values:
        """The fields' values; a row that is written short, as its first field alone, is written out."""
        values = self.shown(model)
        for part in self.parts:
            if isinstance(part, Rows):
                first = part.fields[0].name.rpartition(".")[2]
                rows = _get(values, part.name) or []
                put_value(values, part.name, [row if isinstance(row, dict) else {first: row} for row in rows])
        return values


def is_secret(name: str) -> bool:
    """Whether one of our forms asks for a password or a code in a field of this name."""
    return _ROW.sub(".*", name) in _SECRETS


async def sent_fields(request: Request) -> dict[str, list[str]]:
    """Every field that the browser has sent. Raises HTTPException 413 for a flood of them."""
    body = (await request.body()).decode("utf-8", errors="replace")
    try:
        return parse_qs(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(413) from None


def _sent_rows(rows: Rows, sent: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    for n in range(rows.most):
        row: dict[str, Any] = {}
        for one in rows.fields:
            put_value(row, one.name.removeprefix(f"{rows.name}.*."), _typed(one, sent.get(one.at(n).name, [])))
        if any(value not in (None, False, True, []) for value in row.values()):
            yield row


def _typed(one: Field, sent: list[str]) -> Any:
    """The value as the model takes it; what is no number stays a text, which the model then refuses."""
    if one.kind is Kind.CHECK:
        return bool(sent)
    if one.kind is Kind.CHECKS:
        return sent
    text = sent[0].replace("\r\n", "\n") if sent else ""
    if one.kind is Kind.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if one.kind is not Kind.PASSWORD:
        text = text.strip()
    if one.kind is Kind.NUMBER:
        return _number(text)
    return text or None


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text.replace(",", "."))
        except ValueError:
            continue
    return text or None


def _get(values: Any, name: str) -> Any:
    for step in name.split("."):
        try:
            values = values[int(step)] if isinstance(values, list) else (values or {}).get(step)
        except IndexError:
            return None
    return values


def put_value(values: Values, name: str, value: Any) -> None:
    """Let it stand there, in a form's or a model's values."""
    *above, last = name.split(".")
    for step in above:
        inner = values.get(step)
        values[step] = values = dict(inner) if isinstance(inner, dict) else {}
    values[last] = value


def _unknown(name: str) -> Field:
    raise KeyError(f"the form has no field {name}")
