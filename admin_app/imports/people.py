"""Finding people of a roster again: by their ID number, else by their name where they belong."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from admin_app import policy
from admin_app.imports.cells import Misread, Month, narrow
from admin_app.imports.sheet import Asking, Values
from admin_app.models.base import Base
from admin_app.models.mediators import Mediator
from admin_app.operations.checks import STARS
from admin_app.rules.identity import mask


class Roster:
    """One kind of people, each at one place (`link`: a committee, a unit)."""

    def __init__(self, model: type[Base], link: str) -> None:
        self._model: Any = model
        self._link = link

    def key(self, values: Values) -> Any:
        """Whom a line speaks of, within one file."""
        number = values.get("id_number")
        if number and STARS not in number:
            return number, values.get("name"), values.get(self._link)
        return values.get("name"), values.get(self._link), number, values.get("birth_on")

    def find(self, asking: Asking, rows: Sequence[Values]) -> list[Any]:
        """The records: by the whole ID number, or by name and place, where a masked number must agree."""
        numbers = {n for row in rows if (n := row.get("id_number")) and STARS not in n}
        names = {row["name"] for row in rows if row.get("name")}
        by_number: dict[Any, list[Any]] = defaultdict(list)
        by_name: dict[Any, list[Any]] = defaultdict(list)
        for each in self._seen(asking, self._model.id_number.in_(numbers)) if numbers else ():
            by_number[each.id_number].append(each)
        for each in self._seen(asking, self._model.name.in_(names)):
            by_name[each.name, getattr(each, self._link)].append(each)
        return [self._one(row, by_number, by_name) for row in rows]

    def _one(self, row: Values, by_number: dict[Any, list[Any]], by_name: dict[Any, list[Any]]) -> Any:
        same = by_name.get((row.get("name"), row.get(self._link)), [])
        if self._link not in row:  # a roster of one place need not name it
            same = [each for key, people in by_name.items() if key[0] == row.get("name") for each in people]
        number = row.get("id_number")
        if number and STARS not in number:
            place = row.get(self._link), row.get("name")
            exact = [each for each in by_number.get(number, []) if self._place(each) == place]
            if exact:
                return exact[0]
            same = [each for each in same if not each.id_number]
        elif number:
            same = [each for each in same if each.id_number and mask(each.id_number) == number]
        born = row.get("birth_on")
        if len(same) > 1 and born:
            same = [each for each in same if _same_birth(each.birth_on, born)]
        return same[0] if len(same) == 1 else None

    def _place(self, person: Any) -> tuple[int, str]:
        return getattr(person, self._link), person.name

    def taken(self, asking: Asking, rows: Sequence[Values]) -> list[tuple[str, str] | None]:
        """New lines with the ID number of somebody of another name at the same place: one is wrong."""
        numbers = {row["id_number"] for row in rows if row.get("id_number")}
        known = {
            (each.id_number, getattr(each, self._link)): each.name
            for each in (self._seen(asking, self._model.id_number.in_(numbers)) if numbers else ())
        }
        found: list[tuple[str, str] | None] = []
        for row in rows:
            name = known.get((row.get("id_number"), row.get(self._link)))
            sentence = f"身份证号和已经登记的“{name}”相同，姓名不同，请核对"
            found.append(("id_number", sentence) if name else None)
        return found

    def alike(self, asking: Asking, rows: Sequence[Values]) -> list[str]:
        """Of new lines, who may be the same: of one name, with the birth date or the telephone in common."""
        names = {row["name"] for row in rows if row.get("name")}
        known: dict[str, list[Any]] = defaultdict(list)
        for each in self._seen(asking, self._model.name.in_(names)) if names else ():
            known[each.name].append(each)
        return [self._doubt(row, known.get(row.get("name", ""), [])) for row in rows]

    def _doubt(self, row: Values, known: Sequence[Any]) -> str:
        for each in known:
            if row.get("phone") and each.phone == row["phone"]:
                return f"可能重复：已有同名、同电话的{each}"
            if row.get("birth_on") and _same_birth(each.birth_on, row["birth_on"]):
                return f"可能重复：已有同名、同出生日期的{each}"
            if row.get("id_number") and each.id_number == row["id_number"]:
                return f"可能重复：别处已有同名、同身份证号的{each}"
        return ""

    def _seen(self, asking: Asking, where: Any) -> Any:
        visible = policy.visible(self._model, asking.actor, f"{asking.register.word}.import")
        query = select(self._model).where(where, visible, self._model.removed_at.is_(None))
        return asking.session.scalars(query.order_by(self._model.id))


def _same_birth(known: date | None, told: date) -> bool:
    if known is None:
        return False
    return (known.year, known.month) == (told.year, told.month) if isinstance(told, Month) else known == told


def mediator_named(asking: Asking, committee_id: int, name: str, *, item: str) -> int:
    """The id of the one mediator of a committee who has this name, on its roster or not any more."""
    ids = _by_committee(asking).get((committee_id, narrow(name)), [])
    if len(ids) == 1:
        return ids[0]
    why = "不止一个" if ids else "名册里没有"
    raise Misread(f"这个调委会叫“{name[:20]}”的调解员{why}：请先导入或登记调解员", item=item)


def _by_committee(asking: Asking) -> dict[tuple[int, str], list[int]]:
    """Mediators by committee and name, read once for an import; those who have left, too."""
    if "by_committee" not in asking.kept:
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        query = select(Mediator.id, Mediator.committee_id, Mediator.name)
        seen = (policy.visible(Mediator, asking.actor), Mediator.removed_at.is_(None))
        for row in asking.session.execute(query.where(*seen)):
            found[row.committee_id, narrow(row.name)].append(row.id)
        asking.kept["by_committee"] = found
    known: dict[tuple[int, str], list[int]] = asking.kept["by_committee"]
    return known
