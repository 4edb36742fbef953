"""Mistakes with agents, their phones and trunks: above all what must not reach a switch's configuration."""

from __future__ import annotations

import pytest

from tests.catalogue import said


def agent(values: str) -> str:
    return f"agents: [{{login: a, name: A, {values}}}]"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("skills: german", ".skills: write a list, e.g. [one, two]"),
        ("skills: [1]", '.skills[0]: write it in quotes: "1"'),
        ("state: ready", ".state: unknown key"),
        ("phone: x", ".phone: write keys and values, e.g. {name: value}"),
        ("phone: {kind: mobile}", ".phone.kind: write 'registered', 'static' or 'browser'"),
        (
            "phone: {kind: registered, password: short}",
            ".phone.password: write 8 to 128 printable ASCII characters, without blanks around them",
        ),
        (
            'phone: {kind: browser, uri: "sip:a@192.0.2.1"}',
            ".phone: a browser phone tells its address by registering: leave the uri out",
        ),
        (
            'phone: {kind: static, uri: "sip:a@192.0.2.1", password: long-enough}',
            ".phone: a static phone does not register: leave the password out",
        ),
    ],
)
async def test_mistakes_with_an_agent(values: str, expected: str) -> None:
    assert await said(agent(values)) == [f"line 1: agents[a]{expected}"]


async def test_the_login_of_the_test_phone_is_taken() -> None:
    assert await said("agents: [{login: TestCall, name: A}]") == [
        "line 1: agents[TestCall].login: 'TestCall' is taken by the phone that places test calls: choose another"
    ]


@pytest.mark.parametrize(
    "uri",
    [
        "tel:+49301",
        "sips:a@192.0.2.1",
        "sip:a@192.0.2.1\\n[evil]",
        "sip:a@192.0.2.1;user=phone",
        "sip:a@192.0.2.1;transport=ws",
        "sip:a@192.0.2.1, sip:b@192.0.2.1",
        "sip:a b@192.0.2.1",
        "sip:a:secret@192.0.2.1",
        "sip:a@192.0.2.1:65536",
        "sip:a@192.0.2.1:0",
        "sip:a@",
        "sip:a@192.0.2.1>",
        "sip:a@192.0.2.1?Replaces=1",
        "sip:${EXTEN}@192.0.2.1",
        "sip:a@192.0.2.1/path",
        "sip:ä@192.0.2.1",
    ],
)
async def test_addresses_that_say_more_than_an_address(uri: str) -> None:
    assert await said(agent(f'phone: {{kind: static, uri: "{uri}"}}')) == [
        'line 1: agents[a].phone.uri: write e.g. "sip:name@192.0.2.1:5060", at most with ;transport=udp, tcp or tls '
        "after it"
    ]


@pytest.mark.parametrize("uri", ["sip:192.0.2.1", "sip:a.b-c@phone.example:5061;transport=tcp", "sip:a@[2001:db8::1]"])
async def test_addresses_that_are_right(uri: str) -> None:
    assert await said(agent(f'phone: {{kind: static, uri: "{uri}"}}')) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("match: [198.51.100.7]", ".match: trunk 'old' has 198.51.100.0/24 already"),
        ("match: []", ": the trunk needs match (the carrier's addresses) or registrar, user and password"),
        ("registrar: 'sip:c.example', user: '49'", ".password: a trunk with a user needs its password"),
        ("registrar: 'sip:c.example'", ": to register, the trunk needs its user with the carrier: write user too"),
        (
            "match: ['2001:db8::1'], password: x",
            ": the password is the user's: write user too, or leave the password out",
        ),
        (
            "match: ['2001:db8::1'], user: me, password: x",
            ": the user is for registering or dialling out: write registrar or outbound too, or leave it out",
        ),
        (
            "match: ['2001:db8::1'], outbound: {priority: 1}",
            ': to dial out, the trunk needs where calls go: write outbound: {uri: "sip:carrier.example"}',
        ),
        (
            "outbound: {priority: 1, uri: 'sip:c.example', auth_user: me}",
            ": from_account and auth_user need the trunk's user with the carrier: write user too",
        ),
        (
            "outbound: {priority: 1, uri: 'sip:c.example'}, user: me",
            ".password: a trunk with a user needs its password",
        ),
        (
            "match: ['2001:db8::1'], outbound: {priority: 100}",
            ".outbound.priority: this must be less than or equal to 99",
        ),
        (
            "match: ['2001:db8::1'], outbound: {numbers: e164}",
            ".outbound.numbers: write 'plus', 'zeros', 'national' or 'bare'",
        ),
        (
            "match: ['2001:db8::1'], outbound: {from_host: 'c.example:5060'}",
            ".outbound.from_host: write a host name or an address alone",
        ),
        (
            "match: [carrier.example]",
            ".match[0]: 'carrier.example' is no address or network: write e.g. 192.0.2.1 or 192.0.2.0/24",
        ),
        ("match: [192.0.2.1], max_calls: 1.5", ".max_calls: write a whole number"),
        ("match: [192.0.2.1], max_rate: 0", ".max_rate: this must be greater than 0"),
        (
            "match: [192.0.2.1], number_from: from",
            ".number_from: write 'request_uri', 'to' or 'p_called_party_id'",
        ),
    ],
)
async def test_mistakes_with_a_trunk(values: str, expected: str) -> None:
    assert await said(f"trunks: [{{name: new, {values}}}]") == [f"line 1: trunks[new]{expected}"]
