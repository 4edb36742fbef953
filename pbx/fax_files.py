"""The files of a fax: the pages that Asterisk reads, and the line that its dialplan writes when all is over.

Rules of this file: the pages lie in a directory of ours, the result in Asterisk's own, so neither can write over what
is the other's. Asterisk is told of both from where it runs, its spool: no sign of the home's path means anything to it
then, and access(2), by which it looks whether it may read, knows no capability that would lead it through `/root`. A
result is read as far as it is understood and never followed to elsewhere. What nobody has fetched for a day is taken
away.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from engine.ports.fax import FAX, FaxId, Transmitted
from pbx.runtime.settings import SwitchSettings

KEPT = 86_400.0
"""Seconds."""
_ID = re.compile(rf"{FAX}[A-Za-z0-9-]{{1,80}}")
_RESULT = re.compile(
    r"(?P<status>\w*)\|(?P<pages>\d{0,4})\|(?P<mode>\w*)\|(?P<resolution>[0-9x]*)\|(?P<station>[0-9+]*)\|(?P<error>.*)"
)
_LONGEST = 1000
"""Bytes of a result."""
_NOT_SEEN = ("", "0x0")
"""What stands for the resolution while no machine has named one that it takes."""


class FaxFiles:
    """Of one Asterisk of ours."""

    def __init__(self, settings: SwitchSettings) -> None:
        """Touches nothing yet."""
        self._pages, self._results = settings.root / "fax", settings.root / "spool"

    def pages(self, fax: FaxId) -> Path:
        """Where the pages are. Raises ValueError for a name that is none."""
        return self._pages / f"{_checked(fax)}.tif"

    def result(self, fax: FaxId) -> Path:
        """Where the result will be. Raises as above."""
        return self._results / _checked(fax)

    def as_told(self, fax: FaxId) -> tuple[str, str]:
        """Both, as Asterisk finds them. Raises as above."""
        pages, result = self.pages(fax), self.result(fax)
        return f"../{pages.parent.name}/{pages.name}", result.name

    def put(self, fax: FaxId, pages: bytes) -> None:
        """Lay the pages down; no result is there then. Raises OSError.

        Asterisk's account may be another than ours: it is the unguessable name that keeps others from reading them.
        """
        self._tidy()
        if not self._pages.is_dir():
            self._pages.mkdir(parents=True, exist_ok=True)
            self._pages.chmod(0o711)
        self.result(fax).unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._pages, prefix=".", delete=False) as new:
            new.write(pages)
        Path(new.name).chmod(0o644)
        Path(new.name).replace(self.pages(fax))

    def read(self, fax: FaxId) -> Transmitted | None:
        """The result; None = there is none, or none that can be read."""
        try:
            with open(os.open(self.result(fax), os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                text = file.read(_LONGEST).decode("ascii", "replace").strip()
        except OSError:
            return None
        found = _RESULT.fullmatch(text)
        if found is None:
            return None
        spoke = found["resolution"] not in _NOT_SEEN or bool(found["station"]) or found["pages"] not in ("", "0")
        return Transmitted(
            is_whole=found["status"] == "SUCCESS",
            pages=int(found["pages"] or 0),
            t38=found["mode"] == "T38",
            spoke=spoke,
            station=found["station"],
            error=found["error"],
        )

    def drop(self, fax: FaxId) -> None:
        """Neither is needed any more."""
        for file in (self.pages(fax), self.result(fax)):
            file.unlink(missing_ok=True)

    def _tidy(self) -> None:
        old = time.time() - KEPT
        for file in (*self._pages.glob("*"), *self._results.glob(f"{FAX}*")):
            with suppress(OSError):
                if file.lstat().st_mtime < old:
                    file.unlink()


def _checked(fax: FaxId) -> str:
    if not _ID.fullmatch(fax):
        raise ValueError(f"{fax!r} is no name of a fax")
    return fax
