"""A stand-in of GitHub's REST API on loopback, as far as comments and issues need it.

``python -m tests.contract.sinks.service`` serves it and prints its address. It knows one repository with a pull
request, several tokens, pages with Link headers, what the real service refuses and how it says so. Faults are given to
it as data (`Faults.add`): an answer, a connection lost before or after the write, or a meeting, at which calls wait for
each other.
Control: GET /_control/state, GET /_control/requests, POST /_control/faults, POST /_control/comments,
         DELETE /_control/state.
Source:  GitHub's REST reference for issues, issue comments and users, and its pages on pagination and rate limits.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import urlencode

import click
from flask import Flask, g, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

REPOSITORY, PULL_REQUEST = "acme/connectors", 7
LONGEST, LONGEST_TITLE = 65_536, 256
ROBOT = "github-actions[bot]"
READ, WRITE = "read", "write"
TOGETHER = 20
"""Seconds that calls wait for each other at a meeting before that is a failure of the test."""


@dataclass(frozen=True)
class Token:
    """Whom a token writes as, and what it may do."""

    login: str
    rights: dict[str, str]
    integration: bool = True


BOTH = {"issues": WRITE, "pull_requests": WRITE}
TOKENS = {
    "ghs_runner": Token(ROBOT, BOTH),
    "ghs_reader": Token(ROBOT, {"issues": READ, "pull_requests": READ}),
    "ghs_app": Token("deploy-helper[bot]", BOTH),
    "ghp_person": Token("maria", BOTH, integration=False),
    "ghp_stranger": Token("stranger", {}, integration=False),
}


class Refused(Exception):
    """A call that ends with an error of the API."""

    def __init__(self, status: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message, "documentation_url": "https://docs.example/rest", **more}


@dataclass
class World:
    """All that the service keeps."""

    items: dict[int, dict] = field(default_factory=dict)
    """Issues and pull requests by number."""
    comments: dict[int, dict] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    """The text of every comment and issue as it was created, the oldest first."""
    has_issues: bool = True
    renamed_to: str = ""
    """The repository's present name, where it is not REPOSITORY any more."""
    last: int = 1000
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        self.add_item("A change", "", "maria", pull_request=True, number=PULL_REQUEST)

    def add_item(self, title: str, body: str, login: str, *, pull_request: bool = False, number: int = 0) -> dict:
        """Open an issue or a pull request."""
        with self.lock:
            number = number or max(self.items, default=0) + 1
            self.written.append(body)
            page = f"https://github.example/{REPOSITORY}/{'pull' if pull_request else 'issues'}/{number}"
            item = {"id": self._id(), "number": number, "title": title, "body": body, "user": person(login)}
            item |= {"state": "open", "state_reason": None, "labels": [], "html_url": page}
            self.items[number] = item | ({"pull_request": {"html_url": page}} if pull_request else {})
            return self.items[number]

    def add_comment(self, body: str | None, login: str, number: int = PULL_REQUEST) -> dict:
        """Write a comment; "" is an account that is gone."""
        with self.lock:
            key = self._id()
            page = f"{self.items[number]['html_url']}#issuecomment-{key}"
            comment = {"id": key, "issue": number, "body": body, "user": person(login), "html_url": page}
            self.comments[key] = comment
            self.written.append(body)
            return comment

    def texts(self, number: int = PULL_REQUEST) -> list[str | None]:
        """The comments of one conversation, the oldest first."""
        return [each["body"] for each in self.comments.values() if each["issue"] == number]

    def issues(self, state: str = "open") -> list[dict]:
        """The issues in this state, without pull requests."""
        return [each for each in self.items.values() if each["state"] == state and "pull_request" not in each]

    def _id(self) -> int:
        self.last += 1
        return self.last


def person(login: str) -> dict | None:
    """A user as the API shows one; None where the account is gone."""
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"} if login else None


