"""Taking a batch back: newest first, some hundred at a time, all of it or nothing, and in the history."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.committees import Committee
from admin_app.models.history import Entry
from admin_app.models.import_batches import BatchState
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import import_undo
from admin_app.rules.refusals import NotNow
from tests.test_import_books import imported
from tests.workbooks import xlsx

UNITS = [
    ["代码", "名称", "上级"],
    ["330702003", "新街道", "婺城区"],
    ["330702003201", "新街道一村", "新街道"],
    ["330702003202", "新街道二村", "新街道"],
]
COMMITTEES = [
    ["机构名称", "类型", "所属单位"],
    ["一号调委会", "村", "青春路社区"],
    ["二号调委会", "村", "青春路社区"],
    ["三号调委会", "村", "青春路社区"],
]


def live(session: Session, *names: str) -> list[str]:
    query = select(Committee.name).where(Committee.name.in_(names), Committee.removed_at.is_(None))
    return sorted(session.scalars(query))


@pytest.mark.parametrize("together", [1, 2, 500])
def test_what_was_imported_last_goes_first(
    session: Session, person: Callable[[str], User], monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(import_undo, "TOGETHER", together)
    actor = person("bureau_city")
    batch = imported(session, actor, "committees", xlsx(("册", COMMITTEES)))
    told: list[tuple[int, int]] = []
    import_undo.undo(session, actor, batch, "册", lambda done, total: told.append((done, total)))
    session.commit()
    assert live(session, "一号调委会", "二号调委会", "三号调委会") == []
    assert told[-1] == (3, 3)
    assert batch.standing is BatchState.UNDONE
    removed = select(func.count()).where(Entry.action == "remove", Entry.note == f"撤销导入第 {batch.id} 批")
    assert session.scalar(removed) == 3
    assert history.verify(session)[1] is None


def test_a_record_on_which_something_hangs_is_named_and_all_stay(
    session: Session, person: Callable[[str], User]
) -> None:
    actor = person("bureau_city")
    batch = imported(session, actor, "committees", xlsx(("册", COMMITTEES)))
    mediators = [["姓名", "性别", "专兼职", "职务", "调委会", "文化程度"]]
    mediators.append(["新一", "男", "兼职", "委员", "二号调委会", "大专"])
    imported(session, actor, "mediators", xlsx(("册", mediators)))
    with pytest.raises(NotNow) as refused:
        import_undo.undo(session, actor, batch, "册")
    session.rollback()
    assert "二号调委会" in refused.value.sentence
    assert "一号调委会" not in refused.value.sentence
    names = ("一号调委会", "三号调委会", "二号调委会")
    assert live(session, *names) == list(names)
    assert batch.standing is BatchState.DONE


def test_units_above_and_below_go_together(session: Session, person: Callable[[str], User]) -> None:
    actor = person("bureau_city")
    imported(session, actor, "units", xlsx(("册", UNITS[:2])))
    batch = imported(session, actor, "units", xlsx(("册", [UNITS[0], *UNITS[2:]])))
    import_undo.undo(session, actor, batch, "册")
    session.commit()
    left = select(Unit.name).where(Unit.code.startswith("330702003"), Unit.removed_at.is_(None))
    assert session.scalars(left).all() == ["新街道"]


def test_what_is_asked_of_the_database_hardly_grows_with_the_changed_records(
    session: Session, person: Callable[[str], User]
) -> None:
    """All together, but for what the rules of a register ask of each record."""

    def asked(many: int) -> int:
        actor, heading = person("bureau_city"), COMMITTEES[0]
        names = [f"{many}号第{number}调委会" for number in range(many)]
        imported(
            session, actor, "committees", xlsx(("册", [heading, *([n, "村", "青春路社区"] for n in names)]))
        )
        told = [[*heading, "电话"], *([n, "村", "青春路社区", "0579-82300001"] for n in names)]
        batch = imported(session, actor, "committees", xlsx(("册", told)), update=True)
        assert (batch.made, batch.changed) == (0, many)
        statements: list[str] = []

        def note(*each: Any) -> None:
            statements.append(each[2])

        event.listen(session.get_bind(), "before_cursor_execute", note)
        import_undo.undo(session, actor, batch, "册")
        event.remove(session.get_bind(), "before_cursor_execute", note)
        session.commit()
        phones = select(Committee.phone).where(Committee.name.in_(names))
        assert set(session.scalars(phones)) == {None}
        return len(statements)

    few, many = asked(2), asked(12)
    assert many - few <= 2 * 10
