"""A customer at the portal's forms, without a browser: a form is filled in and sent as a browser would send it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, TreeBuilder

import aiohttp

from engine.web.acting import ACTING
from engine.web.session import SESSION
from tests.web.office import LOGIN, PASSWORD, Office

_VOID = {"br", "hr", "img", "input", "link", "meta"}
Fields = Mapping[str, str | list[str] | None]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.builder.start("document", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@dataclass
class Shown:
    """A page that has been shown."""

    status: int
    path: str
    tree: Element

    def texts(self, where: str) -> list[str]:
        """The texts of the elements at this path, as in `.//h2`."""
        return [_text(one) for one in self.tree.findall(where)]

    def at(self, id: str) -> str:
        """The text of the element with this id."""
        return self.texts(f".//*[@id='{id}']")[0]

    def of(self, name: str) -> list[str]:
        """The texts of the elements of this class."""
        found = [one for one in self.tree.iter() if name in one.get("class", "").split() and "hidden" not in one.attrib]
        return [_text(one) for one in found]

    @property
    def text(self) -> str:
        """All that is read in the page's main part."""
        return self.texts(".//main")[0]

    @property
    def told(self) -> str:
        """What the page tells of the change before."""
        return " ".join(_text(one) for one in self.tree.iter("p") if one.get("class") == "notice good")

    @property
    def warned(self) -> str:
        """The same, of what was no good news."""
        return " ".join(
            _text(one) for one in self.tree.iter("p") if one.get("class") == "notice bad" and one.get("hidden") is None
        )

    @property
    def mistakes(self) -> list[str]:
        """The summary's."""
        summary = self.tree.find(".//*[@data-summary]")
        return [] if summary is None else [_text(one) for one in summary.iter("li")]

    def ticked(self, name: str) -> list[str]:
        """What is ticked among the boxes of this name."""
        boxes = [one for one in self.tree.iter("input") if one.get("name") == name]
        return [one.get("value", "") for one in boxes if "checked" in one.attrib]

    def choices(self, name: str) -> list[str]:
        """What can be chosen there."""
        return [one.get("value", "") for one in self.tree.findall(f".//select[@name='{name}']/option")]

    @property
    def action(self) -> str:
        """Where the page's form is sent to."""
        form = self.tree.find(".//form[@class='sheet']")
        return self.path if form is None else form.get("action", self.path)

    @property
    def fields(self) -> dict[str, str | list[str] | None]:
        """What the page's form would send as it stands; None = not ticked."""
        form = self.tree.find(".//form[@class='sheet']")
        assert form is not None, self.text
        found: dict[str, str | list[str] | None] = {}
        for one in form.iter():
            name = one.get("name", "")
            if one.get("type") == "checkbox" and "value" in one.attrib:
                found[name] = self.ticked(name)
            elif name and one.tag != "button":
                value = _value(one)
                found[name] = found.get(name) if value is None else value
        return found


def _value(one: Element) -> str | None:
    if one.tag == "textarea":
        return "".join(one.itertext()).removeprefix("\n")
    if one.tag == "select":
        options = one.findall("option")
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return chosen[0].get("value") if chosen else None
    if one.get("type") in ("checkbox", "radio") and "checked" not in one.attrib:
        return None
    return one.get("value", "on")


@dataclass
class Client:
    """Somebody who is signed in."""

    office: Office
    http: aiohttp.ClientSession
    acting_for: str = ""
    """The customer's number that is acted for, as every form of a page names it."""

    async def opens(self, path: str) -> Shown:
        """Type the address."""
        async with self.http.get(self.office.url + path) as answer:
            return await _shown(answer)

    async def fills(self, path: str, fields: Fields | None = None, **more: Any) -> Shown:
        """Open the page, write into the fields of its form, send it."""
        return await self.sends(await self.opens(path), fields, **more)

    async def sends(self, page: Shown, fields: Fields | None = None, **more: Any) -> Shown:
        """Send the form of a page that was opened before, with these fields; a list sends one of them several times."""
        wanted = {**page.fields, **(fields or {}), **more}
        data = [
            (name, one)
            for name, value in wanted.items()
            if value is not None
            for one in (value if isinstance(value, list) else [value])
        ]
        return await self.posts(page.action, data)

    async def posts(self, path: str, data: Any) -> Shown:
        """Send these fields and no others."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        if self.acting_for and f"{ACTING}=" not in path:
            path += f"{'&' if '?' in path else '?'}{ACTING}={self.acting_for}"
        async with self.http.post(self.office.url + path, data=data or {"": ""}, headers=headers) as answer:
            return await _shown(answer)


async def _shown(answer: aiohttp.ClientResponse) -> Shown:
    tree = _Tree()
    tree.feed(await answer.text())
    tree.builder.end("document")
    where = urlsplit(str(answer.url))
    return Shown(answer.status, where.path + (f"?{where.query}" if where.query else ""), tree.builder.close())


@contextlib.asynccontextmanager
async def client(office: Office, login: str = LOGIN, acting_for: str = "") -> AsyncIterator[Client]:
    """That user, signed in; support may act for a customer."""
    token = (await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="test")).token
    if acting_for:
        await office.accounts.act_for(token, office.customers[acting_for])
    async with aiohttp.ClientSession(cookies={SESSION: token}, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Client(office, http, acting_for)
