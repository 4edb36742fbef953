"""What a model has against a value, in the user's words.

Rule of this file: one mistake is one sentence that says how to write it. The entries' own sentences are English; those
of `SENTENCES` are in the catalogues, with `{}` where a sentence names a value. (A test finds sentences not listed.)
"""

from __future__ import annotations

import re
from functools import cache

from pydantic_core import ErrorDetails

from engine.web.languages import N_, Words

NEEDED = N_("This is needed: please fill it in.")
_KINDS = {
    "missing": NEEDED,
    "none_required": NEEDED,
    "bool_type": N_("Please choose."),
    "enum": N_("Please choose one of the options."),
    "literal_error": N_("Please choose one of the options."),
    "string_too_short": N_("Please write at least {min_length} characters."),
    "string_too_long": N_("Please write at most {max_length} characters."),
    "too_short": N_("Please name at least {min_length}."),
    "too_long": N_("Please name at most {max_length}."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be {ge} or more."),
    "less_than": N_("This must be less than {lt}."),
    "less_than_equal": N_("This must be {le} or less."),
    "int_from_float": N_("Please write a whole number."),
    "int_type": N_("Please write a whole number."),
    "int_parsing": N_("Please write a whole number."),
    "float_type": N_("Please write a number."),
    "float_parsing": N_("Please write a number."),
    "finite_number": N_("Please write a number."),
    "date_type": N_("Please write a date."),
    "date_from_datetime_parsing": N_("Please write a date."),
    "datetime_from_date_parsing": N_("Please write a date and a time."),
    "time_parsing": N_("Please write a time such as 08:30."),
}
_OTHER = N_("This cannot be used: please write it in another way.")
SENTENCES = (
    N_("write 1 to 40 letters, digits, '.', '_' and '-', beginning with a letter or digit"),
    N_("write 1 to 80 printable characters on one line, without blanks around them"),
    N_("write 1 to 2000 printable characters"),
    N_("write its name without ending: 1 to 40 letters, digits, '_' and '-'"),
    N_("write the day as 2026-12-24"),
    N_("'{}' is too short or too long for a number of its country"),
    N_("{} is not a telephone number: write it as {}"),
    N_("{} is named twice: write it once"),
    N_("overflow needs overflow_after, the seconds after which the wider circle may answer"),
)


def explain(found: ErrorDetails, words: Words) -> str:
    """The mistake in one sentence."""
    kind, context = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return translated(str(context["error"]), words)
    if kind.endswith("_type") and found["input"] is None:
        return words(NEEDED)
    return words(_KINDS.get(kind, _OTHER), **context)


def translated(sentence: str, words: Words) -> str:
    """A sentence of ours in the user's language; one that no catalogue knows is told as it is."""
    for pattern, text in _patterns():
        if match := pattern.fullmatch(sentence):
            return _capital(words(text).format(*match.groups()))
    return _capital(sentence)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("(.*)".join(map(re.escape, text.split("{}"))), re.DOTALL), text) for text in SENTENCES]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "!", "?")) else ".")
