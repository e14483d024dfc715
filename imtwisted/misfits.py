"""
What does not fit a shape, said in our words: which field, and a reason that pages translate.

Way of a message: beside it; `frames` and `http.bodies` read what people send by shapes.
"""

from __future__ import annotations

import re

from imtwisted.refusals import BadRequest

# How msgspec names a field: "… - at `$.members[0]`", "… required field `title`".
_PLACE = re.compile(r"at `\$\.(\w+)|required field `(\w+)`")
# How msgspec begins what it says of a field, and the reason.
_FAULTS = (
    ("Expected `str` of length <=", "too_long"),
    ("Expected `array` of length <=", "too_many"),
    ("Expected `array` of length >=", "missing"),
    ("Object missing required field", "missing"),
    ("Expected `int` <", "out_of_range"),
    ("Expected `int` >", "out_of_range"),
    ("Integer value out of range", "out_of_range"),
    ("Number out of range", "out_of_range"),
)


def misfit(said: str) -> BadRequest | None:
    """The refusal for what msgspec `said` of a field; None when it names none."""
    found = _PLACE.search(said)
    if found is None:
        return None
    return BadRequest(reason=_fault_in(said), field=found[1] or found[2])


def _fault_in(said: str) -> str:
    faults = (fault for beginning, fault in _FAULTS if said.startswith(beginning))
    return next(faults, "wrong_kind")
