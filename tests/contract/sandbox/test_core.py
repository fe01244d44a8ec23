"""The sandbox's own promises: its command, its state, its request log."""

from __future__ import annotations

import json
import signal
import socket

import pytest

from stacks.sandbox.world import World

APP = "1234567890123456"


def test_ready_line_names_four_servers_that_answer(sandbox):
    """Once the ready line is out, each of the four addresses answers."""
    urls = [sandbox.control, sandbox.facebook, sandbox.cyclr_api, sandbox.console]

    assert all(sandbox.send("GET", f"{url}/").status_code < 500 for url in urls)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_sandbox_ends_cleanly_on_a_signal(running, number):
    """A signal ends the process with exit code 0 and no word on stderr."""
    with running("--port-base", "0") as (process, _):
        process.send_signal(number)

        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_sandbox_refuses_hosts_beyond_loopback(running):
    """Asked to serve other machines, the sandbox ends with a line that says what to use instead."""
    with running("--host", "0.0.0.0") as (process, ready):
        assert ready == ""
        assert process.wait(10) != 0
        assert "use --host 127.0.0.1" in process.stderr.read()


def test_sandbox_names_a_port_in_use_and_the_way_out(running):
    """A taken port ends the start with one line that holds the port and the option."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("--port-base", str(port)) as (process, _):
            assert process.wait(10) != 0
            error = process.stderr.read()

    assert f"port {port}" in error
    assert "--port-base" in error
    assert error.count("\n") == 1


def test_state_file_outlives_the_process(running, tmp_path, sandbox):
    """What was changed in one process is there in the next that is given the same file."""
    file = tmp_path / "state.json"
    with running("--port-base", "0", "--state", str(file)) as (_, ready):
        url = json.loads(ready)["control"] + "/state"
        sandbox.send("PATCH", url, json={"facebook": {"apps": {APP: {"name": "Renamed"}}}})
    with running("--port-base", "0", "--state", str(file)) as (_, ready):
        state = sandbox.send("GET", json.loads(ready)["control"] + "/state").json()

    assert state["facebook"]["apps"][APP]["name"] == "Renamed"
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["{", "[]", '{"facebok": {}}'], ids=["cut", "no object", "unknown key"])
def test_sandbox_refuses_a_state_file_it_cannot_read(running, tmp_path, content):
    """A broken state file ends the start with one line and stays as it is."""
    file = tmp_path / "state.json"
    file.write_text(content)
    with running("--port-base", "0", "--state", str(file)) as (process, _):
        assert process.wait(10) != 0
        assert process.stderr.read().count("\n") == 1

    assert file.read_text() == content


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({"facebook": {"behavior": {}}}, "unknown key facebook.behavior: did you mean behaviour?"),
        (
            {"facebook": {"apps": {APP: {"app_domain": []}}}},
            f"facebook.apps.{APP}.app_domain: did you mean app_domains",
        ),
        ({"cyclr": {"accounts": [{"Id": "a", "Name": "A", "Conectors": []}]}}, "cyclr.accounts[0].Conectors"),
        ({"cyclr": {"behaviour": {"put_properties": "adds"}}}, "must be one of merges, replaces"),
        ({"facebook": {"users": {"x": {}}}}, "facebook.users.x.password is missing"),
        ({"facebook": {"apps": {APP: {"app_domains": "a"}}}}, "app_domains must be a list, not text"),
        ({"cyclr": {"connectors": [{"Id": True, "Name": "X"}]}}, "Id must be a whole number, not true or false"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_state_refuses_what_it_does_not_know(sandbox, method, patch, told):
    """An unknown key or a wrong value is refused by its path, and nothing changes."""
    before = sandbox.state()
    if method == "PUT" and APP in patch.get("facebook", {}).get("apps", {}):
        patch["facebook"]["apps"][APP]["secret"] = "s"
    answer = sandbox.send(method, f"{sandbox.control}/state", json=patch)

    assert (answer.status_code, told in answer.json()["error"]) == (400, True), answer.text
    assert sandbox.state() == before


def test_put_state_fills_in_the_vendors_defaults(sandbox):
    """Whatever a new state leaves out is there with the vendor's default."""
    app = {"secret": "s", "dashboard": {"mode": "live"}}
    sandbox.send("PUT", f"{sandbox.control}/state", json={"facebook": {"apps": {"1": app}}})
    state = sandbox.state()

    assert state["facebook"]["apps"]["1"]["dashboard"]["login_product"] is True
    assert state["facebook"]["apps"]["1"]["dashboard"]["mode"] == "live"
    assert state["cyclr"]["accounts"] == []
    assert state["cyclr"]["behaviour"]["account_credentials_win"] is True


