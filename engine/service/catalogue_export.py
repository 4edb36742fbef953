"""The catalogue as YAML, in a stable order: sections as they refer to each other, entries by key, fields as defined."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from engine.entries import SECTIONS, Catalogue, KeyedEntry

_WIDTH = 110


def export_text(catalogue: Catalogue, *, secrets: bool) -> str:
    """YAML that imports to the same catalogue; passwords only if `secrets`. What has its default is left out."""
    sections = {name: [_values(entry, secrets) for entry in getattr(catalogue, name)] for name in SECTIONS}
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as if it were always None
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump({name: values for name, values in sections.items() if values}, text)
    return text.getvalue()


def _values(entry: KeyedEntry, secrets: bool) -> dict[str, Any]:
    values = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if not secrets:
        values.pop("password", None)
        values.get("phone", {}).pop("password", None)
    return values
