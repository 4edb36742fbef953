"""What only another customer has, and how to find it in whatever a page or a program is told."""

from __future__ import annotations

import re

SAME = "Eva Gleich"
"""A contact whom both customers have."""
CONTACTS = {
    f"contacts/{SAME}": {"name": SAME, "position": "Quarzfels", "notify": {"mail": ["eva@quarzfels.example"]}},
    "contacts/Frida Fremd": {"name": "Frida Fremd", "tasks": "Quarzfels", "notify": {"sms": "+491713920077"}},
}
THEIRS = {
    **CONTACTS,
    "greeting": "Quarzfels, {agent} am Apparat.",
    "instructions": "Quarzfels",
    "absence_reason": "Quarzfels",
    "back_from_text": "Quarzfels",
    "company": {"name": "Quarzfels", "address": "Quarzfels 1", "web": "quarzfels.example", "description": "Quarzfels"},
    "vip_notes": [{"who": "Quarzfels", "message": "Quarzfels"}],
    "faq": [{"heading": "Quarzfels", "text": "Quarzfels"}],
    "message_fields": [{"label": "Quarzfels", "required": True}],
    "lines": ["+493023125077"],
    "digest": {"mail": ["quarzfels@lot.example"], "at": "18:00"},
    "blocked_callers": [{"number": "+493099881", "note": "Quarzfels"}],
    "shown_numbers": [{"number": "+493023125077", "right": "Quarzfels"}],
}
MARKS = re.compile(r"quarzfels|kanzlei\s+lot|lea\s+lot|1713920077|171\s+3920077|23125077|23\s?125\s?077", re.IGNORECASE)
"""What only K1002 has, in whatever way it is written; nothing of it is ever sent."""
