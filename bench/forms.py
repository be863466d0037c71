"""What a browser would post from a page's main form, left as it stands."""

from html.parser import HTMLParser


class MainForm(HTMLParser):
    """Collects the fields of the form marked `data-main`; the blank line in its template does not count."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, str] = {}
        self._inside = self._template = False
        self._name = ""  # of the select or textarea that is open
        self._text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = "data-main" in given
        if tag == "template":
            self._template = True
        name = given.get("name")
        if tag == "option" and self._name and "selected" in given:
            self.data[self._name] = given.get("value") or ""
        if not self._inside or self._template or not name:
            return
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
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


def main_form(page: str) -> dict[str, str]:
    """The fields of the page's main form with their values."""
    form = MainForm()
    form.feed(page)
    return form.data
