"""Taking an import back: what it made goes to the recycle bin, what it changed is as it was before."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin_app import history, policy
from admin_app.models.awards import AwardApplication
from admin_app.models.base import let_go
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.import_batches import BatchState, ImportBatch, ImportedRow
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import reverts
from admin_app.operations.hanging import needed
from admin_app.operations.imports import OUTSIDE, Progress, noted, quiet
from admin_app.rules.dates import now
from admin_app.rules.refusals import NotAllowed, NotNow, Refusal

MOST_TOLD = 20
TOGETHER = 500  # records that are taken back at once


def undo(session: Session, actor: User, batch: ImportBatch, label: str, progress: Progress = quiet) -> None:
    """What the batch made goes to the recycle bin, what it changed is as before; all of it or nothing.

    Refused while a record has been changed since, or something hangs on it: they are named.
    """
    session.refresh(batch, with_for_update=True)
    if batch.standing is not BatchState.DONE:
        raise NotNow("这一次导入已经撤销，或者还没有导入。")
    if batch.user_id != actor.id:
        raise NotAllowed()
    done = 0
    for rows in _newest_first(session, batch):
        faults = _Some(session, actor, batch, rows).taken_back()
        if faults:
            more = "……" if len(faults) > MOST_TOLD else ""
            raise NotNow(f"不能撤销：{'；'.join(faults[:MOST_TOLD])}{more}")
        done += len(rows)
        progress(done, batch.made + batch.changed)
    batch.standing, batch.undone_at = BatchState.UNDONE, now()
    told = f"第 {batch.id} 批，文件《{batch.file_name}》，{batch.words}"
    history.note(session, history.Action.UNDO, title=f"撤销导入《{label}》", words=told)
    session.flush()


def _newest_first(session: Session, batch: ImportBatch) -> Iterator[Sequence[ImportedRow]]:
    """What was imported last is taken back first, some hundred at a time: it may hang on what came before."""
    query = select(ImportedRow).where(ImportedRow.batch_id == batch.id).order_by(ImportedRow.id.desc())
    rows = session.scalars(query.limit(TOGETHER)).all()
    while rows:
        yield rows
        before = rows[-1].id
        let_go(session, rows)
        rows = session.scalars(query.where(ImportedRow.id < before).limit(TOGETHER)).all()


class _Some:
    """Some hundred records of a batch, taken back together."""

    def __init__(
        self, session: Session, actor: User, batch: ImportBatch, rows: Sequence[ImportedRow]
    ) -> None:
        self._session, self._actor, self._batch, self._rows = session, actor, batch, rows
        self._records = self._read()

    def taken_back(self) -> list[str]:
        """Take them back; a sentence for each with which that cannot be."""
        known = [(row, self._records[row.register, row.record_id]) for row in self._rows if self._live(row)]
        faults = [fault for row, record in known if (fault := self._barred(row, record))]
        made, changed = ([each for each in known if each[0].made is new] for new in (True, False))
        if not faults:
            faults = self._remove([record for _, record in made]) if made else []
            faults += self._revert(changed) if changed else []
        if not faults:
            history.write(self._session)
            let_go(self._session, self._records.values())
        return faults

    def _read(self) -> dict[tuple[str, int], Any]:
        """The records, with their lines where these may have to be as they were before."""
        ids: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for row in self._rows:
            ids[row.register, row.made].append(row.record_id)
        found: dict[tuple[str, int], Any] = {}
        for (word, made), numbers in ids.items():
            register = REGISTERS[word]
            lists = () if made else register.part_lists()
            lines = [selectinload(getattr(register.model, each.name)) for each in lists]
            query = select(register.model).where(register.model.id.in_(numbers)).options(*lines)
            found |= {(word, each.id): each for each in self._session.scalars(query)}
        return found

    def _live(self, row: ImportedRow) -> bool:
        record = self._records.get((row.register, row.record_id))
        return record is not None and record.removed_at is None

    def _barred(self, row: ImportedRow, record: Any) -> str:
        if not policy.may(self._actor, f"{row.register}.import", record):
            return f"{record}：{OUTSIDE}"
        return "" if record.version == row.version else f"“{record}”导入以后又改过"

    def _remove(self, records: Sequence[Any]) -> list[str]:
        """Into the recycle bin; then nothing may be left that hangs on them."""
        at, words = now(), f"撤销导入第 {self._batch.id} 批"
        titles = {record.id: str(record) for record in records}
        for record in records:
            record.removed_at = at
            if isinstance(record, Case | AwardApplication):
                record.number = None  # the mended book brings it again
            history.note(self._session, history.Action.REMOVE, record=record, words=words)
        self._session.flush()
        return [
            f"“{titles[each.id]}”：还有别的登记在它名下，请先处理" for each in needed(self._session, records)
        ]

    def _revert(self, known: Sequence[tuple[ImportedRow, Any]]) -> list[str]:
        """Each as it was; whose version is the batch's own, nobody has taken back yet."""
        entries, faults = self._entries([row for row, _ in known]), []
        for row, record in known:
            try:
                policy.demand(self._actor, f"{row.register}.edit", record)
                reverts.take_back(self._session, self._actor, record, entries[row.register, row.record_id])
            except Refusal as refused:
                faults.append(f"“{record}”：{refused.sentence}")
        return faults

    def _entries(self, rows: Sequence[ImportedRow]) -> dict[tuple[str, int], Entry]:
        """The lines of the history that the batch left on records."""
        query = select(Entry).where(
            Entry.register.in_({row.register for row in rows}),
            Entry.record_id.in_([row.record_id for row in rows]),
            Entry.note == noted(self._batch),
        )
        return {
            (each.register, each.record_id): each
            for each in self._session.scalars(query.order_by(Entry.id))
            if each.record_id is not None
        }
