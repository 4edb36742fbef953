"""Mistakes with contacts, company data, VIP notes, answers and shown numbers: each at its field, with its mending."""

from __future__ import annotations

import pytest

from tests.catalogue import said

NOBODY = (
    ".contacts[0].notify: a contact needs at least one way to get messages: "
    "enter mail, sms, pushover or fax, and not off"
)


def customer(values: str) -> str:
    return f"customers: [{{number: K1, name: One, tariff: always, {values}}}]"


def contact(values: str) -> str:
    return f"contacts: [{{name: Eva Brandt, notify: {{mail: [eva@brandt.example]}}, {values}}}]"


def notified(values: str) -> str:
    return f"contacts: [{{name: Eva Brandt, notify: {{{values}}}}}]"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("contacts: [{name: Eva}]", [".contacts[0].notify: this is needed here"]),
        ("contacts: [Eva]", [".contacts[0]: write keys and values, e.g. {name: value}"]),
        (notified(""), [NOBODY]),
        (notified("mail: [eva@brandt.example], fax: '030 23125009', off: [fax, mail]"), [NOBODY]),
        (
            notified("mail: [eva@brandt.example], off: [letter]"),
            [".contacts[0].notify.off[0]: write 'fax', 'mail', 'pushover' or 'sms'"],
        ),
        (
            notified("mail: [a@b.example, b@b.example, c@b.example]"),
            [".contacts[0].notify.mail: there can be 2 at most"],
        ),
        (
            notified("mail: [eva, eva@localhost, 'Eva <eva@brandt.example>', \"a@b.example\\nBcc: c@d.example\"]"),
            [
                f".contacts[0].notify.mail[{n}]: {written!r} is no mail address: write e.g. name@business.example"
                for n, written in enumerate(
                    ["eva", "eva@localhost", "Eva <eva@brandt.example>", "a@b.example\nBcc: c@d.example"]
                )
            ],
        ),
        (
            notified("sms: '030 23125001'"),
            [".contacts[0].notify.sms: +493023125001 is no German mobile number: write e.g. 0171 3920001"],
        ),
        (
            notified("sms: '+43 664 1234567'"),
            [".contacts[0].notify.sms: +436641234567 is no German mobile number: write e.g. 0171 3920001"],
        ),
        *(
            (
                notified(f"fax: '{number}'"),
                [f".contacts[0].notify.fax: {number} is no German landline: write e.g. 030 23125001"],
            )
            for number in ("+491713920001", "+4318901234", "+499001234567")
        ),
        (
            notified("pushover: {user: abc, level: loud, retry: 29, expire: 10801}"),
            [
                ".contacts[0].notify.pushover.user: write the user key, 30 letters and digits",
                ".contacts[0].notify.pushover.level: write 'normal', 'high' or 'emergency'",
                ".contacts[0].notify.pushover.retry: this must be greater than or equal to 30",
                ".contacts[0].notify.pushover.expire: this must be less than or equal to 10800",
            ],
        ),
        (
            contact("hidden: [name]"),
            [".contacts[0].hidden[0]: write 'department', 'fax', 'mail', 'phone', 'position' or 'tasks'"],
        ),
        (
            contact("phone: '030 1'"),
            [".contacts[0].phone: '+49301' is too short or too long for a number of its country"],
        ),
        (
            contact("absence: {since: 24.12.2026, until: '2026-13-01 08:00'}"),
            [
                '.contacts[0].absence.since: write day and time as "2026-12-24 08:00"',
                '.contacts[0].absence.until: write day and time as "2026-12-24 08:00"',
            ],
        ),
        (
            contact("absence: {messages: both}"),
            [".contacts[0].absence.messages: there is no deputy to get the messages: name one, or write 'contact'"],
        ),
        (
            contact("absence: {deputy: 7, messages: both}"),
            ['.contacts[0].absence.deputy: write it in quotes: "7"'],
        ),
        (
            contact("absence: {deputy: Eva, messages: nobody}"),
            [".contacts[0].absence.messages: write 'contact', 'deputy' or 'both'"],
        ),
        (
            contact("absence: {since: '2026-12-24 08:00', until: '2026-12-24 08:00'}"),
            [".contacts[0].absence.until: until must be later than since"],
        ),
        (
            notified("sms: '0171 3920001', digest: {at: '18:00'}"),
            [
                ".contacts[0].notify.digest: the daily summary goes by mail: enter an address at mail, or leave it out",
            ],
        ),
        (
            notified("mail: [a@b.example], digest: {at: 18 Uhr, days: weekdays}"),
            [
                ".contacts[0].notify.digest.at: '18 Uhr' is no time of day: write e.g. \"18:00\"",
                ".contacts[0].notify.digest.days: write 'working' or 'daily'",
            ],
        ),
        ("digest: {at: 1800}", ['.digest.at: write it in quotes: "1800"', ".digest.mail: this is needed here"]),
        (
            contact("transfer: {targets: ['030 23125001', {number: '0171 3920001', ring_time: 4, used: no}]}"),
            [
                ".contacts[0].transfer.targets[1].ring_time: this must be greater than or equal to 5",
                ".contacts[0].transfer.targets[1].used: unknown key, did you mean 'use'?",
            ],
        ),
        (
            "contacts: [{name: E, notify: {mail: [a@b.example]}}, {name: E, notify: {mail: [a@b.example]}}]",
            [".contacts: E is named twice: write it once"],
        ),
    ],
)
async def test_mistakes_with_a_contact(values: str, expected: list[str]) -> None:
    assert await said(customer(values)) == [f"line 1: customers[K1]{one}" for one in expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            "company: {web: 'javascript:alert(1)', vat_id: 123 456, mail: x, registered: HRB 1}",
            [
                '.company.web: write e.g. "www.business.example" or "https://business.example/contact"',
                ".company.mail: 'x' is no mail address: write e.g. name@business.example",
                '.company.vat_id: write it as "DE123456789"',
                ".company.registered: unknown key, did you mean 'register'?",
            ],
        ),
        ("faq: [{heading: Wo?}]", [".faq[0].text: this is needed here"]),
        ("faq: [{heading: Wo?, text: Da}" + ", {heading: Wo?, text: Da}" * 5 + "]", [".faq: there can be 5 at most"]),
        (
            "vip_notes: [{who: Herr Kern, message: Ja, since: '2026-12-24 08:00', until: '2026-12-23 08:00'}]",
            [".vip_notes[0].until: until must be later than since"],
        ),
        (
            "vip_notes: [{who: A, message: B}" + ", {who: A, message: B}" * 5 + "]",
            [".vip_notes: there can be 5 at most"],
        ),
        ("shown_numbers: ['030 23125001']", [".shown_numbers[0]: write keys and values, e.g. {name: value}"]),
        ("shown_numbers: [{number: '030 23125001'}]", [".shown_numbers[0].right: this is needed here"]),
        (
            "back_from: '2026-12-24 08:00', back_from_text: soon",
            [".back_from_text: write back_from or back_from_text, not both"],
        ),
        ("back_from: 2026-12-24", ['.back_from: write day and time as "2026-12-24 08:00"']),
        ("live_since: yesterday", [".live_since: write the day as 2026-12-24"]),
    ],
)
async def test_mistakes_with_what_agents_tell(values: str, expected: list[str]) -> None:
    assert await said(customer(values)) == [f"line 1: customers[K1]{one}" for one in expected]


