"""Writes every file anew."""

from __future__ import annotations

from tests.unit.operations.golden import FOLDER, NAMES, path, text

for old in FOLDER.glob("*.md"):
    old.unlink()
for name in NAMES:
    path(name).write_text(text(name))
