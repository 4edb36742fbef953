"""Templates: one Jinja environment per language, every template compiled before the first page.

Rule of this file: what is not given to a template is an error, and everything that is shown is escaped. No filter that
depends on the language is given a constant, for Jinja works that out when it compiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.templating import Jinja2Templates

from engine.web.browsers import browser
from engine.web.bundles import MEND, Bundles
from engine.web.grouping import unbroken
from engine.web.languages import LANGUAGES, Words


class Compiled(BytecodeCache):
    """What was compiled in this process: the languages differ in what a text says, not in the template's code."""

    _known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        self._known[bucket.key] = bucket.bytecode_to_string()


def load_templates(words: Mapping[str, Words], bundles: Bundles) -> dict[str, Jinja2Templates]:
    """The templates in every language; `_` in them says a text in it, `write` its dates and numbers."""
    return {language: Jinja2Templates(env=_environment(words[language], bundles)) for language in LANGUAGES}


def _environment(words: Words, bundles: Bundles) -> Environment:
    environment = Environment(
        loader=PackageLoader("engine.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
        bytecode_cache=Compiled(),
    )
    environment.install_gettext_callables(words, words.texts.ngettext, newstyle=False)  # type: ignore[attr-defined]
    environment.filters["browser"] = browser
    environment.filters["grouped"] = unbroken
    environment.globals.update(
        write=words.format,
        language=words.language,
        languages=LANGUAGES,
        bundle=bundles.url,
        bundles_mend=MEND,
        say=words,
    )
    for name in environment.list_templates():
        environment.get_template(name)
    return environment
