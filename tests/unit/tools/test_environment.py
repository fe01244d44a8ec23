"""The set-up in stages: each is complete or made anew."""

from __future__ import annotations

import pytest

from tools import environment
from tools.pulumi import link
from tools.steps import SetupError

VENV_PYTHON = """
echo "$*" >> "{folder}/calls"
[ ! -e "{folder}/pip-fails" ] || case "$*" in *pip*) /bin/cat "{folder}/pip-fails"; exit 1 ;; esac
"""

BASE_PYTHON = '/bin/mkdir -p "$3/bin" && /bin/cp "{folder}/venv-python" "$3/bin/python"'


class Checkout:
    """A checkout whose Python writes down what it is asked for."""

    def __init__(self, machine, monkeypatch):
        self.folder = machine.folder
        self.venv = self.folder / ".venv"
        self.machine = machine
        machine.program("venv-python", VENV_PYTHON.format(folder=self.folder), folder=self.folder)
        base = machine.program("base-python", BASE_PYTHON.format(folder=self.folder), folder=self.folder)
        monkeypatch.delenv("AWS", raising=False)
        files = {"LOCK": "requirements-dev.txt", "AWS_LOCK": "requirements-aws.txt", "PROJECT": "pyproject.toml"}
        for name, file in files.items():
            (self.folder / file).write_text("package==1.0\n")
            monkeypatch.setattr(environment, name, self.folder / file)
        monkeypatch.setattr(environment, "CHECKOUT", self.folder)
        monkeypatch.setattr(environment, "VENV", self.venv)
        monkeypatch.setattr(environment, "PYTHON", self.venv / "bin" / "python")
        monkeypatch.setattr(environment, "_base_python", lambda: base)
        monkeypatch.setattr(environment, "provide", self._provide)

    def _provide(self, _environ, venv):
        link.link_installed(self.machine.pulumi(), venv / "bin")
        self._note("pulumi")

    def _note(self, what):
        with (self.folder / "calls").open("a") as calls:
            calls.write(f"{what}\n")

    def set_up(self):
        """Runs the set-up and returns the stages that it made."""
        (self.folder / "calls").write_text("")
        environment.main()
        calls = (self.folder / "calls").read_text()
        marks = {"packages": "requirements-dev", "project": " -e ", "pulumi": "pulumi\n", "aws": "requirements-aws"}
        return [stage for stage, mark in marks.items() if mark in calls]


@pytest.fixture
def checkout(machine, monkeypatch):
    """A checkout in which nothing is set up."""
    return Checkout(machine, monkeypatch)


def test_the_first_run_makes_everything_and_the_second_nothing(checkout):
    """A complete set-up is recognised as such."""
    first = checkout.set_up()
    second = checkout.set_up()

    assert first == ["packages", "project", "pulumi"]
    assert second == []


def test_a_new_lock_file_makes_everything_anew(checkout):
    """No package of an old lock file stays."""
    checkout.set_up()
    (checkout.venv / "old-package").write_text("")
    (checkout.folder / "requirements-dev.txt").write_text("package==2.0\n")

    assert checkout.set_up() == ["packages", "project", "pulumi"]
    assert not (checkout.venv / "old-package").exists()


def test_a_new_project_file_keeps_the_packages(checkout):
    """A changed setting installs this project again and fetches nothing."""
    checkout.set_up()
    (checkout.folder / "pyproject.toml").write_text("# changed\n")

    assert checkout.set_up() == ["project", "pulumi"]


def stack(checkout, text, name="Pulumi.staging.yaml"):
    """A stack file of the checkout."""
    (checkout.folder / "stacks").mkdir(exist_ok=True)
    (checkout.folder / "stacks" / name).write_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "config:\n  cyclr-connectors:aws:\n    account: x\n",
        "    appSecret: aws-sm:acme/app\n",
        "    clientSecret: 'aws-ssm:/acme/app'  # comment\n",
    ],
    ids=["part", "secret", "parameter"],
)
def test_a_stack_on_aws_brings_its_packages(checkout, text):
    """Who writes `aws:` into a stack file needs no other command; the rest is left as it is."""
    checkout.set_up()
    stack(checkout, text)

    assert checkout.set_up() == ["aws"]
    assert checkout.set_up() == []


