"""Guides as scripts: the commands of a page run in order in one shell, what each prints held against what is shown.

Shape:  a block of `console`: lines that begin with `$ ` are commands, those below what they print; `...` stands for
        any lines.
To write what the commands really print into the pages: python -m tests.engine.guides
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.engine import copies
from tests.engine.copies import Copy
from tests.engine.environment import end_orphans, engine_environment
from tests.worlds import ROOT

GUIDES = [ROOT / "docs" / name for name in ("review-a-change.md", "when-drift-is-found.md")]
BASE = 8700
"""The first of the four ports in every page."""
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "=== the next command ==="
_VARIES = (
    (re.compile(r"\d+\.\d s\b"), "0.0 s"),
    (re.compile(r"-?\d+ days left"), "0 days left"),
    (re.compile(r"age: \d+ days?, since [\d-]+"), "age"),
    (re.compile(r"vendors::[0-9a-f-]{36}"), "vendors"),
)
"""What a run prints that is another in the next one."""


@dataclass(frozen=True)
class Shown:
    """One command of a page, and what the page says that it prints."""

    command: str
    output: str


def shown(page: str) -> list[Shown]:
    """Every command of a page, in order."""
    found = []
    for block in _BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            count = 1
            while lines[count - 1].endswith("\\"):
                count += 1
            found.append(Shown("\n".join(lines[:count]), "\n".join(lines[count:])))
    return found


def printed(commands: list[Shown], copy: Copy, base: int) -> list[str]:
    """What the commands print, one after another in one shell, in the words of the default ports."""
    script = "".join(f"echo '{_MARK}'\n{_at(each.command, base)}\n" for each in commands)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc"], input=script, cwd=copy.folder, env=dict(copy.env),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    outputs = done.stdout.split(f"{_MARK}\n")[1:]
    assert len(outputs) == len(commands), done.stdout
    return [_back(output, base, copy.folder).rstrip("\n") for output in outputs]


def agree(said: str, told: str) -> bool:
    """Whether what a page shows is what a command printed; `...` is any lines, spaces and what varies do not count."""
    pattern = r"\s+.*?\s*".join(
        re.escape(" ".join(steady(part).split())) for part in re.split(r"^\.\.\.$", said, flags=re.M)
    )
    return re.fullmatch(pattern if said.strip() else "", " ".join(steady(told).split()), re.DOTALL) is not None


def steady(text: str) -> str:
    """The text without what another run prints otherwise."""
    for pattern, instead in _VARIES:
        text = pattern.sub(instead, text)
    return text


def made_in(folder: Path, env: dict[str, str]) -> tuple[Copy, int]:
    """A copy of the checkout for somebody new, whose sandbox has ports of its own; and the first of those."""
    base = _free_base()
    kept = {name: value for name, value in env.items() if not name.startswith("PULUMI_")}
    copy = copies.made_in(folder, {**kept, "SANDBOX_PORT_BASE": str(base), "COLUMNS": "120"})
    file = folder / "stacks/Pulumi.sandbox.yaml"
    file.write_text(_at(file.read_text(), base))
    copy.commit()
    return copy, base


def _at(text: str, base: int) -> str:
    return re.sub(rf"\b{BASE // 10}(\d)\b", lambda found: str(base + int(found[1])), text)


def _back(text: str, base: int, folder: Path) -> str:
    for number in range(4):
        text = text.replace(str(base + number), str(BASE + number))
    return text.replace(str(folder), "/home/jane/cyclr-connectors")


def _free_base() -> int:
    """The first of four free ports in a row."""
    for base in range(20000 + os.getpid() % 1000 * 10, 40000, 10):
        with ExitStack() as stack:
            try:
                for number in range(4):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", base + number))
            except OSError:
                continue
            return base
    raise AssertionError("no four free ports in a row")


def _write(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        copy, base = made_in(home / "checkout", engine_environment(home))
        commands = shown(text)
        try:
            outputs = printed(commands, copy, base)
        finally:
            copy.done(["make", "stop"])
            end_orphans(home)
    place = 0
    for each, output in zip(commands, outputs, strict=True):
        old, new = (f"$ {each.command}\n" + (f"{told}\n" if told else "") for told in (each.output, output))
        place = text.index(old, place)
        if not agree(each.output, output):
            text = text[:place] + new + text[place + len(old) :]
            place += len(new)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or map(str, GUIDES):
        _write(Path(name))
