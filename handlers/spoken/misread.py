"""What could not be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misread:
    """Nothing we could be sure of. `sentence` stands at the field and names the fix."""

    sentence: str