def test_patch_state_is_a_merge_patch(sandbox):
    """Objects merge, lists are replaced, null goes back to the default."""
    app = {"app_domains": ["a.example", "b.example"], "website_url": "https://a.example/"}
    sandbox.patch({"facebook": {"apps": {APP: app}}})
    sandbox.patch({"facebook": {"apps": {APP: {"app_domains": ["c.example"], "website_url": None}}}})
    found = sandbox.state()["facebook"]["apps"][APP]

    assert found["name"] == "My first app"
    assert found["app_domains"] == ["c.example"]
    assert found["website_url"] is None


def test_put_state_forgets_what_was_issued(sandbox):
    """A new state is a new world: tokens of the old one are worth nothing."""
    token = sandbox.new_token().json()["access_token"]
    sandbox.send("PUT", f"{sandbox.control}/state", json=sandbox.state())

    assert sandbox.api("GET", "/accounts", token=token).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"params": {"access_token": "hush"}},
        {"params": {"input_token": "1|hush", "appsecret_proof": "hush"}},
        {"data": {"client_secret": "hush", "code": "hush"}},
        {"data": {"password": ["hush", "hush"]}},
        {"json": {"AuthValue": "hush", "Properties": [{"Name": "ClientSecret", "Value": "hush"}]}},
        {"json": {"Value": "hush"}},
        {"json": [{"relative_url": "me?access_token=hush&fields=id"}]},
        {"data": "{'Name': 'ClientSecret', 'Value': 'hush'}"},
        {"data": {"batch": '[{"relative_url": "me?access_token=hush"}]'}},
    ],
)
def test_request_log_holds_no_secret(sandbox, sent):
    """Whatever may be a secret reads [masked], in query, form and JSON."""
    sandbox.send("POST", f"{sandbox.cyclr_api}/v1.0/x", **sent)
    log = json.dumps(sandbox.requests())

    assert "hush" not in log
    assert "[masked]" in log


def test_request_log_shows_what_is_no_secret(sandbox):
    """Names, ids and values of ordinary properties stay readable."""
    body = {"Name": "ads", "Properties": [{"Name": "ClientId", "Value": "123"}]}
    sandbox.api("POST", "/connectors/5001/install?page=1", "acme-observation", json=body)
    entry = sandbox.requests()[-1]

    assert entry["body"] == body
    assert entry["path"] == "/v1.0/connectors/5001/install?page=1"
    assert (entry["vendor"], entry["method"], entry["status"]) == ("cyclr", "POST", 400)


def test_request_log_holds_vendor_calls_only(sandbox):
    """Calls to the three vendor ports are logged in order, control calls are not, and DELETE empties the log."""
    for url in (sandbox.facebook, sandbox.cyclr_api, sandbox.console, sandbox.control):
        sandbox.send("GET", f"{url}/nothing")
    logged = [entry["vendor"] for entry in sandbox.requests()]
    sandbox.send("DELETE", f"{sandbox.control}/requests")

    assert logged == ["facebook", "cyclr", "cyclr"]
    assert sandbox.requests() == []


def test_index_page_links_everything(sandbox):
    """The first page leads to dashboard, console, state and log, and names users with their passwords."""
    page = sandbox.send("GET", f"{sandbox.control}/").text
    expected = [f"{sandbox.facebook}/apps/", sandbox.console, "/state", "/requests", "dev-user-password", "customer"]

    assert [each for each in expected if each not in page] == []


def test_restart_button_goes_back_to_the_first_day(sandbox):
    """A person can start again from the index page."""
    sandbox.patch({"facebook": {"apps": {APP: {"name": "Renamed"}}}})
    sandbox.send("POST", f"{sandbox.control}/restart")

    assert sandbox.state()["facebook"]["apps"][APP]["name"] == "My first app"


def test_change_that_fails_leaves_the_state_as_it_was():
    """An exception inside a change drops all of it."""
    world = World()

    def fail():
        with world.change() as state:
            state["facebook"]["users"]["x"] = {"password": "p"}
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert world.state["facebook"]["users"] == {}


def test_change_within_a_change_belongs_to_the_outer_one():
    """Nested changes see each other and are in place together."""
    world = World()
    with world.change() as outer:
        outer["facebook"]["users"]["a"] = {"password": "p"}
        with world.change() as inner:
            inner["facebook"]["users"]["b"] = {"password": "p"}

        assert set(world.state["facebook"]["users"]) == {"a", "b"}

    assert set(world.state["facebook"]["users"]) == {"a", "b"}
