"""The daily summary as a mail: its subject, its text, and its HTML by a template.

Rule of this file: as in `engine.notify.mail_writing`, whatever somebody has typed is text.
"""

from __future__ import annotations

from jinja2 import Environment

from engine.message.digest import Digest, figures, items, more, plain, subject, title
from engine.message.digest_words import digest_wording


def digest_texts(
    digest: Digest, customer: str, language: str, portal: str, templates: Environment
) -> tuple[str, str, str]:
    """Subject, text and HTML. `customer`: its name; `portal`: the origin of its links."""
    html = templates.get_template("digest.html").render(
        language=language,
        heading=title(digest, customer, language),
        figures=figures(digest, language),
        items=items(digest, customer, language),
        more=more(digest, language),
        portal=portal,
        url=f"{portal}/messages",
        button=digest_wording(language).portal,
    )
    return subject(digest, customer, language), plain(digest, customer, language, portal), html
