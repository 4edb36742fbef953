"""For whom a page was made, while support works as a customer: two windows of one session never change the wrong one.

Rule of this file: the pages cannot forget it. Every form that is shown while acting names the customer in its address,
and whatever does not name the one acted for now changes nothing.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

from engine.web.languages import N_, Words

ACTING = "acting"
"""What an address has the customer's number as."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM = re.compile(r'<form method="post"(?: action="([^"]*)")?')
_BY_NOW = N_("You are working as {name} ({number}) by now")
_NO_MORE = N_("You are not working as a customer any more")
_AGAIN = N_(
    "Nothing has been saved, for this page is one of customer {made_for}. To save it after all, work as customer "
    "{made_for} again in another window, and then send it once more."
)
_UNSAID = N_("Nothing has been saved, for the page did not say which customer it was made for. Please load it again.")


class ActsForAnother(Exception):
    """The page was made for another customer than the one that is acted for now; for `made_for`, empty if unsaid."""

    def __init__(self, acted: tuple[str, str] | None, made_for: str) -> None:
        """`acted`: number and name of the customer that is acted for now."""
        super().__init__(made_for)
        self.acted, self.made_for = acted, made_for

    def title(self, words: Words) -> str:
        """Who one is by now."""
        return words(_BY_NOW, number=self.acted[0], name=self.acted[1]) if self.acted else words(_NO_MORE)

    def why(self, words: Words) -> str:
        """What has become of it, and what to do."""
        return words(_AGAIN, made_for=self.made_for) if self.made_for else words(_UNSAID)


def check(request: Request) -> None:
    """Let nothing be changed by a page that was made for another customer. Raises ActsForAnother."""
    if request.method in SAFE:
        return
    acted: tuple[str, str] | None = request.state.acted
    made_for = request.query_params.getlist(ACTING)
    if made_for != ([acted[0]] if acted else []):
        raise ActsForAnother(acted, made_for[0] if made_for else "")


def made_for(page: str, request: Request) -> str:
    """The page as it is shown: while acting, every form that changes something says for whom it was made."""
    acted: tuple[str, str] | None = getattr(request.state, "acted", None)
    if acted is None:
        return page
    here = f"{request.url.path}?{request.url.query}"

    def named(form: re.Match[str]) -> str:
        address = here if form[1] is None else unescape(form[1])
        if form[1] is not None and ACTING in dict(parse_qsl(urlsplit(address).query, keep_blank_values=True)):
            return form[0]  # of a page that was made before
        return f'<form method="post" action="{escape(_naming(address, acted[0]))}"'

    return _FORM.sub(named, page)


def _naming(address: str, number: str) -> str:
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != ACTING]
    return parts._replace(query=urlencode([*query, (ACTING, number)])).geturl()
