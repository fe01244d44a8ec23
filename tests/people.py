"""What people do in the two consoles and in the login dialog, over HTTP: follow links, fill in forms, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    """One form of a page."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and text of each submit button."""
    text: str = ""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._select = self._textarea = self._href = None
        self._button: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._href, self._text = given.get("href"), ""
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name")
        if tag == "button" or (tag == "input" and given.get("type") == "submit"):
            self._button, self._text = (name or "", given.get("value", "")), ""
            if tag == "input":
                self._form.buttons.append((*self._button, given.get("value", "")))
        elif tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._form.fields[name] = given.get("value", "")
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form.fields):
            self._form.fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self._text += data
        if self._form is not None:
            self._form.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a" and self._href is not None:
            self.links.append((" ".join(self._text.split()), self._href))
            self._href = None
        elif tag == "textarea" and self._textarea and self._form:
            self._form.fields[self._textarea] = self._text.removeprefix("\n")
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "button" and self._form and self._button:
            self._form.buttons.append((*self._button, " ".join(self._text.split())))
            self._button = None


class Browser:
    """A person's browser: keeps cookies, follows redirects, runs no script."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self.url = ""
        self.status = 0
        self.text = ""
        self._page = _Page()

    def open(self, url: str) -> Browser:
        return self._show(self._session.get(urljoin(self.url, url), timeout=20))

    def click(self, text: str) -> Browser:
        """Follow the first link whose text contains `text`."""
        for label, href in self._page.links:
            if text.lower() in label.lower():
                return self.open(href)
        raise AssertionError(f"no link {text!r} on {self.url}; links: {[label for label, _ in self._page.links]}")

    def has_field(self, name: str) -> bool:
        return any(name in form.fields for form in self._page.forms)

    def submit(self, *, button: str = "", **values: str) -> Browser:
        """Fill in the first form that has all these fields (and the button, when named) and send it."""
        for form in self._page.forms:
            pressed = [entry for entry in form.buttons if button.lower() in entry[2].lower()]
            if set(values) <= set(form.fields) and (pressed or not button):
                data = {**form.fields, **values}
                if pressed and pressed[0][0]:
                    data[pressed[0][0]] = pressed[0][1]
                return self._send(form, data)
        known = [(list(form.fields), [entry[2] for entry in form.buttons]) for form in self._page.forms]
        raise AssertionError(f"no form with {sorted(values)} and button {button!r} on {self.url}; forms: {known}")

    def _send(self, form: Form, data: dict[str, str]) -> Browser:
        target = urljoin(self.url, form.action or self.url)
        if form.method == "post":
            return self._show(self._session.post(target, data=data, timeout=20))
        return self._show(self._session.get(target, params=data, timeout=20))

    def _show(self, response: requests.Response) -> Browser:
        self.url, self.status, self.text = response.url, response.status_code, response.text
        self._page = _Page()
        self._page.feed(response.text)
        return self


def consent(link: str, user: str = "customer", password: str | None = None) -> Browser:
    """Open a one-time link, sign in at Facebook when asked, agree to what is asked, and end where that leads."""
    browser = Browser().open(link)
    if browser.has_field("password"):
        names = [name for name in ("username", "email", "user") if browser.has_field(name)]
        browser.submit(**{names[0]: user, "password": password or f"{user}-password"})
    if "Continue" in browser.text or "Allow" in browser.text:
        browser.submit(button="Continue" if "Continue" in browser.text else "Allow")
    return browser
