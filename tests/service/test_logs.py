"""What stands in the logs: why something failed, but no values, for they may be passwords."""

from __future__ import annotations

import sys

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
