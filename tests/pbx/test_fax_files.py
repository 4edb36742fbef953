"""The files of a fax, and what is read of the line that the dialplan writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.ports.fax import FaxId, Transmitted
from pbx.fax_files import KEPT, FaxFiles
from tests.pbx.runtime_world import settings_for

FAX = FaxId("fax-d7k3m9q2x5-0")


@pytest.fixture
def files(tmp_path: Path) -> FaxFiles:
    settings = settings_for(tmp_path)
    (settings.root / "spool").mkdir(parents=True)
    return FaxFiles(settings)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("SUCCESS|2|T38|204x196|+493023125110|", Transmitted(True, 2, True, True, "+493023125110", "")),
        ("FAILED|0|audio|0x0||HANGUP", Transmitted(False, 0, False, False, "", "HANGUP")),
        ("FAILED|1|audio|||3 | 4", Transmitted(False, 1, False, True, "", "3 | 4")),
        ("|||||", Transmitted(False, 0, False, False, "", "")),
        ("SUCCESS", None),
        ("", None),
    ],
)
def test_what_the_dialplan_has_written(files: FaxFiles, line: str, told: Transmitted | None) -> None:
    files.result(FAX).write_text(line)
    assert files.read(FAX) == told


def test_no_result_and_one_that_leads_elsewhere(files: FaxFiles, tmp_path: Path) -> None:
    assert files.read(FAX) is None
    (tmp_path / "secret").write_text("SUCCESS|2|T38|204x196||")
    files.result(FAX).symlink_to(tmp_path / "secret")
    assert files.read(FAX) is None


@pytest.mark.parametrize("name", ["fax-", "fax-../x", "ear-1", "fax-a b", f"fax-{'a' * 81}"])
def test_a_name_that_is_none(files: FaxFiles, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a fax"):
        files.put(FaxId(name), b"")


def test_pages_replace_what_was_there_and_what_is_old_goes(files: FaxFiles) -> None:
    old = FaxId("fax-old-0")
    for fax in (old, FAX):
        files.put(fax, b"first")
        files.result(fax).write_text("SUCCESS|1|T38|||")
    for file in (files.pages(old), files.result(old)):
        os.utime(file, (0, file.stat().st_mtime - KEPT - 1))
    files.put(FAX, b"second")
    assert (files.pages(FAX).read_bytes(), files.result(FAX).exists()) == (b"second", False)
    assert not files.pages(old).exists()
    assert not files.result(old).exists()
    files.drop(FAX)
    files.drop(FAX)
    assert not files.pages(FAX).exists()
