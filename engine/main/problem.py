"""What an admin did or has that cannot work, as one line on stderr and an exit code that is not 0.

Rule of this package: a command imports what it needs when it runs, for the quick ones are used all day.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import uvloop

from engine.main.keeper import CRASHED


class Problem(Exception):
    """One line that says what is wrong and how to mend it."""


def known() -> tuple[type[Exception], ...]:
    """What an admin can mend."""
    from engine.accounts.refusals import AccountError
    from engine.service.number_classes import BadClassTable
    from engine.settings import SettingsError
    from engine.store.database import StoreError
    from engine.web.listening import PortTaken
    from engine.web.tls import TlsProblem
    from pbx.ari import Refused, Replaced
    from pbx.runtime.asterisk import SwitchProblem
    from pbx.runtime.debian import FetchError
    from pbx.runtime.places import NoAsterisk
    from pbx.runtime.settings import BadSetting
    from pbx.runtime.sounds import BadSound

    switch = (SwitchProblem, FetchError, BadSound, NoAsterisk, BadSetting, Refused, Replaced)
    return (Problem, SettingsError, StoreError, AccountError, PortTaken, TlsProblem, BadClassTable, *switch)


def give_up(problem: BaseException) -> NoReturn:
    """Say it and exit with 1."""
    print(f"vorzimmer: {problem}", file=sys.stderr)
    raise SystemExit(1)


P = ParamSpec("P")


def command(work: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A coroutine as a command: run on an event loop, known problems said in one line."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(work(*args, **kwargs))
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise SystemExit(130) from None
        except Exception as problem:
            first = _first(problem)
            if isinstance(first, known()):
                give_up(first)
            traceback.print_exc()
            raise SystemExit(CRASHED) from None

    return run


def _first(problem: BaseException) -> BaseException:
    """The first of several that happened at once."""
    return _first(problem.exceptions[0]) if isinstance(problem, BaseExceptionGroup) else problem
