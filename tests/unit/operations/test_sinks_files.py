"""Reports in files: the step summary, and a file of one's own."""

from __future__ import annotations

import os
import stat
import threading

import pytest

from components.errors import ConnectorError, DeclarationError
from stacks.operations.sinks import file
from stacks.operations.sinks.step_summary import LIMIT, append, pointer

RUN = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "acme/connectors", "GITHUB_RUN_ID": "99"}


@pytest.fixture
def summary(tmp_path):
    """The file that a runner names, and the environment that names it."""
    path = tmp_path / "summary.md"
    return path, {"GITHUB_STEP_SUMMARY": str(path)}


def test_summary_is_added_to_what_is_there(summary):
    """What another command of the step wrote stays, and stands apart."""
    path, environment = summary
    path.write_text("before\n")
    append(environment, lambda _: "ours")

    assert path.read_text() == "before\n\nours\n"


def test_summary_needs_no_file_before_it(summary):
    """A step's first summary makes the file."""
    path, environment = summary
    append(environment, lambda _: "é")

    assert path.read_text() == "\né\n"


@pytest.mark.parametrize("used", [0, 500_000])
def test_summary_fills_what_the_service_shows(summary, used):
    """A renderer that fills its limit leaves the file within what is shown at all."""
    path, environment = summary
    path.write_bytes(b"a" * used)
    append(environment, lambda limit: "b" * limit)

    assert path.stat().st_size == LIMIT


def test_full_summary_is_left_as_it_is(summary):
    """A text that would make the whole summary disappear is not added, and the words say so."""
    path, environment = summary
    path.write_bytes(b"a" * 1000)
    with pytest.raises(ConnectorError, match="full"):
        append(environment, lambda _: "é" * (LIMIT // 2))

    assert path.stat().st_size == 1000


def test_summary_outside_a_workflow_is_a_wrong_usage():
    """Where no file is named, the words name the variable."""
    with pytest.raises(DeclarationError, match="GITHUB_STEP_SUMMARY"):
        append({}, lambda _: "text")


def test_summary_that_cannot_be_written_is_a_failure(tmp_path):
    """A place that takes no text ends in words."""
    with pytest.raises(ConnectorError, match="cannot be written"):
        append({"GITHUB_STEP_SUMMARY": str(tmp_path)}, lambda _: "text")


def test_pointer_leads_to_the_run():
    """The sentence for the comment links the page of the run."""
    assert "(https://github.example/acme/connectors/actions/runs/99)" in pointer(RUN)


@pytest.mark.parametrize("missing", sorted(RUN))
def test_pointer_without_a_run_has_no_link(missing):
    """Where the environment does not name the run, nothing is linked that may not exist."""
    assert pointer({**RUN, missing: ""}) == "The whole text is in the summary of the run."


def test_file_holds_the_text(tmp_path):
    """The text is in the file as it is, and nothing else is in the folder."""
    file.write(str(tmp_path / "report.md"), "é\n")

    assert (tmp_path / "report.md").read_text(encoding="utf-8") == "é\n"
    assert os.listdir(tmp_path) == ["report.md"]


def test_file_keeps_its_rights_and_its_link(tmp_path):
    """A file that is replaced keeps who may read it; a link to it stays one."""
    path, link = tmp_path / "report.md", tmp_path / "link.md"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    file.write(str(link), "new")

    assert (path.read_text(), link.is_symlink()) == ("new", True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_file_that_cannot_be_finished_stays_as_it_was(tmp_path, monkeypatch):
    """A disk that is full leaves the old text, and no half of the new one."""
    path = tmp_path / "report.md"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ConnectorError, match="No space left"):
        file.write(str(path), "new")

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.md"]


@pytest.mark.parametrize("place", ["missing/report.md", "a folder", "a file/report.md"])
def test_place_without_a_folder_is_said(tmp_path, place):
    """Where no file can be, the words say what to name instead, and nothing is left there."""
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a file").touch()
    with pytest.raises(ConnectorError, match="or - for stdout"):
        file.write(str(tmp_path / place), "text")

    assert sorted(os.listdir(tmp_path)) == ["a file", "a folder"]


@pytest.mark.parametrize("text", ["text", "text\n"])
def test_hyphen_is_stdout(capsys, text):
    """A hyphen puts the text out, with one end of the line."""
    file.write("-", text)

    assert capsys.readouterr().out == "text\n"


def test_pipe_is_written_to_and_stays(tmp_path):
    """What is no file is not replaced by one."""
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    file.write(str(pipe), "text")
    reader.join()

    assert read == ["text"]
    assert pipe.is_fifo()
