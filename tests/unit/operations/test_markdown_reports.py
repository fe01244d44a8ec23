"""What the reports say: the verdict first, what was not seen never as if it had been, one issue for one thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stacks.operations.renderers import drift_markdown, plan_markdown
from stacks.operations.renderers.shortening import units
from stacks.operations.summary.findings import State
from stacks.operations.summary.survey import Survey
from tests.unit.operations import recorded
from tests.unit.operations import situations as at
from tests.unit.operations.golden import RISKS
from tests.unit.operations.recorded import APP

UNSEEN = at.survey(at.connector(at.unseen(at.stands(at.APP))))
BROKEN = Survey("staging", None, error=at.FOUR_PARTS)
HALF = replace(UNSEEN, look=replace(at.survey(at.connector()).look, complete=False))
CALM = at.survey(at.connector(), "dev")
NAMED = at.survey(at.connector(at.changed(at.stands(at.APP), name="Acme Ads")), "production")
MOVED = at.survey(at.moved(), "staging")


def first(text: str) -> str:
    return text.split("\n", 1)[0]


def environments(text: str) -> list[str]:
    """The environments in the order of their sections."""
    return [line.split("`")[1] for line in text.split("\n") if line.startswith("### ")]


@pytest.mark.parametrize("survey", [UNSEEN, BROKEN, HALF], ids=["in-part", "not-at-all", "engine-stopped"])
def test_what_was_not_seen_is_never_called_unchanged_or_in_sync(survey: Survey):
    """A look that failed says so, in the verdict and in its section, and nothing that sounds like good news."""
    plan, drift = plan_markdown.render([survey, CALM]), drift_markdown.render([survey, CALM])

    assert "`staging` could not be looked at" in first(plan)
    assert "`staging` not observed" in first(drift)
    assert "no changes" not in plan.replace("`dev` (in sync): no changes", "").lower()
    assert "in sync" not in drift_markdown.issue(survey)[1]
    assert "✅ `staging`" not in drift
    assert "**unreachable** |" not in drift


@pytest.mark.parametrize("survey", [UNSEEN, BROKEN], ids=["in-part", "not-at-all"])
def test_error_of_a_failed_look_keeps_its_four_parts(survey: Survey):
    """Whoever has to mend it sees what, where, why and fix, to the letter."""
    for text in (plan_markdown.render([survey]), drift_markdown.render([survey]), drift_markdown.issue(survey)[1]):
        assert f"```text\n{at.FOUR_PARTS}\n```" in text


def test_environments_with_dangers_come_first():
    """Dangers, then what was not seen, then changes, then the rest; in a report on drift the worst verdict first."""
    surveys = [CALM, NAMED, replace(UNSEEN, environment="unseen"), MOVED]

    assert environments(plan_markdown.render(surveys)) == ["staging", "unseen", "production", "dev"]
    assert environments(drift_markdown.render(surveys)) == ["unseen", "production", "staging", "dev"]


def test_verdict_counts_dangers_and_names_what_changes():
    """The first line is the whole story."""
    assert first(plan_markdown.render([CALM, MOVED, NAMED])) == (
        "## ⚠️ 1 danger: `staging` and `production` would change; 1 environment would stay as it is"
    )
    assert first(plan_markdown.render([CALM])) == "## No changes"


def test_no_environment_is_no_good_news():
    """Where nothing was looked at, nothing is called unchanged or in sync."""
    assert plan_markdown.render([]) == "## No environment is touched; nothing was looked at\n"
    assert drift_markdown.render([]) == "## Drift: no environment was looked at\n"


def test_plan_cut_short_says_that_it_is_incomplete():
    """What the engine did not come to is not known to stay."""
    title = plan_markdown.render([at.survey(at.stopped())]).split("\n")[2]

    assert title.endswith("what would change in the others is not known")


def test_one_refusal_of_several_resources_is_told_once():
    """A secret that cannot be read keeps every resource of a connector from being looked at: it is one error."""
    (one,) = [each.head for each in plan_markdown.failures(recorded.refused("so", "so"))]

    assert one.startswith(
        "Not looked at: `facebook-marketing`, Facebook app, Facebook redirect URI (**not authorised**)"
    )
    assert (one.count("where:"), APP in one) == (1, True)
    assert len(list(plan_markdown.failures(recorded.refused("so", "otherwise")))) == 2


def cells(survey: Survey, setting: str) -> list[str]:
    """From and To of a setting in the table of changes."""
    rows = [line.split(" | ") for line in plan_markdown.render([survey]).split("\n") if f" | {setting} | " in line]
    return [rows[0][2], rows[0][3].removesuffix(" |")]


@pytest.mark.parametrize(
    ("resources", "setting", "expected"),
    [
        (at.first_deployment(), "Display name", ["not looked at", "`Acme Ads (staging)`"]),
        (at.first_deployment(), "App domains", ["not looked at", "`app-h.cyclr.com` (others stay)"]),
        (at.moved(), "App domains", ["`app-h.cyclr.com`", "`connect.acme.example` (others stay)"]),
        (
            [at.changed(at.stands(at.APP), app_domains=["b.example"], exclusive_app_domains=True)],
            "App domains",
            ["`app-h.cyclr.com`", "`b.example`"],
        ),
        ([at.changed(at.stands(at.APP), name=None)], "Display name", ["`Acme Ads (staging)`", "no longer declared"]),
        ([at.changed(at.stands(at.APP), contact_email="a")], "App contact email", ["not declared before", "`a`"]),
        (
            [at.changed(at.stands(at.APP), drifted=True, name="a", before__name=None)],
            "Display name (changed at the vendor)",
            ["(none)", "`a`"],
        ),
        (
            [at.changed(at.gated(at.stands(at.APP), name=None), name="a", before__name=None)],
            "Display name",
            ["(none)", "`a`"],
        ),
        (at.removed(), "App ID", ["`1234567890123456`", "no longer declared"]),
        (at.another_app(), "App ID", ["`1234567890123456`", "`9876543210987654`"]),
    ],
    ids=[
        "created",
        "domains-created",
        "domains-moved",
        "domains-exclusive",
        "undeclared",
        "declared-first",
        "gone-at-the-vendor",
        "never-written",
        "deleted",
        "another-app",
    ],
)
def test_row_shows_nothing_that_was_not_observed(resources, setting: str, expected: list[str]):
    """`(none)` is what a look found; a vendor keeps what is declared no more."""
    assert cells(at.survey(resources), setting) == expected


def test_another_app_is_told_by_its_identity_alone():
    """What stood in the old app says nothing of the new one, and where secrets live is no setting."""
    text = plan_markdown.render([at.survey(at.another_app())])

    assert "The new app was not looked at." in text
    assert not [word for word in ("| Display name |", "| Site URL |", "| App domains |", "references") if word in text]
    assert "3 to replace, 2 to change" in text


def test_address_of_the_sandbox_is_a_row():
    """Whoever reads of a danger finds the address that it is about."""
    text = plan_markdown.render([at.survey([at.access("create", graphUrl="http://127.0.0.1:8701")])])

    assert "| address of Graph | (none) | `http://127.0.0.1:8701` |" in text


def test_danger_has_a_sign_and_the_word():
    """It is not told by a picture alone."""
    assert "- ⚠️ **DANGER** (`staging`, `facebook-marketing`): " in plan_markdown.render([MOVED])


def test_secret_is_shown_by_its_version_alone():
    """A rotation shows two versions, once; a value that the engine blinds is `not shown`."""
    typed, told = (
        plan_markdown.render([at.survey(at.rotated())]),
        plan_markdown.render([at.survey([at.access("update", x="[secret]")])]),
    )

    assert typed.count("| app secret, version | `03153249db7c` | `258499e710e0` |") == 1
    assert typed.count("app secret, version |") == 1
    assert "| x | (none) | not shown |" in told
    assert "[secret]" not in told


@pytest.mark.parametrize("name", recorded.NAMES)
def test_recorded_look_reports_as_its_state_says(name: str):
    """Each recorded situation has its state in both reports, and no signature of the engine."""
    survey = Survey("dev", recorded.look(name))
    drift, plan = drift_markdown.render([survey]), plan_markdown.render([survey])

    assert first(drift).endswith(f"`dev` {survey.state}")
    assert f"### `dev` ({survey.state}" in plan
    assert not [text for text in (drift, plan) if "4dabf18193072939515e22adb298388d" in text or "canary" in text]


def test_attested_settings_are_counted_beside_the_state():
    """What rests on a person's word is never shown as seen."""
    survey = Survey("dev", recorded.look("ready"))

    assert "in sync; 1 setting rests on a person's word" in drift_markdown.render([survey])
    assert "in sync; 1 setting rests on a person's word" in plan_markdown.render([survey])


