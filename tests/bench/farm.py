"""Telephones in numbers: SIPp with the stories' messages, its message log as the only clock.

Rule of this file: the same processes measure both sides; what they send, receive and write down is the same.
"""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pbx.runtime.tools import tool
from tests.sipp import sipp
from tests.sipp.messages import Message, read

HERE = Path(__file__).parent
WAITS = b"SIP/2.0 18[03] "
"""How the message begins that tells a caller to wait."""
ENDING = 20.0
"""Seconds that SIPp has to end after it was told to."""


@contextmanager
def sink() -> Iterator[int]:
    """A UDP port that nobody reads: what the switch plays there is dropped by the kernel, at the least cost."""
    with socket.socket(type=socket.SOCK_DGRAM) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        deaf.bind(("127.0.0.1", 0))
        yield deaf.getsockname()[1]


@dataclass
class Farm:
    """One SIPp that runs."""

    process: asyncio.subprocess.Process
    place: Path
    _seen: dict[bytes, int] = field(default_factory=dict)
    _read: int = 0

    def count(self, start: bytes) -> int:
        """How many messages so far begin with `start`; always the same one, for the log is read once."""
        log = self.place / "messages"
        if not log.exists():
            return 0
        with log.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        whole = text.rfind(b"\n") + 1
        self._read += whole
        self._seen[start] = self._seen.get(start, 0) + len(re.findall(rb"^" + start, text[:whole], re.MULTILINE))
        return self._seen[start]

    async def reaches(self, start: bytes, count: int, within: float) -> bool:
        """Wait until so many messages begin so; whether they did within so many seconds."""
        end = time.monotonic() + within
        while self.count(start) < count:
            if time.monotonic() > end or self.process.returncode is not None:
                return False
            await asyncio.sleep(0.05)
        return True

    async def over(self, within: float) -> bool:
        """Wait until SIPp has ended by itself; whether it went through all calls, good (exit code 0) and bad (1)."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                return await self.process.wait() in (0, 1)
        return False

    def places_no_more_calls(self) -> None:
        """Those there are go on; SIPp ends with the last."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGUSR1)

    @property
    def messages(self) -> list[Message]:
        """Every message so far."""
        return read(self.place / "messages")

    @property
    def errors(self) -> str:
        """What SIPp complained of."""
        path = self.place / "errors"
        return path.read_text("utf-8", "replace") if path.exists() else ""


@asynccontextmanager
async def callers(
    place: Path, server: tuple[str, int], numbers: Sequence[str], rtp: int, *, rate: int, at_once: int, calls: int
) -> AsyncIterator[Farm]:
    """`calls` callers, `rate` a second, never more than `at_once`, who dial these numbers in turn."""
    scenario = _write(place, "caller", sipp.Dialling("[field0]", rtp=rtp).messages(), numbers)
    options = ("-inf", str(place / "numbers"), "-r", str(rate), "-l", str(at_once), "-m", str(calls))
    async with _sipp(place, scenario, server, options) as farm:
        yield farm


@asynccontextmanager
async def phones(
    place: Path, server: tuple[str, int], port: int, *, talk: float, rings: float = 0.0
) -> AsyncIterator[Farm]:
    """Phones at one port that ring for `rings` seconds (0: none), and talk for half to one and a half `talk`.

    So that the agents do not get free all at the same moment, again and again.
    """
    times = {"least": str(round(talk * 500)), "most": str(round(talk * 1500))}
    pause = f'\n  <pause milliseconds="{round(rings * 1000)}"/>' if rings else ""
    scenario = _write(place, "phone", sipp.phones() | times | {"rings": pause})
    async with _sipp(place, scenario, server, ("-p", str(port), "-m", "1000000")) as farm:
        yield farm


def _write(place: Path, scenario: str, parts: dict[str, str], numbers: Sequence[str] = ()) -> Path:
    """The scenario with its `{parts}` filled in, and beside it the numbers to dial."""
    place.mkdir(parents=True)
    text = (HERE / f"{scenario}.xml").read_text("utf-8")
    filled = place / "scenario.xml"
    filled.write_text(re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], text), "utf-8")
    (place / "numbers").write_text("SEQUENTIAL\n" + "".join(f"{number}\n" for number in numbers), "ascii")
    return filled


@asynccontextmanager
async def _sipp(place: Path, scenario: Path, server: tuple[str, int], options: Sequence[str]) -> AsyncIterator[Farm]:
    program = tool("sipp")
    process = await asyncio.create_subprocess_exec(
        program.program, f"{server[0]}:{server[1]}", "-sf", str(scenario), "-nostdin", "-i", "127.0.0.1",
        "-trace_msg", "-message_file", str(place / "messages"), "-trace_err", "-error_file", str(place / "errors"),
        "-skip_rlimit", *options,
        env=program.environment | {"TZ": "UTC", "TERM": "dumb"}, cwd=place,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Farm(process, place)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
