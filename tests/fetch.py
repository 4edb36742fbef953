"""Fetches what the tests run against, with progress, before pytest hides it: Asterisk, PostgreSQL, SIPp, Chromium."""

from __future__ import annotations

import sys

from pbx.runtime.debian import FetchError
from pbx.runtime.install import installation
from pbx.runtime.places import NoAsterisk
from pbx.runtime.settings import Mode
from pbx.runtime.tools import PACKAGES, tool
from tests.postgres import postgres_bin


def main() -> int:
    """Fetch what is missing; one line on stderr if that cannot be."""
    try:
        installation(Mode.AUTO)
        postgres_bin()
        for name in PACKAGES:
            tool(name)
    except (FetchError, NoAsterisk) as error:
        print(f"Set-up for the tests failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
