"""SIPp as a carrier's callers and as agents' phones: one process per scenario, its messages as values.

Rule of this file: a scenario file says who does what when; the messages it sends are built here from one text each, so
that a test adds a header by naming it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbx.runtime.tools import tool
from tests.ports import free_port
from tests.sipp.messages import Message, by_call, read

HERE = Path(__file__).parent
LIMIT = 90
"""Seconds after which SIPp gives up by itself."""
VIA = "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]"
CONTACT = "Contact: <sip:sipp@[local_ip]:[local_port]>"
_REPLY = "[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n[last_CSeq:]\n"


@dataclass(frozen=True)
class Dialling:
    """What a SIPp caller puts into the INVITE. `[call_number]` counts from 1 within a run."""

    number: str
    caller: str = "+4917012345[call_number]"
    headers: tuple[str, ...] = ()
    rtp: int = 9
    to: str = ""
    """The user of To, where it is not the number."""

    @property
    def same(self) -> str:
        """The headers that every request of the call has."""
        from_ = f"<sip:{self.caller}@[local_ip]>;tag=[pid]x[call_number]"
        return f"Max-Forwards: 70\nFrom: {from_}\nCall-ID: [call_id]\n"

    def messages(self) -> dict[str, str]:
        """Every message of a caller, by its name in the scenarios."""
        target = f"sip:{self.number}@[remote_ip]:[remote_port]"
        to = f"To: <sip:{self.to or self.number}@[remote_ip]>"
        same = self.same
        early = "[last_Via:]\n" + same
        return {
            "invite": text(
                f"INVITE {target} SIP/2.0\n{VIA}\n{same}{to}\nCSeq: 1 INVITE\n{CONTACT}\n",
                *self.headers, sdp=sdp_of(self.rtp),
            ),
            "ack": text(f"ACK [next_url] SIP/2.0\n{VIA}\n{same}[last_To:]\nCSeq: 1 ACK\n"),
            "refused_ack": text(f"ACK {target} SIP/2.0\n{early}[last_To:]\nCSeq: 1 ACK\n"),
            "cancel": text(f"CANCEL {target} SIP/2.0\n{early}{to}\nCSeq: 1 CANCEL\n"),
            "ok": text("SIP/2.0 200 OK\n" + _REPLY.format(tag="")),
        }  # fmt: skip

    def prack(self, n: int) -> str:
        """Acknowledges the n-th reliable response (RFC 3262): it stands in the variable `rseq`."""
        same = f"Max-Forwards: 70\n[last_From:]\n[last_To:]\nCall-ID: [call_id]\nCSeq: {n + 1} PRACK\n"
        return text(f"PRACK [next_url] SIP/2.0\n{VIA}\n{same}RAck: [$rseq] 1 INVITE\n")


def reliable(dialling: Dialling, codes: list[int]) -> str:
    """The part of `reliable.xml` that takes these reliable responses and acknowledges each."""
    return "\n".join(
        f'<recv response="{code}" response_txn="invite" rrs="true" timeout="10000"><action>'
        '<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/></action></recv>\n'
        f'<send retrans="500" start_txn="prack{n}">{dialling.prack(n)}</send>\n'
        f'<recv response="200" response_txn="prack{n}" timeout="10000"/>'
        for n, code in enumerate(codes, start=1)
    )


def phones() -> dict[str, str]:
    """Every message of the agents' phones, by its name in `agents.xml`."""
    tagged = _REPLY.format(tag=";tag=[pid]a[call_number]") + CONTACT + "\n"
    bye = f"BYE [next_url] SIP/2.0\n{VIA}\nMax-Forwards: 70\n[last_Call-ID:]\nCSeq: 1 BYE\n"
    return {
        "ringing": text("SIP/2.0 180 Ringing\n" + tagged),
        "picked_up": text("SIP/2.0 200 OK\n" + tagged, sdp=sdp_of(9)),
        "bye": text(bye + "From: [$we];tag=[pid]a[call_number]\nTo: [$they]\n"),
    }


def sdp_of(rtp: int, way: str = "") -> str:
    """A description of G.711 sound at this port; `way`: `sendonly` and the like, nothing = both ways."""
    return (
        "v=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\n"
        f"m=audio {rtp} RTP/AVP 8\na=rtpmap:8 PCMA/8000\na=ptime:20\n" + (f"a={way}\n" if way else "")
    )


def text(head: str, *headers: str, sdp: str = "") -> str:
    """A message of these header lines and this body, as it stands in a scenario."""
    lines = head + "".join(f"{header}\n" for header in headers)
    lines += "Content-Type: application/sdp\n" if sdp else ""
    return f"<![CDATA[\n{lines}Content-Length: [len]\n\n{sdp}\n]]>"


@dataclass
class Run:
    """One SIPp that runs or has ended."""

    process: asyncio.subprocess.Process
    place: Path
    port: int

    async def over(self, within: float = LIMIT) -> list[list[Message]]:
        """Wait until every call has gone as the scenario says; the messages of each call.

        Raises AssertionError with SIPp's own words if one has not.
        """
        async with asyncio.timeout(within):
            await self.process.wait()
        assert self.process.returncode == 0, f"SIPp ended with {self.process.returncode}: {self.errors}"
        return list(by_call(self.messages).values())

    async def saw(self, *messages: str, within: float = 10.0) -> None:
        """Wait until these are among the messages, in this order. Raises AssertionError."""
        start = time.monotonic()
        while True:
            waited = time.monotonic() - start
            rest = iter([str(message) for message in self.messages])
            if all(message in rest for message in messages):
                return
            assert self.process.returncode in (None, 0), f"SIPp ended with {self.process.returncode}: {self.errors}"
            assert waited < within, f"not within {within} s: {messages}; {[str(m) for m in self.messages]}"
            await asyncio.sleep(0.02 + min(0.3, waited / 50))

    @property
    def errors(self) -> str:
        """The last of what SIPp complained of."""
        file = self.place / "errors"
        return file.read_text("utf-8", "replace")[-2000:] if file.exists() else ""

    @property
    def messages(self) -> list[Message]:
        """Every message so far."""
        return read(self.place / "messages")


def _write(place: Path, scenario: str, parts: dict[str, str]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    text = (HERE / f"{scenario}.xml").read_text("utf-8")
    filled = re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], text)
    (place / "scenario.xml").write_text(filled, "utf-8")


@asynccontextmanager
async def sipp(
    place: Path, scenario: str, parts: dict[str, str], server: tuple[str, int], *, calls: int = 1, rate: int = 10,
    local: tuple[str, int] = ("127.0.0.1", 0), limit: int = LIMIT,
) -> AsyncIterator[Run]:  # fmt: skip
    """SIPp with this scenario, its `{parts}` filled in, at `local` (port 0 = a free one). Killed on leaving.

    `limit`: seconds after which it gives up by itself.
    """
    _write(place, scenario, parts)
    program = tool("sipp")
    port = local[1] or free_port(local[0])
    process = await asyncio.create_subprocess_exec(
        program.program, f"{server[0]}:{server[1]}", "-sf", str(place / "scenario.xml"), "-nostdin",
        "-i", local[0], "-p", str(port), "-m", str(calls), "-r", str(rate), "-l", "1000",
        "-trace_msg", "-message_file", str(place / "messages"), "-trace_err", "-error_file", str(place / "errors"),
        "-timeout", str(limit), "-timeout_error", "-skip_rlimit",
        env=program.environment | {"TZ": "UTC", "TERM": "dumb"}, cwd=place,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Run(process, place, port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
