"""A leg to a carrier, as requests: the INVITE with the numbers that the carrier reads, and the look for a sign of life.
Faxes leave the same way, by an endpoint of their own.

Rules of this file: pure functions that only spell a request. What is shown was decided before (L7); a number that is
hidden is in no header but, where the carrier is to know it, in the one that is for the carrier (RFC 3325).

What comes back, measured on Asterisk 22.10.1 (cause and SIP response of `ChannelDestroyed`; `result_of` reads them):
486 and 600 = 17; 480 = 19; 404 and 604 = 1; 410 = 22; 484 = 28; 603, 403, 401 and 407 (a wrong password) = 21, so
only the response tells whose word that is; 408 = 18; 487 and other 4xx = 127; 488 and 606 = 58; 500 = 38; 502 = 27;
503 = 34; 504 = 102; 302 = 0 or 23, nobody else is called; a host name that does not exist or a refused TCP connection =
34 with 503, at once. Nothing at all: 18 with 408, after 32 s. Given up after `limit`: 19 with 480, by the switch
itself. A carrier that has not answered OPTIONS: `originate` is refused with 500, and nothing was made that could end.
"""

from __future__ import annotations

import re

from engine.ports.fax import FaxCall
from engine.terms import CallId, LegId
from engine.transfer.plan import Route
from engine.transfer.ways import Headers, Identity
from pbx.ari.requests import Request, get_variable, originate, originate_to
from pbx.decode import APP
from pbx.runtime.endpoints import fax_endpoint_id, trunk_endpoint_id

SIGN_OF_LIFE = 4.0
"""Seconds after which a carrier has said 100 at least: by UDP the INVITE was sent four times by then (RFC 3261)."""
FAX_CONTEXT = "fax"
"""Where the dialplan sends the pages."""
_DIALLED = re.compile(r"\+?[0-9]{1,20}")
_SIP_URI = re.compile(r"(?P<scheme>sips?:)(?:[^@]*@)?(?P<place>.+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_IDENTITY = {Identity.ASSERTED: "P-Asserted-Identity", Identity.PREFERRED: "P-Preferred-Identity"}


def dial_out(call: CallId, leg: LegId, route: Route, name: str, limit: int, app: str = APP) -> Request:
    """Dial a target by this route: it enters Stasis (`out,<call>`) when it answers, and is given up after `limit` s.

    `name`: stands beside the number that is shown, never without one. Raises ValueError for what is no number.
    """
    endpoint = f"PJSIP/{_number(route)}@{trunk_endpoint_id(route.trunk)}"
    return originate(leg, endpoint, app, args=f"out,{call}", limit=limit, variables=_variables(route, name))


def send_fax(call: FaxCall, pages: str, result: str) -> Request:
    """Dial a fax machine, send it the pages in that file, and write into the other what came of it.

    Its endpoint has no address of its own, so that no carrier is asked twice whether it is there: the URI names it.
    Raises ValueError for what is no number.
    """
    found = _SIP_URI.fullmatch(call.uri)
    if found is None:
        raise ValueError(f"{call.uri!r} is no SIP URI")
    uri = f"{found['scheme']}{_number(call.route)}@{found['place']}"
    variables = {
        "FAX_PAGES": pages,
        "FAX_RESULT": result,
        "FAX_STATION": call.station,
        "FAX_LONGEST": str(call.longest),
        **_variables(call.route, call.name),
    }
    endpoint = f"PJSIP/{fax_endpoint_id(call.route.trunk)}/{uri}"
    return originate_to(call.id, endpoint, FAX_CONTEXT, limit=call.ring_time, variables=variables)


def has_answered_at_all(leg: LegId) -> Request:
    """Ask whether the carrier has sent any response, 100 too: the body's `value` is empty while it has not.

    404 where the leg is gone. To be asked `SIGN_OF_LIFE` after the order, of a leg that has not rung yet: Asterisk
    itself waits for 32 s (timer B), and cannot be told to wait for less.
    """
    return get_variable(leg, "HANGUPCAUSE_KEYS()")


def _number(route: Route) -> str:
    if not _DIALLED.fullmatch(route.number):
        raise ValueError(f"{route.number!r} is no number that can be dialled")
    return route.number


def _variables(route: Route, name: str) -> dict[str, str]:
    headers = route.headers or Headers(route.shown, None, Identity.FROM, route.diversion)
    # Asterisk puts brackets around an IPv6 address by itself.
    return {"SIPFROMDOMAIN": headers.host.strip("[]"), **_caller(headers, name), **_for_the_carrier(headers)}


def _caller(headers: Headers, name: str) -> dict[str, str]:
    if headers.shown is None:
        return {"CONNECTEDLINE(pres)": "prohib", "PJSIP_HEADER(add,Privacy)": "id"}
    return {"CONNECTEDLINE(name)": _CONTROL.sub(" ", name), "CONNECTEDLINE(num)": headers.shown}


def _for_the_carrier(headers: Headers) -> dict[str, str]:
    """Identity (RFC 3325) and Diversion (RFC 5806): by name, for Asterisk's own would be the number that is shown."""
    found = {}
    if headers.asserted is not None and (header := _IDENTITY.get(headers.identity)):
        found[f"PJSIP_HEADER(add,{header})"] = f"<sip:{headers.asserted}@{headers.host}>"
    if headers.diversion is not None:
        found["PJSIP_HEADER(add,Diversion)"] = f"<sip:{headers.diversion}@{headers.host}>;reason=unconditional"
    return found
