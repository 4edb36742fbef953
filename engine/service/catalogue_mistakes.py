"""What pydantic has against an entry, in words for the person who wrote it.

Rule of this file: one mistake is one sentence that says how to write it, with a code and what it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from engine.service.catalogue_yaml import Path
from engine.terms import Wrong

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
_LIMITS = ("ge", "gt", "le", "lt", "max_length", "min_length", "expected")
"""What pydantic's own mistakes name."""

_NOTHING = (None, "", "~", "null")


def suggestion(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'x'?`, or nothing where no known word is near."""
    near = get_close_matches(word, sorted(known), n=1)
    return f", did you mean '{near[0]}'?" if near else ""


def explain(error: ErrorDetails, model: type[BaseModel], written: str | None) -> Wrong:
    """The mistake. `written`: how the value stands in the file, where it is one."""
    kind, about = error["type"], error.get("ctx", {})
    if kind == "value_error":
        problem = about["error"]
        return problem if isinstance(problem, Wrong) else Wrong(kind, str(problem))
    values = {name: str(about[name]) for name in _LIMITS if name in about}
    if kind == "extra_forbidden":
        *above, key = error["loc"]
        return Wrong(kind, f"unknown key{suggestion(str(key), _keys(model, tuple(above)))}", key=str(key))
    if kind == "string_type" and written not in _NOTHING:
        return Wrong("string_type.quotes", f'write it in quotes: "{written}"', written=str(written))
    if kind in ("enum", "literal_error"):
        return Wrong(kind, f"write {about['expected']}", **values)
    if kind == "too_long":
        return Wrong(kind, f"there can be {about['max_length']} at most", **values)
    return Wrong(kind, _EXPECTED.get(kind) or error["msg"].replace("Input should", "this must"), **values)


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
