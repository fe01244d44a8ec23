"""The README shows real output, and its commands work."""

import re

import pytest

from tests.worlds import ROOT

pytestmark = pytest.mark.engine

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^ *```\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)


def at_default_ports(text, stack):
    """The text as it reads on the default ports, and without the option that names other ones; spaces folded."""
    world = stack.world
    for number, address in enumerate((world.control, world.facebook, world.cyclr_api)):
        text = text.replace(address, f"http://127.0.0.1:{8700 + number}")
    text = text.replace(world.service_domain, "localhost:8703").replace(f" --config-file {stack.stack_file}", "")
    return text.split()


def test_readme_shows_what_the_first_run_prints(stack):
    """The output in the README is what a look at the first day prints, word for word."""
    (shown,) = [block for block in BLOCKS if block.startswith("sandbox: NOT READY")]
    stack.up()

    stack.env["COLUMNS"] = "160"  # no line of a longer port is broken in the middle of a word
    printed = at_default_ports(stack.command("status").stdout, stack)

    assert shown.split()[: len(printed)] == printed


def test_pulumi_by_hand_works_as_shown(stack):
    """The commands for use by hand are the ones that the tests' environment runs, and they succeed."""
    (shown,) = [block for block in BLOCKS if "export PULUMI_BACKEND_URL" in block]
    commands = [line.split() for line in shown.splitlines() if line.startswith(("pulumi", "cyclr-connectors"))]

    assert [command[:2] for command in commands] == [
        ["pulumi", "up"],
        ["pulumi", "preview"],
        ["cyclr-connectors", "status"],
    ]
    for program, name, *arguments in commands:
        if program == "pulumi":
            done = stack.pulumi(name, *arguments, *(["--yes", "--skip-preview"] if name == "up" else []))
            assert done.returncode == 0
        else:
            assert stack.command(name).returncode == 7
