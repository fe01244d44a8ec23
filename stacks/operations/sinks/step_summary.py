"""The summary of a workflow's step: Markdown in the file that GitHub's runners name, shown on the page of the run.

Units:   bytes of UTF-8.
Source:  GitHub's page on workflow commands: at most 1 MiB for a step; more is not shown at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from components.errors import ConnectorError, DeclarationError

VARIABLE = "GITHUB_STEP_SUMMARY"
LIMIT = 1024 * 1024


def append(environment: Mapping[str, str], render: Callable[[int], str]) -> None:
    """Add a text to the summary; `render` gives it within a number of bytes: what the step has not used yet.

    Raises: DeclarationError, when the environment names no file; ConnectorError, when nothing can be added.
    """
    file = environment.get(VARIABLE, "")
    if not file:
        raise DeclarationError(
            "There is no step summary",
            where="the environment",
            why=f"{VARIABLE} is not set, as it is in a step of a workflow",
            fix="run it in a workflow, or leave the step summary out",
        )
    path = Path(file)
    try:
        used = path.stat().st_size if path.exists() else 0
        text = b"\n" + render(max(LIMIT - used - 2, 0)).encode("utf-8", "replace") + b"\n"
        if used + len(text) > LIMIT:
            raise _full(file, used, len(text))
        with path.open("ab") as opened:
            opened.write(text)
    except OSError as error:
        raise ConnectorError(
            "The step summary cannot be written",
            where=f"{VARIABLE}, {file}",
            why=error.strerror or type(error).__name__,
            fix="look at the file's place and its rights",
        ) from None


def pointer(environment: Mapping[str, str]) -> str:
    """A sentence that says where the whole text is, with the page of the run where the environment names it."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    if not (server and repository and run):
        return "The whole text is in the summary of the run."
    return f"The whole text is in the [summary of the run]({server.rstrip('/')}/{repository}/actions/runs/{run})."


def _full(file: str, used: int, length: int) -> ConnectorError:
    return ConnectorError(
        "The step summary is full",
        where=f"{VARIABLE}, {file}",
        why=f"it holds {used} bytes, and {length} more would pass {LIMIT}, from which nothing of it is shown",
        fix="give this command a step of its own",
    )
