"""A machine in a temporary folder: programs that answer as told, a cache and a virtual environment."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path

from tools.pulumi import cache, pins

ROOT = Path(__file__).parents[3]

GOOD_PULUMI = 'case "$1" in version) echo v3.216.0 ;; preview) echo "      --run-program" ;; esac'

GOOD_GO = """
case "$1 $2" in
  "version "*) echo "go version go{version} linux/amd64" ;;
  "env "*) echo off ;;
  "list -m") echo "{sdk}" ;;
  "list "*) echo "go: downloading example.com/module v1.0.0" >&2; echo example.com/package ;;
  "build "*)
    {on_build}
    while [ "$1" != -o ]; do shift; done
    /bin/mkdir -p "$(/usr/bin/dirname "$2")"
    printf '#!/bin/sh\\n{built}\\n' > "$2"
    /bin/chmod +x "$2" ;;
esac
"""

Disk = namedtuple("Disk", "total used free")


@dataclass
class Machine:
    """What the set-up sees of a machine."""

    folder: Path
    environ: dict[str, str]

    @property
    def binaries(self):
        """The only folder on PATH."""
        return self.folder / "bin"

    @property
    def venv(self):
        """A virtual environment without a Pulumi CLI."""
        return self.folder / "venv"

    @property
    def builds(self):
        """Everything in the folder of the builds."""
        return sorted(path.name for path in cache.root(self.environ).iterdir())

    def program(self, name, body, folder=None):
        """Puts an executable script somewhere, by default on PATH."""
        path = (folder or self.binaries) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    def go(self, on_build=":", version="1.26.6", built=f"echo {pins.CLI.version}"):
        """A Go that does what the real one does as far as the build can see; `on_build` comes first."""
        sdk = self.folder / "sdk"
        for script in pins.SCRIPTS:
            self.program(Path(script).name, ":", folder=(sdk / script).parent)
        return self.program("go", GOOD_GO.format(version=version, sdk=sdk, on_build=on_build, built=built))

    def pulumi(self, body=GOOD_PULUMI, *, host=True, folder=None):
        """An installed CLI, by default a good one."""
        if host:
            self.program("pulumi-language-python", ":", folder)
        return self.program("pulumi", body, folder)
