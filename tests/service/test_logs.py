"""What stands in the logs: why something failed, but no values, for they may be passwords; and what if nothing can."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from engine.main.logs import set_up_logs


@pytest.mark.parametrize("terminal", [True, False])
def test_a_traceback_shows_no_passwords(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    before = structlog.get_config()
    try:
        set_up_logs()
        _fail("tiny" + "Secret")
    finally:
        structlog.configure(**before)
    said = capsys.readouterr().err
    assert "reload_failed" in said
    assert "ValueError: the switch refuses" in said
    assert "tinySecret" not in said


def _fail(password: str) -> None:
    try:
        if password:
            raise ValueError("the switch refuses")
    except ValueError:
        structlog.get_logger().exception("reload_failed")


SPEAKS = """
import structlog
from engine.main.logs import set_up_logs
set_up_logs()
for level in ("info", "warning", "error", "exception"):
    getattr(structlog.get_logger(), level)("x" * 20_000)
print("alive")
"""


def test_a_log_that_cannot_be_written_ends_nothing() -> None:
    """Its disk is full: that loses lines, and no calls."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", SPEAKS], stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout) == (0, b"alive\n")
