"""`python -m tests.bench.letterbox FILE`: a mail server that takes everything, in a process of its own.

Rule of this file: it costs as little as it can, and writes down when which mail came; it ends with its stdin.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.bench.shapes import PATIENCE

_ID = re.compile(rb"^Message-ID: *<([^>]+)>", re.IGNORECASE | re.MULTILINE)


@asynccontextmanager
async def letterbox(target: Path) -> AsyncIterator[int]:
    """Open at the port that is given back; a line with time and Message-ID of each mail goes to `target`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.letterbox", str(target), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        async with asyncio.timeout(PATIENCE):
            port = int(await process.stdout.readline())
        yield port
        process.stdin.close()
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def arrivals(target: Path) -> list[tuple[float, str]]:
    """Seconds since 1970 and Message-ID of every mail that has come so far, in their order."""
    if not target.exists():
        return []
    lines = (line.split() for line in target.read_text("ascii").splitlines() if line.endswith(">"))
    return [(float(at), key) for at, key in lines]


class _Box:
    def __init__(self, target: Path) -> None:
        self._out = target.open("a", encoding="ascii", buffering=1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        found = _ID.search(envelope.original_content or b"")
        self._out.write(f"{time.time():.3f} <{found[1].decode('ascii') if found else ''}>\n")
        return "250 taken"


async def _serve(target: Path) -> None:
    loop, box = asyncio.get_running_loop(), _Box(target)
    server = await loop.create_server(lambda: SMTP(box, hostname="post.test", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
