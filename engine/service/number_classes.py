"""Reads `config/number_classes.yaml` for the rules in `engine.law`.

Rule of this file: a table that is not sound is refused as a whole, for a wrong class would let callers pay.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from engine.law.classes import ClassRule, ClassTable
from engine.terms import NumberClass

_Prefix = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9][0-9]{0,14}$")]
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class BadClassTable(ValueError):
    """The file is not a table of number classes; the text says where and why."""


class _Listed(msgspec.Struct, rename={"number_class": "class"}, forbid_unknown_fields=True):
    prefix: _Prefix
    number_class: NumberClass
    name: _Text
    paragraph: _Text


class _Confirmed(msgspec.Struct, rename={"number_class": "class"}, forbid_unknown_fields=True):
    prefix: _Prefix
    number_class: NumberClass
    proof: _Text


class _File(msgspec.Struct, forbid_unknown_fields=True):
    classes: list[_Listed]
    confirmed: list[_Confirmed] = []


def load_number_classes(path: Path) -> ClassTable:
    """The table in this file, with the confirmed numbers over the listed ones.

    Raises BadClassTable, and OSError if the file cannot be read.
    """
    try:
        file = msgspec.convert(YAML(typ="safe", pure=True).load(path), _File)
    except MarkedYAMLError as error:
        at = f"line {error.problem_mark.line + 1}" if error.problem_mark else "somewhere"
        raise BadClassTable(f"{path}, {at}: not YAML: {error.problem}") from None
    except msgspec.ValidationError as error:
        raise BadClassTable(f"{path}: {error}") from None
    listed = [ClassRule(rule.prefix, rule.number_class, rule.name, rule.paragraph) for rule in file.classes]
    confirmed = [
        ClassRule(rule.prefix, rule.number_class, f"{rule.prefix}, confirmed", rule.proof) for rule in file.confirmed
    ]
    return ClassTable(listed + confirmed)
