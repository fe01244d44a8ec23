"""AWS on loopback as a process: it prints its endpoint as one line of JSON, and ends with its standard input."""

from __future__ import annotations

import json
import signal
import sys

import click

from tests.aws.cloud.server import running


@click.command()
@click.option("--port", default=0, help="Port on 127.0.0.1; 0 takes a free one.")
def main(port: int) -> None:
    """Serve an empty AWS account until the standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with running(port) as cloud:
        click.echo(json.dumps({"endpoint": cloud.endpoint}))
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
