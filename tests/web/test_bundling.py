"""Scripts and styles are built once per state of their sources, also by two set-ups at once, and without a network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.main import assets
from pbx.runtime.debian import FetchError


@pytest.fixture
def second_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache in which npm's packages are, and nothing else."""
    fetched = assets.node_modules()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assets.node_modules().parent.mkdir(parents=True)
    assets.node_modules().symlink_to(fetched)
    return tmp_path


def test_two_set_ups_at_once_build_it_once(second_cache: Path) -> None:
    # No registry could be asked: whoever tried would fail.
    environment = os.environ | {"npm_config_registry": "http://127.0.0.1:9/"}
    command = [sys.executable, "-m", "engine.main.assets"]
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(one.communicate(timeout=100)[1].count("Fetching"), one.returncode) for one in both] == [(0, 0), (0, 0)]
    built = assets.place()
    names = json.loads((built / "manifest.json").read_text("utf-8"))
    assert sorted(names) == [
        "app.css",
        "app.js",
        "board.css",
        "board.js",
        "desk.css",
        "desk.js",
        "phone.css",
        "phone.js",
    ]
    assert sorted(path.name for path in built.iterdir()) == sorted([*names.values(), "manifest.json"])
    assert [path.name for path in built.parent.iterdir() if path.name.startswith(".")] == [".lock"]


def test_what_cannot_be_fetched_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    assert assets.main() == 1
    assert not assets.place().exists()
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("The web's scripts and styles cannot be built: npm ci: ")
    with pytest.raises(FetchError):
        assets.build()
