"""What an admin did or has that cannot work, as one line on stderr and an exit code that is not 0."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import uvloop

from engine.service.number_classes import BadClassTable
from engine.settings import SettingsError
from engine.store.database import StoreError
from engine.web.server import PortTaken
from pbx.ari import Refused, Replaced
from pbx.runtime.asterisk import SwitchProblem
from pbx.runtime.debian import FetchError
from pbx.runtime.music import NoMusic
from pbx.runtime.places import NoAsterisk
from pbx.runtime.settings import BadSetting


class Problem(Exception):
    """One line that says what is wrong and how to mend it."""


_KNOWN = (
    Problem,
    SettingsError,
    StoreError,
    PortTaken,
    SwitchProblem,
    FetchError,
    NoMusic,
    NoAsterisk,
    BadSetting,
    BadClassTable,
    Refused,
    Replaced,
)


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
            uvloop.run(work(*args, **kwargs))
        except _KNOWN as problem:
            give_up(problem)
        except BaseExceptionGroup as group:
            known = group.subgroup(_KNOWN)
            if known is None:
                raise
            give_up(_first(known))
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    return run


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    problem = group.exceptions[0]
    return _first(problem) if isinstance(problem, BaseExceptionGroup) else problem
