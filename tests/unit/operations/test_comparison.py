"""cyclr-connectors compare: environments side by side, from stack files alone."""

from __future__ import annotations

import json
import socket
import subprocess

import pytest
from click.testing import CliRunner
from rich.console import Console

from stacks import stack_file
from stacks.operations import compare as command
from stacks.operations.comparison.compared import Comparison, compare
from stacks.operations.comparison.declared import NOT_KNOWN, Declared, Row, declared
from stacks.operations.comparison.differing import AT_AWS
from stacks.operations.comparison.equalities import ENCRYPTED, NO_OWNER, OUT_OF_SIGHT, SAME_PLACE, SAME_SECRET, WHOSE
from stacks.operations.renderers import comparison as rendered
from tests.unit.stacks.texts import CANARY, VALID, app, but, config, cyclr, facebook

APP = "connectors.facebook-marketing"
OWN = (
    ("app-h.cyclr.com", "staging.cyclr.com"),
    ("acme-api", "acme-api-staging"),
    ("account: acme-observation", "account: acme-staging"),
    ('"1234567890123456"', '"6543210987654321"'),
    ("Acme Ads", "Acme Ads (staging)"),
    ("v1:b25l", "v1:dGhyZWU="),
    ("v1:dHdv", "v1:Zm91cg=="),
)
"""What a second environment has of its own."""
LOCAL = (
    (": app-h.cyclr.com", ": localhost:8703"),
    ("https://api.cyclr.com", "http://127.0.0.1:8702"),
    ("    graphVersion: v25.0\n", "    graphUrl: http://127.0.0.1:8701\n    wwwUrl: http://127.0.0.1:8701\n"
     "    dashboardUrl: http://127.0.0.1:8701\n"),
)  # fmt: skip
IMPORTS = "environment: [acme/staging]\n"


def staging(text: str = VALID, without: tuple[str, ...] = ()) -> str:
    """A text as that of a second environment; what is named in `without` stays as in the first."""
    for old, new in OWN:
        if old not in without:
            text = text.replace(old, new)
    return text


def environment(name: str, text: str) -> Declared:
    """An environment as its file declares it."""
    file = stack_file.judge_text(text, stack_file.usual(name), name)
    assert not file.problems, file.problems
    return declared(name, file)


def compared(**texts: str) -> Comparison:
    """The comparison of environments with these stack files."""
    return compare([environment(name, text) for name, text in texts.items()])


def settings(rows: tuple[Row, ...]) -> list[str]:
    """The settings that the rows are about."""
    return [row.setting for row in rows]


def only(rows: tuple[Row, ...], setting: str) -> Row:
    """The one row about a setting."""
    (found,) = [row for row in rows if row.setting == setting]
    return found


def test_environments_of_their_own_have_nothing_to_explain():
    """Two well kept environments differ by design alone, and the comparison says so with exit code 0."""
    found = compared(production=VALID, staging=staging())

    assert settings(found.by_design) == [
        "serviceDomain",
        "cyclr.clientId",
        "cyclr.account",
        f"{APP}.appId",
        f"{APP}.appName",
    ]
    assert (found.unexplained, found.equal, found.exit_code) == ((), (), 0)
    assert only(found.by_design, "serviceDomain").values == {
        "production": "app-h.cyclr.com",
        "staging": "staging.cyclr.com",
    }


def test_secrets_of_two_files_are_said_not_to_be_compared():
    """Encrypted texts that differ prove nothing, so the comparison does not call the secrets different."""
    found = compared(production=VALID, staging=staging())

    assert settings(found.not_compared) == ["cyclr.clientSecret", f"{APP}.appSecret"]
    assert {row.why for row in found.not_compared} == {ENCRYPTED}


