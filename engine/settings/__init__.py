"""The installation's settings: a YAML file, each key overridable by the environment (`VORZIMMER_SIP_PORT=5070`)."""

from engine.settings.loading import SettingsError, load
from engine.settings.whole import PREFIX, PROJECT, Settings

__all__ = ["PREFIX", "PROJECT", "Settings", "SettingsError", "load"]
