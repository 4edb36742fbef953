"""§5.2.2: working hours, absence that ends by itself, deputies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.directory.contacts import Absence, Contact
from engine.directory.moments import in_utc
from engine.directory.presence import Presence, Why, presence, stands_in
from engine.hours.service import ServiceHours, Week
from engine.hours.spans import parse_week
from tests.rules.weeks import ZONES, berlin, between, moment, service, week

OPEN = ServiceHours(parse_week({"mon-fri": ["08:00-18:00"]}))
MORNINGS = parse_week({"mon-thu": ["09:00-12:00"]})
MEIER = Contact("Meier", hours=MORNINGS)
HOLIDAY = Absence("Urlaub", datetime(2026, 3, 3, 10, 0), datetime(2026, 3, 7, 0, 0))


def at(wall: str, contact: Contact, *others: Contact, service: ServiceHours = OPEN) -> Presence:
    return presence(contact, (contact, *others), service, berlin(wall))


def works(until: str) -> Presence:
    return Presence(True, Why.WORKING, berlin(until))


def off(until: str) -> Presence:
    return Presence(False, Why.OFF_HOURS, berlin(until))


def absent(until: str | None, deputy: str | None = None, *, there: bool = False) -> Presence:
    return Presence(False, Why.ABSENT, berlin(until) if until else None, deputy, there)


@pytest.mark.parametrize(
    ("contact", "wall", "found"),
    [
        (MEIER, "2026-03-02 08:59:59", off("2026-03-02 09:00")),
        (MEIER, "2026-03-02 09:00", works("2026-03-02 12:00")),
        (MEIER, "2026-03-02 12:00", off("2026-03-03 09:00")),
        (Contact("whenever open"), "2026-03-02 12:00", works("2026-03-02 18:00")),
        (Contact("whenever open"), "2026-03-06 18:00", off("2026-03-09 08:00")),
        (Contact("nights", hours=parse_week({"sun": ["22:00-06:00"]})), "2026-03-02 05:00", works("2026-03-02 06:00")),
        (Contact("never", hours=parse_week({})), "2026-03-02 05:00", Presence(False, Why.OFF_HOURS, None)),
    ],
)
def test_5_2_2_working_hours(contact: Contact, wall: str, found: Presence) -> None:
    assert at(wall, contact) == found


@pytest.mark.parametrize(
    ("absence", "wall", "found"),
    [
        (HOLIDAY, "2026-03-02 09:30", works("2026-03-02 12:00")),
        (HOLIDAY, "2026-03-03 09:30", works("2026-03-03 10:00")),
        (HOLIDAY, "2026-03-03 10:00", absent("2026-03-09 09:00")),  # it ends on a Saturday
        (HOLIDAY, "2026-03-06 23:59:59.999999", absent("2026-03-09 09:00")),
        (HOLIDAY, "2026-03-07 00:00", off("2026-03-09 09:00")),
        (replace(HOLIDAY, since=datetime(2026, 3, 3)), "2026-03-02 12:00", off("2026-03-09 09:00")),
        (replace(HOLIDAY, until=datetime(2026, 3, 3, 11)), "2026-03-03 10:59:59", absent("2026-03-03 11:00")),
        (replace(HOLIDAY, until=datetime(2026, 3, 3, 11)), "2026-03-03 11:00", works("2026-03-03 12:00")),
        (replace(HOLIDAY, until=None), "2026-03-04 10:00", absent(None)),
        (replace(HOLIDAY, until=None), "2026-03-02 13:00", off("2026-03-03 09:00")),
        (Absence(), "2026-03-03 10:00", absent(None)),
        (replace(HOLIDAY, until=datetime(2026, 3, 3, 9)), "2026-03-03 09:30", works("2026-03-03 12:00")),
    ],
)
def test_5_2_2_an_absence_begins_and_ends_by_itself(absence: Absence, wall: str, found: Presence) -> None:
    assert at(wall, replace(MEIER, absence=absence)) == found


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-10-25 02:30", "2026-10-25 00:30"),  # comes twice: the first
        ("2026-03-29 02:30", "2026-03-29 01:30"),  # is left out: 03:30
        ("2026-07-01 12:00", "2026-07-01 10:00"),
        ("2026-12-01 12:00", "2026-12-01 11:00"),
    ],
)
def test_moments_on_the_nights_on_which_clocks_are_changed(wall: str, utc: str) -> None:
    moment = in_utc(datetime.fromisoformat(wall), "Europe/Berlin")
    assert (moment, moment.utcoffset()) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), timedelta())


AWAY = Absence("Urlaub")


def away(name: str, deputy: str | None) -> Contact:
    return Contact(name, absence=replace(AWAY, deputy=deputy))


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ([], absent(None)),
        ([Contact("Kurz")], absent(None, "Kurz", there=True)),
        ([Contact("Kurz", hours=MORNINGS)], absent(None, "Kurz")),
        ([away("Kurz", "Lang"), Contact("Lang")], absent(None, "Lang", there=True)),
        ([away("Kurz", None)], absent(None, "Kurz")),
        ([away("Kurz", "Meier")], absent(None, "Kurz")),
        ([away("Kurz", "Kurz")], absent(None, "Kurz")),
        ([away("Kurz", "Lang"), away("Lang", "Kurz")], absent(None, "Lang")),
        ([Contact("Kurz", absence=replace(HOLIDAY, deputy="Lang")), Contact("Lang")], absent(None, "Kurz", there=True)),
    ],
)
def test_5_2_2_a_deputy_who_is_absent_too_has_a_deputy(others: list[Contact], found: Presence) -> None:
    assert at("2026-03-02 14:00", away("Meier", "Kurz"), *others) == found


def test_a_deputy_stands_in_only_while_absent() -> None:
    contact = replace(MEIER, absence=replace(HOLIDAY, deputy="Kurz"))
    assert at("2026-03-02 12:00", contact, Contact("Kurz")) == off("2026-03-03 09:00")


@pytest.mark.parametrize(
    ("absence", "wall", "others", "found"),
    [
        (replace(HOLIDAY, deputy="Kurz"), "2026-03-04 12:00", [Contact("Kurz")], None),
        (replace(HOLIDAY, deputy="Kurz", messages="deputy"), "2026-03-04 12:00", [Contact("Kurz")], ("Kurz",)),
        (replace(HOLIDAY, deputy="Kurz", messages="both"), "2026-03-04 12:00", [Contact("Kurz")], ("Meier", "Kurz")),
        (replace(HOLIDAY, deputy="Kurz", messages="deputy"), "2026-03-03 09:59:59", [Contact("Kurz")], None),
        (replace(HOLIDAY, deputy="Kurz", messages="deputy"), "2026-03-07 00:00", [Contact("Kurz")], None),
        (replace(HOLIDAY, deputy="Kurz", messages="deputy"), "2026-03-04 12:00", [], None),
        (
            replace(AWAY, deputy="Kurz", messages="deputy"), "2026-03-04 12:00",
            [away("Kurz", "Lang"), Contact("Lang")], ("Lang",),
        ),
        (replace(AWAY, deputy="Kurz", messages="both"), "2026-03-04 12:00", [away("Kurz", None)], ("Meier", "Kurz")),
        (None, "2026-03-04 12:00", [Contact("Kurz")], None),
    ],
)  # fmt: skip
def test_5_2_2_the_deputy_gets_messages_while_the_contact_is_away_and_wishes_so(
    absence: Absence | None, wall: str, others: list[Contact], found: tuple[str, ...] | None
) -> None:
    contact = replace(MEIER, absence=absence)
    assert stands_in(contact, [contact, *others], OPEN.zone, berlin(wall)) == found


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        presence(MEIER, (), OPEN, datetime(2026, 3, 2))


ENDS = st.one_of(st.none(), moment().map(lambda at: at.replace(tzinfo=None)))


@settings(max_examples=300)
@given(
    service(), st.one_of(st.none(), week()), st.one_of(st.none(), st.builds(Absence, since=ENDS, until=ENDS)), moment()
)
def test_presence_stays_until_it_changes(
    hours: ServiceHours, own: Week | None, absence: Absence | None, now: datetime
) -> None:
    contact = Contact("Meier", hours=own, absence=absence)

    def is_present(moment: datetime) -> bool:
        return presence(contact, (), hours, moment).present

    found = presence(contact, (), hours, now)
    assert {is_present(moment) for moment in between(now, found.until, 14_421)} == {found.present}
    assert found.until is None or is_present(found.until) is not found.present


@given(moment(), st.sampled_from(ZONES))
def test_an_absence_holds_up_to_the_very_moment(until: datetime, zone: str) -> None:
    wall = until.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    always = ServiceHours(parse_week({"mon-sun": ["00:00-24:00"]}), zone=zone)
    contact = Contact("Meier", absence=Absence(until=wall))
    end = in_utc(wall, zone)
    before = presence(contact, (), always, end - timedelta(microseconds=1))
    assert before == Presence(False, Why.ABSENT, end)
    assert presence(contact, (), always, end) == Presence(True, Why.WORKING, None)


@pytest.mark.parametrize("since", [None, datetime(1, 1, 1), datetime(2026, 3, 3), datetime(9999, 12, 31, 23, 59)])
@pytest.mark.parametrize("until", [None, datetime(1, 1, 1), datetime(2026, 3, 3), datetime(9999, 12, 31, 23, 59)])
@pytest.mark.parametrize("hours", [None, MORNINGS, parse_week({"mon-sun": ["00:00-24:00"]})])
def test_an_absence_to_the_ends_of_time_can_be_reckoned_with(
    since: datetime | None, until: datetime | None, hours: Week | None
) -> None:
    contact = Contact("Meier", hours=hours, absence=Absence("Urlaub", since, until))
    begun = since is None or since.year < 2027
    assert (at("2026-03-03 10:00", contact).why is Why.ABSENT) == (begun and (until is None or until.year == 9999))
