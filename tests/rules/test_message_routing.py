"""Who gets a message by what, and who is alarmed next (§5.2.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.routing import Reach, Way, next_alarm, recipients
from engine.message.states import Means

EVA_MAIL, EVA_SMS = Way(Means.MAIL, "eva@korn.example"), Way(Means.SMS, "+491713920001")
MAX_MAIL, MAX_FAX = Way(Means.MAIL, "max@korn.example"), Way(Means.FAX, "+493012345")
IDA_MAIL = Way(Means.MAIL, "Eva@Korn.example")
EVA, MAX, IDA = Reach("Eva", (EVA_MAIL, EVA_SMS)), Reach("Max", (MAX_MAIL, MAX_FAX)), Reach("Ida", (IDA_MAIL,))
ALL = (EVA, MAX, IDA)
NAMES = ["Eva", "Max", "Ida", "Jan"]


def alarm(name: str, then: str | None = None, stands_in: tuple[str, ...] | None = None, key: str = "") -> Reach:
    """A contact with Pushover, and who is alarmed after it."""
    options = {"level": "emergency", "retry": 60, "expire": 300, "next": then}
    return Reach(name, (Way(Means.PUSHOVER, key or f"u{name}", options),), stands_in)


def away(contact: Reach, *stand_in: str) -> Reach:
    return Reach(contact.name, contact.ways, stand_in)


def test_5_2_3_a_contact_gets_it_over_every_option() -> None:
    assert recipients(ALL, "Max") == [("Max", MAX_MAIL), ("Max", MAX_FAX)]


def test_what_is_for_everybody_goes_to_each_address_once() -> None:
    everybody = [("Eva", EVA_MAIL), ("Eva", EVA_SMS), ("Max", MAX_MAIL), ("Max", MAX_FAX)]
    assert recipients(ALL, None) == everybody, "Ida's address is Eva's, written with capitals"
    assert recipients(ALL, "Jan, who is gone") == everybody


def test_5_2_2_the_deputy_gets_it_instead_or_too() -> None:
    eva, maxs = [("Eva", EVA_MAIL), ("Eva", EVA_SMS)], [("Max", MAX_MAIL), ("Max", MAX_FAX)]
    assert recipients((away(EVA, "Max"), MAX), "Eva") == maxs
    assert recipients((away(EVA, "Eva", "Max"), MAX), "Eva") == eva + maxs
    assert recipients((away(EVA, "Max"), MAX), "Max") == maxs
    assert recipients((away(EVA, "Max"), MAX), None) == maxs, "what is for all is not for her who is away"


@pytest.mark.parametrize("stand_in", [(), ("Jan",)])
def test_who_is_gone_stands_in_for_nobody(stand_in: tuple[str, ...]) -> None:
    assert recipients((away(EVA, *stand_in), MAX), "Eva") == [("Eva", EVA_MAIL), ("Eva", EVA_SMS)]


def test_who_cannot_be_reached_stands_in_for_nobody() -> None:
    assert recipients((away(EVA, "Max"), Reach("Max", ())), "Eva") == [("Eva", EVA_MAIL), ("Eva", EVA_SMS)]


def test_the_same_address_by_two_means_is_two_ways() -> None:
    text, page = Way(Means.SMS, "+491713920001"), Way(Means.FAX, "+491713920001")
    assert recipients((Reach("Eva", (text, page)),), None) == [("Eva", text), ("Eva", page)]


def test_5_2_3_3_after_who_has_not_acknowledged_comes_the_next_until_the_chain_ends() -> None:
    chain = (alarm("Eva", "Max"), alarm("Max", "Ida"), alarm("Ida"))
    alarmed: list[str] = ["Eva"]
    while (found := next_alarm(chain, alarmed[-1], alarmed)) is not None:
        alarmed.append(found[0])
        assert found[1].options["level"] == "emergency"
    assert alarmed == ["Eva", "Max", "Ida"]


def test_a_chain_that_comes_back_ends() -> None:
    ring = (alarm("Eva", "Max"), alarm("Max", "Eva"))
    assert next_alarm(ring, "Max", ["Eva", "Max"]) is None
    assert next_alarm((alarm("Eva", "Eva"),), "Eva", ["Eva"]) is None


def test_who_was_alarmed_already_is_passed_over() -> None:
    chain = (alarm("Eva", "Max"), alarm("Max", "Ida"), alarm("Ida"))
    assert next_alarm(chain, "Eva", ["Eva", "Max"]) == ("Ida", chain[2].ways[0])


def test_the_same_telephone_under_another_name_is_passed_over() -> None:
    chain = (alarm("Eva", "Max"), alarm("Max", "Ida", key="uEva"), alarm("Ida"))
    assert next_alarm(chain, "Eva", ["Eva"]) == ("Ida", chain[2].ways[0])


def test_who_has_no_pushover_any_more_ends_the_chain() -> None:
    assert next_alarm((alarm("Eva", "Max"), MAX), "Eva", ["Eva"]) is None
    assert next_alarm((alarm("Eva", "Jan"), MAX), "Eva", ["Eva"]) is None
    assert next_alarm((EVA, MAX), "Eva", ["Eva"]) is None
    assert next_alarm((alarm("Max"),), "Eva, who is gone", []) is None


def test_the_chain_of_who_is_gone_or_renamed_goes_on_with_whom_it_had_named() -> None:
    chain = (alarm("Eva-Maria", "Max"), alarm("Max", "Ida"), alarm("Ida"))
    assert next_alarm(chain, "Eva", ["Eva"], "Eva", "Max") == ("Max", chain[1].ways[0])
    assert next_alarm(chain, "Eva", ["Eva", "Max"], "Eva", "Max") == ("Ida", chain[2].ways[0])
    assert next_alarm(chain, "Eva", ["Eva"], "Eva", "Jan, who is gone") is None
    assert next_alarm(chain, "Ida", ["Ida"], None, "Max") is None, "what is entered now counts"


def test_5_2_2_for_the_next_who_is_away_the_deputy_is_alarmed_if_there_is_pushover() -> None:
    chain = (alarm("Eva", "Max"), alarm("Max", "Eva", ("Ida",)), alarm("Ida"))
    assert next_alarm(chain, "Eva", ["Eva"]) == ("Ida", chain[2].ways[0])
    without = (alarm("Eva", "Max"), alarm("Max", "Eva", ("Ida",)), IDA)
    assert next_alarm(without, "Eva", ["Eva"]) == ("Max", without[1].ways[0])


def test_5_2_2_after_the_deputy_comes_whom_the_contact_has_named() -> None:
    contacts = (alarm("Eva", "Ida", ("Max",)), alarm("Max"), alarm("Ida", "Eva"))
    assert recipients(contacts, "Eva") == [("Max", contacts[1].ways[0])]
    assert next_alarm(contacts, "Max", ["Max"], "Eva") == ("Ida", contacts[2].ways[0])
    assert next_alarm(contacts, "Max", ["Max"]) is None, "what was for Max is none of Ida's business"
    assert next_alarm(contacts, "Ida", ["Max", "Ida"], "Eva") is None, "Eva is away"
    assert next_alarm(contacts, "Max", ["Max"], "Eva, who is gone") is None


KEYS = st.sampled_from(["a", "b", "c"])
WAYS = st.builds(Way, st.sampled_from(Means), KEYS, st.fixed_dictionaries({"next": st.none() | st.sampled_from(NAMES)}))
REACHES = st.lists(
    st.builds(
        Reach,
        st.sampled_from(NAMES),
        st.lists(WAYS, min_size=1, max_size=4).map(tuple),
        st.none() | st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    ),
    min_size=1,
    unique_by=lambda one: one.name,
)


@given(REACHES, st.none() | st.sampled_from(NAMES))
def test_no_message_is_without_a_recipient_and_none_gets_it_twice(contacts: list[Reach], chosen: str | None) -> None:
    found = recipients(contacts, chosen)
    ways = [(way.means, way.address) for _, way in found]
    assert found and len(ways) == len(set(ways))
    assert all(way in one.ways for name, way in found for one in contacts if one.name == name)


@given(REACHES, st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES))
def test_a_chain_always_ends_and_alarms_nobody_twice(contacts: list[Reach], first: str, chosen: str | None) -> None:
    ways = [way for one in contacts if one.name == first for way in one.ways]
    alarmed, keys = [first], {way.address for way in ways if way.means is Means.PUSHOVER}
    while (found := next_alarm(contacts, alarmed[-1], alarmed, chosen)) is not None:
        name, way = found
        assert name not in alarmed and way.address not in keys and way.means is Means.PUSHOVER
        alarmed.append(name)
        keys.add(way.address)
