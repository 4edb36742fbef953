"""Music and announcements to listen to, as the installation offers them and in no other way.

Rule of this file: only for who is signed in, and by names that are offered; browsers may ask for a part.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Response

from engine.terms import own_key
from engine.web.page import CustomerPage, Portal

router = APIRouter(prefix="/listen")
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")
_WAV = "audio/wav"


@router.get("/music/{name}")
async def music(page: Portal, name: str) -> Response:
    """The beginning of the music."""
    return await _played(page, page.web.sounds.play_music, name)


@router.get("/announcement/{name}")
async def announcement(page: Portal, name: str) -> Response:
    """The announcement; one of the customer's own too."""
    if (key := own_key(name)) is not None:
        return _part_of(page, await page.web.announcements.play(page.customer, key, page.identity))
    return await _played(page, page.web.sounds.play_announcement, name)


async def _played(page: CustomerPage, play: Callable[[str], bytes | None], name: str) -> Response:
    sound = await asyncio.to_thread(play, name)
    if sound is None:
        raise HTTPException(404)
    return _part_of(page, sound)


def _part_of(page: CustomerPage, sound: bytes) -> Response:
    """All of it, or the part that was asked for (RFC 9110 §14.2: one range; Safari plays nothing without)."""
    headers = {"Accept-Ranges": "bytes", "Content-Encoding": "identity"}
    asked = _RANGE.fullmatch(page.request.headers.get("range", ""))
    if asked is None:
        return Response(sound, media_type=_WAV, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or len(sound)), len(sound) - 1)
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(sound)}"
    return Response(sound[first : last + 1], 206, headers, _WAV)
