"""The control socket is its owner's alone, and what stands in its way is told in one line."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from engine.web.listening import PortTaken, listen_tcp, listen_unix


def test_only_the_owner_may_open_the_control_socket(tmp_path: Path) -> None:
    path = tmp_path / "run" / "control.sock"
    for _ in range(2):  # the second replaces what a dead engine has left
        with listen_unix(path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_home_whose_path_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 108) / "control.sock"
    with pytest.raises(PortTaken) as refused:
        listen_unix(path)
    assert str(refused.value) == (
        f"{path} cannot be listened on (AF_UNIX path too long): set VORZIMMER_HOME to another, shorter path"
    )


def test_a_port_that_is_taken_is_no_riddle() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            listen_tcp("127.0.0.1", port)
    assert str(refused.value) == (
        f"127.0.0.1:{port} cannot be listened on: Address already in use; set web_host and web_port to what is free"
    )
