"""What a change means to customers: each rule fires where it should, and nowhere else."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks.operations.summary.changes import Change, changes
from stacks.operations.summary.consequences import Consequence, Level, consequences
from stacks.operations.summary.look import Resource
from tests.unit.operations import recorded
from tests.unit.operations import situations as at

DANGER, NOTICE = Level.DANGER, Level.NOTICE
APP, REDIRECT, SETUP = at.stands(at.APP), at.stands(at.REDIRECT), at.stands(at.SETUP)
PUBLICATION, INSTALLATION = at.stands(at.PUBLICATION), at.stands(at.INSTALLATION)
WORD = {"value": "live", "by": "jane@acme.example", "date": "2026-11-02"}
LOOPBACK = "http://127.0.0.1:8701"


def said(*resources: Resource) -> tuple[Consequence, ...]:
    look = at.survey(resources).look
    assert look is not None
    return consequences(changes(look))


def domains(*, before: list[str], after: list[str], drifted: bool = False, **inputs: object) -> Resource:
    return at.changed(APP, drifted=drifted, app_domains=after, before__app_domains=before, **inputs)


FIRES = {
    "service-domain": (at.moved(), DANGER, "moves from app-h.cyclr.com to connect.acme.example. As soon as Cyclr"),
    "redirect-uri-alone": (
        [at.changed(REDIRECT, "replace", redirect_uri="https://b.example/connector/callback")],
        DANGER,
        "moves from app-h.cyclr.com to b.example",
    ),
    "service-domain-keeping-the-old": (at.moved(previous=True), NOTICE, "stay declared beside the new ones"),
    "service-domain-swapped-with-the-old": (
        [
            at.changed(REDIRECT, "replace", redirect_uri="https://b.example/connector/callback"),
            at.changed(
                at.stands(at.REDIRECT, suffix="previous-redirect"),
                "replace",
                redirect_uri=at.URI,
                before__redirect_uri="https://b.example/connector/callback",
            ),
        ],
        NOTICE,
        "stay declared beside the new ones",
    ),
    "app": (at.another_app(), DANGER, "every customer must reconnect"),
    "secret-to-aws": (
        [at.changed(APP, app_secret="aws-sm:acme/app", app_secret_version="1f0a77b3")],
        DANGER,
        "The app secret is kept elsewhere: aws-sm:acme/app in place of",
    ),
    "entry-of-a-secret-at-aws": (
        [at.changed(APP, app_secret="aws-sm:acme/app#other", before__app_secret="aws-sm:acme/app#app_secret")],
        DANGER,
        "The app secret is kept elsewhere: aws-sm:acme/app#other in place of aws-sm:acme/app#app_secret",
    ),
    "secret": (at.rotated(), DANGER, "The app secret changes, version 03153249db7c to 258499e710e0"),
    "domain-no-longer-declared": (
        [domains(before=[at.HOST, "b.example"], after=[at.HOST])],
        NOTICE,
        "App domain no longer declared: b.example. It stays",
    ),
    "domain-no-longer-declared-while-exclusive": (
        [at.exclusively(domains(before=[at.HOST, "b.example"], after=[at.HOST]))],
        DANGER,
        "App domain no longer declared: b.example. It is removed",
    ),
    "domain-no-longer-exclusive": (
        [
            domains(
                before=[at.HOST, "b.example"],
                after=[at.HOST],
                exclusive_app_domains=False,
                before__exclusive_app_domains=True,
            )
        ],
        NOTICE,
        "App domain no longer declared: b.example. It stays",
    ),
    "domain-of-somebody": (
        [at.exclusively(domains(before=[at.HOST, "b.example"], after=[at.HOST], drifted=True))],
        DANGER,
        "App domain removed at Facebook, where somebody added it: b.example",
    ),
    "domain-of-a-move-while-exclusive": (
        [at.exclusively(each) if each.kind == at.APP else each for each in at.moved()],
        DANGER,
        f"App domain no longer declared: {at.HOST}. It is removed",
    ),
    "exclusive": (
        [at.changed(at.beside(APP, "b.example", "c.example"), exclusive_app_domains=True)],
        DANGER,
        "become exclusive, and the update removes at Facebook: b.example, c.example. Who",
    ),
    "exclusive-while-domains-change": (
        [domains(before=[at.HOST, "b.example"], after=[at.HOST], exclusive_app_domains=True)],
        DANGER,
        "removes at Facebook: b.example, any other that is not declared here. Who",
    ),
    "exclusive-of-an-app-that-was-not-looked-at": (
        [at.changed(APP, "replace", app_id="9", exclusive_app_domains=True)],
        DANGER,
        "which there are was not looked at",
    ),
    "exclusive-where-nobody-else-is": (
        [at.changed(APP, exclusive_app_domains=True)],
        NOTICE,
        "None but the declared ones stand at Facebook now",
    ),
    "exclusive-no-more": (
        [at.changed(APP, exclusive_app_domains=False, before__exclusive_app_domains=True)],
        NOTICE,
        "exclusive no more",
    ),
    "exclusive-from-the-start": (
        [at.created(at.APP, exclusive_app_domains=True), at.created(at.CONNECTOR)],
        DANGER,
        "is removed, and which there are was not looked at",
    ),
    "credentials-to-accounts": (
        [at.created(at.CREDENTIALS, accounts="all")],
        DANGER,
        "from Cyclr's library to the acc",
    ),
    "credentials-to-library": ([at.deleted(at.stands(at.CREDENTIALS))], DANGER, "from the accounts to Cyclr's library"),
    "account": ([at.changed(INSTALLATION, "replace", account="b")], DANGER, "account acme by b. Its consent does not"),
    "installation-gone": ([at.created(at.INSTALLATION, missing=True)], NOTICE, "gone at Cyclr and is made again"),
    "connector-leaves": (at.removed(), DANGER, "The connector leaves this environment"),
    "connector-arrives": (
        at.first_deployment(),
        NOTICE,
        "Nothing was looked at yet: the first update adopts what is there, at Facebook and at Cyclr. An app already in "
        "use gets what is declared: App domains, Display name, Site URL.",
    ),
    "connector-arrives-by-dashboard": (
        [at.created(at.APP, managed_by="dashboard"), at.created(at.CONNECTOR)],
        NOTICE,
        "The app's settings are only read",
    ),
    "name-no-longer-declared": (
        [at.changed(APP, name=None)],
        NOTICE,
        "Display name is no longer declared: it stays at Facebook as it is, and is not looked at any more.",
    ),
    "site-url-no-longer-declared": ([at.changed(APP, website_url=None)], NOTICE, "Site URL is no longer declared"),
    "scopes-no-longer-declared": (
        [at.changed(SETUP, scopes=None, before__scopes=["ads_read"])],
        NOTICE,
        "stay in Cyclr's library entry as they are",
    ),
    "release-no-longer-declared": (
        [at.changed(INSTALLATION, version=None, before__version="v25.0")],
        NOTICE,
        "release is no longer declared",
    ),
    "release-declared-first": (
        [at.changed(INSTALLATION, version="v26.0")],
        NOTICE,
        "release of the connector is declared from now on: v26.0",
    ),
    "policy-declared-first": (
        [at.changed(APP, privacy_policy_url="https://b.example/")],
        NOTICE,
        "Privacy policy URL is written over whatever stands there, which was not looked at",
    ),
    "site-url-declared-first": (
        [at.changed(APP, website_url="https://b.example/", before__website_url=None)],
        NOTICE,
        "Site URL is written over whatever stands at Facebook, which was not looked at",
    ),
    "name-by-dashboard": (
        [at.by_hand(at.changed(APP, name="Other"))],
        NOTICE,
        "Display name: not written by the update, but an open step while it differs",
    ),
    "scopes": ([at.changed(SETUP, scopes=["ads_read"])], NOTICE, "The declared scopes change"),
    "release": (
        [at.changed(INSTALLATION, version="v26.0", before__version="v25.0")],
        NOTICE,
        "declared release of the connector changes from v25.0 to v26.0",
    ),
    "by-dashboard": ([at.changed(APP, managed_by="dashboard")], NOTICE, "no longer write the app's settings"),
    "by-api": (
        [at.changed(APP, managed_by="api", before__managed_by="dashboard")],
        NOTICE,
        "write the app's settings from now on",
    ),
    "name": ([at.changed(APP, name="Other")], NOTICE, "Display name changes: the login dialog asks for consent in"),
    "site-url": (
        [at.changed(APP, website_url="https://b.example/")],
        NOTICE,
        f"Site URL no longer names {at.HOST}: who logs in by way of it may see",
    ),
    "drift": ([at.changed(APP, drifted=True, name="Other")], NOTICE, "put back by this one: Display name. Until then"),
    "redirect-no-longer-declared": (
        [at.deleted(at.stands(at.REDIRECT, suffix="previous-redirect"))],
        NOTICE,
        f"Redirect URI no longer declared: {at.URI}",
    ),
    "attested": (
        at.attested(live=WORD),
        NOTICE,
        "App Mode would rest on the word of jane@acme.example, given on 2026-11-02: that it is live is attested",
    ),
    "attestation-of-a-redirect": (
        [at.changed(REDIRECT, attestation={**WORD, "value": at.URI})],
        NOTICE,
        "Valid OAuth Redirect URIs would rest on the word of jane@acme.example",
    ),
    "attestation-withdrawn": (
        [at.changed(PUBLICATION, attestations=None, before__attestations={"live": WORD})],
        NOTICE,
        "Attestation withdrawn: App Mode",
    ),
    "graph-version": ([at.access("update", graphVersion="v26.0")], NOTICE, "Graph is asked in version v26.0"),
    "foreign-address": (
        [at.access("update", graphUrl="https://graph.evil.example")],
        DANGER,
        "https://graph.evil.example is not an address of the vendor (graphUrl). Secrets are sent to it",
    ),
    "foreign-address-from-the-start": (
        [at.access("create", cyclrApiUrl="https://api.evil.example")],
        DANGER,
        "is not an address of the vendor (cyclrApiUrl)",
    ),
    "foreign-dashboard": ([at.access("update", dashboardUrl="https://b.example")], DANGER, "Links to it lead people"),
    "lookalike-address": (
        [at.access("update", graphUrl="https://graph.facebook.com.evil.example")],
        DANGER,
        "is not an address of the vendor",
    ),
    "sandbox-address": ([at.access("update", graphUrl=LOOPBACK)], DANGER, "what is seen there is a sandbox"),
    "sandbox-from-the-start": ([at.access("create", graphUrl=LOOPBACK)], DANGER, "what is seen there is a sandbox"),
    "sandbox-address-of-a-lookalike": (
        [at.access("create", "sandboxed", graphUrl=LOOPBACK)],
        DANGER,
        "what is seen there is a sandbox",
    ),
    "sandbox-address-of-the-sandbox": (
        [at.access("create", "sandbox", graphUrl=LOOPBACK)],
        NOTICE,
        "what is seen there is a sandbox",
    ),
    "sandbox-address-of-another-sandbox": (
        [at.access("update", "my.sandbox", cyclrApiUrl="http://localhost:8702")],
        NOTICE,
        "what is seen there is a sandbox",
    ),
    "no-address-at-all": ([at.access("create", graphUrl="http://[x")], DANGER, "is not an address of the vendor"),
    "another-region": (
        [at.access("update", cyclrApiUrl="https://api.eu.cyclr.com")],
        NOTICE,
        "another of its own addresses",
    ),
    "api-client": ([at.access("update", cyclrClientId="b")], NOTICE, "Another API client looks at Cyclr"),
}
"""Rule -> the changes, the level, a part of what is said."""

SILENT = {
    "nothing": (at.connector(), ""),
    "unknown-setting": ([at.changed(APP, colour="red")], ""),
    "unknown-address": ([at.access("update", someUrl="https://evil.example")], ""),
    "own-addresses-from-the-start": ([at.access("create")], ""),
    "domain-added": ([domains(before=[at.HOST], after=[at.HOST, "b.example"])], ""),
    "old-domain-of-a-move": (at.moved(), "no longer declared"),
    "site-url-of-a-move": (at.moved(), "Site URL"),
    "site-url-that-was-empty": (
        [
            at.changed(
                at.gated(APP, website_url=None),
                website_url=f"https://{at.HOST}/",
                before__website_url=None,
            )
        ],
        "",
    ),
    "site-url-of-the-same-host": ([at.changed(APP, website_url=f"https://{at.HOST}/login")], ""),
    "app-domain-that-was-missing": ([domains(before=[], after=[at.HOST])], ""),
    "name-of-another-app": (at.another_app(), "Display name"),
    "site-url-of-another-app": (at.another_app(), "Site URL"),
    "warning-of-an-undeclared-name": ([at.changed(APP, name=None)], "login dialog"),
    "put-back-by-the-dashboard": (
        [at.by_hand(at.changed(APP, drifted=True, name="Other"))],
        "put back",
    ),
    "exclusive-by-dashboard": (
        [at.changed(APP, exclusive_app_domains=True, managed_by="dashboard")],
        "exclusive",
    ),
    "customers-of-an-app-in-use": (at.first_deployment(), "No customer can connect"),
    "secret-that-moves-to-aws": (
        [at.changed(APP, app_secret="aws-sm:acme/app", app_secret_version="1f0a77b3")],
        "The app secret changes",
    ),
    "secret-of-another-app": (at.another_app(), "The app secret changes"),
    "moved-without-need-for-danger": (at.moved(previous=True), "As soon as Cyclr"),
    "where-the-secret-lives": ([at.changed(APP, app_secret="env:SECRET")], ""),
    "drifted-name-is-put-back": ([at.changed(APP, drifted=True, name="Other")], "Display name changes"),
    "domain-of-somebody-is-no-drift-put-back": (
        [at.exclusively(domains(before=[at.HOST, "b.example"], after=[at.HOST], drifted=True))],
        "put back",
    ),
    "exclusive-names-no-single-domain": (
        [domains(before=[at.HOST, "b.example"], after=[at.HOST], exclusive_app_domains=True)],
        "no longer declared",
    ),
    "not-exclusive-from-the-start": (at.first_deployment(), "exclusive"),
    "single-settings-of-a-connector-that-leaves": (at.removed(), "no longer declared"),
    "single-settings-of-a-new-connector": (at.first_deployment(), "changes"),
    "installation-made-first": (at.first_deployment(), "gone at Cyclr"),
    "properties-of-the-installation": ([at.changed(INSTALLATION, properties="[secret]")], ""),
    "attestation-unchanged": (
        [at.changed(PUBLICATION, attestations={"live": WORD}, before__attestations={"live": WORD})],
        "",
    ),
    "credentials-gone-at-the-vendor": ([at.created(at.CREDENTIALS, missing=True)], "Credentials move"),
    "address-of-the-console": ([at.access("update", cyclrConsoleUrl="https://console.acme.example")], ""),
}
"""Changes -> what is not said; empty: nothing at all."""


@pytest.mark.parametrize(("resources", "level", "part"), FIRES.values(), ids=FIRES)
def test_rule_fires(resources, level, part: str):
    """The change has this consequence once, at this level."""
    found = [each for each in said(*resources) if part in each.what]

    assert [each.level for each in found] == [level]


@pytest.mark.parametrize(("resources", "part"), SILENT.values(), ids=SILENT)
def test_rule_stays_silent(resources, part: str):
    """The change has no such consequence."""
    assert not [each.what for each in said(*resources) if part in each.what]


def test_each_consequence_is_told_once_and_dangers_come_first():
    """However many resources a change touches, it is one consequence, and no notice stands above a danger."""
    found = said(
        *at.rotated(), *at.first_deployment("facebook-pages"), at.access("update", graphUrl="https://x.example")
    )

    assert len(found) == len(set(found))
    assert [each.level for each in found] == sorted((each.level for each in found), key=[DANGER, NOTICE].index)
    assert {each.connector for each in found} == {"facebook-marketing", "facebook-pages", "vendors"}


def test_connectors_do_not_mix():
    """What changes in one connector explains nothing in another: each secret has its own consequence."""
    other = at.changed(at.stands(at.SETUP, "facebook-pages"), client_id="9", client_secret_version="b")
    found = said(*at.rotated(), other)

    assert [each.connector for each in found if "app secret changes" in each.what] == ["facebook-marketing"]
    assert [each.connector for each in found if "must reconnect" in each.what] == ["facebook-pages"]


def test_danger_comes_with_advice():
    """Whoever reads of a danger is told what to do about it."""
    found = [each for resources, *_ in FIRES.values() for each in said(*resources) if each.level is DANGER]

    assert found
    assert all(each.advice for each in found)


@pytest.mark.parametrize("name", FIRES)
def test_consequences_do_not_depend_on_the_order_of_changes(name: str):
    """The same changes in any order mean the same."""
    look = at.survey(FIRES[name][0]).look
    assert look is not None
    found, shuffled = changes(look), list(changes(look))
    random.Random(7).shuffle(shuffled)

    assert {(each.level, each.connector) for each in consequences(shuffled)} == {
        (each.level, each.connector) for each in consequences(found)
    }


@pytest.mark.parametrize(
    ("name", "level"),
    [("removed", DANGER), ("never_deployed", NOTICE), ("drifted", NOTICE), ("provider_changed", NOTICE)],
)
def test_recorded_change_has_its_consequence(name: str, level: Level):
    """What the real engine said of a change is understood."""
    assert {each.level for each in consequences(changes(recorded.look(name)))} == {level}


@pytest.mark.parametrize("name", ["ready", "unreachable", "not_authorised"])
def test_recorded_look_without_changes_has_no_consequence(name: str):
    """Nothing changes, nothing follows; what was not looked at has no consequence either."""
    assert not consequences(changes(recorded.look(name)))


VALUES = st.sampled_from(
    [
        None,
        "",
        "x",
        "http://[x",
        at.URI,
        at.HOST,
        [],
        [at.HOST],
        [1],
        {},
        {"live": WORD},
        {"live": 1},
        True,
        3,
        at.HOSTILE,
    ]
)
PLACES = [
    *((kind, setting) for kind, inputs in at.INPUTS.items() for setting in inputs),
    *((at.SETUP, setting) for setting in ("scopes", "version", "attestations")),
    *((at.ACCESS, setting) for setting in ("graphUrl", "cyclrApiUrl", "dashboardUrl", "graphVersion", "")),
    *((kind, "") for kind in (at.CONNECTOR, at.CREDENTIALS, "other.Kind")),
    (at.REDIRECT, "attestation"),
]
CHANGES = st.builds(
    lambda place, operation, before, after, drifted, missing: Change(
        "c", place[0], "urn", operation, place[1], before, after, drifted, missing
    ),
    st.sampled_from(PLACES),
    st.sampled_from(["create", "update", "replace", "delete"]),
    VALUES,
    VALUES,
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CHANGES, max_size=6))
def test_rules_bear_any_value(found: list[Change]):
    """Whatever the values, there is an answer, and each sentence of it ends."""
    for each in consequences(found):
        assert each.what.endswith(".")
        assert not each.advice or each.advice.endswith(".")
