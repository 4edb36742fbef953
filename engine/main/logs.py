"""Logs go to stderr: readable on a terminal, JSON lines for programs. No secrets, no sound of a call.

Rules of this file: a traceback shows no values of variables, for they may be passwords. A log that cannot be written,
for its disk is full or its reader gone, ends nothing: lines are lost, calls are not.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

import structlog


class _Lasting(structlog.PrintLogger):
    def msg(self, message: str) -> None:
        """Every level's."""
        with suppress(OSError, ValueError):  # the second: it is closed
            super().msg(message)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg


def set_up_logs() -> None:
    """Once per process."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
            *([] if terminal else [structlog.processors.format_exc_info]),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if terminal
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lasting(sys.stderr),
    )
