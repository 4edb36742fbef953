"""What Asterisk 22.10.1 says at its manager interface, as recorded, and the facts in it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.terms import CallId
from pbx.monitoring import reading
from pbx.monitoring.reading import Contact, Report, Tasks

HEAD = {"Response": "Success", "EventList": "start", "Message": "A listing follows"}


def recorded(text: str) -> dict[str, Any]:
    return dict(line.split(": ", 1) for line in text.strip().splitlines())


RTCP_SENT = recorded("""
Event: RTCPSent
Privilege: reporting,all
Channel: PJSIP/anna-00000001
CallerIDNum: <unknown>
ConnectedLineName: Muster GmbH
Uniqueid: vz-1795322068.0-leg-1
Linkedid: vz-1795322068.0
To: 127.0.0.1:51160
MES: 88.1
SSRC: 0xf6a6a7f5
PT: 200(SR)
ReportCount: 1
SentPackets: 250
Report0SourceSSRC: 0xa9e44f0a
Report0FractionLost: 64
Report0CumulativeLost: 80
Report0IAJitter: 40
Report0DLSR: 0.0000
""")


@pytest.mark.parametrize(
    ("status", "fact"),
    [
        ("NonQualified", Contact("anna", "sip:anna@127.0.0.1:48235", True)),
        ("Unknown", Contact("anna", "sip:anna@127.0.0.1:48235", True)),
        ("Reachable", Contact("anna", "sip:anna@127.0.0.1:48235", True)),
        ("Unreachable", Contact("anna", "sip:anna@127.0.0.1:48235", False)),
        ("Removed", Contact("anna", "sip:anna@127.0.0.1:48235", False, True)),
    ],
)
def test_a_contact_that_comes_or_goes(status: str, fact: Contact) -> None:
    event = recorded(f"""
Event: ContactStatus
Privilege: system,all
SystemName: vz
URI: sip:anna@127.0.0.1:48235
ContactStatus: {status}
AOR: anna
EndpointName: anna
RoundtripUsec: 0
""")
    assert reading.contact(event) == fact


def test_a_contact_without_its_names_is_no_fact() -> None:
    assert reading.contact({"Event": "ContactStatus", "ContactStatus": "Reachable"}) is None


def test_the_list_of_contacts() -> None:
    item = recorded("""
Event: ContactList
ObjectType: contact
ObjectName: anna;@45dee2096a5a431143c000384feb53fc
Endpoint: anna
Uri: sip:anna@127.0.0.1:48235
Status: Reachable
RoundtripUsec: 512
""")
    end = {"Event": "ContactListComplete", "EventList": "Complete", "ListItems": "2"}
    gone = item | {"Endpoint": "ben", "Uri": "sip:ben@127.0.0.1:9", "Status": "Unreachable"}
    assert reading.contacts([HEAD, item, gone, end]) == [
        Contact("anna", "sip:anna@127.0.0.1:48235", True),
        Contact("ben", "sip:ben@127.0.0.1:9", False),
    ]
    assert reading.contacts([{"Response": "Error", "Message": "No Contacts found"}]) == []


def test_whose_contact_it_is() -> None:
    assert reading.trunk_of(Contact("trunk:out", "sip:192.0.2.1", False)) == "out"
    assert reading.trunk_of(Contact("anna", "sip:anna@127.0.0.1:48235", True)) is None


def test_which_phones_must_register() -> None:
    aors = [
        {"Event": "AorList", "ObjectName": "anna", "MaxContacts": "1", "Contacts": ""},
        {"Event": "AorList", "ObjectName": "ben", "MaxContacts": "0", "Contacts": "ben/sip:ben@127.0.0.1:9"},
    ]
    assert reading.registering([HEAD, *aors, {"Event": "AorListComplete"}]) == {"anna"}


def test_trunks_and_no_word_of_their_passwords() -> None:
    details = [
        {"Event": "OutboundRegistrationDetail", "ObjectName": "trunk:dead", "Status": "Unregistered", "NextReg": "0"},
        {"Event": "AuthDetail", "ObjectName": "trunk:dead", "Username": "4930", "Password": "pw"},
        {"Event": "OutboundRegistrationDetail", "ObjectName": "trunk:good", "Status": "Registered", "NextReg": "285"},
    ]
    assert reading.registrations([HEAD, *details, {"Event": "OutboundRegistrationDetailComplete"}]) == {
        "dead": "Unregistered",
        "good": "Registered",
    }


def test_task_processors() -> None:
    quiet = {"Response": "Success", "Output": ["", "Subsystem                         Alert Count", "", "0 subsystems"]}
    lines = ["", "Subsystem                         Alert Count", "pjsip                   2", "", "1 subsystems"]
    queues = [
        "",
        "Processor                    Processed   In Queue  Max Depth  Low water High water Low time(us) High time(us)",
        "pjsip/distributor-0000001f           0          0          0        450        500          0          0",
        "pjsip/distributor-00000028        1902        507        511        450        500          0      11353",
        "",
        "2 taskprocessors",
    ]
    assert reading.tasks([quiet], [{"Output": queues}]) == Tasks(0, 507)
    assert reading.tasks([{"Output": lines}], [{"Output": ""}]) == Tasks(2, 0)


def test_what_we_have_measured_of_an_agents_voice() -> None:
    call, channel = CallId("vz-1795322068.0"), "vz-1795322068.0-leg-1"
    assert reading.report(RTCP_SENT) == Report(call, channel, True, jitter_ms=5.0, loss=0.25, rtt_ms=None)


def test_what_the_callers_side_has_measured() -> None:
    event = RTCP_SENT | {"Event": "RTCPReceived", "Uniqueid": "vz-1795322068.0", "RTT": "0.0320", "PT": "201(RR)"}
    assert reading.report(event) == Report(CallId("vz-1795322068.0"), "vz-1795322068.0", False, 5.0, 0.25, 32.0)


@pytest.mark.parametrize("lacks", [{"ReportCount": "0"}, {"Uniqueid": ""}])
def test_a_report_without_a_measurement_or_a_channel_is_no_fact(lacks: dict[str, str]) -> None:
    assert reading.report(RTCP_SENT | lacks) is None
