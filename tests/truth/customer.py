"""The judge: somebody without a role who installs the connector and follows the authorise link to its end, over HTTP.

Here nothing of the product is used: what a customer meets is the truth that verdicts are held against.
Shape:   one call, one request; a redirect is followed by asking for where it leads. Connections are not kept.
"""

from __future__ import annotations

import html
import http.client
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.worlds import CONNECTOR, CUSTOMER, World

NOTICE = re.compile(r'<p class="notice bad" role="alert"><strong>(.*?)</strong>: (.*?)</p>', re.DOTALL)
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
DETAIL = re.compile(r'<p class="notice bad">(.*?)</p>', re.DOTALL)
PATIENCE = 20
"""Seconds for one answer."""


@dataclass(frozen=True)
class Met:
    """How it ended."""

    connected: bool
    what: str
    """The page or the reason met."""


@dataclass(frozen=True)
class Page:
    """One answer."""

    status: int
    location: str
    text: str


class Person:
    """Somebody with a browser and a user of Facebook; stays signed in where nobody asks again."""

    def __init__(self, world: World, user: str = "customer") -> None:
        self._user, self._cookie = user, ""
        self._facebook = urlsplit(world.facebook).netloc
        self._service = world.service_domain

    def sign_out(self) -> None:
        """As somebody who comes to Facebook for the first time."""
        self._cookie = ""

    def install_and_connect(self, offered: int | None) -> Met:
        """Install the release that customers are offered, in a customer's account, and connect it."""
        if offered is None:
            return Met(False, f"{CONNECTOR} is not offered")
        installed = self._service_page("POST", f"/accounts/{CUSTOMER}/connectors", {"connector": str(offered)})
        if installed.status != 303:
            return _met(installed)
        link = self._service_page("POST", f"{installed.location.partition('?')[0]}/authenticate", {})
        return self.connect(link.location)

    def connect(self, link: str) -> Met:
        """Open an authorise link on the service domain, agree to what is asked, and come back."""
        asked = self._service_page("GET", _path(link))
        if asked.status != 302:
            return _met(asked)
        if urlsplit(asked.location).netloc != self._facebook:
            return Met(False, "the link does not lead to Facebook")
        answered = self._agree(_path(asked.location))
        if answered.status != 302:
            return _met(answered)
        back = urlsplit(answered.location)
        if back.netloc != self._service:
            return Met(False, f"Facebook sends the browser to {back.netloc}, where nothing answers")
        done = self._service_page("GET", _path(answered.location))
        return Met(True, "connected") if done.status == 302 else _met(done)

    def _agree(self, dialog: str) -> Page:
        """The dialog's own answer when it asks for nothing, else the answer to a consent."""
        page = self._facebook_page("GET", dialog)
        if page.status == 302 and page.location.startswith("/login.php"):
            form = {"username": self._user, "password": f"{self._user}-password", "next": dialog}
            self._facebook_page("POST", "/login.php", form)
            page = self._facebook_page("GET", dialog)
        if page.status == 200 and 'name="decision"' in page.text:
            return self._facebook_page("POST", dialog, {"decision": "continue"})
        return page

    def _service_page(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        return self._ask(self._service, method, path, form)

    def _facebook_page(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        return self._ask(self._facebook, method, path, form)

    def _ask(self, host: str, method: str, path: str, form: dict[str, str] | None) -> Page:
        headers = {"Cookie": self._cookie} if self._cookie and host == self._facebook else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        try:
            connection.request(method, path, None if form is None else urlencode(form), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if host == self._facebook and answer.getheader("Set-Cookie"):
            self._cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
        return Page(answer.status, answer.getheader("Location") or "", text)


def offered(state: dict[str, Any]) -> int | None:
    """The release that a new customer gets: the newest that is live; None where there is none."""
    live = [
        entry["Id"]
        for entry in state["cyclr"]["connectors"]
        if entry["Name"] == CONNECTOR and entry["ReleaseStatus"] == "Live"
    ]
    return max(live, default=None)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _met(page: Page) -> Met:
    """The title that a page shows, with its reason where Cyclr gives one."""
    notice = NOTICE.search(page.text)
    if notice:
        return Met(False, html.unescape(notice[1].strip()))
    heading, detail = HEADING.search(page.text), DETAIL.search(page.text)
    words = [re.sub(r"\s+", " ", html.unescape(found[1])).strip() for found in (heading, detail) if found]
    return Met(False, ": ".join(words) or f"HTTP {page.status}")