class Faults:
    """What happens to the next calls that match: {"method", "path": regex, "times": 1, "skip": 0, "then": ...}.

    `then` is {"status", "headers", "body"}, "drop", "drop_after", {"after": {"status", ...}} (the write takes effect,
    its answer is this one), or {"meet": N} and {"meet_after": N} (N calls wait for each other before, or after). A
    function is called before the call is served.
    """

    def __init__(self) -> None:
        self._waiting: list[dict] = []
        self._lock = threading.Lock()

    def add(self, then: object, method: str = "", path: str = "", times: int = 1, skip: int = 0) -> None:
        """Put one in wait."""
        fault = {"method": method, "path": path, "times": times, "skip": skip, "then": then}
        if isinstance(then, dict) and (parties := then.get("meet") or then.get("meet_after")):
            fault |= {"times": parties, "barrier": threading.Barrier(parties, timeout=TOGETHER)}
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, path: str) -> dict | None:
        """The fault for this call."""
        with self._lock:
            for fault in self._waiting:
                if fault["method"] not in ("", method) or not re.search(fault["path"], path):
                    continue
                if fault["skip"]:
                    fault["skip"] -= 1
                    continue
                fault["times"] -= 1
                if not fault["times"]:
                    self._waiting.remove(fault)
                return fault
        return None


class StandIn:
    """The service as WSGI: the API, the faults before it, and the control beside it."""

    def __init__(self) -> None:
        self.world, self.faults = World(), Faults()
        self.requests: list[dict] = []
        self._app = api(self)

    def reset(self) -> None:
        """As it was at the start."""
        self.world = World()
        self.faults.clear()
        self.requests.clear()

    def sent(self, method: str) -> list[str]:
        """The paths of the calls of one method, in order."""
        return [each["path"] for each in self.requests if each["method"] == method]

    def __call__(self, environ, start_response):
        """Serve a call, or do to it what a fault says."""
        method, path, query = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if path.startswith("/_control/"):
            return self._app(environ, start_response)
        headers = {name[5:].replace("_", "-").title(): text for name, text in environ.items() if name[:5] == "HTTP_"}
        self.requests.append({"method": method, "path": path + (f"?{query}" if query else ""), "headers": headers})
        fault = self.faults.take(method, self.requests[-1]["path"])
        match fault and fault["then"]:
            case None:
                return self._app(environ, start_response)
            case {"meet": _}:
                fault["barrier"].wait()
                return self._app(environ, start_response)
            case act if callable(act):
                act()
                return self._app(environ, start_response)
            case {"meet_after": _}:
                return self._answered_late(environ, start_response, fault["barrier"])
            case {"after": dict(answer)}:
                run_wsgi_app(self._app, environ, buffered=True)
                return reply(answer, start_response)
            case dict(answer):
                return reply(answer, start_response)
            case "drop_after":
                run_wsgi_app(self._app, environ, buffered=True)
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("a fault took the call")

    def _answered_late(self, environ, start_response, barrier):
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        barrier.wait()
        start_response(status, headers.to_wsgi_list())
        return chunks


def reply(answer, start_response):
    """A scripted answer; a plain text is a page of somebody in between."""
    body = answer.get("body", "")
    content = (body if isinstance(body, str) else json.dumps(body)).encode()
    kind = "text/html" if isinstance(body, str) else "application/json; charset=utf-8"
    headers = {"Content-Type": kind, **answer.get("headers", {}), "Content-Length": str(len(content))}
    start_response(f"{answer['status']} Scripted", list(headers.items()))
    return [content]


def limited(*, status: int = 403, seconds: int | None = None, reset: int | None = None, skew: int = 0) -> dict:
    """A refusal for the rate: secondary, or primary with `reset` seconds left by a clock that is `skew` ahead."""
    headers = {"Date": formatdate(time.time() + skew, usegmt=True)}
    if seconds is not None:
        headers["Retry-After"] = str(seconds)
    if reset is not None:
        headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + skew + reset)}
    kind = "a secondary rate limit" if reset is None else "the rate limit for installation ID 1"
    return {"status": status, "headers": headers, "body": {"message": f"You have exceeded {kind}."}}


