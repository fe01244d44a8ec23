"""The picture of an environment: one chain of nodes per connector, from the service domain to the installation. Pure.

Shape:  survey in, chains out, laid out in user units that are CSS pixels at full size; a template draws them.
Never:  a verdict that this look did not see; a colour without its word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from components.cyclr.connector_setup import DOMAIN
from components.verdicts import Evidence, Setting, Verdict
from stacks.operations.renderers.text import clean
from stacks.operations.renderers.text import value as worded
from stacks.operations.summary.look import Resource
from stacks.operations.summary.survey import Survey


class Mark(StrEnum):
    """What a look says of a setting or a node, worst first."""

    MISSING = "missing"
    REFUSED = "refused"
    NOT_OBSERVED = "not observed"
    INCONCLUSIVE = "inconclusive"
    UNKNOWN = "unknown"
    ATTESTED = "attested"
    INFERRED = "inferred"
    ACCEPTED = "accepted"


STANDING = (Mark.ATTESTED, Mark.INFERRED, Mark.ACCEPTED)
"""Marks of what stands, on whatever evidence."""

SERVICE_DOMAIN, REDIRECT, APP, LIBRARY, INSTALLATION = NODES = (
    "Service domain",
    "Redirect URI",
    "App",
    "Library entry",
    "Installation",
)
EDGES = ("leads to", "is allowed by", "is named in", "is installed as")
"""What joins each node to the next."""

HOMES = {
    "facebook.AppSettings": APP,
    "facebook.LoginRedirect": REDIRECT,
    "facebook.AppPublication": APP,
    "cyclr.ConnectorInstallation": INSTALLATION,
    "cyclr.ConnectorSetup": LIBRARY,
    "cyclr.AccountCredentials": INSTALLATION,
}
"""Kind of resource -> the node that it stands behind."""

_DOMAIN_NAMES = ("service_domain", "redirect_uri", DOMAIN)
"""Of a ConnectorSetup: what shows the service domain and not the library entry."""

WIDTH = 320
_COLUMNS, _LINES = 31, 2
"""Of a node's value: characters of the fixed-width font, and lines."""
_HEAD, _LINE, _FOOT, _GAP = 30, 17, 30, 38


@dataclass(frozen=True)
class Node:
    """One thing that must stand so that a customer can connect."""

    kind: str
    value: str
    """As declared, in full."""
    lines: tuple[str, ...]
    """The value as it fits."""
    mark: Mark
    """The worst of what the look says of its settings."""
    share: str
    """How many of its settings that is, where it is not all of them."""
    told: str
    """Everything in words."""
    top: int
    height: int


@dataclass(frozen=True)
class Edge:
    """What joins a node to the next."""

    label: str
    top: int
    height: int
    whole: bool
    """Both ends stand."""


@dataclass(frozen=True)
class Chain:
    """The picture of one connector."""

    connector: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: int
    width: int = WIDTH

    @property
    def told(self) -> str:
        """The picture in words, node by node."""
        return " ".join(f"{node.kind} {node.value}: {node.mark}." for node in self.nodes)


def chains(survey: Survey) -> tuple[Chain, ...]:
    """One chain per connector of the look; none where nothing was looked at."""
    if survey.look is None:
        return ()
    domain = survey.look.service_domain
    return tuple(_chain(name, resources, domain) for name, resources in survey.look.connectors.items())


def mark(setting: Setting) -> Mark:
    """The word for a setting that was looked at: its verdict, and where it stands the evidence for that."""
    if setting.verdict is not Verdict.ACCEPTED:
        return Mark(str(setting.verdict))
    accepted = {Evidence.ATTESTED: Mark.ATTESTED, Evidence.INFERRED: Mark.INFERRED, Evidence.NONE: Mark.UNKNOWN}
    return accepted.get(setting.evidence, Mark.ACCEPTED)


def _chain(connector: str, resources: Sequence[Resource], domain: str) -> Chain:
    facts: dict[str, list[tuple[str, Mark]]] = {kind: [] for kind in NODES}
    for resource in resources:
        for kind, name, found in _facts(resource):
            facts[kind].append((name, found))
    values = _values(resources, domain)
    nodes, edges, top = list[Node](), list[Edge](), 0
    for kind in NODES:
        node = _node(kind, values[kind], facts[kind], top)
        nodes.append(node)
        top += node.height + _GAP
    for label, (one, other) in zip(EDGES, pairwise(nodes), strict=True):
        whole = one.mark in STANDING and other.mark in STANDING
        edges.append(Edge(label, one.top + one.height, _GAP, whole))
    return Chain(clean(connector), tuple(nodes), tuple(edges), top - _GAP)


