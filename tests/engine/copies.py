"""A copy of the checkout as a repository of its own, with the packages of this test's Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.repository.sources import ROOT, text_files

STAMPS = """
from tools.environment import STAGES
for stage in STAGES:
    stage.stamp.write_text(stage.key(), encoding="utf-8")
"""


@dataclass(frozen=True)
class Copy:
    """The project's text files in a folder, under version control."""

    folder: Path
    env: Mapping[str, str]

    def done(self, line: list[str], env: Mapping[str, str] | None = None) -> str:
        """What a command prints that has to succeed."""
        done = subprocess.run(
            line, cwd=self.folder, env={**self.env, **(env or {})}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line[:3]}: {done.stdout}{done.stderr}"
        return done.stdout

    def commit(self) -> str:
        """Everything as it stands, as a commit; its id."""
        self.done(["git", "add", "--all"])
        self.done(["git", "commit", "--quiet", "--allow-empty", "--message", "a change"])
        return self.done(["git", "rev-parse", "HEAD"]).strip()


def made_in(folder: Path, env: Mapping[str, str]) -> Copy:
    """The copy, before its first commit."""
    folder.mkdir()
    for path in text_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    names = {"GIT_AUTHOR_NAME": "Jane", "GIT_AUTHOR_EMAIL": "jane@acme.example"}
    names |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in names.items()}
    made = Copy(folder, {**env, **names, "GIT_CONFIG_GLOBAL": "/dev/null", "PYTHONPATH": str(folder)})
    _virtual_environment(made)
    made.done(["git", "init", "--quiet", "--initial-branch", "main"])
    return made


def _virtual_environment(copy: Copy) -> None:
    """The packages of this test's Python, stamped as complete: they are, and no test fetches packages."""
    venv = copy.folder / ".venv"
    venv.mkdir()
    for entry in Path(sys.prefix).iterdir():
        if not entry.name.startswith(".complete-"):
            (venv / entry.name).symlink_to(entry)
    copy.done([sys.executable, "-c", STAMPS])