def api(service: StandIn) -> Flask:
    """The API's paths, and the control's."""
    app = Flask(__name__)
    app.before_request(admitted)
    app.register_error_handler(Refused, lambda refused: (jsonify(refused.body), refused.status))
    app.register_error_handler(HTTPException, lambda error: (jsonify(message=error.name), error.code))
    app.after_request(with_limits)
    _people(app)
    for root in (f"/repos/{REPOSITORY}", "/repositories/4711"):
        _conversations(app, service, root)
        _issues(app, service, root)
    _control(app, service)
    return app


def _people(app):
    @app.get("/user", endpoint="user")
    def user():
        if g.token.integration:
            raise Refused(403, "Resource not accessible by integration")
        return person(g.token.login)


def _conversations(app, service, root):
    def item(number):
        if service.world.renamed_to and root.startswith("/repos/"):
            raise Moved(request.full_path.replace(root, "/repositories/4711").rstrip("?"))
        found = service.world.items.get(number)
        if not found or not g.token.rights:
            raise Refused(404, "Not Found")
        return found

    @app.get(f"{root}/issues/<int:number>/comments", endpoint=f"{root} comments")
    def comments(number):
        item(number)
        return paged([shown(each) for each in service.world.comments.values() if each["issue"] == number])

    @app.post(f"{root}/issues/<int:number>/comments", endpoint=f"{root} comment")
    def comment(number):
        allowed_to_write(item(number))
        return shown(service.world.add_comment(text_of("IssueComment"), g.token.login, number)), 201

    @app.route(f"{root}/issues/comments/<int:key>", methods=["PATCH", "DELETE"], endpoint=f"{root} one comment")
    def one(key):
        with service.world.lock:
            found = service.world.comments.get(key)
            if not found:
                raise Refused(404, "Not Found")
            allowed_to_write(item(found["issue"]))
            if request.method == "DELETE":
                del service.world.comments[key]
                return "", 204
            found["body"] = text_of("IssueComment")
            return shown(found)


def _issues(app, service, root):
    @app.get(f"{root}/issues", endpoint=f"{root} issues")
    def issues():
        admitted_to_issues(service)
        state, creator = request.args.get("state", "open"), request.args.get("creator")
        found = [each for each in service.world.items.values() if state in ("all", each["state"])]
        found = [each for each in found if not creator or (each["user"] or {}).get("login") == creator]
        return paged(sorted(found, key=lambda each: -each["number"]))

    @app.post(f"{root}/issues", endpoint=f"{root} open issue")
    def opened():
        admitted_to_issues(service)
        allowed_to_write({})
        title = json_body().get("title")
        if not isinstance(title, str) or not title or len(title) > LONGEST_TITLE:
            raise invalid("title")
        return service.world.add_item(title, text_of("Issue"), g.token.login), 201

    @app.patch(f"{root}/issues/<int:number>", endpoint=f"{root} issue")
    def changed(number):
        admitted_to_issues(service)
        found = service.world.items.get(number)
        if not found:
            raise Refused(404, "Not Found")
        allowed_to_write(found)
        found.update(checked_change(json_body()))
        return found


def admitted_to_issues(service):
    """Whether the token sees the repository, and the repository keeps issues."""
    if not g.token.rights:
        raise Refused(404, "Not Found")
    if not service.world.has_issues:
        raise Refused(410, "Issues has been disabled in this repository.")


def checked_change(body):
    """What an issue may be changed to."""
    if unknown := body.keys() - {"title", "body", "state", "state_reason", "labels"}:
        raise Refused(422, f"Invalid request: {', '.join(sorted(unknown))}")
    if body.get("state", "open") not in ("open", "closed"):
        raise invalid("state")
    if "body" in body:
        text_of("Issue")
    return body


def invalid(name):
    """The refusal of one field."""
    return Refused(422, "Validation Failed", errors=[{"resource": "Issue", "field": name, "code": "invalid"}])


def _control(app, service):
    @app.get("/_control/state", endpoint="state")
    def state():
        return {"items": service.world.items, "comments": service.world.comments}

    @app.delete("/_control/state", endpoint="reset")
    def reset():
        service.reset()
        return "", 204

    @app.get("/_control/requests", endpoint="requests")
    def sent():
        return jsonify(service.requests)

    @app.post("/_control/faults", endpoint="faults")
    def fault():
        service.faults.add(**request.get_json())
        return "", 204

    @app.post("/_control/comments", endpoint="others")
    def others():
        return service.world.add_comment(**request.get_json()), 201


