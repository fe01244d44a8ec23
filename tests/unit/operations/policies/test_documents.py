"""Whether AWS would take the documents, and whether they say no more than they must."""

from __future__ import annotations

import fnmatch
import re

import pytest

from stacks.operations.policies import rendering
from stacks.operations.policies.meanings import MEANINGS
from tests.unit.operations.policies import declared
from tests.unit.operations.policies.reference import REFERENCE

ARN = f"arn:aws:secretsmanager:us-east-1:{declared.ACCOUNT}:secret:shared/facebook-a1B2c3"
ENVIRONMENTS = {
    "all": declared.content("staging", declared.full("staging")),
    "state alone": declared.content("staging", declared.bare("staging"), "config:app", "env:CYCLR_CLIENT_SECRET"),
    "secrets of others": declared.content(
        "staging", declared.bare("staging"), f"aws-sm:{ARN}#app", f"aws-sm:{ARN}#api"
    ),
    "parameters": declared.content("staging", declared.bare("staging"), "aws-ssm:/app"),
    "no references": declared.content("staging", declared.full("staging"), "env:APP_SECRET", "env:CYCLR_CLIENT_SECRET"),
    "many": declared.content(
        "staging",
        declared.full(
            "staging",
            secrets={
                f"staging/secret-number-{n}": {"readers": [f"arn:aws:iam::{declared.ACCOUNT}:role/r"]} for n in range(8)
            },
        ),
    ),
}
WITHOUT_RESOURCE = {name for name, known in REFERENCE.items() if not known["resources"]}
BY_CONDITION = {"secretsmanager:DescribeSecret", "kms:TagResource"}
"""Granted on `*` although AWS knows their resources: what they are about has no ARN yet, so a condition limits them."""


@pytest.fixture(params=ENVIRONMENTS, scope="module")
def documents(request, tmp_path_factory):
    """Role -> kind -> document, for environments of every kind."""
    content = dict(ENVIRONMENTS[request.param])
    content["config"] = {**content["config"]}
    if "config:app" in str(content):
        content["config"]["cyclr-connectors:app"] = {
            "secure": "djE6QUFBQUFBQUFBQUFBQUFBQTpBQUFBQUFBQUFBQUFBQUFBQUFBQQ=="
        }
        content["encryptionsalt"] = "v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
    return declared.documents(tmp_path_factory.mktemp("stacks"), "staging", content)


def statements(documents, kind="permissions"):
    """Role and statement, one after the other."""
    return [(role, each) for role, kinds in documents.items() for each in kinds[kind]["Statement"]]


def listed(value):
    """One value or several, as a list."""
    return [value] if isinstance(value, str) else value


def test_sids_are_unique_and_explained(documents):
    """Each statement of a role has a name of its own, in the signs that AWS takes, and is explained in words."""
    for role, kinds in documents.items():
        for kind in kinds.values():
            sids = [each["Sid"] for each in kind["Statement"]]

            assert len(sids) == len(set(sids)), role
            assert all(re.fullmatch(r"[A-Za-z0-9]+", sid) and sid in MEANINGS for sid in sids), role


def test_statements_name_actions_that_exist(documents):
    """An action stands with its full name, is one that AWS knows, and is never meant by exclusion."""
    for _, each in statements(documents):
        assert each.keys() <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert set(listed(each["Action"])) <= REFERENCE.keys(), each["Sid"]


def test_rights_are_limited_to_resources(documents):
    """Every resource stands only where AWS knows none, or where a condition says what is meant."""
    for _, each in statements(documents):
        if each["Effect"] == "Allow" and "*" in listed(each["Resource"]):
            beyond = set(listed(each["Action"])) - WITHOUT_RESOURCE

            assert beyond <= BY_CONDITION, each["Sid"]
            assert not beyond or each["Condition"], each["Sid"]


def test_resources_are_arns_of_the_account(documents):
    """A resource that is not every one is an ARN, of this account or of one that a reference names."""
    for _, each in statements(documents):
        for arn in listed(each["Resource"]):
            assert arn == "*" or re.fullmatch(
                rf"arn:aws:(s3|route53)?[a-z0-9]*:[a-z0-9-]*:({declared.ACCOUNT})?:\S+", arn
            ), arn


def test_conditions_use_keys_of_their_actions(documents):
    """A condition asks for what the request carries: a key that AWS does not know would never hold."""
    for _, each in statements(documents):
        for action in listed(each["Action"]):
            known = [re.sub(r"\$\{\w+\}", "*", key) for key in REFERENCE[action]["conditions"]]
            keys = {key for test in each.get("Condition", {}).values() for key in test if not key.startswith("aws:")}

            assert all(any(fnmatch.fnmatch(key, pattern) for pattern in known) for key in keys), (each["Sid"], action)


def test_documents_fit_into_a_role(documents):
    """Permissions fit into the inline policies of one role, the trust into what AWS takes by default."""
    for kinds in documents.values():
        assert rendering.size(kinds["permissions"]) <= 10_240
        assert rendering.size(kinds["trust"]) <= 2_048


def test_only_deploy_writes(documents):
    """Preview and drift are granted nothing that changes anything at AWS, apart from the heartbeat of drift."""
    reads = re.compile(r"\w+:(Get|List|Describe)\w*|kms:Decrypt")
    for role, each in statements(documents):
        if role != "deploy" and each["Effect"] == "Allow" and each["Sid"] != "SendHeartbeat":
            assert all(reads.fullmatch(action) for action in listed(each["Action"])), each["Sid"]


def test_nobody_may_delete_or_put_a_value(documents):
    """No role may put or delete a secret or a key, or change who governs one."""
    never = re.compile(
        r"secretsmanager:(Put|Delete)Secret\w*|kms:(Schedule\w+|Disable\w+|PutKeyPolicy|Delete\w+)|iam:\w+"
    )
    granted = {
        action for _, each in statements(documents) if each["Effect"] == "Allow" for action in listed(each["Action"])
    }

    assert [action for action in granted if never.fullmatch(action)] == []


def test_trust_is_for_one_provider_and_audience(documents):
    """Every way into a role fixes the provider, the audience and a subject."""
    for role, each in statements(documents, "trust"):
        condition = each["Condition"]
        subjects = {**condition["StringEquals"], **condition.get("StringLike", {})}[f"{declared.ISSUER}:sub"]

        assert each["Action"] == "sts:AssumeRoleWithWebIdentity", role
        assert each["Principal"] == {"Federated": f"arn:aws:iam::{declared.ACCOUNT}:oidc-provider/{declared.ISSUER}"}
        assert condition["StringEquals"][f"{declared.ISSUER}:aud"] == "sts.amazonaws.com", role
        assert subjects, role


def test_every_statement_has_a_meaning_and_no_other():
    """The table of meanings and the templates name the same statements."""
    names = {rendering.TRUST, *(name for parts in rendering.PERMISSIONS.values() for name in parts)}

    assert {each["Sid"] for name in names for each in rendering.template(name)} == MEANINGS.keys()
