"""What a listener would say about the sound of a call: nothing, silence, ring tone, a voice, music.

Rule: it judges by level and by tone; our own phones "speak" by sending a tone that no announcement contains.
"""

from __future__ import annotations

import math

from pbx.phone.call import Call
from pbx.phone.errors import NotInTime
from pbx.phone.heard import Heard

CALLER_HZ, AGENT_HZ = 440, 620
"""The voices of the demonstration's phones."""
RING_TONE_HZ = 425
AUDIBLE = -50.0
"""dBFS: quieter than any announcement, louder than line noise."""
_VOICES = {CALLER_HZ: "the caller", AGENT_HZ: "the agent", RING_TONE_HZ: "ring tone"}
_MOSTLY = 0.7
"""Share of the energy that makes a tone the sound."""


def impression(heard: Heard) -> str:
    """What was heard in the last 0.2 s, e.g. `ring tone at -20 dBFS`."""
    level = heard.level(0.2)
    if level == -math.inf:
        return "nothing"
    if level < AUDIBLE:
        return "silence"
    named = (name for hz, name in _VOICES.items() if heard.tone_share(hz) > _MOSTLY)
    return f"{next(named, 'music or speech')} at {level:.0f} dBFS"


async def note_first_sound(call: Call, within: float) -> None:
    """Note as the fact `hears` what the first audible sound is; nothing is noted if none comes in time."""
    try:
        await call.hears(min_dbfs=AUDIBLE, within=within)
    except NotInTime:
        return
    call.note("hears", impression(call.heard))
