"""What a run of the program costs does not grow with what the vendors answer."""

from unittest import mock

import pulumi

from tests.program.conftest import STANDS


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
