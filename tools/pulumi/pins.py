"""What is built, in which versions: read from the go.mod files, so that a pin is written once."""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

SDK = "github.com/pulumi/pulumi/sdk/v3"
"""The module with the language host and the two scripts that belong to it."""

VERSION_SYMBOL = f"{SDK}/go/common/version.Version"


@dataclass(frozen=True)
class Program:
    """One program that is built from a go.mod of ours."""

    name: str
    """Its file name."""
    title: str
    """What a person calls it."""
    folder: Path
    """The folder with its go.mod and go.sum."""
    module: str
    """The module whose version it reports."""
    package: str
    flags: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The pinned version, as in v3.274.1."""
        return _pinned(self.folder / "go.mod", rf"^\s*{re.escape(self.module)} (v\S+)")

    @property
    def build(self) -> list[str]:
        """The arguments of `go build`, without the output file."""
        linker = f"-s -w -X {VERSION_SYMBOL}={self.version}"
        return ["build", "-v", "-trimpath", *self.flags, "-ldflags", linker]


CLI = Program(
    name="pulumi",
    title="the CLI",
    folder=HERE / "cli",
    module="github.com/pulumi/pulumi/pkg/v3",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    flags=("-tags", "osusergo,grpcnotrace"),
)

HOST = Program(
    name="pulumi-language-python",
    title="the Python language host",
    folder=HERE / "host",
    module=SDK,
    package=f"{SDK}/python/cmd/pulumi-language-python",
)

PROGRAMS = (CLI, HOST)

SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
"""Files of the SDK module at the CLI's version that the host starts."""

FILES = tuple(program.name for program in PROGRAMS) + tuple(Path(script).name for script in SCRIPTS)
"""Everything that has to lie in one folder."""

GO_PACKAGE = HERE / "go.txt"
"""The pinned PyPI package that is a Go, for machines without one."""


def go_version() -> str:
    """The oldest Go that builds the CLI, as in 1.26.6."""
    return _pinned(CLI.folder / "go.mod", r"^go (\S+)")


def key() -> str:
    """What tells one build from another: the pins, how it is built, and for which kind of machine."""
    digest = hashlib.sha256()
    for program in PROGRAMS:
        for file in ("go.mod", "go.sum"):
            digest.update((program.folder / file).read_bytes())
        digest.update(" ".join([*program.build, program.package]).encode())
    digest.update(" ".join([sys.platform, platform.machine(), *SCRIPTS]).encode())
    return digest.hexdigest()[:12]


def _pinned(file: Path, pattern: str) -> str:
    found = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        message = f"{file} has no line like {pattern}"
        raise LookupError(message)
    return found[1]
