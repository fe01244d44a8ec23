"""The header that tells an app how much of its hourly limit is used.

Source:  developers.facebook.com/docs/graph-api/overview/rate-limiting/: percentages, present after enough calls only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

MEASURES = ("call_count", "total_cputime", "total_time")


def usage_headers(usage: Mapping[str, float]) -> dict[str, str]:
    """Return ``X-App-Usage``, or nothing while nothing is used."""
    shown = {measure: usage.get(measure, 0) for measure in MEASURES}
    return {"X-App-Usage": json.dumps(shown)} if any(shown.values()) else {}
