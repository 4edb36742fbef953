"""What a browser is called by people, from what it calls itself."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_SHOWN = 60


def browser(device: str) -> str:
    """`Firefox · Windows`; the beginning of what it says where we know neither."""
    found = [next((word for mark, word in table if mark in device), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or device[:_SHOWN] or "?"
