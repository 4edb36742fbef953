"""The catalogue as YAML, in a stable order: sections as they refer to each other, entries by key, fields as defined."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.representer import SafeRepresenter

from engine.entries import SECTIONS, Catalogue, KeyedEntry
from engine.entries.passwords import open_values

_WIDTH = 110
_PLAIN = re.compile(r"[^\W\d_][\w.-]*(?: [\w.-]+)*")
"""Texts that need no quotes in any place, but for words like `true`, which the emitter knows."""


def export_text(catalogue: Catalogue, *, secrets: bool) -> str:
    """YAML that imports to the same catalogue; passwords only if `secrets`. What has its default is left out."""
    sections = {name: [_values(entry, secrets) for entry in getattr(catalogue, name)] for name in SECTIONS}
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Style
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as if it were always None
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump({name: values for name, values in sections.items() if values}, text)
    return text.getvalue()


class _Style(SafeRepresenter):
    """What holds single values only stands on one line, in brackets.

    Quotes more than it must: some texts that the emitter leaves plain cannot be read again within brackets.
    """

    def represent_str(self, data: str) -> ScalarNode:
        """The text, in quotes unless it is plain words."""
        style = None if _PLAIN.fullmatch(data) else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def represent_sequence(self, tag: Any, sequence: Any, flow_style: Any = None) -> SequenceNode:
        """The list."""
        node: SequenceNode = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = all(isinstance(item, ScalarNode) for item in node.value)
        return node

    def represent_mapping(self, tag: Any, mapping: Any, flow_style: Any = None) -> MappingNode:
        """The mapping."""
        node: MappingNode = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = all(isinstance(value, ScalarNode) for _, value in node.value)
        return node


_Style.add_representer(str, _Style.represent_str)


def _values(entry: KeyedEntry, secrets: bool) -> dict[str, Any]:
    if secrets:
        return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return open_values(entry, exclude_defaults=True)
