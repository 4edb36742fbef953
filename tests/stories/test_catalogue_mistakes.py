"""Every mistake of a file is named at once, with its line and field, and how to mend it."""

from __future__ import annotations

import pytest

from tests.catalogue import said

MANY = """\
trunks:
  - {name: carrier, match: [10.0.0.5/24, 0.0.0.0/0], number: 5}
agent:
  - login: x
agents:
  - {login: "a b", name: A, groups: [team2]}
  - {login: b, name: B, groups: [team2, teem1], phone: {kind: static}}
  - {name: C}
  - just text
tariffs:
  - name: late
    hours: {mon-fri: ["08:00-7"]}
customers:
  - number: K1
    name: One
    access_numbers: [+4930123450, "030 9"]
    lines: [0800123, "+4912"]
    tarif: always
    tariff: alwys
    wait:
      treatment: ringin
      announce_every: often
    blocked: no
  - {number: K1, name: Again, tariff: late}
  - {number: K2, name: Two, tariff: late, ring_time: 2, max_calls: 0, max_rate: no, name: Zwei}
"""
SAID_OF_MANY = """\
line 2: trunks[carrier].match[0]: '10.0.0.5/24' is no address or network (did you mean the network or one address?): \
write e.g. 192.0.2.1 or 192.0.2.0/24
line 2: trunks[carrier].match[1]: '0.0.0.0/0' is the whole internet: name the carrier's own addresses
line 2: trunks[carrier].number: unknown key, did you mean 'number_from'?
line 3: agent: unknown section, did you mean 'agents'?
line 6: agents[a b].login: write 1 to 40 letters, digits, '.', '_' and '-', beginning with a letter or digit
line 6: agents[a b].groups: there is no group 'team2', did you mean 'team1'?
line 7: agents[b].phone: a static phone needs its uri, e.g. "sip:name@192.0.2.1:5060"
line 7: agents[b].groups: there is no group 'team2', did you mean 'team1'?
line 7: agents[b].groups: there is no group 'teem1', did you mean 'team1'?
line 8: agents[2].login: this is needed here
line 9: agents[3]: write keys and values, e.g. {name: value}
line 12: tariffs[late].hours: '08:00-7' is not a span of time: write it as "08:00-18:00"
line 16: customers[K1].access_numbers[0]: write it in quotes: "+4930123450"
line 17: customers[K1].lines[0]: write it in quotes: "0800123"
line 17: customers[K1].lines[1]: '+4912' is too short or too long for a number of its country
line 18: customers[K1].tarif: unknown key, did you mean 'tariff'?
line 19: customers[K1].tariff: there is no tariff 'alwys', did you mean 'always'?
line 21: customers[K1].wait.treatment: write 'ringing', 'ringing_announced', 'answered' or 'delayed_connect'
line 22: customers[K1].wait.announce_every: write a number
line 23: customers[K1].blocked: write true or false
line 24: customers[K1].number: 'K1' is in line 14 already: write it once
line 25: customers[K2].name: this key is there already: write it once
line 25: customers[K2].ring_time: this must be greater than or equal to 3
line 25: customers[K2].max_calls: this must be greater than or equal to 1
line 25: customers[K2].max_rate: write a number
"""
NOTHING = "line 1: there is nothing to import: write sections, trunks, groups, agents, tariffs, customers"
STATES = (
    "BB, BE, BW, BY, BY-AUGSBURG, BY-PROTESTANT, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, SN-CATHOLIC, ST, TH, "
    "TH-CATHOLIC"
)


def customer(values: str) -> str:
    return f"customers: [{{number: K1, name: One, tariff: always, {values}}}]"


