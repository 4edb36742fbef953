"""Where the settings come from: a YAML file, each key overridable by the environment (`VORZIMMER_SIP_PORT=5070`).

Rule of this file: every mistake is told with the line or the variable it stands in.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.service.catalogue_yaml import Document, read
from engine.settings.whole import PREFIX, PROJECT, Settings


class SettingsError(Exception):
    """The settings cannot be used. One line for each mistake: where it is, what is wrong, how to mend it."""


def load() -> Settings:
    """The settings of this process. Raises SettingsError.

    The file is `$VORZIMMER_CONFIG`, else `config/vorzimmer.yaml` of the checkout, else there is none.
    """
    path = _file()
    document = _read(path) if path else Document(data={})
    try:
        return Settings(**document.data)
    except ValidationError as error:
        # A default that depends on other settings is not told of: they are what is wrong.
        told = (found for found in error.errors() if found["type"] != "default_factory_not_called")
        mistakes = sorted(told, key=lambda found: document.line(found["loc"]))
        raise SettingsError("\n".join(_say(found, path, document) for found in mistakes)) from None


def _file() -> Path | None:
    if named := os.environ.get(f"{PREFIX}CONFIG"):
        return Path(named).expanduser()
    usual = PROJECT / "config" / "vorzimmer.yaml"
    return usual if usual.exists() else None


def _read(path: Path) -> Document:
    try:
        document = read(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}): mend {PREFIX}CONFIG") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8: save it as that") from None
    if document.mistakes:
        said = (f"{path}, line {line}: {message}" for line, _, message in document.mistakes)
        raise SettingsError("\n".join(said))
    document.data = {} if document.data is None else document.data
    if not isinstance(document.data, dict):
        raise SettingsError(f"{path}, line 1: write one setting per line, like 'sip_port: 5060'")
    return document


def _say(found: ErrorDetails, path: Path | None, document: Document) -> str:
    key = str(found["loc"][0]) if found["loc"] else ""
    variable = PREFIX + key.upper()
    from engine.service.catalogue_mistakes import explain

    message = explain(found, Settings, document.written.get((key,)))
    if os.environ.get(variable):
        return f"{variable}: {message}"
    field = f"{key}: " if key else ""
    return f"{path}, line {document.line((key,))}: {field}{message}"
