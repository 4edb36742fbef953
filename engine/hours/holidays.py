"""Public holidays of the Bundesländer, by the `holidays` package.

Mariä Himmelfahrt and Fronleichnam are holidays of single municipalities in three states. `BY` has Mariä
Himmelfahrt, as five of six Bavarian municipalities do; `SN` and `TH` have no Fronleichnam. The others have a
code of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

_CATHOLIC = ("public", "catholic")
_PUBLIC = ("public",)
_WHOLE = ("BB", "BE", "BW", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
_SUBDIVISIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{state: (state, _PUBLIC) for state in _WHOLE},
    "BY": ("BY", _CATHOLIC),
    "BY-PROTESTANT": ("BY", _PUBLIC),
    "BY-AUGSBURG": ("Augsburg", _CATHOLIC),
    "SN-CATHOLIC": ("SN", _CATHOLIC),
    "TH-CATHOLIC": ("TH", _CATHOLIC),
}
STATES = tuple(sorted(_SUBDIVISIONS))
"""The codes that `ServiceHours.state` may have."""


@lru_cache(maxsize=256)
def holidays_of(state: str | None, year: int) -> Mapping[date, str]:
    """The public holidays of the state in that year with their German names; without a state the nationwide
    ones.

    Raises ValueError for a code that is not in STATES.
    """
    if state is not None and state not in _SUBDIVISIONS:
        raise ValueError(f"'{state}' is not a Bundesland: write one of {', '.join(STATES)}")
    # Here, for it takes a while to load: an engine that starts asks for it when calls are served already.
    from holidays.countries.germany import Germany

    subdivision, categories = _SUBDIVISIONS[state] if state else (None, _PUBLIC)
    found = Germany(subdiv=subdivision, years=year, categories=categories, language="de")
    return MappingProxyType(dict(found))
