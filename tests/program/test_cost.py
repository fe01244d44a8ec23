"""What a run of the program costs does not grow with what the vendors answer."""

import subprocess
import sys
from unittest import mock

import pulumi
import pytest

from tests.program.conftest import STANDS
from tests.worlds import ROOT

UNUSED = {"requests", "urllib3", "ssl", "stamina"}
"""What only a call to a vendor needs; importing it takes as long as everything else that is ours."""
PROGRAM = "components.oauth_connector, stacks.arguments"
FACEBOOK = "components.facebook.app_settings, components.facebook.app_publication"
CYCLR = "components.cyclr.connector_installation, components.cyclr.connector_setup"


def outputs_made(program, count):
    """How many outputs the program makes when each resource has this many settings."""
    settings = [STANDS | {"setting": f"x{number}"} for number in range(count)]
    made = mock.Mock(side_effect=pulumi.Output._from_data)
    with mock.patch.object(pulumi.Output, "_from_data", made):
        run = program(answer=lambda *_: {"settings": settings, "open_steps": []})
    assert run.outputs["ready"] is True
    return made.call_count


def test_a_setting_more_makes_no_output_more(program):
    """Settings pass through the program as they are, without an output for each of their values."""
    assert outputs_made(program, 30) == outputs_made(program, 1)


@pytest.mark.parametrize("modules", [PROGRAM, FACEBOOK, CYCLR], ids=["program", "facebook", "cyclr"])
def test_what_sends_nothing_imports_nothing_to_send_with(modules):
    """Neither the program nor a provider that is not asked to look waits for the HTTP library."""
    code = f"import sys, pulumi.dynamic; there = set(sys.modules); import {modules}; print(*set(sys.modules) - there)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert not set(done.stdout.split()) & UNUSED
