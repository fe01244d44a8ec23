"""The Connector Library on Cyclr's API as the sandbox plays it: reading it, and installing from it."""

from __future__ import annotations

import pytest

ACCOUNT = "acme-observation"
MARKETING = "/connectors/Facebook Marketing API"


def behaviour(sandbox, **switches):
    """Set switches of Cyclr's behaviour."""
    sandbox.patch({"cyclr": {"behaviour": switches}})


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/connectors?query=facebook", [5001, 5014]),
        ("/connectors?category=crm", [5020, 5021]),
        ("/connectors?query=acme", []),
        ("/connectors?query=acme&includeCustomConnectors=true", [5122]),
        (MARKETING, [5001]),
        ("/connectors/facebook%20marketing%20api/v25.0", [5001]),
        ("/connectors/Access CRM", [5020, 5021]),
        ("/connectors/Access CRM/v3", [5021]),
        ("/connectors/Access CRM/v9", []),
        ("/connectors/Nothing", []),
    ],
)
def test_library_is_found_by_search_name_and_version(sandbox, path, ids):
    """Searches and names answer arrays of releases."""
    assert [each["Id"] for each in sandbox.api("GET", path, ACCOUNT).json()] == ids


def test_library_by_id_is_an_object_without_its_setup(sandbox):
    """An id answers one release, never the Setup form's values."""
    answer = sandbox.api("GET", "/connectors/5001", ACCOUNT).json()

    assert (answer["Name"], answer["Version"], answer["OAuth2Type"]) == (
        "Facebook Marketing API",
        "v25.0",
        "AuthorisationCode",
    )
    assert "setup" not in answer
    assert sandbox.api("GET", "/connectors/9", ACCOUNT).status_code == 404


def test_unknown_connector_name_is_a_switch(sandbox):
    """The other side of the switch answers 404 where the default answers an empty array."""
    behaviour(sandbox, unknown_connector_name="404")

    assert sandbox.api("GET", "/connectors/Nothing", ACCOUNT).status_code == 404


def test_draft_shows_approved_beside_its_release_status(sandbox):
    """Status says Approved even of a draft; ReleaseStatus tells the truth."""
    answer = sandbox.api("GET", "/connectors/5122", ACCOUNT).json()

    assert (answer["Status"], answer["ReleaseStatus"]) == ("Approved", "Draft")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/connectors/5001", "/connectors/5001/settings", "/partner/settings"])
def test_library_has_no_write_path(sandbox, method, path):
    """No verb on any path writes a library entry."""
    assert sandbox.api(method, path, ACCOUNT, json={}).status_code == 404


@pytest.mark.parametrize("path", ["/connectors/5021", "/connectors/Access CRM", "/connectors/Access CRM/v3"])
def test_install_takes_id_name_or_version(sandbox, path):
    """All three forms install the newest live release, under the connector's name, not authenticated."""
    answer = sandbox.api("POST", f"{path}/install", ACCOUNT, json={})

    assert answer.status_code == 200
    assert (answer.json()["Connector"]["Id"], answer.json()["Name"]) == (5021, "Access CRM")
    assert answer.json()["Authenticated"] is False


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (MARKETING, {"Properties": [{"Name": "ClientId", "Value": "1"}]}, "matches name 'ClientId'."),
        (
            "/connectors/5021",
            {"Properties": [{"Name": "X"}]},
            "There is not a connector property that matches name 'X'.",
        ),
        (
            "/connectors/5021",
            {"Properties": [{"Name": "EndpointUrl", "Value": "x"}]},
            "Connector property name 'EndpointUrl' is not an account connector property.",
        ),
        ("/connectors/5122", {}, "Connector 5122 is a draft and cannot be installed."),
        ("/connectors/5021", {"Name": "taken"}, "Account connector name 'taken' is in use."),
    ],
)
def test_install_refusals_have_the_vendors_texts(sandbox, path, body, message):
    """A bad install is 400 with the exact message, and installs nothing."""
    sandbox.api("POST", "/connectors/5014/install", ACCOUNT, json={"Name": "Taken"})
    answer = sandbox.api("POST", f"{path}/install", ACCOUNT, json=body)

    assert answer.status_code == 400
    assert answer.json()["Message"].endswith(message)
    assert len(sandbox.api("GET", "/account/connectors", ACCOUNT).json()) == 1


def test_install_of_an_unknown_connector_is_not_found(sandbox):
    """Unknown ids and names are 404."""
    paths = ["/connectors/9/install", "/connectors/Nothing/install", "/connectors/Access CRM/v9/install"]

    assert [sandbox.api("POST", path, ACCOUNT, json={}).status_code for path in paths] == [404, 404, 404]


@pytest.mark.parametrize("body", ["", "null"])
@pytest.mark.parametrize("status", [200, 500])
def test_install_with_a_null_body_is_a_switch(sandbox, body, status):
    """A null body installs, or is an error of the vendor's, as the switch says."""
    behaviour(sandbox, null_install_body_status=status)

    assert sandbox.api("POST", f"{MARKETING}/install", ACCOUNT, data=body).status_code == status


@pytest.mark.parametrize(
    "body", ["{'name': 'it\\'s', 'DESCRIPTION': \"d'd\"}", '{"NAME": "it\'s", "description": "d\'d"}']
)
def test_input_is_read_in_any_casing_and_quoting(sandbox, body):
    """Field names match in any casing, and single-quoted JSON is read."""
    answer = sandbox.api("POST", f"{MARKETING}/install", ACCOUNT, data=body).json()

    assert (answer["Name"], answer["Description"]) == ("it's", "d'd")


@pytest.mark.parametrize("body", ["{", "[]", "a=1"])
def test_input_that_is_no_json_object_is_refused(sandbox, body):
    """What cannot be read is 400."""
    assert sandbox.api("POST", f"{MARKETING}/install", ACCOUNT, data=body).status_code == 400


def test_installation_ids_are_never_used_twice(sandbox):
    """After a delete the next installation has a new id, and the old one is 404."""
    first = sandbox.api("POST", f"{MARKETING}/install", ACCOUNT, json={}).json()["Id"]
    deleted = sandbox.api("DELETE", f"/account/connectors/{first}", ACCOUNT)
    second = sandbox.api("POST", f"{MARKETING}/install", ACCOUNT, json={}).json()["Id"]

    assert deleted.status_code == 200
    assert second > first
    assert sandbox.api("GET", f"/account/connectors/{first}", ACCOUNT).status_code == 404
