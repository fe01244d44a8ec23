"""Which installation is ours, which release is installed, and what stands."""

from __future__ import annotations

import random

import pytest

from components.cyclr import installation_rules as installation
from components.cyclr import marks
from components.errors import DeclarationError
from components.verdicts import Verdict

NAME = "Facebook Marketing API"
CANARY = "canary-5a5ad0b0c0de"


def there(number, name=NAME, description=None, version="v25.0", properties=None):
    """An installation as Cyclr shows it."""
    return {
        "Id": number,
        "Connector": {"Name": name, "Version": version},
        "Description": description,
        "Properties": [{"Id": 1, "Name": key, "Value": value} for key, value in (properties or {}).items()],
    }


def release(number, version="v25.0", status="Approved", name=NAME, **more):
    """A release as Cyclr's catalogue shows it."""
    return {"Id": number, "Name": name, "Version": version, "Status": status, **more}


MINE, OTHERS = marks.created_by("staging"), marks.created_by("production")
FIND = {
    "none": ([], None),
    "another-connector": ([there(1, "Facebook Pages")], None),
    "without-connector": ([{"Id": 1, "Connector": None}], None),
    "name-is-exact": ([there(1, NAME.lower())], None),
    "only-one": ([there(3)], 3),
    "oldest-of-several": ([there(9), there(3), there(5)], 3),
    "ours-before-older": ([there(3), there(9, description=MINE)], 9),
    "oldest-of-ours": ([there(3), there(9, description=MINE), there(7, description=MINE)], 7),
    "mark-of-another-stack-is-none": ([there(3), there(1, description=OTHERS), there(5)], 1),
}


@pytest.mark.parametrize(("installations", "number"), FIND.values(), ids=FIND)
def test_find_adopts_ours_else_the_oldest(installations, number):
    """A lost create is found again by its mark; else what has been there longest is adopted."""
    found = installation.find(installations, NAME, "staging")

    assert (found and found["Id"]) == number


def test_find_does_not_depend_on_the_order():
    """Cyclr's order of a list changes nothing."""
    installations = [there(number) for number in range(2, 20)] + [there(30, description=MINE)]
    random.shuffle(installations)

    assert installation.find(installations, NAME, "staging")["Id"] == 30


PICK = {
    "newest": ([release(1, "v9.0"), release(2, "v25.0"), release(3, "v10.0")], None, 2),
    "declared": ([release(1, "v9.0"), release(2, "v25.0")], "v9.0", 1),
    "newest-id-of-one-version": ([release(1), release(7), release(3)], None, 7),
    "not-approved": ([release(1, "v9.0"), release(2, "v25.0", "Pending")], None, 1),
    "draft": ([release(1, "v9.0"), release(2, "v25.0", ReleaseStatus="Draft")], None, 1),
    "live": ([release(1, "v25.0", ReleaseStatus="Live")], None, 1),
    "another-connector": ([release(1), release(9, "v99.0", name="Facebook Pages")], None, 1),
    "without-version": ([release(1, None)], None, 1),
    "version-beats-none": ([release(9, None), release(1, "v1.0")], None, 1),
    "minor": ([release(1, "v25.2"), release(2, "v25.10")], None, 2),
}


@pytest.mark.parametrize(("releases", "version", "number"), PICK.values(), ids=PICK)
def test_pick_takes_the_declared_or_newest_approved_release(releases, version, number):
    """Never a draft, never another connector; v10 is newer than v9."""
    assert installation.pick(releases, {"connector": NAME, "version": version}) == number


@pytest.mark.parametrize(
    ("releases", "version", "said"),
    [
        ([], None, r"versions there: none"),
        ([release(1, "v9.0")], "v25.0", rf"no {NAME} v25.0 that can be installed(.|\n)*versions there: v9.0"),
        ([release(1, status="Pending")], None, r"approved and not a draft"),
    ],
    ids=["none", "other-version", "pending"],
)
def test_pick_without_a_release_says_what_is_there(releases, version, said):
    """Who declared a release that is not there reads which ones are."""
    with pytest.raises(DeclarationError, match=said):
        installation.pick(releases, {"connector": NAME, "version": version})


def verdicts_of(props, live):
    """Verdict by setting."""
    settings = installation.judge(NAME, installation.as_declared(props), live)
    return {setting.setting: setting.verdict for setting in settings}


OK, NO = Verdict.ACCEPTED, Verdict.REFUSED
JUDGE = {
    "nothing-more-declared": ({}, there(1), {"connector": OK}),
    "another-connector": ({}, there(1, "Facebook Pages"), {"connector": NO}),
    "version": ({"version": "v25.0"}, there(1), {"connector": OK, "version": OK}),
    "other-version": ({"version": "v26.0"}, there(1), {"connector": OK, "version": NO}),
    "no-version-there": ({"version": "v26.0"}, there(1, version=None), {"connector": OK, "version": NO}),
    "property": (
        {"properties": {"Region": "eu"}},
        there(1, properties={"Region": "eu", "Other": "x"}),
        {"connector": OK, "properties": OK},
    ),
    "other-value": (
        {"properties": {"Region": "eu"}},
        there(1, properties={"Region": "us"}),
        {"connector": OK, "properties": NO},
    ),
    "one-missing": (
        {"properties": {"Region": "eu", "Zone": "1"}},
        there(1, properties={"Zone": "1"}),
        {"connector": OK, "properties": NO},
    ),
    "undeclared-property": ({}, there(1, properties={"Region": "eu"}), {"connector": OK}),
}


