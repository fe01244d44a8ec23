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
        for name, file in {"LOCK": "requirements-dev.txt", "PROJECT": "pyproject.toml"}.items():
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
        marks = {"packages": "--require-hashes", "project": " -e ", "pulumi": "pulumi\n"}
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
