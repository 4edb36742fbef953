"""SIPp as a carrier's callers and as agents' phones: one process per scenario, its messages as values.

Rule of this file: a scenario file says who does what when; the messages it sends are built here from one text each, so
that a test adds a header by naming it.
"""

from __future__ import annotations

import asyncio
import re
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
_VIA = "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]"
_CONTACT = "Contact: <sip:sipp@[local_ip]:[local_port]>"
_SDP = (
    "v=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\n"
    "m=audio {rtp} RTP/AVP 8\na=rtpmap:8 PCMA/8000\na=ptime:20\n"
)
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

    def messages(self) -> dict[str, str]:
        """Every message of a caller, by its name in the scenarios."""
        target = f"sip:{self.number}@[remote_ip]:[remote_port]"
        from_ = f"<sip:{self.caller}@[local_ip]>;tag=[pid]x[call_number]"
        to = f"To: <sip:{self.to or self.number}@[remote_ip]>"
        same = f"Max-Forwards: 70\nFrom: {from_}\nCall-ID: [call_id]\n"
        early = "[last_Via:]\n" + same
        return {
            "invite": _text(
                f"INVITE {target} SIP/2.0\n{_VIA}\n{same}{to}\nCSeq: 1 INVITE\n{_CONTACT}\n",
                *self.headers, sdp=_SDP.format(rtp=self.rtp),
            ),
            "ack": _text(f"ACK [next_url] SIP/2.0\n{_VIA}\n{same}[last_To:]\nCSeq: 1 ACK\n"),
            "refused_ack": _text(f"ACK {target} SIP/2.0\n{early}[last_To:]\nCSeq: 1 ACK\n"),
            "cancel": _text(f"CANCEL {target} SIP/2.0\n{early}{to}\nCSeq: 1 CANCEL\n"),
            "ok": _text("SIP/2.0 200 OK\n" + _REPLY.format(tag="")),
        }  # fmt: skip

    def prack(self, n: int) -> str:
        """Acknowledges the n-th reliable response (RFC 3262): it stands in the variable `rseq`."""
        same = f"Max-Forwards: 70\n[last_From:]\n[last_To:]\nCall-ID: [call_id]\nCSeq: {n + 1} PRACK\n"
        return _text(f"PRACK [next_url] SIP/2.0\n{_VIA}\n{same}RAck: [$rseq] 1 INVITE\n")


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
    tagged = _REPLY.format(tag=";tag=[pid]a[call_number]") + _CONTACT + "\n"
    bye = f"BYE [next_url] SIP/2.0\n{_VIA}\nMax-Forwards: 70\n[last_Call-ID:]\nCSeq: 1 BYE\n"
    return {
        "ringing": _text("SIP/2.0 180 Ringing\n" + tagged),
        "picked_up": _text("SIP/2.0 200 OK\n" + tagged, sdp=_SDP.format(rtp=9)),
        "bye": _text(bye + "From: [$we];tag=[pid]a[call_number]\nTo: [$they]\n"),
    }


def _text(head: str, *headers: str, sdp: str = "") -> str:
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
        errors = (self.place / "errors").read_text("utf-8", "replace") if (self.place / "errors").exists() else ""
        assert self.process.returncode == 0, f"SIPp ended with {self.process.returncode}: {errors[-2000:]}"
        return list(by_call(self.messages).values())

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
    local: tuple[str, int] = ("127.0.0.1", 0),
) -> AsyncIterator[Run]:  # fmt: skip
    """SIPp with this scenario, its `{parts}` filled in, at `local` (port 0 = a free one). Killed on leaving."""
    _write(place, scenario, parts)
    program = tool("sipp")
    port = local[1] or free_port(local[0])
    process = await asyncio.create_subprocess_exec(
        program.program, f"{server[0]}:{server[1]}", "-sf", str(place / "scenario.xml"), "-nostdin",
        "-i", local[0], "-p", str(port), "-m", str(calls), "-r", str(rate), "-l", "1000",
        "-trace_msg", "-message_file", str(place / "messages"), "-trace_err", "-error_file", str(place / "errors"),
        "-timeout", str(LIMIT), "-timeout_error", "-skip_rlimit",
        env=program.environment | {"TZ": "UTC", "TERM": "dumb"}, cwd=place,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Run(process, place, port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
