"""What a browser would post from a page's main form, left as it stands."""

from collections.abc import Mapping
from html.parser import HTMLParser

OURS: Mapping[str, str | None] = {"data-main": None}


class MainForm(HTMLParser):
    """Collects the fields of the form with these marks; the blank line in its template does not count."""

    def __init__(self, marks: Mapping[str, str | None]) -> None:
        super().__init__()
        self.marks = marks
        self.data: dict[str, str] = {}
        self._inside = self._template = False
        self._name = ""  # of the select or textarea that is open
        self._text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = self.marks.items() <= given.items()
        if tag == "template":
            self._template = True
        name = given.get("name")
        if tag == "option" and self._name and "selected" in given:
            self.data[self._name] = given.get("value") or ""
        if not self._inside or self._template or not name:
            return
        if tag == "input" and given.get("type") != "submit" and _sent(given):
            self.data[name] = given.get("value") or ""
        if tag in ("select", "textarea"):
            self._name, self._text = name, tag == "textarea"
            self.data[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template = False
        if tag == "form":
            self._inside = False
        if tag in ("select", "textarea"):
            self._name, self._text = "", False

    def handle_data(self, data: str) -> None:
        if self._text:
            self.data[self._name] += data.removeprefix("\r\n").removeprefix("\n")


def _sent(given: dict[str, str | None]) -> bool:
    return given.get("type") != "checkbox" or "checked" in given


def main_form(page: str, marks: Mapping[str, str | None] = OURS) -> dict[str, str]:
    """The fields of the page's main form with their values."""
    form = MainForm(marks)
    form.feed(page)
    return form.data
