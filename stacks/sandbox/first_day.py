"""The world a fresh sandbox starts with: a new company's first day, from ``first_day.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("first_day.json")


def first_day() -> dict[str, Any]:
    """Return the state of the first day; what it leaves out takes the vendor's default."""
    state: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return state
