"""Reports as files, one a situation: what a reviewer reads, in the history and comparable.

To write them anew after a change that is meant: `python -m tests.unit.operations.golden`, then read the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stacks.operations.renderers import drift_markdown, plan_markdown
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.survey import Survey
from tests.unit.operations import recorded
from tests.unit.operations import situations as at
from tests.unit.operations.situations import survey

FOLDER = Path(__file__).parent
POINTER = "The full text is in the step summary: https://github.example/acme/ads/actions/runs/7"
DIFF = """  pulumi:pulumi:Stack: (same)
    ~ pulumi-python:dynamic/facebook:AppSettings: (update)
        ~ name: "Acme Ads (staging)" => "Acme Ads"
"""
RISKS = (
    Risk("TLS certificate", at.HOST, 12, "2026-12-07", "observed", True, "served on the service domain"),
    Risk("Graph version", "v25.0", None, "", "none", False, "no end announced"),
)
NAME = at.connector(at.changed(at.stands(at.APP), name="Acme Ads"))
NOT_ASKED = at.survey(
    [
        replace(each, planned="")
        for each in at.connector(
            at.unseen(at.stands(at.APP)), at.unseen(at.stands(at.REDIRECT), f"{at.NOT_REACHED}-app failed")
        )
    ],
    "production",
)
DRIFTED = at.connector(
    at.changed(at.stands(at.APP), drifted=True, app_domains=[at.HOST], before__app_domains=[]),
    at.open_(at.stands(at.REDIRECT)),
)
OLD_URI = "https://old.acme.example/connector/callback"
LONG = [f"customer-{number}.acme.example" for number in range(40)]


def _recorded(name: str, **facts: str) -> Survey:
    return Survey("dev", recorded.look(name), **facts)


def _at_aws(name: str) -> Survey:
    """A connector that is ready, and what the engine told of this situation at AWS."""
    return Survey("dev", recorded.beside(f"aws/{name}"))


def _hostile() -> list[Survey]:
    """Hostile in every place that is not ours: names, values, steps, errors, the engine's words."""
    text = at.HOSTILE
    app = at.changed(at.stands(at.APP), name=text, app_domains=[text], before__name=f"was {text}")
    step = at.open_(
        at.stands(at.REDIRECT), setting=text, value=text, where=f"https://x.example/{text}", cause=text, proof=text
    )
    bad = at.open_(at.stands(at.SETUP), where="javascript:alert(1)", after=(text,))
    lost = at.unseen(at.stands(at.PUBLICATION), f"{text}\n  where: {text}")
    return [survey(at.connector(app, step, bad, lost), text, diff=text), Survey("broken", None, error=text)]


def _accounts(operation: Callable[..., at.Resource]) -> list[at.Resource]:
    return at.connector(operation(at.CREDENTIALS, connector="facebook-marketing", accounts="all"))


