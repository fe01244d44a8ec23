"""Writes docs/reference.md: every input of every resource and every key of a stack file, from the code that reads them.

Run: .venv/bin/python -m tools.reference
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from components.catalogue import CATALOGUE
from components.cyclr import connector_installation, connector_setup
from components.facebook import app_publication, app_settings, login_redirect
from components.fields import Input
from stacks import settings, settings_aws

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"

RESOURCES = {
    "facebook.AppSettings": app_settings.INPUTS,
    "facebook.LoginRedirect": login_redirect.INPUTS,
    "facebook.AppPublication": app_publication.INPUTS,
    "cyclr.ConnectorInstallation": connector_installation.INPUTS,
    "cyclr.ConnectorSetup": connector_setup.INPUTS,
}
TABLES: dict[str, type[BaseModel]] = {
    "cyclr-connectors:*": settings.EnvironmentSettings,
    "cyclr-connectors:cyclr": settings.CyclrSettings,
    "cyclr-connectors:facebook": settings.FacebookSettings,
    "cyclr-connectors:connectors.NAME": settings.ConnectorSettings,
    "attestations.KEY": settings.Attestation,
    "cyclr-connectors:aws": settings_aws.AwsSettings,
    "cyclr-connectors:aws.secrets.NAME": settings_aws.SecretContainerSettings,
    "cyclr-connectors:aws.serviceDomainRecord": settings_aws.ServiceDomainRecordSettings,
    "cyclr-connectors:aws.driftAlarm": settings_aws.DriftAlarmSettings,
    "cyclr-connectors:aws.access": settings_aws.AccessSettings,
    "cyclr-connectors:aws.access.subjects": settings_aws.SubjectSettings,
}
NOT_A_KEY = {"environment"}

HEAD = """# Reference

Generated from the code by `.venv/bin/python -m tools.reference`; a test holds it equal.

Provider resources of a stack are `pulumi-python:dynamic/<vendor>:<Name>`; their provider classes
(`components.facebook.app_settings.AppSettingsProvider` and so on) are part of the state format.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_stack_file(), *_resources(), *_outputs(), ""])


def _stack_file() -> Iterator[str]:
    yield "## Stack file\n"
    yield f"Names of connectors: {', '.join(f'`{name}`' for name in sorted(CATALOGUE))}.\n"
    for title, model in TABLES.items():
        yield f"### `{title}`\n"
        yield "| key | required | default | what it is |"
        yield "|---|---|---|---|"
        yield from _keys(model)
        yield ""


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name in NOT_A_KEY:
            continue
        default = field.get_default(call_default_factory=True) if not field.is_required() else None
        required = "yes" if field.is_required() else ""
        yield f"| `{field.alias or name}` | {required} | {_cell(default)} | {_cell_text(field.description or '')} |"


def _resources() -> Iterator[str]:
    yield "## Resources\n"
    for kind, inputs in RESOURCES.items():
        yield f"### {kind}\n"
        yield "| input | required | default | what it is |"
        yield "|---|---|---|---|"
        yield from (_input(entry) for entry in inputs)
        yield ""


def _input(entry: Input) -> str:
    doc = entry.doc + (f" One of: {', '.join(entry.choices)}." if entry.choices else "")
    return f"| `{entry.name}` | {'yes' if entry.required else ''} | {_cell(entry.default)} | {_cell_text(doc)} |"


def _outputs() -> Iterator[str]:
    yield "## Outputs of every resource\n"
    yield "| output | what it is |"
    yield "|---|---|"
    yield "| `settings` | a list of `{setting, declared, found, verdict, evidence, note}` |"
    yield "| `open_steps` | a list of `{setting, value, where, verdict, evidence, cause, proof, after}` |"


def _cell(value: object) -> str:
    if value in (None, "", (), [], {}) or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _cell_text(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
