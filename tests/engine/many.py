"""The program of programs/many: a stack of any number of connectors on the real engine, and the world that it needs."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components import derive
from components.cyclr import marks
from components.cyclr.api import Cyclr
from components.cyclr.authorise import authorise_link
from components.secrets import fingerprint
from tests.engine.programs.many.names import Named, named
from tests.people import consent
from tests.worlds import CONNECTOR, OBSERVATION, ROOT, World

PROGRAM = Path(__file__).parent / "programs" / "many"
STACK = "many"
PATIENCE = 180
"""Seconds after which a run of the engine has failed."""
SCOPES = ("ads_management", "ads_read", "business_management")
"""What the sandbox's dialog asks for, sorted."""


def apps_and_entries(world: World, number: int) -> None:
    """The world gets an app in Development, open to the API, and an empty library entry for each connector.

    What is there for an earlier stack stays as it is.
    """
    state = world.state()
    each = [named(one) for one in range(1, number + 1) if named(one).app_id not in state["facebook"]["apps"]]
    apps = {
        one.app_id: {
            "secret": one.secret,
            "roles": {"admin": ["dev-user"]},
            "dashboard": {"api_access_to_settings": True},
        }
        for one in each
    }
    library = state["cyclr"]["connectors"]
    first = next(entry for entry in library if entry["Name"] == CONNECTOR)
    entries = [{**first, "Id": one.release, "Name": one.cyclr_name} for one in each]
    world.patch({"facebook": {"apps": apps}, "cyclr": {"connectors": [*library, *entries]}})


@dataclass(frozen=True)
class Many:
    """One stack of that program, in a folder of its own, against one world."""

    folder: Path
    env: dict[str, str]
    world: World
    number: int

    @classmethod
    def made_in(cls, folder: Path, env: dict[str, str], world: World, number: int, *, shared: bool = False) -> Many:
        """The stack, declared and never deployed, and the world on its first day with what it needs."""
        program = folder / "many"
        shutil.copytree(PROGRAM, program, ignore=shutil.ignore_patterns("__pycache__"))
        (program / "stacks").mkdir()
        made = cls(program, {**env, "PYTHONPATH": str(ROOT)}, world, number)
        apps_and_entries(world, number)
        made.pulumi("stack", "init", STACK)
        addresses = {name: getattr(world, name) for name in ("facebook", "cyclr_api", "service_domain")}
        config = {"number": number, "account": OBSERVATION, "addresses": addresses, "shared": shared}
        values = {f"cyclr-connectors:{key}": value for key, value in config.items()}
        (program / "stacks" / f"Pulumi.{STACK}.yaml").write_text(json.dumps({**made._salt(), "config": values}))
        return made

    @property
    def each(self) -> list[Named]:
        """The connectors, by number."""
        return [named(one) for one in range(1, self.number + 1)]

    def pulumi(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the CLI, to its end."""
        line = ["pulumi", "--non-interactive", *arguments]
        done = subprocess.run(
            line, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert not check or done.returncode == 0, f"{line}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def up(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One update."""
        return self.pulumi("up", "--stack", STACK, "--yes", "--skip-preview", *arguments, check=check)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs: `ready` and `open_steps`, each by connector."""
        found: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--stack", STACK, "--json").stdout)
        return found

    def people_set_everything(self) -> None:
        """What is left for people after the first `up`: every setting of both consoles, and each consent."""
        domain = self.world.service_domain
        settings = {
            "app_domains": [derive.app_domain(domain)],
            "website_url": derive.site_url(domain),
            "dashboard": {"redirect_uris": [derive.redirect_uri(domain)], "mode": "live", "advanced_access": True},
        }
        self.world.patch({"facebook": {"apps": {one.app_id: settings for one in self.each}}})
        library = self.world.state()["cyclr"]["connectors"]
        for one in self.each:
            for entry in library:
                if entry["Id"] == one.release:
                    entry["setup"].update(client_id=one.app_id, client_secret=one.secret)
        self.world.patch({"cyclr": {"connectors": library}})
        self._authorise()

    def make_ready(self) -> None:
        """Deployed twice, with people in between: the day on which every customer can connect."""
        self.up()
        self.people_set_everything()
        self.up()
        self.must_be_ready()

    def must_be_ready(self) -> None:
        """Fails with the open steps that are left."""
        outputs = self.outputs()
        assert all(outputs["ready"].values()), outputs["open_steps"]

    def _authorise(self) -> None:
        cyclr = Cyclr(self.world.access())
        installed = {entry["Connector"]: entry for entry in self.world.account()["connectors"]}
        for one in self.each:
            there = installed[one.release]
            mark = marks.Consent(fingerprint(one.secret, one.app_id), SCOPES, "2026-11-02")
            cyclr.describe(OBSERVATION, str(there["Id"]), marks.with_consent(there["Description"], mark))
            token = cyclr.sign_in_token(OBSERVATION)["Token"]
            consent(authorise_link(self.world.service_url, str(there["Id"]), token))

    def _salt(self) -> dict[str, str]:
        """What `stack init` wrote for the passphrase."""
        text = (self.folder / "stacks" / f"Pulumi.{STACK}.yaml").read_text()
        return dict([text.strip().split(": ", 1)])
