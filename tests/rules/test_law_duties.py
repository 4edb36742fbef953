"""L1 to L5: what a line's class asks for, and what a caller must hear first (TKG § 115)."""

import pytest

from engine.call import commands as c
from engine.call import events as e
from engine.law.classes import ClassRule
from engine.law.duties import Duty, Explanation, duties, explain_class, must_announce
from engine.ports import Line
from engine.terms import E164, NumberClass, PlayId, Treatment
from sounds.build import texts
from tests.catalogue import CLASSES
from tests.rules.calls import arriving, found, plan, refused_announcement, told, walk


def lines(*classes: NumberClass) -> list[Line]:
    return [Line(E164(f"+4918{n}"), number_class) for n, number_class in enumerate(classes)]


def test_every_class_has_its_duties() -> None:
    strict = (Duty.ANNOUNCEMENT, Duty.DELAYED_CONNECT, Duty.NO_PUT_THROUGH)
    assert {number_class: duties(number_class) for number_class in NumberClass} == {
        NumberClass.FREE: (),
        NumberClass.GEOGRAPHIC: (),
        NumberClass.MOBILE: (),
        NumberClass.FIXED_PRICE: (Duty.ANNOUNCEMENT,),
        NumberClass.BUDGET_30S: (Duty.ANNOUNCEMENT, Duty.FREE_WITHIN_30S),
        NumberClass.PER_MINUTE: strict,
        NumberClass.UNKNOWN: strict,
    }


def test_a_number_is_explained_with_its_paragraph() -> None:
    assert explain_class(E164("+491806123456"), CLASSES) == Explanation(
        ClassRule("+491806", NumberClass.FIXED_PRICE, "0180-6", "TKG § 115 (1) no. 4"), (Duty.ANNOUNCEMENT,)
    )


@pytest.mark.parametrize(
    ("classes", "sound"),
    [
        ([], None),
        ([NumberClass.GEOGRAPHIC, NumberClass.MOBILE, NumberClass.FREE], None),
        ([NumberClass.GEOGRAPHIC, NumberClass.FIXED_PRICE], "fixed-price"),
        ([NumberClass.BUDGET_30S], "waiting-is-free"),
        ([NumberClass.PER_MINUTE], "waiting-is-free"),
        ([NumberClass.UNKNOWN], "waiting-is-free"),
        ([NumberClass.FIXED_PRICE, NumberClass.PER_MINUTE, NumberClass.FREE], "waiting-is-free"),
    ],
)
def test_l5_the_strictest_line_says_what_is_announced(classes: list[NumberClass], sound: str | None) -> None:
    assert must_announce(lines(*classes)) == sound


def test_l5_the_announcements_exist_in_every_language() -> None:
    needed = {must_announce(lines(number_class)) for number_class in NumberClass} - {None}
    assert needed == {"fixed-price", "waiting-is-free"}
    assert {f"{language}/{name}" for language in ("de", "en") for name in needed} <= texts().keys()


WATCH = c.StartTimer(c.Timer.ANNOUNCE, 120.0)
FIRST, SECOND = PlayId("call-play-1"), PlayId("call-play-2")
AGREED = plan(Treatment.ANSWERED, notice="fixed-price", greeting="welcome")
GREETING = [c.Announce(SECOND, "welcome"), WATCH]
MUSIC = [c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]


def test_l5_the_notice_comes_before_greeting_and_music() -> None:
    call, orders = walk(arriving(), found(AGREED))
    assert told(orders)[:3] == [c.Answer(), c.Announce(FIRST, "fixed-price"), WATCH]
    call, orders = walk(call, e.AnnouncementEnded(FIRST))
    assert told(orders) == GREETING
    call, orders = walk(call, e.AnnouncementEnded(SECOND))
    assert told(orders) == MUSIC
    call, orders = walk(call, e.TimerFired(c.Timer.ANNOUNCE), e.AnnouncementEnded(PlayId("call-play-3")))
    assert told(orders) == MUSIC


def test_l5_a_notice_that_cannot_be_played_or_never_ends_gives_way_to_the_greeting() -> None:
    call, _ = walk(arriving(), found(AGREED))
    assert told(walk(call, refused_announcement(FIRST))[1]) == GREETING
    assert told(walk(call, e.TimerFired(c.Timer.ANNOUNCE))[1]) == [c.StopAnnouncement(FIRST), *GREETING]


def test_l5_ringing_alone_has_no_media_to_announce_in() -> None:
    _, orders = walk(arriving(), found(plan(Treatment.RINGING, notice="fixed-price")))
    assert told(orders)[0] == c.Ring()
    assert [order for order in orders if isinstance(order, c.Announce)] == []