async def test_many_mistakes_in_one_file() -> None:
    assert await said(MANY) == SAID_OF_MANY.splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", NOTHING),
        ("- a", NOTHING),
        ("agents: 5", "line 1: agents: write a list of entries, each with a '-'"),
        (
            "prices: []",
            "line 1: prices: unknown section: write one of trunks, groups, agents, tariffs, customers",
        ),
        ("trunks:\n  - {name: a\n  - [b}", "line 3: this is not YAML: expected ',' or '}', but got '['"),
        ("groups:\n  x: y: z", "line 2: this is not YAML: mapping values are not allowed here"),
        ("a: *b", "line 1: this is not YAML: found undefined alias 'b'"),
        ("groups: []\n---\ngroups: []", "line 2: this is not YAML: but found another document"),
        ("groups: [{name: \x07}]", "line 1: this is not YAML: the character U+0007 is not allowed"),
        ("groups: &g [{name: a}, *g]", "line 1: groups[1]: this contains itself"),
        (
            "groups: [{name: !!python/name:os.system x}]",
            "line 1: groups[x].name: the tag tag:yaml.org,2002:python/name:os.system cannot be used here",
        ),
        ("groups: [{name: a, [b]: c}]", "line 1: groups[a]: a key must be a word"),
        (f"groups: [{{name: {'9' * 5000}}}]", f"line 1: groups[{'9' * 5000}].name: this number is too long"),
        ("groups: [{name: ~}]", "line 1: groups[~].name: write a text"),
    ],
)
async def test_what_is_no_catalogue(text: str, expected: str) -> None:
    assert await said(text) == [expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("access_numbers: ['0309']", [".access_numbers: +49309 is an access number of customer 'K9' already"]),
        ("access_numbers: ['0301', '+49301']", [".access_numbers: +49301 is named twice: write it once"]),
        (
            "access_numbers: [anonymous]",
            [
                ".access_numbers[0]: 'anonymous' is not a telephone number: "
                "write it as +49…, 0049…, 49… or 0…, without (0)"
            ],
        ),
        (
            "lines: [{nummer: '0301'}]",
            [".lines[0].number: this is needed here", ".lines[0].nummer: unknown key, did you mean 'number'?"],
        ),
        (
            "lines: ['0900 1234567'], wait: {treatment: answered}",
            [
                ".wait.treatment: line +499001234567 has the class per_minute, so its callers must not pay while they "
                "wait (TKG § 115): set treatment to delayed_connect instead of answered, or remove the line"
            ],
        ),
        (
            "lines: [{number: '0900 1234567', class: free}]",
            [
                ".lines[0].class: the number's prefix says per_minute, which is stricter than free: leave the class "
                "out, or have the number confirmed in config/number_classes.yaml"
            ],
        ),
        (
            "wait: {max_wait: 121, then: keep}",
            [
                ".wait.max_wait: delayed_connect needs a longest wait of at most 120 seconds, but max_wait is 121: "
                "set max_wait to 120 or less",
                ".wait.then: delayed_connect ends with busy, never with an answer or further waiting, but then is "
                "keep: set then to busy",
            ],
        ),
        ("wait: {announce_every: 0}", [".wait.announce_every: this must be greater than 0"]),
        (
            "wait: {music: ../x}",
            [".wait.music: write its name without ending: 1 to 40 letters, digits, '_' and '-'"],
        ),
        (
            "routing: {groups: [tem1], overflow: {groups: [x]}, overflow_after: 3}",
            [
                ".routing.groups: there is no group 'tem1', did you mean 'team1'?",
                ".routing.overflow.groups: there is no group 'x'",
            ],
        ),
        (
            "routing: {overflow: {skills: [x]}}",
            [".routing: overflow needs overflow_after, the seconds after which the wider circle may answer"],
        ),
        ("state: XX", [f".state: write the code of a state: {STATES}"]),
        ("greeting: ''", [".greeting: write 1 to 2000 printable characters"]),
        (
            "closed_days: [24.12.2026, 5]",
            [".closed_days[0]: write the day as 2026-12-24", ".closed_days[1]: write the day as 2026-12-24"],
        ),
    ],
)
async def test_mistakes_with_a_customer(values: str, expected: list[str]) -> None:
    assert await said(customer(values)) == [f"line 1: customers[K1]{one}" for one in expected]


async def test_own_hours_beyond_the_tariff() -> None:
    own = "hours: {mon: ['07:00-09:00', '17:00-19:00']}"
    assert await said(f"customers: [{{number: K1, name: One, tariff: office, {own}}}]") == [
        "line 1: customers[K1].hours: Monday 07:00-08:00 is outside the tariff's 08:00-18:00",
        "line 1: customers[K1].hours: Monday 18:00-19:00 is outside the tariff's 08:00-18:00",
    ]


async def test_a_tariff_that_customers_of_old_have_outgrown() -> None:
    assert await said("tariffs: [{name: office, hours: {mon: ['08:00-18:00']}}]") == [
        "line 1: tariffs[office].hours: customer 'K9' has own hours beyond it: Tuesday 09:00-17:00 is outside the "
        "tariff, which has no hours on Tuesday"
    ]


async def test_replacing_leaves_nothing_to_refer_to() -> None:
    text = customer("routing: {groups: [team1]}")
    assert await said(text) == []
    assert await said(text, replace=True) == [
        "line 1: customers[K1].tariff: there is no tariff 'always'",
        "line 1: customers[K1].routing.groups: there is no group 'team1'",
    ]


async def test_no_number_leads_back_to_us() -> None:
    targets = "contacts: [{name: E, notify: {mail: [a@b.example]}, transfer: {targets: ['030 23125001']}}]"
    other = "{number: K2, name: Two, tariff: always, access_numbers: ['030 23125001']}"
    text = customer(f"lines: ['030 23125001'], {targets}").rstrip().removesuffix("]")
    assert await said(f"{text}, {other}]") == [
        "line 1: customers[K1].lines[0]: +493023125001 is an access number, to which lines are forwarded: write "
        "the number that callers dial",
        "line 1: customers[K1].contacts[0].transfer.targets[0]: +493023125001 is an access number, so callers "
        "would come back: write the contact's own number",
    ]
