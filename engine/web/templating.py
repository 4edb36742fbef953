"""Templates: one Jinja environment per language, every template compiled before the first page.

Rule of this file: what is not given to a template is an error, and everything that is shown is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from engine.web.browsers import browser
from engine.web.bundles import MEND, Bundles
from engine.web.grouping import unbroken
from engine.web.languages import LANGUAGES, Words


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
    )
    environment.install_gettext_translations(words.texts, newstyle=False)  # type: ignore[attr-defined]
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
