"""Surveys of made-up environments, for the tests of what is drawn and of what a browser shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.observed import Difference
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.survey import Survey
from stacks.operations.summary.unseen import NOT_AUTHORISED, UNREACHABLE, Failure

APP, REDIRECT, PUBLICATION = "facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication"
INSTALLATION, SETUP = "cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"
KINDS = (APP, REDIRECT, PUBLICATION, INSTALLATION, SETUP)
CONNECTOR, DOMAIN, APP_ID = "facebook-marketing", "app-h.cyclr.com", "1234567890123456"
URI = f"https://{DOMAIN}/connector/callback"
PAGE = f"https://developers.facebook.com/apps/{APP_ID}"

FINE = (Verdict.ACCEPTED, Evidence.OBSERVED)
ON_A_WORD = (Verdict.ACCEPTED, Evidence.ATTESTED)
SEEN_REFUSED = (Verdict.REFUSED, Evidence.OBSERVED)
PROVES_NOTHING = (Verdict.INCONCLUSIVE, Evidence.NONE)
CANNOT_BE_ASKED = (Verdict.UNKNOWN, Evidence.NONE)

DIFF = f"""~ pulumi-python:dynamic/facebook:AppSettings: (update)
    [urn=urn:pulumi:production::cyclr-connectors::cyclr-connectors:index:OAuthConnector$pulumi-python:dynamic/facebook:AppSettings::app]
    + app_domains[0]: "{DOMAIN}\""""
ERROR = """what:  Facebook could not be asked for the app
where: facebook.AppSettings app 1234567890123456, environment production
why:   HTTP 503, no JSON, after 4 attempts in 60 s
fix:   look again later; nothing was written"""

DECLARED: dict[str, dict[str, Any]] = {
    APP: {"app_id": APP_ID, "name": "Acme Ads", "app_domains": [DOMAIN], "website_url": f"https://{DOMAIN}/"},
    REDIRECT: {"app_id": APP_ID, "redirect_uri": URI},
    PUBLICATION: {"app_id": APP_ID, "redirect_uri": URI},
    INSTALLATION: {"account": "Observer", "connector": "Facebook Marketing API"},
    SETUP: {"client_id": APP_ID, "connector": "Facebook Marketing API", "service_domain": DOMAIN, "version": "v25.0"},
}
RISKS = (
    Risk("TLS certificate", DOMAIN, 12, "2026-12-07", "observed", True, "served on port 443 and verified"),
    Risk("attestation", f"{CONNECTOR} advanced_access", 97, "2027-03-02", "attested", False, "age: 83 days"),
    Risk("Graph version", "v25.0, our calls", None, "", "none", False, "no end announced"),
)


def settings(kind: str) -> tuple[Setting, ...]:
    """What a ready environment shows of a resource."""
    setup = DECLARED[SETUP]
    shown = {
        APP: [Setting(key, DECLARED[APP][key], DECLARED[APP][key], *FINE) for key in ("name", "app_domains")],
        REDIRECT: [Setting("redirect_uri", URI, URI, *FINE)],
        PUBLICATION: [
            Setting("live", "live", "live", Verdict.ACCEPTED, Evidence.INFERRED, "it refuses a loopback URI now"),
            Setting("advanced_access", "granted", None, *ON_A_WORD, "attested by jane@acme.example on 2026-09-03"),
        ],
        INSTALLATION: [Setting("connector", setup["connector"], setup["connector"], *FINE)],
        SETUP: [
            Setting("client_id", APP_ID, APP_ID, *FINE),
            Setting("redirect_uri", URI, URI, *FINE),
            Setting("client_secret", "793b5548aea0", "793b5548aea0", Verdict.ACCEPTED, Evidence.PROVEN, "a consent"),
        ],
    }
    return tuple(shown[kind])


def resource(kind: str, **facts: Any) -> Resource:
    """A resource of a ready environment, but for these facts."""
    urn = f"urn:pulumi:staging::cyclr-connectors::pulumi-python:dynamic:{kind}::{CONNECTOR}"
    known = {"observed": True, "settings": settings(kind), "found": DECLARED[kind], "declared": DECLARED[kind]}
    return Resource(urn, kind, **{"connector": CONNECTOR, "planned": "same", **known, **facts})


def failed(kind: str, why: str = UNREACHABLE, error: str = ERROR) -> Resource:
    """A resource that could not be looked at."""
    return resource(kind, planned="", observed=False, settings=(), failure=Failure(why, error))


def survey(environment: str, *others: Resource, **facts: Any) -> Survey:
    """A ready environment, but for these resources."""
    there = {each.kind: each for each in others if each.connector == CONNECTOR}
    resources = [there.get(kind) or resource(kind) for kind in KINDS]
    resources += [each for each in others if each.connector != CONNECTOR]
    complete = not any(each.failure for each in resources)
    return Survey(environment, Look(environment, DOMAIN, tuple(resources), complete), **{"seconds": 4.2, **facts})


