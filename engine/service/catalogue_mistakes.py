"""What pydantic has against an entry, in words for the person who wrote the file.

Rule of this file: one mistake is one sentence that says how to write it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from engine.service.catalogue_yaml import Path

_EXPECTED = {
    "string_type": "write a text",
    "bool_type": "write true or false",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "finite_number": "write a number",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "tuple_type": "write a list, e.g. [one, two]",
    "model_type": "write keys and values, e.g. {name: value}",
    "missing": "this is needed here",
    "date_type": "write the day as 2026-12-24",
}


_NOTHING = (None, "", "~", "null")


def suggestion(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'x'?`, or nothing where no known word is near."""
    near = get_close_matches(word, sorted(known), n=1)
    return f", did you mean '{near[0]}'?" if near else ""


def explain(error: ErrorDetails, model: type[BaseModel], written: str | None) -> str:
    """The mistake in one sentence. `written`: how the value stands in the file, where it is one."""
    kind = error["type"]
    if kind == "extra_forbidden":
        *above, key = error["loc"]
        return f"unknown key{suggestion(str(key), _keys(model, tuple(above)))}"
    if kind == "string_type" and written not in _NOTHING:
        return f'write it in quotes: "{written}"'
    if kind in ("enum", "literal_error"):
        return f"write {error['ctx']['expected']}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return _EXPECTED.get(kind) or error["msg"].replace("Input should", "this must")


def _keys(model: type[BaseModel], path: Path) -> set[str]:
    """The keys of the mapping at that path within the model."""
    found: Any = model
    for step in path:
        if isinstance(step, str):
            fields = {field.alias or name: field for name, field in found.model_fields.items()}
            found = _model_in(fields[step].annotation)
    return {field.alias or name for name, field in found.model_fields.items()}


def _model_in(annotation: Any) -> Any:
    """The model in `Model`, `Model | None` or `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
