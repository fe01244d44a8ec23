"""A look as documents for programs. Pure: the same facts as in the texts for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.steps import ordered


def status_document(look: Look) -> dict[str, Any]:
    """`status --json`."""
    document: dict[str, Any] = {
        "environment": look.environment,
        "service_domain": look.service_domain,
        "ready": look.ready,
        "attested": look.attested,
        "connectors": [_connector(look, name, resources) for name, resources in look.connectors.items()],
    }
    failed = [
        _place(each) | {"class": each.failure.kind, "error": each.failure.error}
        for each in look.resources
        if each.failure
    ]
    changes = [_change(each) for each in look.resources if each.planned not in ("", "same")]
    return document | ({"not_observed": failed} if failed else {}) | ({"not_applied": changes} if changes else {})


def steps_document(look: Look) -> dict[str, Any]:
    """`steps --json`."""
    document: dict[str, Any] = {"environment": look.environment, "open_steps": [asdict(step) for step in ordered(look)]}
    failed = status_document(look).get("not_observed")
    return document | ({"not_observed": failed} if failed else {})


def _connector(look: Look, name: str, resources: tuple[Resource, ...]) -> dict[str, Any]:
    return {
        "name": name,
        "ready": look.complete and all(each.ready for each in resources),
        "open_steps": [asdict(step) for step in ordered(look) if step.connector == name],
        "settings": [{"resource": each.kind} | _plain(asdict(s)) for each in resources for s in each.settings],
    }


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if key in ("verdict", "evidence") else value for key, value in entry.items()}


def _place(resource: Resource) -> dict[str, Any]:
    return {"resource": resource.kind, "connector": resource.connector, "urn": resource.urn}


def _change(resource: Resource) -> dict[str, Any]:
    differences = [
        {"setting": each.setting, "declared": each.expected, "found": each.found} for each in resource.not_applied
    ]
    cause = {"missing": True} if resource.missing else {}
    return _place(resource) | {"operation": resource.planned, "differences": differences} | cause