REGION = staging().replace("    api: https://api.cyclr.com\n", "    region: eu\n")
DESIGN = {
    "region": (REGION, "cyclr.region", {"production": "us", "staging": "eu"}),
    "console": (staging(cyclr("consoleUrl: https://console.acme.example")), "cyclr.consoleUrl",
                {"production": None, "staging": "https://console.acme.example"}),
    "create account": (staging(cyclr("createAccount: true")), "cyclr.createAccount",
                       {"production": False, "staging": True}),
    "move": (staging(config("cyclr-connectors:previousServiceDomain: old.cyclr.com")), "previousServiceDomain",
             {"production": None, "staging": "old.cyclr.com"}),
    "secret elsewhere": (staging(but(("config:facebookAppSecret", "env:APP_SECRET"),
                                     ("  cyclr-connectors:facebookAppSecret:\n    secure: v1:dHdv\n", ""))),
                         f"{APP}.appSecret", {"production": "config:facebookAppSecret", "staging": "env:APP_SECRET"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "setting", "values"), DESIGN.values(), ids=DESIGN)
def test_what_an_environment_has_of_its_own_is_by_design(text, setting, values):
    """Each setting that is an environment's own may differ, and its row shows both sides and a reason."""
    found = compared(production=VALID, staging=text)

    row = only(found.by_design, setting)
    assert row.values == values
    assert row.why
    assert (found.unexplained, found.equal) == ((), ())


UNEXPLAINED = {
    "scopes": (app("scopes: [ads_read]"), f"{APP}.scopes", ["ads_read"]),
    "version": (app("version: v24.0"), f"{APP}.version", "v24.0"),
    "graph version": (facebook("graphVersion: v24.0"), "facebook.graphVersion", "v24.0"),
    "graph address": (facebook("graphUrl: https://graph.acme.example"), "facebook.graphUrl",
                      "https://graph.acme.example"),
    "managed by": (app("managedBy: dashboard"), f"{APP}.managedBy", "dashboard"),
    "privacy": (app("privacyPolicyUrl: https://acme.example/privacy"), f"{APP}.privacyPolicyUrl",
                "https://acme.example/privacy"),
    "exclusive": (app("exclusiveAppDomains: true"), f"{APP}.exclusiveAppDomains", True),
    "site": (app("siteUrl: https://app-h.cyclr.com/start"), f"{APP}.siteUrl", "https://staging.cyclr.com/start"),
    "attestation": (app('attestations: {live: {value: live, by: jane@acme.example, date: "2026-11-02"}}'),
                    f"{APP}.attestations.live", "jane@acme.example on 2026-11-02"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "setting", "value"), UNEXPLAINED.values(), ids=UNEXPLAINED)
def test_difference_without_a_reason_is_unexplained(text, setting, value):
    """A setting that nothing makes an environment's own is named once with both sides, and the exit code is 7."""
    found = compared(production=VALID, staging=staging(text))

    assert settings(found.unexplained) == [setting]
    assert found.unexplained[0].values["staging"] == value
    assert found.unexplained[0].why
    assert found.exit_code == 7


@pytest.mark.parametrize(("text", "setting", "value"), UNEXPLAINED.values(), ids=UNEXPLAINED)
def test_same_value_on_both_sides_is_no_difference(text, setting, value):
    """What both declare needs no explanation; a value that follows the service domain is the same in both."""
    found = compared(production=text, staging=staging(text))

    assert (found.unexplained, found.equal) == ((), ())


def test_site_that_follows_the_domain_is_by_design():
    """An address below each environment's own service domain differs as the domains do."""
    found = compared(
        production=app("siteUrl: https://app-h.cyclr.com/start"),
        staging=staging(app("siteUrl: https://app-h.cyclr.com/start")),
    )

    assert only(found.by_design, f"{APP}.siteUrl").why == "follows the service domain"


SPELLINGS = {
    "host": (": app-h.cyclr.com", ": APP-H.cyclr.com."),
    "region": ("    api: https://api.cyclr.com\n", "    region: us\n"),
    "api": ("https://api.cyclr.com", "https://API.cyclr.com/"),
    "default version": ("    graphVersion: v25.0\n", "    wwwUrl: https://www.facebook.com/\n"),
    "default site": ("      appName: Acme Ads\n", "      appName: Acme Ads\n      siteUrl: https://app-h.cyclr.com\n"),
}


@pytest.mark.parametrize("change", SPELLINGS.values(), ids=SPELLINGS)
def test_another_spelling_is_no_difference(change):
    """Two spellings of one value, or a default that is written out, are no row in any list of differences."""
    found = compared(production=VALID, staging=but(change))

    assert (found.by_design, found.unexplained) == ((), ())


def test_same_attestation_on_different_days_is_by_design():
    """Each environment is attested on its own; only where one is and the other is not there is something to explain."""
    text = app('attestations: {live: {value: live, by: jane@acme.example, date: "2026-11-02"}}')
    found = compared(production=text, staging=staging(text.replace("11-02", "11-03")))

    assert f"{APP}.attestations.live" in settings(found.by_design)
    assert not found.unexplained


def test_property_is_compared_without_being_shown():
    """A property may be a credential: its difference is shown as fingerprints only."""
    found = compared(production=app(f"properties: {{Key: {CANARY}}}"), staging=staging(app("properties: {Key: other}")))

    row = only(found.unexplained, f"{APP}.properties.Key")
    assert row.values["production"] != row.values["staging"]
    assert CANARY not in repr(found)


def test_connector_in_one_environment_alone_is_unexplained():
    """A connector that one environment lacks is one row, not one for each of its settings."""
    first, second = environment("production", VALID), environment("staging", staging())
    fewer = {loc: value for loc, value in second.settings.items() if loc[0] != "connectors"}
    found = compare([first, Declared("staging", fewer, second.written)])

    assert [(row.setting, row.values) for row in found.unexplained] == [
        (APP, {"production": "declared", "staging": None})
    ]


EQUAL = {
    "service domain": (("app-h.cyclr.com",), "serviceDomain", "app-h.cyclr.com"),
    "API client": (("acme-api",), "cyclr.clientId", "acme-api"),
    "account": (("account: acme-observation",), "cyclr.account", "acme-observation"),
    "app": (('"1234567890123456"',), f"{APP}.appId", "1234567890123456"),
    "app secret": (("v1:dHdv",), f"{APP}.appSecret", "config:facebookAppSecret"),
    "client secret": (("v1:b25l",), "cyclr.clientSecret", "config:cyclrClientSecret"),
}


@pytest.mark.parametrize(("kept", "setting", "value"), EQUAL.values(), ids=EQUAL)
def test_what_each_must_have_of_its_own_is_named_where_it_is_equal(kept, setting, value):
    """A value that two environments share by mistake is one row with both names, and the exit code is 7."""
    found = compared(production=VALID, staging=staging(without=kept))

    assert settings(found.equal) == [setting]
    assert found.equal[0].values == {"production": value, "staging": value}
    assert found.exit_code == 7


def test_equal_group_leaves_out_who_is_not_in_it():
    """Of three environments the row names the two that are equal, and the third stays by design."""
    found = compared(
        production=VALID,
        staging=staging(),
        test=staging(without=("Acme Ads",)).replace("acme-api-staging", "acme-api-test"),
    )

    row = only(found.equal, f"{APP}.appId")
    assert set(row.values) == {"staging", "test"}
    assert set(only(found.by_design, f"{APP}.appId").values) == {"production", "staging", "test"}


def test_account_of_another_region_is_another_account():
    """One account id in two regions is no account in common."""
    found = compared(production=VALID, staging=REGION.replace("acme-staging", "acme-observation"))

    assert "cyclr.account" not in settings(found.equal)


def test_equal_cipher_text_is_the_same_secret():
    """A secret that was copied from one file into another is told without being decrypted."""
    found = compared(production=VALID, staging=staging(without=("v1:dHdv",)))

    assert only(found.equal, f"{APP}.appSecret").why == SAME_SECRET
    assert f"{APP}.appSecret" not in settings(found.not_compared)
    assert "v1:dHdv" not in repr(found)


def test_same_variable_is_no_proof_of_the_same_secret():
    """One name of a variable may hold another value in each pipeline, so nothing is claimed."""
    text = but(
        ("config:facebookAppSecret", "env:APP_SECRET"),
        ("  cyclr-connectors:facebookAppSecret:\n    secure: v1:dHdv\n", ""),
    )
    found = compared(production=text, staging=staging(text))

    assert only(found.not_compared, f"{APP}.appSecret").why == OUT_OF_SIGHT
    assert not found.equal


def on_aws(text: str = VALID, account: str = "123456789012", hours: int = 12) -> str:
    """A text whose app secret is at AWS, with an alarm there."""
    aws = (
        f'  cyclr-connectors:aws:\n    account: "{account}"\n    region: eu-west-1\n    secrets:\n'
        f"      acme/app: {{readers: [arn:aws:iam::{account}:role/deploy]}}\n"
        f"    driftAlarm: {{email: ops@acme.example, hours: {hours}}}\n"
    )
    there = but(
        ("config:facebookAppSecret", "aws-sm:acme/app"),
        ("  cyclr-connectors:facebookAppSecret:\n    secure: v1:dHdv\n", aws),
    )
    return staging(there) if text is not VALID else there


def test_same_place_at_aws_is_the_same_secret():
    """One secret of one account behind two apps is told; the same name in another account is another secret."""
    same = compared(production=on_aws(), staging=on_aws(""))
    other = compared(production=on_aws(), staging=on_aws("", account="210987654321"))

    assert only(same.equal, f"{APP}.appSecret").why == SAME_PLACE
    assert f"{APP}.appSecret" not in settings(other.equal)
    assert only(other.not_compared, f"{APP}.appSecret").why == OUT_OF_SIGHT


def test_what_an_environment_keeps_at_aws_is_its_own():
    """Account and readers differ by design, how long nobody may look does not."""
    found = compared(production=on_aws(), staging=on_aws("", account="210987654321", hours=3))

    assert only(found.by_design, "aws.account").why == AT_AWS
    assert settings(found.unexplained) == ["aws.driftAlarm.hours"]


SHARED = but(("      appName: Acme Ads\n", "      shared: true\n"))


def test_shared_app_with_one_owner_is_by_design():
    """One environment owns the app and its fields, the other shares it: nothing is wrong with one app id."""
    found = compared(
        production=app("privacyPolicyUrl: https://acme.example/p"),
        staging=staging(SHARED, ('"1234567890123456"', "v1:dHdv")),
    )

    assert only(found.by_design, f"{APP}.shared").values == {"production": False, "staging": True}
    assert (found.unexplained, found.equal) == ((), ())
    assert f"{APP}.appName" not in settings(found.by_design)


def test_shared_app_without_an_owner_is_unexplained():
    """An app that another stack is said to own, while none of those compared does, has to be explained."""
    found = compared(production=VALID, staging=staging(SHARED))

    assert settings(found.unexplained) == [f"{APP}.shared"]


def test_app_that_all_share_has_its_owner_elsewhere():
    """Who owns the app cannot be told from these files, which is said and not judged."""
    found = compared(production=SHARED, staging=staging(SHARED, ('"1234567890123456"',)))

    assert only(found.not_compared, f"{APP}.shared").why == NO_OWNER
    assert (found.unexplained, found.equal) == ((), ())


def test_sandbox_beside_the_vendors_is_by_design():
    """The addresses of the sandbox differ from the vendors', and belong to it."""
    found = compared(production=VALID, sandbox=staging(but(*LOCAL)))

    assert {row.setting for row in found.by_design} >= {"facebook.graphUrl", "facebook.wwwUrl"}
    assert only(found.by_design, "cyclr.api").values == {
        "production": "https://api.cyclr.com",
        "sandbox": "http://127.0.0.1:8702",
    }
    assert (found.unexplained, found.equal) == ((), ())


@pytest.mark.parametrize("name", ["sandbox", "acme/cyclr-connectors/sandbox", "sandbox-2", "my_sandbox"])
def test_stack_named_sandbox_may_be_on_this_machine(name):
    """The name of a stack says that it is one of the sandbox."""
    found = compare([environment(name, staging(but(*LOCAL))), environment("production", VALID)])

    assert not found.equal


def test_sandbox_address_outside_the_sandbox_is_named():
    """A stack file that was copied from the sandbox's is found by every address of this machine in it."""
    found = compared(production=VALID, staging=staging(but(*LOCAL)))

    assert settings(found.equal) == [
        "serviceDomain",
        "cyclr.api",
        "facebook.graphUrl",
        "facebook.wwwUrl",
        "facebook.dashboardUrl",
    ]
    assert only(found.equal, "serviceDomain").values == {"staging": "localhost:8703"}
    assert found.unexplained == ()


def test_sandbox_address_hides_no_difference_between_the_others():
    """Where addresses outside this machine differ as well, that difference is still to be explained."""
    other = facebook("graphUrl: https://graph.acme.example").replace("staging", "test")
    found = compared(production=VALID, staging=staging(but(*LOCAL)), test=other)

    assert "facebook.graphUrl" in settings(found.unexplained)
    assert "facebook.wwwUrl" not in settings(found.unexplained)


def test_value_of_an_imported_environment_is_not_known():
    """What the file does not declare and an import may supply is neither a default nor a difference."""
    text = (
        staging(
            but(
                ("    account: acme-observation\n", ""),
                ("    graphVersion: v25.0\n", "    wwwUrl: https://www.facebook.com\n"),
            )
        )
        + IMPORTS
    )
    found = compared(production=VALID, staging=text)

    assert only(found.not_compared, "cyclr.account").values == {"production": "acme-observation", "staging": NOT_KNOWN}
    assert only(found.not_compared, "facebook.graphVersion").values["staging"] == NOT_KNOWN
    assert only(found.not_compared, "every other setting").values == {"staging": NOT_KNOWN}
    assert not found.unexplained


def test_imported_environment_may_say_that_an_app_is_shared():
    """One app in two stacks is not called a mistake while one of them may share it."""
    found = compared(production=VALID, staging=staging(without=('"1234567890123456"',)) + IMPORTS)

    assert only(found.not_compared, f"{APP}.shared").why == WHOSE
    assert not found.equal


def test_difference_that_is_known_is_shown_beside_what_is_not():
    """An unknown value in a third environment hides no difference between the others."""
    unknown = staging(but(("    graphVersion: v25.0\n", "    wwwUrl: https://www.facebook.com\n"))) + IMPORTS
    found = compared(
        production=VALID, staging=staging(facebook("graphVersion: v24.0")).replace("staging", "stage"), test=unknown
    )

    assert only(found.unexplained, "facebook.graphVersion").values == {
        "production": "v25.0",
        "staging": "v24.0",
        "test": NOT_KNOWN,
    }


def test_service_domain_that_is_not_known_breaks_nothing():
    """An import may supply even the service domain, from which others follow."""
    text = staging(but(("  cyclr-connectors:serviceDomain: app-h.cyclr.com\n", ""))) + IMPORTS
    found = compared(production=VALID, staging=text)

    assert only(found.not_compared, "serviceDomain").values["staging"] == NOT_KNOWN


@pytest.mark.parametrize("more", ["environment:\n", "environment: []\n", "environment: null\n"])
def test_nothing_imported_leaves_the_defaults(more):
    """An import of nothing supplies nothing, so that defaults count and are compared."""
    found = compared(
        production=facebook("graphVersion: v24.0"),
        staging=staging(facebook("graphUrl: https://graph.facebook.com")) + more,
    )

    assert settings(found.unexplained) == ["facebook.graphVersion"]


def test_values_of_other_projects_are_left_alone():
    """What stands under another project's keys is not looked at, even where it is no value at all."""
    text = staging(config("aws:region: eu-west-1", "other:date: 2026-13-45", "other:key: {secure: v1:dHdv}"))

    assert compared(production=VALID, staging=text) == compared(production=VALID, staging=staging())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with three stack files, in which nothing else may be asked."""

    def refuse(*_arguments, **_named):
        raise AssertionError("nothing is asked of anybody")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "production": VALID,
        "staging": staging(),
        "test": staging(app("scopes: [ads_read]"), ("acme-api",)),
    }.items():
        (tmp_path / f"Pulumi.{name}.yaml").write_text(text)
    return tmp_path


def run(folder, *arguments: str):
    return CliRunner().invoke(command.command, [*arguments, "--config-dir", str(folder)])


def test_command_exits_0_where_all_is_explained(folder):
    """Two environments that differ by design pass, with a table of what differs."""
    ran = run(folder, "production", "staging")

    assert ran.exit_code == 0
    assert ran.stdout.startswith("production, staging:\nEXPLAINED: nothing unexplained\n5 by design, 2 not compared\n")


def test_command_exits_7_where_something_is_not(folder):
    """A difference without a reason, or a value in common, fails a pipeline by the exit code."""
    ran = run(folder, "production", "test")

    assert ran.exit_code == 7
    assert "TO EXPLAIN: 1 unexplained, 1 equal that should not be" in ran.stdout


def test_document_has_every_list(folder):
    """The JSON document is all of stdout, and each row has setting, values and why."""
    ran = run(folder, "production", "test", "--json")

    document = json.loads(ran.stdout)
    assert list(document) == ["environments", "by_design", "unexplained", "equal", "not_compared"]
    assert document["environments"] == ["production", "test"]
    assert document["unexplained"] == [
        {
            "setting": f"{APP}.scopes",
            "values": {"production": None, "test": ["ads_read"]},
            "why": "their customers are asked for different permissions, or nobody judges which",
        }
    ]
    assert document["equal"][0]["values"] == {"production": "acme-api", "test": "acme-api"}
    assert ran.exit_code == 7


def test_broken_file_is_told_like_check_does(folder):
    """A file with problems is not compared: each problem with its line and command, exit code 2, stdout empty."""
    (folder / "Pulumi.staging.yaml").write_text(but(("    account: acme-observation\n", "")))
    ran = run(folder, "production", "staging", "--json")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "Pulumi.staging.yaml:4: cyclr.account is missing\n  fix: run: pulumi config set" in ran.stderr
    assert "staging: 1 problem; nothing was compared.\n" in ran.stderr


def test_stack_without_a_file_is_told(folder):
    """A stack that has no file is told with those that have one in the folder that was named, not in another."""
    ran = run(folder, "production", "nowhere")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "Error: Pulumi.nowhere.yaml: there is no such file." in ran.stderr
    assert "Stacks with a file in ./: production, staging, test." in ran.stderr


def test_stack_without_a_file_in_the_project_is_told_how_to_make_one(folder, monkeypatch):
    """In the project's own folder the answer is the problem of the file, with the command that mends it."""
    monkeypatch.setattr(stack_file, "FOLDER", folder)
    ran = CliRunner().invoke(command.command, ["production", "nowhere"])

    assert ran.exit_code == 2
    assert "Pulumi.nowhere.yaml: the file does not exist" in ran.stderr
    assert "pulumi stack init nowhere; stacks with a file: production, staging, test" in ran.stderr


def test_report_and_help_say_why_secrets_are_not_compared(folder):
    """What only a copied text tells, and what is not read, stands beside the rows and in the help."""
    ran = run(folder, "production", "staging")
    said = " ".join(CliRunner().invoke(command.command, ["--help"]).output.split())

    assert ENCRYPTED in " ".join(ran.stdout.split())
    assert "only where one file has the encrypted text of the other" in said
    assert "kept outside the file, as env: does, that is not known, and they are listed as not compared" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Name two stacks at least. Stacks with a file in ./: production, staging, test."),
        (("production",), "Name two stacks at least."),
        (("production", "production"), "named twice"),
        (("production", "acme/cyclr-connectors/production"), "named twice"),
        (("production", "staging", "--json", "--markdown", "-"), "Only one of --json and --markdown -"),
    ],
    ids=["none", "one", "twice", "same file", "two on stdout"],
)
def test_wrong_usage_exits_2(folder, arguments, words):
    """A comparison that makes no sense is refused, and the stacks that there are are named."""
    ran = run(folder, *arguments)

    assert ran.exit_code == 2
    assert words in ran.output


