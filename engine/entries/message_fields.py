"""Entries of what a customer wants to be asked for in every message, beside the usual.

Rule of this file: a field is known by its label alone, for messages keep labels and values as they were.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from engine.entries.base import Entry
from engine.entries.fields import Flag, Name
from engine.message.slip import LONGEST_LABEL, MOST_FIELDS
from engine.terms import Wrong

__all__ = ["MOST_CHOICES", "MOST_FIELDS", "FieldKind", "MessageFieldEntry"]
MOST_CHOICES = 20
FieldKind = Literal["text", "number", "date", "choice", "yes_no"]


def _short(text: str) -> str:
    if len(text) > LONGEST_LABEL:
        raise Wrong("message.long", f"write at most {LONGEST_LABEL} characters", most=str(LONGEST_LABEL))
    return text


Label = Annotated[Name, AfterValidator(_short)]


class MessageFieldEntry(Entry):
    """One field. Agents are told once if nothing stands in a required one, and can save all the same."""

    label: Label
    kind: Annotated[FieldKind, BeforeValidator(lambda kind: "text" if kind is None else kind)] = "text"
    required: Flag = False
    choices: Annotated[tuple[Label, ...], AfterValidator(lambda choices: tuple(dict.fromkeys(choices)))] = Field(
        default=(), max_length=MOST_CHOICES, validate_default=True
    )
    """Of the kind `choice` alone."""

    @field_validator("choices")
    @classmethod
    def _of_its_kind(cls, choices: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("kind") == "choice" and len(choices) < 2:
            raise Wrong("field.choices", "a choice needs two answers at least")
        if info.data.get("kind") not in (None, "choice") and choices:
            raise Wrong("field.no_choices", "answers to choose from are for the kind 'choice' alone")
        return choices
