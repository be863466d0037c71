"""What the screens of a register share: the record in scope, addresses that remember the list, crumbs."""

from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for

from admin_app import policy
from admin_app.database import db
from admin_app.models.registry import Register
from admin_app.views.addresses import address
from admin_app.views.doors import Page, signed_in

LONGEST_STATE = 2000


class RegisterPage(Page):
    """Every record is found through `policy.find`, so a foreign id is a 404."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.word = register.word
        super().__init__(
            name=register.noun, category=register.group, endpoint=register.word, url=f"/{register.word}"
        )

    @property
    def head(self) -> dict[str, str]:
        """The register as the templates name it."""
        noun = self.register.noun
        return {"word": self.word, "label": noun, "noun": noun, "make": f"{self.register.making}{noun}"}

    def find(self, record_id: int) -> Any:
        return policy.find(db.session, signed_in(), self.register.model, record_id)

    def url_of(self, view: str, **values: Any) -> str:
        """A screen of this register; those of a record remember the list that the person came from."""
        if "record_id" in values:
            values.setdefault("back", back())
        return url_for(
            f"{self.word}.{view}", **{name: value for name, value in values.items() if value != ""}
        )

    def list_url(self, query: str, view: str = "index") -> str:
        """The list as it was left: only its query travels, so that nobody can be sent elsewhere."""
        return address(f"{self.word}.{view}", parse_qsl(query))

    def way_back(self) -> str | None:
        """The list as it was left, for whoever has one: others found the record by a link to it."""
        return self.list_url(back()) if policy.may(signed_in(), f"{self.word}.see") else None

    def crumbs(self, last: str) -> list[tuple[str, str | None]]:
        return [(self.register.group, None), (self.register.noun, self.way_back()), (last, None)]


def open_query() -> str:
    """The state of the list that is open, for the way back to it."""
    return request.query_string.decode(errors="replace")[:LONGEST_STATE]


def back() -> str:
    """The list's query, carried from the list through record, form and save."""
    return request.values.get("back", "")[:LONGEST_STATE]