def test_markdown_goes_beside_the_text_or_instead_of_it(folder):
    """A file gets the Markdown while the terminal keeps its text; `-` is Markdown alone."""
    beside = run(folder, "production", "test", "--markdown", "found.md")
    alone = run(folder, "production", "test", "--markdown", "-")

    assert beside.stdout.startswith("production, test:\nTO EXPLAIN")
    assert (folder / "found.md").read_text() == alone.stdout
    assert alone.stdout.startswith("**`production` and `test`: 1 unexplained, 1 equal that should not be; ")
    assert f"| `{APP}.scopes` | (none) | `ads_read` |" in alone.stdout
    assert (beside.exit_code, alone.exit_code) == (7, 7)


def shown(found: Comparison, width: int = 80) -> list[str]:
    """The lines that a terminal of a width shows."""
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        for each in rendered.terminal(found):
            console.print(each)
    return captured.get().splitlines()


@pytest.mark.parametrize("number", [2, 3, 6])
def test_text_fits_80_columns_with_every_value_whole(number):
    """However many environments there are, no line is longer than 80 columns and no value is cut."""
    names = ["production", "staging", "test", "review-1", "review-2", "load"][:number]
    values = {name: f"https://{name}.acme.example/a/rather/long/path" for name in names}
    rows = (Row("cyclr.region", values, "because"), Row(f"{APP}.deauthorizeCallbackUrl", values, "because"))
    lines = shown(Comparison(tuple(names), unexplained=rows))

    text = "".join("".join(line.split()) for line in lines)
    assert max(map(len, lines)) <= 80
    if number > rendered.SIDE_BY_SIDE:
        assert all(text.count(value) == 2 for value in values.values())
    assert "because" in text