def _facts(resource: Resource) -> Iterable[tuple[str, str, Mark]]:
    """Node, name, mark of everything that the look says of a resource."""
    if resource.kind not in HOMES:
        return
    home = HOMES[resource.kind]
    if resource.failure or resource.missing or not resource.observed:
        gone = Mark.MISSING if resource.missing and not resource.failure else Mark.NOT_OBSERVED
        yield home, resource.kind, gone
        if resource.kind == "cyclr.ConnectorSetup":
            yield SERVICE_DOMAIN, resource.kind, Mark.NOT_OBSERVED
        return
    for setting in resource.settings:
        yield _home(resource, setting.setting), setting.setting, mark(setting)
    if not any(_home(resource, setting.setting) == home for setting in resource.settings):
        yield home, resource.kind, Mark.UNKNOWN
    for step in resource.open_steps:
        standing = step.verdict is Verdict.ACCEPTED
        yield _home(resource, step.setting), step.setting, Mark.UNKNOWN if standing else Mark(str(step.verdict))


def _home(resource: Resource, name: str) -> str:
    domain = resource.kind == "cyclr.ConnectorSetup" and name in _DOMAIN_NAMES
    return SERVICE_DOMAIN if domain else HOMES[resource.kind]


def _values(resources: Sequence[Resource], domain: str) -> dict[str, str]:
    """Node -> what it is called, as declared, else as it stands."""

    def named(kind: str, *keys: str) -> str:
        sides = [each.declared or each.found for each in resources if each.kind == kind]
        rows = [" ".join(worded(side[key]) for key in keys if side.get(key)) for side in sides]
        return ", ".join(filter(None, rows))

    app = named("facebook.AppSettings", "name", "app_id")
    installed = named("cyclr.ConnectorInstallation", "account")
    return {
        SERVICE_DOMAIN: clean(domain) or named("cyclr.ConnectorSetup", "service_domain"),
        REDIRECT: named("facebook.LoginRedirect", "redirect_uri"),
        APP: app or named("facebook.AppPublication", "app_id"),
        LIBRARY: named("cyclr.ConnectorSetup", "connector", "version"),
        INSTALLATION: f"account {installed}" if installed else "",
    }


def _node(kind: str, value: str, facts: Sequence[tuple[str, Mark]], top: int) -> Node:
    order = list(Mark)
    worst = min((found for _, found in facts), key=order.index, default=Mark.NOT_OBSERVED)
    lines = fitted(value)
    said = "; ".join(f"{clean(name)}: {found}" for name, found in dict.fromkeys(facts)) or "not observed"
    told = f"{kind} {value}: {worst}. {said}."
    return Node(kind, value, lines, worst, _share(worst, facts), told, top, _HEAD + _LINE * len(lines) + _FOOT)


def _share(worst: Mark, facts: Sequence[tuple[str, Mark]]) -> str:
    """How much of the node its mark speaks for, and that some of it was not seen."""
    names = dict.fromkeys(name for name, _ in facts)
    of_worst = dict.fromkeys(name for name, found in facts if found is worst)
    unseen = worst is not Mark.NOT_OBSERVED and any(found is Mark.NOT_OBSERVED for _, found in facts)
    parts = [f"{len(of_worst)} of {len(names)}"] if len(names) > len(of_worst) else []
    return ", ".join([*parts, *(["some not observed"] if unseen else [])])


def fitted(text: str) -> tuple[str, ...]:
    """The text in the lines that a node has, its end replaced by an ellipsis where it is longer."""
    lines, rest = list[str](), " ".join(text.split())
    while rest and len(lines) < _LINES - 1:
        head = _head(rest, _COLUMNS)
        if head != rest:
            breaks = [head.rfind(sign) + 1 for sign in " /.-?&,"]
            head = head[: max(breaks)] if max(breaks) > len(head) // 2 else head
        lines.append(head.strip())
        rest = rest[len(head) :].lstrip()
    last = rest if _head(rest, _COLUMNS) == rest else _head(rest, _COLUMNS - 1) + "\N{HORIZONTAL ELLIPSIS}"
    return tuple(filter(None, [*lines, last]))


def _head(text: str, columns: int) -> str:
    """The longest start of a text that takes no more columns; a character that could join the last is cut with it."""
    taken = 0
    for index, sign in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1
        if taken > columns:
            return text[:index]
    return text
