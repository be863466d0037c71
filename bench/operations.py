"""What a person does all day, as requests: each row is one line of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from admin_app.rules.dates import today
from bench.desks import Desk, Facts
from bench.forms import main_form
from tests.web import Browser

_SAVES = count(1)


@dataclass(frozen=True)
class Request:
    """One request, ready to be sent and timed."""

    browser: Browser
    url: str
    data: dict[str, Any] | None = None  # what is posted; None for a GET
    status: int = 200

    def send(self) -> int:
        """The bytes of the answer; a wrong answer ends the bench."""
        client = self.browser.client
        answer = client.get(self.url) if self.data is None else client.post(self.url, data=self.data)
        if answer.status_code != self.status:
            raise RuntimeError(f"{self.url}: {answer.status_code} instead of {self.status}")
        return len(answer.data)


@dataclass(frozen=True)
class Operation:
    """A line of the table: `ready` makes the next request, and is not timed."""

    label: str
    ready: Callable[[Desk], Request]
    sized: bool = False  # whether the table tells the size of the page too


def page(label: str, who: str, path: str, *, sized: bool = False, **query: Any) -> Operation:
    """A page that somebody opens. `{open}` in a path is an open case; query values may ask the facts."""

    def ready(desk: Desk) -> Request:
        values = {name: value(desk.facts) if callable(value) else value for name, value in query.items()}
        url = path.format(open=desk.facts.open[0]) + (f"?{urlencode(values)}" if values else "")
        return Request(desk.at[who], url)

    return Operation(label, ready, sized)


def _save(desk: Desk) -> Request:
    """Another remark on the next open case, with the form as it was just read."""
    url = f"/case/{next(desk.turn)}/edit"
    data = main_form(desk.at["city"].client.get(url).text)
    return Request(desk.at["city"], url, {**data, "remark": f"第 {next(_SAVES)} 次修改"}, 302)


def _county(facts: Facts) -> int:
    return facts.county


def _name(facts: Facts) -> str:
    return facts.name


def _a_month_ago(facts: Facts) -> str:
    return (today() - timedelta(days=30)).isoformat()


CASES, COMMITTEES, OF_REFERRALS = "/case/", "/case/look-up/committee_id", "/referral/look-up/case_id"

OPERATIONS = (
    page("list, first page: city", "city", CASES),
    page("list, first page: county", "county", CASES),
    page("list, first page: township", "township", CASES),
    page("list, first page: committee", "committee", CASES),
    page("list, page 100: city", "city", CASES, page=100),
    page("list, oldest first: city", "city", CASES, sort="registered_on"),
    page("list, a county, still mediating: city", "city", CASES, unit=_county, stage="mediating"),
    page("list, a county, archived: city", "city", CASES, unit=_county, stage="archived"),
    page("list, still mediating: township", "township", CASES, stage="mediating"),
    page("list, late: county", "county", CASES, due_on="late"),
    page("list, the last 30 days: township", "township", CASES, registered_on_from=_a_month_ago),
    page("list, one kind of dispute: city", "city", CASES, kind="2"),
    page("list, two characters of a name: city", "city", CASES, names=_name),
    page("list, two characters of a name: township", "township", CASES, names=_name),
    page("recycle bin: city", "city", "/case/bin"),
    page("detail", "city", "/case/{open}"),
    page("edit form", "city", "/case/{open}/edit", sized=True),
    Operation("save", _save),
    page("look-up, committee: city", "city", COMMITTEES, q=lambda facts: facts.words),
    page("look-up, case: city", "city", OF_REFERRALS, q=_name),
    page("look-up, case: township", "township", OF_REFERRALS, q=_name),
    page("search box, two characters: city", "city", "/search/found", q=_name),
    page("search box, two characters: township", "township", "/search/found", q=_name),
    page("search box, part of a number: city", "city", "/search/found", q=lambda facts: facts.number),
    page("search, page of results: city", "city", "/search/", q=_name),
    page("home page: city", "city", "/"),
    page("home page: county", "county", "/"),
    page("home page: township", "township", "/"),
    page("statistics of this year: city", "city", "/figures/"),
    page("statistics of this year: county", "county", "/figures/"),
    page("statistics of all years: city", "city", "/figures/", since="2000-01-01"),
)
