"""Scenarios told step by step in a test, where the order of the messages is what the test is about.

Rule of this file: each step is one element of SIPp's language; what is sent is written by `sipp.Dialling` and here, one
text each.
"""

from __future__ import annotations

import re

from tests.sipp.sipp import CONTACT, VIA, Dialling, phones, sdp_of, text

INVITE = "invite"
"""The transaction of the first INVITE."""


def script(*steps: str) -> dict[str, str]:
    """The parts of `scripted.xml`."""
    told = "\n".join(steps)
    kept = sorted(set(re.findall(r'assign_to="(\w+)"', told)))
    # SIPp takes what is remembered and never used for a mistake.
    return {"steps": told + (f'\n<Reference variables="{",".join(kept)}"/>' if kept else "")}


def sends(message: str, *, opens: str = "", acks: str = "", again: bool = True) -> str:
    """Send this; `opens` names the transaction it begins, repeated until answered if `again`."""
    transaction = f' start_txn="{opens}"' if opens else f' ack_txn="{acks}"' if acks else ""
    repeated = ' retrans="500"' if opens and again else ""
    return f"<send{repeated}{transaction}>{message}</send>"


def takes(what: int | str, of: str = "", *, optional: bool = False, keep: str = "", within: float = 20.0) -> str:
    """Wait for a response of transaction `of`, or for a request; `within` seconds.

    `keep`: headers to remember (`To` as `[$To]`, `To=Us` as `[$Us]`), and the way to the other side with them.
    """
    kind = f'response="{what}"' if isinstance(what, int) else f'request="{what}"'
    kind += f' response_txn="{of}"' if of else ""
    limit = ' optional="true"' if optional else f' timeout="{round(within * 1000)}"'
    if not keep:
        return f"<recv {kind}{limit}/>"
    names = [(word.partition("=")[0], word.rpartition("=")[2]) for word in keep.split()]
    grep = "".join(f'<ereg regexp=".*" search_in="hdr" header="{a}:" assign_to="{b}"/>' for a, b in names)
    return f'<recv {kind}{limit} rrs="true"><action>{grep}</action></recv>'


def waits(seconds: float) -> str:
    """Do nothing for so long, though messages may come that were optional before."""
    return f'<pause milliseconds="{round(seconds * 1000)}"/>'


def dials(dialling: Dialling, *early: int) -> list[str]:
    """Call, and see each of these responses."""
    trying = takes(100, INVITE, optional=True)
    return [sends(dialling.messages()["invite"], opens=INVITE), trying, *(takes(code, INVITE) for code in early)]


def is_answered(dialling: Dialling, within: float = 20.0) -> list[str]:
    """200 and ACK."""
    return [takes(200, INVITE, keep="To", within=within), sends(dialling.messages()["ack"], acks=INVITE)]


def within_call(dialling: Dialling, method: str, number: int, *headers: str, way: str | None = None) -> str:
    """A request of the caller within the call, with CSeq `number`; with a description if `way` (`sendonly` …) is given.

    After `takes(…, keep="To")`.
    """
    head = f"{method} [next_url] SIP/2.0\n{VIA}\n{dialling.same}To: [$To]\nCSeq: {number} {method}\n{CONTACT}\n"
    return text(head, *headers, sdp="" if way is None else sdp_of(dialling.rtp, way))


def asks(dialling: Dialling, method: str, number: int, *headers: str, way: str | None = None) -> list[str]:
    """The same, and its 200; a re-INVITE is acknowledged."""
    name = f"{method.lower()}{number}"
    steps = [
        sends(within_call(dialling, method, number, *headers, way=way), opens=name),
        takes(100, name, optional=True),
        takes(200, name),
    ]
    return steps if method != "INVITE" else [*steps, sends(within_call(dialling, "ACK", number), acks=name)]


def is_hung_up_on(dialling: Dialling, within: float = 20.0) -> list[str]:
    """BYE comes and is confirmed."""
    return [takes("BYE", within=within), sends(dialling.messages()["ok"])]


def late_pick_up() -> dict[str, str]:
    """A phone that rings, and is picked up in the moment in which it is told to stop: 200 crosses CANCEL."""
    of_invite = "[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]a[call_number]\n[last_Call-ID:]\nCSeq: [$CSeq]\n"
    return script(
        takes("INVITE", keep="CSeq"),
        sends(phones()["ringing"]),
        takes("CANCEL", within=20),
        sends(text(f"SIP/2.0 200 OK\n{of_invite.replace('CSeq: [$CSeq]', '[last_CSeq:]')}")),
        sends(text("SIP/2.0 200 OK\n" + of_invite + CONTACT + "\n", sdp=sdp_of(9))),
        takes("ACK"),
        takes("BYE"),
        sends(Dialling("").messages()["ok"]),
    )


def moved_to(uri: str) -> dict[str, str]:
    """A phone that says to call `uri` instead."""
    head = "SIP/2.0 302 Moved Temporarily\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]a[call_number]\n"
    return script(
        takes("INVITE"), sends(text(f"{head}[last_Call-ID:]\n[last_CSeq:]\nContact: <{uri}>\n")), takes("ACK")
    )
