"""The requests that the product makes, each as (method, uri, query, body) for `AriLink.send` and `.request`.

Rule of this file: pure functions that only spell a request. Ids are made by the caller, percent-encoded here.
Source: Asterisk 22, `rest-api/channels.json`, `bridges.json`, `playbacks.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from engine.terms import HangupCause


class Request(NamedTuple):
    """One request; unpack it: `link.send(*ring(channel), on_done=…)`."""

    method: str
    uri: str
    query: Mapping[str, str] | None = None
    body: Any = None


def _channel(channel: str, action: str = "") -> str:
    return f"/channels/{quote(channel, safe='')}{action}"


def _bridge(bridge: str, action: str = "") -> str:
    return f"/bridges/{quote(bridge, safe='')}{action}"


def ring(channel: str) -> Request:
    """Indicate ringing: 180 on a channel that is not up."""
    return Request("POST", _channel(channel, "/ring"))


def stop_ring(channel: str) -> Request:
    """End the ring tone on a channel that is up."""
    return Request("DELETE", _channel(channel, "/ring"))


def progress(channel: str) -> Request:
    """Indicate progress: 183 with SDP (Asterisk ≥ 22.6)."""
    return Request("POST", _channel(channel, "/progress"))


def answer(channel: str) -> Request:
    """Answer: 200. Ends music on hold; holds the socket while an announcement plays: cut that off first."""
    return Request("POST", _channel(channel, "/answer"))


def start_music(channel: str, music_class: str) -> Request:
    """Play a music-on-hold class until further notice; 183 if the channel is not up."""
    return Request("POST", _channel(channel, "/moh"), {"mohClass": music_class})


def stop_music(channel: str) -> Request:
    """Stop music on hold."""
    return Request("DELETE", _channel(channel, "/moh"))


def play(channel: str, playback: str, media: str) -> Request:
    """Play `media` (`sound:please-wait`) once, under the id `playback`; 183 if not up. Ends music on hold."""
    return Request("POST", _channel(channel, "/play"), {"media": media, "playbackId": playback})


def stop_playback(playback: str) -> Request:
    """Cut a playback off."""
    return Request("DELETE", f"/playbacks/{quote(playback, safe='')}")


def originate(channel: str, endpoint: str, app: str, *, args: str, limit: int, variables: Mapping[str, str]) -> Request:
    """Make an outgoing channel and send its INVITE at once, given up after `limit` seconds (≥ 1).

    It enters Stasis (StasisStart with `args`) when it has been answered. `variables` may name functions.
    """
    query = {"channelId": channel, "endpoint": endpoint, "app": app, "appArgs": args, "timeout": str(limit)}
    return Request("POST", "/channels", query | {"formats": "alaw,ulaw"}, {"variables": dict(variables)})


def originate_to(channel: str, endpoint: str, context: str, *, limit: int, variables: Mapping[str, str]) -> Request:
    """The same for a channel that enters the dialplan, at `s,1` of this context, when it has been answered.

    No application is told of it that has not subscribed to its endpoint before.
    """
    query = {"channelId": channel, "endpoint": endpoint, "timeout": str(limit), "formats": "alaw,ulaw"}
    place = {"context": context, "extension": "s", "priority": "1"}
    return Request("POST", "/channels", query | place, {"variables": dict(variables)})


def subscribe_channel(app: str, channel: str) -> Request:
    """Let the application be told of a channel that is not in it; 422 where there is no such channel."""
    return _subscribe(app, f"channel:{channel}")


def subscribe_endpoint(app: str, endpoint: str) -> Request:
    """The same of all channels, from their first moment on, that this endpoint (`PJSIP/name`) will have."""
    return _subscribe(app, f"endpoint:{endpoint}")


def _subscribe(app: str, source: str) -> Request:
    return Request("POST", f"/applications/{quote(app, safe='')}/subscription", {"eventSource": source})


def hang_up(channel: str, cause: HangupCause) -> Request:
    """End a channel in any state."""
    return Request("DELETE", _channel(channel), {"reason_code": str(int(cause))})


def go_on(channel: str, context: str) -> Request:
    """Give the channel back to the dialplan, at `s,1` of this context."""
    return Request("POST", _channel(channel, "/continue"), {"context": context, "extension": "s", "priority": "1"})


def refer_progress(channel: str, state: str) -> Request:
    """Tell a phone what has become of its REFER: `channel_answered` or `channel_declined` (Asterisk ≥ 22.3)."""
    return Request("POST", _channel(channel, "/transfer_progress"), {"states": state})


def get_channel(channel: str) -> Request:
    """Read a channel; 404 where there is none of this id."""
    return Request("GET", _channel(channel))


def get_variable(channel: str, variable: str) -> Request:
    """Read a channel variable or function; the body has it as `value`."""
    return Request("GET", _channel(channel, "/variable"), {"variable": variable})


def set_variable(channel: str, variable: str, value: str) -> Request:
    """Set a channel variable, or what a function writes."""
    return Request("POST", _channel(channel, "/variable"), {"variable": variable, "value": value})


def set_global(variable: str, value: str) -> Request:
    """Set one of the dialplan's global variables."""
    return Request("POST", "/asterisk/variable", {"variable": variable, "value": value})


def create_bridge(bridge: str) -> Request:
    """Make a mixing bridge."""
    return Request("POST", "/bridges", {"bridgeId": bridge, "type": "mixing"})


def add_to_bridge(bridge: str, *channels: str) -> Request:
    """Let channels join a bridge, in this order. No phone is told the other's identity (re-INVITE).

    Holds the socket while an announcement plays on one of them: cut that off first.
    """
    query = {"channel": ",".join(channels), "inhibitConnectedLineUpdates": "true"}
    return Request("POST", _bridge(bridge, "/addChannel"), query)


def take_out_of_bridge(bridge: str, channel: str) -> Request:
    """Let a channel leave the bridge; it stays in Stasis and hears nothing."""
    return Request("POST", _bridge(bridge, "/removeChannel"), {"channel": channel})


def play_in_bridge(bridge: str, playback: str, media: str) -> Request:
    """Play `media` once to everybody in a bridge, over what they say, under the id `playback`."""
    return Request("POST", _bridge(bridge, "/play"), {"media": media, "playbackId": playback})


def snoop(channel: str, snoop_id: str, app: str, *, args: str) -> Request:
    """Make a channel that hears what this one says and hears, and says nothing to it.

    It enters Stasis by itself (StasisStart with `args`), and ends with the channel that it hears.
    """
    query = {"spy": "both", "whisper": "none", "app": app, "appArgs": args}
    return Request("POST", _channel(channel, f"/snoop/{quote(snoop_id, safe='')}"), query)


def delete_bridge(bridge: str) -> Request:
    """Take a bridge down; its channels stay in Stasis."""
    return Request("DELETE", _bridge(bridge))