@pytest.mark.parametrize(("props", "live", "expected"), JUDGE.values(), ids=JUDGE)
def test_judge_compares_what_is_declared(props, live, expected):
    """Connector, release and declared properties have a verdict; nothing undeclared has one."""
    assert verdicts_of(props, live) == expected


def test_judge_shows_names_not_values():
    """Property values may be credentials: a report shows which properties stand, never what they hold."""
    props = {"properties": {"Key": CANARY, "Region": "eu"}}
    declared = installation.as_declared(props)
    settings = installation.judge(NAME, declared, there(1, properties={"Key": f"{CANARY}-other", "Region": "eu"}))

    assert settings[-1].declared == ["Key", "Region"]
    assert settings[-1].found == ["Region"]
    assert CANARY not in repr((declared, settings))


NEWEST = {
    "by-number": ([release(1, "v9.0"), release(2, "v10.0")], 2),
    "by-id-of-one-version": ([release(4), release(7)], 7),
    "no-draft": ([release(1), release(2, "v26.0", ReleaseStatus="Draft")], 1),
    "deprecated-last": ([release(1), release(2, "v26.0", ReleaseStatus="Deprecated")], 1),
    "only-deprecated": ([release(2, "v26.0", ReleaseStatus="Deprecated")], 2),
    "other-name": ([release(1), release(2, "v26.0", name="Facebook Messenger")], 1),
}


@pytest.mark.parametrize(("releases", "number"), NEWEST.values(), ids=NEWEST)
def test_newest_is_the_release_that_customers_get(releases, number):
    """Approved, no draft, deprecated only for want of another, by version and then by id."""
    assert installation.newest(releases, NAME)["Id"] == number


def of(number, version):
    """An installation of that release."""
    return {**there(1874), "Connector": {"Id": number, "Name": NAME, "Version": version}}


@pytest.mark.parametrize(
    ("releases", "version", "installed"),
    [
        ([release(1), release(2, "v26.0")], "", of(2, "v26.0")),
        ([release(1), release(2, "v26.0")], "v25.0", of(1, "v25.0")),
    ],
    ids=["newest", "of-the-declared-version"],
)
def test_installation_of_the_release_that_customers_get_needs_no_word(releases, version, installed):
    """Where the installation is of that release, nothing is told."""
    assert installation.judge_release(releases, NAME, version, installed) == []


@pytest.mark.parametrize(
    ("releases", "version", "declared"),
    [
        ([release(1), release(2, "v26.0")], "", "v26.0 (release 2)"),
        ([release(1), release(2)], "", "v25.0 (release 2)"),
        ([release(1), release(2)], "v25.0", "v25.0"),
    ],
    ids=["newer-version", "newer-release", "newer-release-of-the-declared-version"],
)
def test_installation_of_an_older_release_shows_nothing_of_the_newer(releases, version, declared):
    """What is observed through an older release proves nothing about the one that customers get."""
    (setting,) = installation.judge_release(releases, NAME, version, of(1, "v25.0"))
    (step,) = installation.open_steps("https://my.cyclr.com", {"account": "a", "connector": NAME}, [setting], "")

    assert (setting.declared, setting.found, setting.verdict) == (declared, "v25.0 (release 1)", Verdict.INCONCLUSIVE)
    assert (step.setting, step.value, step.verdict) == ("Upgrade", declared, Verdict.INCONCLUSIVE)
    assert "installed is v25.0 (release 1); customers get" in step.cause


@pytest.mark.parametrize(
    ("releases", "version", "declared", "verdict"),
    [
        ([], "", installation.ANY_RELEASE, Verdict.INCONCLUSIVE),
        ([release(1, ReleaseStatus="Draft")], "", installation.ANY_RELEASE, Verdict.REFUSED),
        ([release(1, "v26.0")], "v25.0", "v25.0", Verdict.REFUSED),
    ],
    ids=["not-listed", "withdrawn", "no-such-version"],
)
def test_connector_that_nobody_can_install_does_not_stand(releases, version, declared, verdict):
    """An installation helps no customer without a release to install; a library that shows none proves nothing."""
    (setting,) = installation.judge_release(releases, NAME, version, of(1, "v25.0"))
    (step,) = installation.open_steps("https://my.cyclr.com", {"account": "a", "connector": NAME}, [setting], "")

    assert (setting.declared, setting.verdict) == (declared, verdict)
    assert step.setting == "Connector Library"
