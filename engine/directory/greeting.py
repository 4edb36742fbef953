"""The texts that agents read out or read during a call: greeting (§5.1.1) and instructions (§5.1.4).

Rule of this file: only `{agent}` stands for something; any other brace would be read out, so it is refused. Lengths are
recommended, not enforced.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from engine.law.checks import Refusal

PLACEHOLDER = "{agent}"
FREE_TO_CHANGE = timedelta(days=14)
"""How long a customer may change the greeting alone (§5.1.1)."""
GREETING_LENGTH = 150
"""Characters: about ten seconds of speech."""
INSTRUCTIONS_LENGTH = 300
"""Characters: what is taken in at a glance while the caller speaks."""
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def spoken(greeting: str, agent: str) -> str:
    """The greeting with this agent's name."""
    return greeting.replace(PLACEHOLDER, agent)


def check_greeting(greeting: str) -> list[Refusal]:
    """One refusal that names everything in braces that nobody can fill in; empty if the greeting can be saved."""
    unknown = list(dict.fromkeys(found for found in _BRACES.findall(greeting) if found != PLACEHOLDER))
    if not unknown:
        return []
    named = ", ".join(unknown)
    text = f"the greeting has {named}, which stands for nothing: write {PLACEHOLDER} for the agent's name, or no braces"
    return [Refusal("greeting.braces", "greeting", {"unknown": named}, text)]


def greeting_locked(live_since: date | None, today: date) -> bool:
    """Whether only support may change the greeting (§5.1.1): from the fourteenth day after the first day on.

    First live on 1 March: free up to and including 14 March, locked from 15 March on. None = not live yet: free. Both
    are days in the customer's zone.
    """
    return live_since is not None and today - live_since >= FREE_TO_CHANGE
