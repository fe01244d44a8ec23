"""When each version of the Graph API ends.

Source: Meta's tables of Graph API versions, as of 29 October 2026; a later one may say more.
Never:  an end that the table does not name.
"""

from __future__ import annotations

from datetime import date

AS_OF = date(2026, 10, 29)

ENDS: dict[str, date | None] = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
    "v27.0": None,
}
"""Version -> its last day in the table; None: it is there, and no end is announced."""

INFERRED = frozenset({"v27.0"})
"""Versions whose number is inferred: the table as we have it shows the row without it."""