def test_finding_without_a_found_value_is_not_called_nothing():
    """What a vendor does not show is `not shown`; that it has none is said only of what was read."""
    step = drift_markdown.render([at.survey(at.connector(at.open_(at.stands(at.SETUP))))])
    drifted = drift_markdown.render(
        [at.survey(at.connector(at.changed(at.stands(at.APP), True, name="a", before__name=None)))]
    )

    assert "| not shown | **open step** | none |" in step
    assert "| `a` | (none) |" in drifted


def test_risks_show_their_days_and_say_when_to_act():
    """What ends soon is marked in words; what could not be told has no number."""
    text = drift_markdown.render([replace(CALM, risks=RISKS)])

    assert "| TLS certificate | `app-h.cyclr.com` | ⚠️ **12, act now** | `2026-12-07` |" in text
    assert "| Graph version | `v25.0` | not known | (none) |" in text


def test_issue_on_an_outage_says_nothing_of_drift():
    """The two issues never mix: other title, no finding of what was seen, and it says what it does not say."""
    both = at.survey(
        at.connector(at.unseen(at.stands(at.REDIRECT)), at.changed(at.stands(at.APP), drifted=True, name="Other"))
    )
    title, body = drift_markdown.issue(both)

    assert both.state is State.NOT_OBSERVED
    assert title == "staging: could not be looked at"
    assert drift_markdown.NO_DRIFT in body
    assert "Other" not in body
    assert drift_markdown.issue(MOVED)[0] == "staging: not as declared"


def test_issue_names_value_repair_and_link():
    """The on-call engineer finds what differs, what a customer notices and what mends it."""
    survey = at.survey(
        at.connector(at.open_(at.stands(at.REDIRECT)), at.changed(at.stands(at.APP), drifted=True, name="Other"))
    )
    _, body = drift_markdown.issue(survey)

    assert "| Display name | `Other` | `Acme Ads (staging)` | **drifted** | observed |" in body
    assert "Display name: the login dialog asks for consent in another name" in body
    assert "- `pulumi up -s staging --run-program`: changed at the vendor" in body
    assert "[open](<https://developers.facebook.com/apps/1234567890123456/fb-login/settings/>)" in body


def test_two_hundred_changes_are_rendered_in_time():
    """Many environments with many changes each stay far below what a comment can hold once shortened, at once."""
    surveys = [at.survey(at.many(200), f"environment-{number}") for number in range(20)]
    text = plan_markdown.render(surveys, 65_000, "The rest is elsewhere.")

    assert units(text) <= 65_000
    assert len(text) > 50_000
