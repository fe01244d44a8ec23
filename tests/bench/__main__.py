"""`python -m tests.bench [--json FILE] [--quick]`: a table on stdout, what it is doing on stderr.

The exit code says whether the bench ran, not whether the goals are met: a busy machine is no fault of the code.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
from pathlib import Path
from time import perf_counter

import click

from tests.bench import against as earlier
from tests.bench.figures import document, table
from tests.bench.measure import FULL, QUICK, Bench
from tests.engine.environment import engine_environment


def machine() -> dict[str, str | int | None]:
    """What the figures were taken on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


@click.command()
@click.option("--json", "file", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Also write JSON.")
@click.option("--quick", is_flag=True, help="Fewer runs: a third of the time, and a wider spread.")
@click.option("--against", metavar="COMMIT", help="Only what changed since that commit of this checkout, in pairs.")
def main(file: Path | None, against: str | None, *, quick: bool) -> None:
    """Measures the engine's runs and shows each figure beside its goal."""
    start = perf_counter()

    def say(text: str) -> None:
        click.echo(f"bench {perf_counter() - start:4.0f} s: {text}", err=True)

    with tempfile.TemporaryDirectory() as folder:
        effort = QUICK if quick else FULL
        env = engine_environment(Path(folder))
        if against:
            click.echo(table(earlier.run(Path(folder), env, effort.pairs, say, against), earlier.FIGURES))
            return
        results = Bench(Path(folder), env, effort, say).run()
    say("done")
    click.echo(table(results))
    if file:
        file.write_text(json.dumps(document(results, machine()), indent=2) + "\n")


if __name__ == "__main__":
    main()