def ready(environment: str = "staging") -> Survey:
    """Everything stands, one setting on a person's word."""
    return survey(environment, risks=RISKS[1:])


def drifted(environment: str = "production") -> Survey:
    """The App Domains were emptied at the vendor, which refuses the redirect URI since; the update would mend it."""
    domains = Setting("app_domains", [DOMAIN], [], *SEEN_REFUSED, "changed at the vendor since the last update")
    step = OpenStep(
        "Valid OAuth Redirect URIs",
        URI,
        f"{PAGE}/fb-login/settings/",
        *SEEN_REFUSED,
        f"App Domain {DOMAIN} is missing (facebook.AppSettings)",
        "the code-exchange probe answers 100 instead of 191",
    )
    gone = Difference("app_domains", [DOMAIN], [])
    app = resource(APP, planned="update", settings=(settings(APP)[0], domains), drift=(gone,), not_applied=(gone,))
    uri = Setting("redirect_uri", URI, None, *SEEN_REFUSED, step.cause)
    redirect = resource(REDIRECT, settings=(uri,), open_steps=(step,), turned=frozenset({"redirect_uri"}))
    return survey(environment, app, redirect, risks=RISKS, diff=DIFF)


def unreachable(environment: str = "production") -> Survey:
    """Facebook did not answer: its three resources were not looked at, Cyclr's were."""
    waiting = "not reached because the app's settings failed"
    return survey(environment, failed(APP), failed(REDIRECT, error=waiting), failed(PUBLICATION, error=waiting))


def blind(environment: str = "production") -> Survey:
    """Nothing was looked at."""
    return Survey(environment, None, error=ERROR, seconds=61.0)


def wrong(environment: str = "dev") -> Survey:
    """The stack file cannot be used."""
    return Survey(environment, None, error="what:  The stack file is wrong", wrong=True)


def undecided(environment: str = "dev") -> Survey:
    """One answer proves nothing, one cannot be had, the installation is gone; a second connector stands."""
    steps = (
        OpenStep("App Mode", "live", f"{PAGE}/", *PROVES_NOTHING, "it was never seen in Development", "a probe"),
        OpenStep("Advanced Access", "granted", f"{PAGE}/", *CANNOT_BE_ASKED, "it cannot be asked", "an attestation"),
    )
    said = (
        Setting("live", "live", None, *PROVES_NOTHING, steps[0].cause),
        Setting("advanced_access", "granted", None, *CANNOT_BE_ASKED, steps[1].cause),
    )
    publication = resource(PUBLICATION, settings=said, open_steps=steps)
    gone = resource(INSTALLATION, planned="create", observed=False, missing=True, settings=())
    second = [resource(kind, connector="google-ads") for kind in KINDS]
    return survey(environment, publication, gone, *second)


def every() -> dict[str, list[Survey]]:
    """The reports that a browser is shown, by name."""
    return {
        "ready": [ready()],
        "drifted": [drifted()],
        "not-observed": [unreachable(), blind("dev")],
        "mixed": [ready(), drifted(), unreachable("sandbox"), undecided()],
        "hostile": [hostile("<img src=http://evil.example/x onerror=alert(1)>" + "w" * 300)],
    }


@dataclass(frozen=True)
class _Hostile:
    """Puts a text into every field that holds one."""

    text: str

    def settings(self) -> Iterator[Setting]:
        for found in (*FINE, "-"), (*SEEN_REFUSED, "-"), (*ON_A_WORD, "-"), (*CANNOT_BE_ASKED, "-"):
            yield Setting(self.text, [self.text, {self.text: self.text}], self.text, found[0], found[1], self.text)

    def resource(self, kind: str) -> Resource:
        text = self.text
        values = dict.fromkeys([*DECLARED[kind], text], text)
        difference = Difference(text, text, [text])
        step = OpenStep(text, text, f"javascript:{text}", *SEEN_REFUSED, text, text, (text,))
        return resource(
            kind,
            connector=text,
            planned="update",
            settings=tuple(self.settings()),
            open_steps=(step, replace(step, where=f'https://evil.example/"><{text}')),
            not_applied=(difference,),
            drift=(difference,),
            found=values,
            declared=values,
        )

    def survey(self) -> Survey:
        text = self.text
        rows = [self.resource(kind) for kind in KINDS]
        rows += [replace(row, connector=text + "2", failure=Failure(NOT_AUTHORISED, text)) for row in rows[:1]]
        rows += [replace(rows[0], kind=f"other.{text}", connector=text + "3")]
        risk = Risk(text, text, 3, text, text, True, text)
        return Survey(text, Look(text, text, tuple(rows), False), text, seconds=1.0, risks=(risk,), diff=text)


def hostile(text: str) -> Survey:
    """One text, wherever a vendor, a stack file or the engine may have it from."""
    return _Hostile(text).survey()
