"""Numbers of the made-up records, as `operations.numbers.take` would have given them one by one."""

from collections import Counter as Count
from collections import defaultdict
from datetime import date

from sqlalchemy.orm import Session

from admin_app.models.counters import Counter
from admin_app.rules.numbers import Series, formatted, unit_word
from admin_app.rules.parameters import PATTERN_OF, SETTINGS
from seed.bulk import add
from seed.places import Place


class Tally:
    """Counts on for each series, unit and year; `load` leaves the counters where the counting ended."""

    def __init__(self, places: list[Place]) -> None:
        self._words = unit_words(places)
        self._last: Count[tuple[Series, int, int]] = Count()

    def take(self, series: Series, unit_id: int, day: date) -> str:
        """The next number, in the pattern that a new bureau begins with."""
        run = series, unit_id, day.year
        self._last[run] += 1
        pattern = str(SETTINGS[PATTERN_OF[series]].default)
        return formatted(pattern, year=day.year, unit=self._words[unit_id], n=self._last[run])

    def load(self, session: Session) -> None:
        names = ("series", "unit_id", "year", "last")
        rows = [dict(zip(names, (*run, last), strict=True)) for run, last in self._last.items()]
        add(session, Counter, rows)


def unit_words(places: list[Place]) -> dict[int, str]:
    """What each unit is called in its numbers."""
    chains: dict[str, list[list[str]]] = defaultdict(list)
    for place in places:
        chains[place.name].append(_chain(place))
    return {place.id: _word(_chain(place), chains[place.name]) for place in places}


def _word(chain: list[str], same: list[list[str]]) -> str:
    others = same.copy()
    others.remove(chain)
    return unit_word(chain, others)


def _chain(place: Place) -> list[str]:
    return [place.name, *(_chain(place.parent) if place.parent else [])]
