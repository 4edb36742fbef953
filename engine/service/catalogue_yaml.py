"""A YAML text as plain values that know their lines.

Rule of this file: every value keeps the line it stands on, and a number without quotes keeps how it was written, so
that each mistake can be shown where it is. Read node by node: YAML's own constructors would lose both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Path = tuple[str | int, ...]
"""Where a value is: keys and places in lists, from the top."""

_TAG = "tag:yaml.org,2002:"
_AS_WRITTEN = (f"{_TAG}str", f"{_TAG}timestamp")
_PLAIN = tuple(_TAG + name for name in ("null", "bool", "int", "float"))
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file. `field` is like `customers[K1001].wait.treatment`, empty for the file as a whole."""

    line: int
    """Counts from 1."""
    field: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.message}" if self.field else f"line {self.line}: {self.message}"


@dataclass(slots=True)
class Document:
    """What a text says."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    """The line of every value; of one in a mapping the line of its key."""
    written: dict[Path, str] = field(default_factory=dict)
    """How every scalar was written."""
    mistakes: list[tuple[int, Path, str]] = field(default_factory=list)
    """What YAML itself allows, and we do not."""

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> Document:
    """The text's only document; no text at all is None. Syntax errors are among its mistakes."""
    document = Document()
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.mistakes.append(
            (mark.line + 1 if mark else 1, (), f"this is not YAML: {error.problem or error.context}")
        )
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        document.mistakes.append((line, (), f"this is not YAML: the character U+{error.character:04X} is not allowed"))
    else:
        if node is not None:
            document.data = _Reader(yaml, document).value(node, ())
    return document


class _Reader:
    def __init__(self, yaml: YAML, document: Document) -> None:
        self._yaml = yaml
        self._document = document
        self._around: list[Node] = []

    def value(self, node: Node, path: Path) -> Any:
        """The node's value, with everything below it noted in the document."""
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if node in self._around:
            return self._mistake(node, path, "this contains itself")
        self._around.append(node)
        try:
            if isinstance(node, SequenceNode):
                return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]
            return self._mapping(node, path) if isinstance(node, MappingNode) else self._scalar(node, path)
        finally:
            self._around.pop()

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._mistake(key, path, "a key must be a word")
            elif key.value in values:
                self._mistake(key, (*path, key.value), "this key is there already: write it once")
            else:
                self._document.lines[(*path, key.value)] = key.start_mark.line + 1
                values[key.value] = self.value(value, (*path, key.value))
        return values

    def _scalar(self, node: Node, path: Path) -> Any:
        self._document.written[path] = node.value
        if node.tag in _AS_WRITTEN:
            return node.value
        if node.tag not in _PLAIN:
            return self._mistake(node, path, f"the tag {node.tag} cannot be used here")
        if len(node.value) > _LONGEST_NUMBER:
            return self._mistake(node, path, "this number is too long")
        return self._yaml.constructor.construct_object(node)

    def _mistake(self, node: Node, path: Path, message: str) -> None:
        self._document.mistakes.append((node.start_mark.line + 1, path, message))