PLANS: dict[str, Callable[[], list[Survey]]] = {
    "nothing_changes": lambda: [_recorded("ready")],
    "no_environment": lambda: [],
    "nothing_changes_anywhere": lambda: [survey(at.connector(), name) for name in ("staging", "production")],
    "first_deployment": lambda: [survey([*at.first_deployment(), at.access("create")])],
    "new_connector_beside_another": lambda: [survey([*at.connector(), *at.first_deployment("facebook-pages")])],
    "rotation": lambda: [survey(at.rotated())],
    "domain_move": lambda: [survey(at.moved())],
    "domain_move_keeping_the_old": lambda: [survey(at.moved(previous=True))],
    "domain_move_is_over": lambda: [
        survey(
            at.connector(
                at.changed(at.stands(at.APP), app_domains=[at.HOST], before__app_domains=[at.HOST, "old.acme.example"]),
                at.deleted(
                    at.changed(at.stands(at.REDIRECT, suffix="previous-redirect"), before__redirect_uri=OLD_URI)
                ),
            )
        )
    ],
    "failure_in_one_of_three": lambda: [survey(at.connector(), "dev"), NOT_ASKED, survey(NAME, diff=DIFF)],
    "two_hundred_changes": lambda: [survey(at.many(200), diff=DIFF * 20)],
    "two_hundred_changes_shortened": lambda: [survey(at.many(200), diff=DIFF * 20), survey(at.moved(), "production")],
    "shortened_to_the_least": lambda: [survey(at.many(20), diff=DIFF), survey(at.moved(), "production"), NOT_ASKED],
    "hostile_values": _hostile,
    "not_authorised": lambda: [survey(at.stopped())],
    "unreachable": lambda: [NOT_ASKED],
    "provider_changed": lambda: [_recorded("provider_changed")],
    "foreign_address": lambda: [survey([*at.connector(), at.access("update", graphUrl="https://graph.evil.example")])],
    "missing_installation": lambda: [survey(at.connector(at.created(at.INSTALLATION, missing=True)))],
    "drift_put_back": lambda: [survey(DRIFTED)],
    "connector_leaves": lambda: [survey(at.removed())],
    "another_app": lambda: [survey(at.another_app())],
    "exclusive_domains": lambda: [
        survey(
            at.connector(at.changed(at.beside(at.stands(at.APP), "b.example", "c.example"), exclusive_app_domains=True))
        )
    ],
    "exclusive_from_the_start": lambda: [
        survey([at.created(at.APP, exclusive_app_domains=True), *at.first_deployment()[1:]])
    ],
    "no_longer_declared": lambda: [survey(at.connector(at.changed(at.stands(at.APP), name=None, website_url=None)))],
    "declared_for_the_first_time": lambda: [
        survey(
            at.connector(
                at.changed(
                    at.stands(at.APP),
                    privacy_policy_url="https://acme.example/privacy",
                    contact_email="dev@acme.example",
                )
            )
        )
    ],
    "first_values_after_the_gate": lambda: [
        survey(
            at.connector(
                at.changed(
                    at.gated(at.stands(at.APP), app_domains=[], website_url=None),
                    app_domains=[at.HOST],
                    before__app_domains=[],
                    website_url=f"https://{at.HOST}/",
                    before__website_url=None,
                )
            )
        )
    ],
    "another_site_url": lambda: [
        survey(at.connector(at.changed(at.stands(at.APP), website_url="https://connect.acme.example/")))
    ],
    "sandbox_address": lambda: [
        survey([*at.first_deployment(), at.access("create", graphUrl="http://127.0.0.1:8701")])
    ],
    "somebodys_domain_removed": lambda: [
        survey(
            at.connector(
                at.exclusively(
                    at.changed(
                        at.stands(at.APP),
                        drifted=True,
                        app_domains=[at.HOST],
                        before__app_domains=[at.HOST, "b.example"],
                    )
                )
            )
        )
    ],
    "open_steps_only": lambda: [survey(at.connector(at.open_(at.stands(at.REDIRECT)), at.open_(at.stands(at.SETUP))))],
    "attested": lambda: [survey(at.attested(live={"value": "live", "by": "jane@acme.example", "date": "2026-11-02"}))],
    "scopes": lambda: [
        survey(
            at.connector(
                at.changed(at.stands(at.SETUP), scopes=["ads_read", "leads_retrieval"], before__scopes=["ads_read"])
            )
        )
    ],
    "release": lambda: [
        survey(
            at.connector(
                at.changed(at.stands(at.INSTALLATION), version="v26.0", before__version="v25.0"),
                at.changed(at.stands(at.SETUP), version="v26.0", before__version="v25.0"),
            )
        )
    ],
    "account_change": lambda: [
        survey(at.connector(at.changed(at.stands(at.INSTALLATION), "replace", account="umbrella")))
    ],
    "credentials_to_accounts": lambda: [survey(_accounts(at.created))],
    "credentials_to_library": lambda: [survey(at.connector(at.deleted(at.stands(at.CREDENTIALS))))],
    "managed_by_the_dashboard": lambda: [survey(at.connector(at.changed(at.stands(at.APP), managed_by="dashboard")))],
    "settings_wrong": lambda: [
        Survey("staging", None, "Pulumi.staging.yaml: appId is missing\n  fix:   pulumi config set ...", wrong=True),
        survey(at.connector(), "production"),
    ],
    "engine_broken": lambda: [Survey("staging", None, "The engine ended before its plan\n  why:   exit code 255")],
    "long_values": lambda: [
        survey(at.connector(at.changed(at.stands(at.APP), app_domains=[*LONG, "z.example"], before__app_domains=LONG)))
    ],
    "unicode": lambda: [
        survey(at.connector(at.changed(at.stands(at.APP), name="Bücher & Çay 日本語 🚀", before__name="Cafe\u0301")))
    ],
    "aws_first_deployment": lambda: [_at_aws("first_deployment")],
    "aws_put_back": lambda: [_at_aws("drifted")],
    "aws_declared_no_more": lambda: [_at_aws("removed")],
    "aws_not_authorised": lambda: [_at_aws("refused")],
}
"""Name -> the environments of a preview."""

LIMITS = {"two_hundred_changes_shortened": 4000, "shortened_to_the_least": 500}
"""Name -> characters, where there is a limit."""

DRIFTS: dict[str, Callable[[], list[Survey]]] = {
    "drift_of_three": lambda: [survey(at.connector(), "dev"), survey(DRIFTED), NOT_ASKED],
    "drift_in_sync": lambda: [survey(at.connector(), risks=RISKS)],
    "drift_hostile_values": _hostile,
    "drift_at_aws": lambda: [_at_aws(name) for name in ("drifted", "missing", "not_applied", "no_credentials")],
    "drift_settings_wrong": PLANS["settings_wrong"],
}
"""Name -> the environments of a look for drift."""

ISSUES: dict[str, Callable[[], Survey]] = {
    "issue_drifted": lambda: survey(DRIFTED, risks=RISKS),
    "issue_at_aws": lambda: _at_aws("drifted"),
    "issue_missing": lambda: survey(at.connector(at.created(at.INSTALLATION, missing=True))),
    "issue_open_steps": lambda: PLANS["open_steps_only"]()[0],
    "issue_not_applied": lambda: survey(at.rotated()),
    "issue_not_observed": lambda: NOT_ASKED,
    "issue_not_authorised": lambda: survey(at.stopped()),
    "issue_engine_broken": lambda: PLANS["engine_broken"]()[0],
    "issue_hostile_values": lambda: replace(
        _hostile()[0], risks=(replace(RISKS[0], subject=at.HOSTILE, note=at.HOSTILE),)
    ),
}
"""Name -> the environment of an issue."""

NAMES = (*PLANS, *DRIFTS, *ISSUES)


def text(name: str) -> str:
    """The report of a situation."""
    if name in PLANS:
        return plan_markdown.render(PLANS[name](), LIMITS.get(name), POINTER)
    if name in DRIFTS:
        return drift_markdown.render(DRIFTS[name](), None, POINTER)
    title, body = drift_markdown.issue(ISSUES[name](), POINTER)
    return f"title: {title}\n\n{body}"


def path(name: str) -> Path:
    """Where the file of a situation lies."""
    return FOLDER / f"{name}.md"