class Moved(HTTPException):
    """A repository that has another name now."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = request.host_url.rstrip("/") + place

    def get_response(self, *_args, **_more):
        """Where it is, as the API says it: 301 for a read, 307 for a write."""
        answer = jsonify(message="Moved Permanently", url=self.place)
        answer.status_code, answer.headers["Location"] = 301 if request.method == "GET" else 307, self.place
        return answer


def admitted():
    """What the API asks of every call."""
    if request.path.startswith("/_control/"):
        return
    if "User-Agent" not in request.headers:
        raise Refused(403, "Request forbidden by administrative rules.")
    if request.headers.get("X-GitHub-Api-Version", "2022-11-28") != "2022-11-28":
        raise Refused(400, "The API version is not supported.")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "token") or token not in TOKENS:
        raise Refused(401, "Bad credentials")
    g.token = TOKENS[token]


def allowed_to_write(item):
    """A conversation of a pull request takes either right; an issue only its own."""
    rights = {g.token.rights.get("issues"), g.token.rights.get("pull_requests") if "pull_request" in item else None}
    if WRITE not in rights:
        name = "integration" if g.token.integration else "personal access token"
        raise Refused(403, f"Resource not accessible by {name}")


def json_body():
    """The object that was sent."""
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "Body should be a JSON object")
    return body


def text_of(resource):
    """The text that was sent, within the limit."""
    text = json_body().get("body")
    if not isinstance(text, str) or (not text.strip() and resource == "IssueComment"):
        raise Refused(422, "Validation Failed", errors=[{"message": "Body can't be blank"}])
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST:
        details = {"resource": resource, "code": "custom", "field": "body"}
        message = f"body is too long (maximum is {LONGEST} characters)"
        raise Refused(422, "Validation Failed", errors=[details | {"message": message}])
    return text


def shown(comment):
    """A comment as the API shows it."""
    return {name: value for name, value in comment.items() if name != "issue"}


def paged(entries):
    """One page of a list, with where the others are."""
    size = min(max(request.args.get("per_page", 30, int), 1), 100)
    page, last = max(request.args.get("page", 1, int), 1), max(-(-len(entries) // size), 1)
    answer = jsonify(entries[(page - 1) * size : page * size])
    path = request.path.replace(f"/repos/{REPOSITORY}", "/repositories/4711")
    others = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    links = []
    for name, number in others.items():
        if 1 <= number <= last and number != page:
            query = urlencode({**request.args, "page": number})
            links.append(f'<{request.host_url.rstrip("/")}{path}?{query}>; rel="{name}"')
    if links:
        answer.headers["Link"] = ", ".join(links)
    return answer


def with_limits(answer):
    """What every answer says of the time and of the rate limit."""
    answer.headers.setdefault("Date", formatdate(usegmt=True))
    answer.headers.setdefault("x-ratelimit-limit", "1000")
    answer.headers.setdefault("x-ratelimit-remaining", "900")
    answer.headers.setdefault("x-ratelimit-reset", str(int(time.time()) + 1800))
    return answer


class Quiet(WSGIRequestHandler):
    """HTTP/1.1 without a log; calls that a fault takes are no news."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, *_args):
        """Print nothing."""

    def send_response(self, code, message=None):
        """The status alone: an answer has a date of its own."""
        self.send_response_only(code, message)


def served(service: StandIn):
    """The running server, on a free port of this machine, and its address."""
    server = make_server("127.0.0.1", 0, service, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


@contextmanager
def running() -> Iterator[StandIn]:
    """A service of one's own, with its address, to the end of the block."""
    standing = StandIn()
    server, standing.url = served(standing)
    yield standing
    server.shutdown()
    server.server_close()


def main() -> None:
    """Serve until SIGTERM or SIGINT; one line of JSON says where."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    server, url = served(StandIn())
    ready = {"url": url, "repository": REPOSITORY, "pull_request": PULL_REQUEST, "tokens": sorted(TOKENS)}
    click.echo(json.dumps(ready))
    ending.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
