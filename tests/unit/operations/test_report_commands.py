"""`preview` and `drift` as commands: which environments, where reports go, exit codes, progress."""

from __future__ import annotations

import io
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from stacks import stack_file
from stacks.operations import certificate
from stacks.operations.summary.risks import Certificate
from tests.unit.operations.report_commands import Ran, installed, run

BOTH = pytest.mark.parametrize("command", ["preview", "drift"])
UNWRITABLE = "no-such-folder/report"
PARTS = ("\n  where: ", "\n  why:   ", "\n  fix:   ")


@pytest.fixture
def recordings(monkeypatch):
    """What the engine shows in these tests."""
    return installed(monkeypatch)


@pytest.fixture
def call(recordings, capsys):
    """Call a command."""

    def called(*arguments) -> Ran:
        return run(capsys, *arguments)

    return called


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The project's stack files: two environments, the sandbox and an example."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("ready", "drifted", "sandbox", "example-production"):
        (project / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    monkeypatch.setattr(stack_file, "FOLDER", project)
    monkeypatch.chdir(tmp_path)
    return project


@pytest.fixture
def elsewhere(tmp_path):
    """Stack files in a folder of their own."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    for name in ("missing", "ready", "sandbox"):
        (other / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    return other


@BOTH
def test_environment_that_nobody_named_is_asked_for(call, recordings, folder, command):
    """Without an environment the command says which there are, and looks at none."""
    ran = call(command)

    assert (ran.code, ran.out, recordings.asked) == (2, "", [])
    assert "Missing option '-s' / '--stack'. Stacks with a file in stacks/: drifted, ready, sandbox." in ran.err


@BOTH
def test_environment_that_nobody_named_is_asked_for_in_its_folder(call, recordings, folder, elsewhere, command):
    """With a folder of stack files those of the folder are listed."""
    ran = call(command, "--config-dir", elsewhere)

    assert (ran.code, recordings.asked) == (2, [])
    assert "Stacks with a file in elsewhere/: missing, ready, sandbox." in ran.err


def test_all_is_every_stack_file_but_sandbox_and_examples(call, recordings, folder):
    """`--all` looks at each environment of the project, in the order of their names."""
    ran = call("drift", "--all", "--json")

    assert [each["environment"] for each in ran.environments] == ["drifted", "ready"]
    assert sorted(recordings.asked) == [("drifted", None), ("ready", None)]


def test_all_with_a_folder_is_every_stack_file_of_it(call, recordings, folder, elsewhere):
    """`--all --config-dir` looks at the environments of that folder, with its files."""
    call("drift", "--all", "--config-dir", elsewhere)

    files = {name: elsewhere / f"Pulumi.{name}.yaml" for name in ("missing", "ready")}
    assert dict(recordings.asked) == files


@BOTH
def test_folder_gives_the_files_of_named_environments(call, recordings, folder, elsewhere, command):
    """Beside `-s`, `--config-dir` says where the stack files are, and printed commands name them."""
    ran = call(command, "-s", "missing", "-s", "ready", "--config-dir", elsewhere, "--json")

    files = {name: elsewhere / f"Pulumi.{name}.yaml" for name in ("missing", "ready")}
    assert dict(recordings.asked) == files
    if command == "drift":
        mends = {each["repair"] for each in ran.environments[0]["findings"]}
        assert mends == {"pulumi up -s missing --config-file elsewhere/Pulumi.missing.yaml --run-program"}


@BOTH
def test_file_of_one_environment_is_taken(call, recordings, folder, elsewhere, command):
    """`--config-file` is the stack file of the one environment that is named."""
    call(command, "-s", "ready", "--config-file", elsewhere / "Pulumi.missing.yaml")

    assert recordings.asked == [("ready", elsewhere / "Pulumi.missing.yaml")]


@BOTH
def test_environment_named_twice_is_looked_at_once(call, recordings, command):
    """An environment is looked at once, however often it is named, where it was named first."""
    ran = call(command, "-s", "missing", "-s", "ready", "-s", "missing", "--json")

    assert [each["environment"] for each in ran.environments] == ["missing", "ready"]
    assert len(recordings.asked) == 2


def test_preview_of_no_environment_looks_at_nothing(call, recordings, folder):
    """`--none` is a report on nothing, which is fine."""
    ran = call("preview", "--none", "--json")

    assert (ran.code, ran.environments, recordings.asked) == (0, [], [])


FILE = "project/Pulumi.ready.yaml"
ONE_FILE = "--config-file is the file of one stack"
ONE_STDOUT = "Only one of --json, --markdown - and --html - can go to stdout."
CONTRADICTIONS = {
    "all and named": (["drift", "--all", "-s", "ready"], "--all means every environment: leave out -s, or --all."),
    "none and named": (["preview", "--none", "-s", "ready"], "--none means no environment"),
    "none and file": (["preview", "--none", "--config-file", FILE], "--none means no environment"),
    "file of none": (["preview", "--config-file", FILE], ONE_FILE),
    "file of two": (["preview", "-s", "ready", "-s", "drifted", "--config-file", FILE], ONE_FILE),
    "file of all": (["drift", "--all", "--config-file", FILE], ONE_FILE),
    "file and folder": (["drift", "-s", "ready", "--config-file", FILE, "--config-dir", "project"], ONE_FILE),
    "all of an empty folder": (["drift", "--all", "--config-dir", "empty"], "There is no stack file in "),
    "no jobs": (["drift", "-s", "ready", "-j", "0"], "'-j' / '--jobs'"),
    "json and markdown": (["preview", "-s", "ready", "--json", "--markdown", "-"], ONE_STDOUT),
    "json and html": (["drift", "-s", "ready", "--json", "--html", "-"], ONE_STDOUT),
    "one file for both": (["drift", "-s", "ready", "--markdown", "r", "--html", "r"], "name the same file"),
    "number without a comment": (["preview", "-s", "ready", "--pull-request", "7"], "it needs --comment"),
    "markdown and html": (["drift", "-s", "ready", "--markdown", "-", "--html", "-"], ONE_STDOUT),
}


@pytest.mark.parametrize(("arguments", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradiction_is_refused_before_any_look(call, recordings, folder, *, tmp_path, arguments, said):
    """Options that contradict each other are wrong usage: nothing is looked at and nothing is on stdout."""
    (tmp_path / "empty").mkdir()

    ran = call(*arguments)

    assert (ran.code, ran.out, recordings.asked) == (2, "", [])
    assert said in " ".join(ran.err.split())


@BOTH
@pytest.mark.parametrize("stack", ["ready", "drifted", "unreachable", "broken"])
def test_json_is_all_there_is_on_stdout(call, command, stack):
    """With `--json` stdout is one document, whatever was found."""
    ran = call(command, "-s", stack, "-s", "ready", "--json")

    assert [each["environment"] for each in ran.environments] == list(dict.fromkeys([stack, "ready"]))


@BOTH
@pytest.mark.parametrize(("option", "begin", "end"), [("--markdown", "## ", "\n"), ("--html", "<!", "</html>\n")])
def test_report_on_stdout_is_all_there_is(call, tmp_path, command, *, option, begin, end):
    """With `-` for a file stdout is that report alone: the very text that a file would hold."""
    ran = call(command, "-s", "drifted", "-s", "ready", option, "-")
    call(command, "-s", "drifted", "-s", "ready", option, tmp_path / "report")

    assert ran.out.startswith(begin)
    assert ran.out.endswith(end)
    assert ran.out.rstrip("\n") == (tmp_path / "report").read_text().rstrip("\n")
    assert "drifted: DRIFTED: " not in ran.out


@BOTH
def test_files_are_written_beside_the_text(call, tmp_path, command):
    """Files take nothing from the terminal: both reports are written and the text is printed."""
    ran = call(command, "-s", "drifted", "--markdown", tmp_path / "a.md", "--html", tmp_path / "a.html")

    assert ran.out.startswith("drifted: DRIFTED: ")
    assert (tmp_path / "a.md").read_text().startswith("## ")
    assert "</html>" in (tmp_path / "a.html").read_text()


@BOTH
@pytest.mark.parametrize("option", ["--markdown", "--html"])
@pytest.mark.parametrize(
    ("more", "begin"), [((), "ready: IN SYNC: "), (("--json",), "{"), (("OTHER", "-"), "<")], ids=["text", "json", "-"]
)
def test_file_that_cannot_be_written_loses_no_look(call, tmp_path, monkeypatch, *, command, option, more, begin):
    """A file that cannot be written is a failure in four parts, after what was to be printed was printed."""
    monkeypatch.chdir(tmp_path)
    other = "--html" if option == "--markdown" else "--markdown"
    more = [other if each == "OTHER" else each for each in more]

    ran = call(command, "-s", "ready", option, UNWRITABLE, *more)

    assert ran.code == 1
    assert ran.out.startswith(("##", "<!") if begin == "<" else begin)
    assert f"The file cannot be written\n  where: {UNWRITABLE}\n" in ran.err
    assert all(part in ran.err for part in PARTS)


SINGLE = {"ready": 0, "drifted": 7, "missing": 7, "not_applied": 7, "first_day": 7, "nothing_declared": 7}
SINGLE |= {"unreachable": 1, "not_authorised": 1, "broken": 1, "wrong": 2}
SEVERAL = {
    "ready ready": 0,
    "ready drifted": 7,
    "drifted wrong": 2,
    "wrong ready": 2,
    "wrong unreachable drifted": 1,
    "broken wrong": 1,
    "ready not_authorised": 1,
}


@BOTH
@pytest.mark.parametrize(("stacks", "code"), (SINGLE | SEVERAL).items(), ids=SINGLE | SEVERAL)
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_exit_code_is_that_of_the_worst(call, command, stacks, code, as_json):
    """What was not observed wins over wrong settings, these over differences, these over in sync."""
    named = [each for stack in stacks.split() for each in ("-s", stack)]

    assert call(command, *named, *as_json).code == code


@BOTH
def test_step_summary_is_appended_where_there_is_one(call, tmp_path, monkeypatch, command):
    """In a workflow's step the whole Markdown goes to its summary, behind what is there."""
    summary, report = tmp_path / "summary.md", tmp_path / "report.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    ran = call(command, "-s", "drifted", "-s", "broken", "--markdown", report)

    assert summary.read_text() == f"before\n\n{report.read_text()}\n"
    assert ran.out.startswith("drifted: DRIFTED: ")


@BOTH
@pytest.mark.parametrize("value", [None, ""])
def test_step_summary_is_left_out_where_there_is_none(call, tmp_path, monkeypatch, command, value):
    """Outside of a workflow there is no summary, which is no failure, and no file comes about."""
    monkeypatch.chdir(tmp_path)
    if value is not None:
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", value)

    ran = call(command, "-s", "ready")

    assert ran.code == 0
    assert list(tmp_path.iterdir()) == []


@BOTH
def test_step_summary_that_cannot_be_written_loses_no_look(call, tmp_path, monkeypatch, command):
    """A summary that cannot be written is a failure that says so, after the report was printed."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary.md"))

    ran = call(command, "-s", "ready")

    assert ran.code == 1
    assert ran.out.startswith("ready: IN SYNC: ")
    assert "The step summary cannot be written" in ran.err


@BOTH
def test_progress_is_a_line_for_each_environment_on_stderr(call, command):
    """On a pipe each environment is one line on stderr, with its verdict, and nothing of it is on stdout."""
    ran = call(command, "-s", "ready", "-s", "drifted", "-s", "broken", "--markdown", "-")

    told = sorted(line.partition(" (")[0] for line in ran.err.splitlines())
    assert told == ["broken: not observed", "drifted: drifted", "ready: in sync"]
    assert not set(ran.out.splitlines()) & set(ran.err.splitlines())


class Pipe(io.StringIO):
    """A stderr that tells when a text has come."""

    def __init__(self, awaited: str) -> None:
        super().__init__()
        self._awaited, self.came = awaited, threading.Event()

    def write(self, text: str) -> int:
        """Keep it, and tell."""
        written = super().write(text)
        if self._awaited in self.getvalue():
            self.came.set()
        return written


def test_progress_comes_as_soon_as_an_environment_is_done(call, recordings, monkeypatch):
    """An environment is told while others are still looked at: the slow look ends only after that line."""
    pipe, heard = Pipe("ready: in sync"), []
    recordings.before = lambda stack: heard.append(pipe.came.wait(10)) if stack == "drifted" else None
    monkeypatch.setattr(sys, "stderr", pipe)
    call("drift", "-s", "drifted", "-s", "ready", "-j", "2")

    assert heard == [True]


def test_certificates_belong_to_drift_alone(call, recordings):
    """`drift` asks the host of each environment that it looked at for its certificate; `preview` asks nobody."""
    call("preview", "-s", "ready")
    assert recordings.hosts == []

    call("drift", "-s", "ready", "-s", "broken")
    assert recordings.hosts == ["app-h.cyclr.com"]


def test_certificate_that_ends_soon_is_told(call, monkeypatch):
    """What ends soon says so in words, and neither makes a difference nor an exit code of it."""
    soon = datetime.now(UTC).date() + timedelta(days=5)
    monkeypatch.setattr(certificate, "served", lambda _: Certificate(soon))
    ran = call("drift", "-s", "ready")

    assert ran.code == 0
    assert "ACT NOW  TLS certificate app-h.cyclr.com: " in ran.out
    assert soon.isoformat() in ran.out
