"""What a test message says: that it is one, who has asked for it, and what comes this way (§5.2.3).

Rule of this file: nobody who gets one can take it for a caller's message.
"""

from __future__ import annotations

_SUBJECTS = {"de": "Testnachricht", "en": "Test message"}
_TEXTS = {
    "de": "Dies ist ein Test, niemand hat angerufen. {by} hat ihn angefordert. So kommen hier Nachrichten an.",
    "en": "This is a test, nobody has called. {by} has asked for it. This is how messages arrive here.",
}


def tryout_texts(by: str, language: str) -> dict[str, str]:
    """Subject, text and `by`, the name of who has asked for it, for `engine.ports.notices`; German if unknown."""
    language = language if language in _TEXTS else "de"
    return {"subject": _SUBJECTS[language], "text": _TEXTS[language].format(by=by), "by": by}