def test_packages_for_aws_come_when_they_are_asked_for(checkout, monkeypatch):
    """The tests need them without any stack."""
    monkeypatch.setenv("AWS", "yes")

    assert checkout.set_up() == ["packages", "project", "pulumi", "aws"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  # cyclr-connectors:aws:\n    # appSecret: aws-sm:x\n", "Pulumi.staging.yaml"),
        ("cyclr-connectors:aws:\n", "Pulumi.example-production.yaml"),
        ("  aws:region: eu-west-1\n", "Pulumi.staging.yaml"),
        ("appSecret: config:x\n", "Pulumi.staging.yaml"),
    ],
    ids=["comment", "example", "another-program", "no-aws"],
)
def test_without_a_stack_on_aws_its_packages_stay_away(checkout, text, name):
    """pulumi-aws would make the CLI fetch a plugin of hundreds of megabytes for stacks that never use it."""
    stack(checkout, text, name)

    assert checkout.set_up() == ["packages", "project", "pulumi"]


def test_a_lost_cli_is_provided_again(checkout):
    """An emptied cache is noticed."""
    checkout.set_up()
    (checkout.venv / "bin" / "pulumi").unlink()

    assert checkout.set_up() == ["pulumi"]


def test_a_lost_python_makes_everything_anew(checkout):
    """A virtual environment whose Python was removed from the machine is not used."""
    checkout.set_up()
    (checkout.venv / "bin" / "python").unlink()

    assert checkout.set_up() == ["packages", "project", "pulumi"]


def test_a_moved_checkout_is_set_up_anew(checkout, monkeypatch):
    """The programs of a virtual environment name their Python by its path, so a moved one is worthless."""
    checkout.set_up()
    monkeypatch.setattr(environment, "CHECKOUT", checkout.folder.parent)

    assert checkout.set_up() == ["packages", "project", "pulumi"]


def test_a_half_made_environment_is_not_built_upon(checkout):
    """What an interrupted run left is removed before the next begins."""
    (checkout.folder / "pip-fails").write_text("ERROR: something\n")
    with pytest.raises(SetupError):
        checkout.set_up()
    (checkout.venv / "half-a-package").write_text("")
    (checkout.folder / "pip-fails").unlink()

    assert checkout.set_up() == ["packages", "project", "pulumi"]
    assert not (checkout.venv / "half-a-package").exists()


def test_a_linked_environment_is_only_unlinked(checkout):
    """What a link called .venv points to belongs to somebody else."""
    elsewhere = checkout.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("")
    checkout.venv.symlink_to(elsewhere)

    checkout.set_up()

    assert (elsewhere / "kept").exists()
    assert not checkout.venv.is_symlink()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("NewConnectionError: Failed to establish a new connection", "the packages could not be fetched"),
        ("ERROR: No matching distribution found for package==1.0", "not offered to this machine"),
        ("OSError: [Errno 28] No space left on device", "No space left"),
        ("error: Microsoft Visual C++ is required", "Visual C++"),
    ],
    ids=["no-network", "no-such-package", "no-space", "something-else"],
)
def test_a_failed_installation_names_its_cause(checkout, said, why):
    """What pip prints decides what is said."""
    (checkout.folder / "pip-fails").write_text(f"Collecting package\n{said}\n")

    with pytest.raises(SetupError) as failure:
        checkout.set_up()

    assert why in failure.value.parts["why"]


def test_a_python_without_venv_is_explained(checkout):
    """Where the distribution keeps venv in a package of its own, that package is named."""
    checkout.machine.program("base-python", "echo 'ensurepip is not available'; exit 1", folder=checkout.folder)

    with pytest.raises(SetupError, match=r"fix:   install it, on Debian and Ubuntu: apt-get install python3\.\d+-venv"):
        checkout.set_up()