def test_long_name_of_a_setting_goes_on_after_a_dot():
    """No word of a setting's name is broken, neither where the name is long nor where one part of it is."""
    names = ("attestations.advanced_access", "properties.ANameOfThirtyColumnsNoneLess")
    rows = tuple(Row(f"{APP}.{name}", {"a": "one", "b": "two"}, "because") for name in names)
    lines = shown(Comparison(("a", "b"), unexplained=rows))

    words = [line.split() for line in lines]
    begin = words.index(["facebook-marketing"]) + 1
    assert words[begin : begin + 4] == [
        ["attestations.", "one", "two"],
        ["advanced_access"],
        ["properties.", "one", "two"],
        ["ANameOfThirtyColumnsNoneLess"],
    ]


def test_lone_address_is_not_called_equal():
    """What is wrong for standing where it does is counted by itself; with nothing else, it is not called equal."""
    found = compared(production=VALID, staging=staging(but(*LOCAL)))

    assert rendered.todo(found) == "5 of this machine outside the sandbox"


def test_equal_values_of_many_environments_stand_once():
    """With more environments than fit beside one another, those of one value share its line."""
    names = ("a", "b", "c", "d")
    rows = (Row("cyclr.region", {"a": "us", "b": "us", "c": "eu", "d": None}, "because"),)
    lines = [line.strip() for line in shown(Comparison(names, by_design=rows))]

    assert lines[lines.index("a, b:") + 1] == "us"
    assert lines[lines.index("d:") + 1] == "(not declared)"


def test_hostile_values_stay_values():
    """A value cannot forge a cell, a mention or HTML, nor make a terminal obey."""
    hostile = "x | y\n@acme <script>\x1b[2J"
    found = Comparison(("a", "b"), unexplained=(Row("cyclr.account", {"a": hostile, "b": None}, "because"),))

    page, text = rendered.page(found), "\n".join(shown(found))
    assert "\x1b" not in page + text
    assert page.count("\n| ") == 3
    assert "` x  `&#124;`  y�@acme <script>�[2J `" in page
