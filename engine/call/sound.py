"""What the waiting caller hears next (§2.2, §5.7).

Rule of this file: what the law wants said (L5) and the greeting announcement once, then music; every N seconds an
interim announcement in its place, then music again. `ringing` is the exception: a bare 180 from beginning to end. Who
comes back from a talk was answered, however he waited before: sounds go by that, and not by the treatment alone.
"""

from __future__ import annotations

from engine.call.commands import (
    Announce,
    Answer,
    Command,
    Note,
    PlayMusic,
    Progress,
    Ring,
    StartTimer,
    StopAnnouncement,
    StopMusic,
    StopTimer,
    Timer,
)
from engine.call.plan import RINGTONE, WaitPlan
from engine.call.state import Call, replace
from engine.terms import PlayId, Treatment

LONGEST_ANNOUNCEMENT = 120.0
"""Seconds after which an announcement whose end was never told gives way to music."""
ALL_BUSY = "all-busy"
_OPENING: dict[Treatment, Command] = {
    Treatment.RINGING: Ring(),
    Treatment.RINGING_ANNOUNCED: Progress(),
    Treatment.ANSWERED: Answer(),
    Treatment.DELAYED_CONNECT: Progress(),
}


def begin(call: Call) -> tuple[Call, list[Command]]:
    """The first thing that a waiting caller hears."""
    wait = call.settings.wait
    opening = [_OPENING[wait.treatment]]
    if wait.treatment is Treatment.RINGING:
        return call, opening
    call, sounds = onward(call)
    return call, opening + sounds


def onward(call: Call) -> tuple[Call, list[Command]]:
    """What follows when nothing plays any more: the next of the opening announcements, after them music.

    They are the first that a call plays, so the count of all says which is next.
    """
    opening = call.settings.wait.opening
    return announce(call, opening[call.plays]) if call.plays < len(opening) else music(call)


def music(call: Call) -> tuple[Call, list[Command]]:
    """Music until the next interim announcement is due; where nothing but ringing was wanted, that alone."""
    wait, ringing = call.settings.wait, call.settings.wait.treatment is Treatment.RINGING
    heard = RINGTONE if ringing else wait.heard
    orders: list[Command] = [PlayMusic(heard), Note("music", heard)]
    every = wait.announce_every if wait.announcements and not ringing else None
    orders.append(StartTimer(Timer.ANNOUNCE, every) if every else StopTimer(Timer.ANNOUNCE))
    return replace(call, music=True, playing=None), orders


def again(call: Call) -> tuple[Call, list[Command]]:
    """The waiting sounds anew: nobody knows which of them plays, or the caller has talked meanwhile.

    Who was answered cannot be sent a ring: he hears one.
    """
    treatment = call.settings.wait.treatment
    if treatment is Treatment.RINGING and not call.answered_at:
        return call, [Ring()]
    orders: list[Command] = [StopAnnouncement(call.playing)] if call.playing else []
    if not call.first_media_at:
        orders.append(_OPENING[treatment])
    call, sounds = music(call)
    return call, orders + sounds


def announce(call: Call, sound: str) -> tuple[Call, list[Command]]:
    """One announcement in place of the music."""
    play = PlayId(f"{call.id}-play-{call.plays + 1}")
    orders: list[Command] = [StopMusic()] if call.music else []
    orders += [Announce(play, sound), StartTimer(Timer.ANNOUNCE, LONGEST_ANNOUNCEMENT), Note("announcement", sound)]
    return replace(call, playing=play, plays=call.plays + 1, music=False), orders


def interim(call: Call) -> tuple[Call, list[Command]]:
    """The next of the interim announcements, in turn."""
    wait: WaitPlan = call.settings.wait
    sound = wait.announcements[call.announced % len(wait.announcements)]
    return announce(replace(call, announced=call.announced + 1), sound)


def hush(call: Call) -> tuple[Call, list[Command]]:
    """Silence, at once: the agent is there, or the caller is to hear something else."""
    orders: list[Command] = [StopTimer(Timer.ANNOUNCE)]
    if call.playing:
        orders.append(StopAnnouncement(call.playing))
    if call.music:
        orders.append(StopMusic())
    return replace(call, playing=None, music=False), orders


def give_way(call: Call) -> tuple[Call, list[Command]]:
    """The agent is there: the caller is answered, if that is still to be done, and the waiting sounds end.

    An announcement is cut off before the answer, for a switch may hold the answer back until the sound has ended;
    music is stopped after it, for nothing must delay the answer.
    """
    cut: list[Command] = [StopAnnouncement(call.playing)] if call.playing else []
    answer: list[Command] = [] if call.answered_at else [Answer()]
    stop: list[Command] = [StopMusic()] if call.music else []
    return replace(call, playing=None, music=False), [*cut, *answer, *stop, StopTimer(Timer.ANNOUNCE)]