TEAM = """\
customers:
  - number: K1
    name: One
    tariff: always
    lines: ["0180 5123456", "030 23125001"]
    contacts:
      - {name: Eva, notify: {pushover: {user: uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu, next: Ida}}, absence: {deputy: Eva}}
      - {name: Ida, notify: {pushover: {user: uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu, next: Jan}}, absence: {deputy: Ewa}}
      - {name: Jan, notify: {pushover: {user: uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu, next: Eva}}}
      - {name: Kim, notify: {mail: [a@b.example], pushover: {user: uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu, next: Ole}}}
      - name: Ole
        notify: {mail: [a@b.example]}
        transfer: {targets: ["030 23125002", {number: "0900 1234567", use: false}, "0171 3920001"]}
    shown_numbers: [{number: "030 23125001", right: Own line}, {number: "0137 1234567", right: None}]
"""


async def test_what_contacts_say_about_each_other_and_the_law_about_them() -> None:
    assert await said(TEAM) == [
        "line 7: customers[K1].contacts[0].absence.deputy: 'Eva' is the contact itself: name another",
        "line 7: customers[K1].contacts[0].notify.pushover.next: the alarms would go round for ever "
        "(Eva, Ida, Jan, Eva): let one of them have no next",
        "line 8: customers[K1].contacts[1].absence.deputy: there is no contact 'Ewa', did you mean 'Eva'?",
        "line 10: customers[K1].contacts[3].notify.pushover.next: contact 'Ole' has no Pushover in use, so nobody "
        "would be alarmed: choose another",
        "line 13: customers[K1].contacts[4].transfer: contact 'Ole' has transfer targets in use (+493023125002, "
        "+491713920001), but callers of +491805123456 (per_minute) would pay while they are put through (TKG § 115): "
        "switch the targets off, or remove the lines",
        "line 13: customers[K1].contacts[4].transfer.targets[1].number: +499001234567 is never dialled by us (110, "
        "112, 0137, 0900, 118xy): write another number",
        "line 14: customers[K1].shown_numbers[1].number: +491371234567 may not be shown on calls (110, 112, 0137, "
        "0900, 118xy; TKG § 120): remove it, or enter a geographic, mobile or free number that the customer may use",
    ]
