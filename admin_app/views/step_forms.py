"""The form of a step, drawn from its row: fields of the record, lines it touches, the line it adds."""

from typing import Any

from admin_app.models.fields import Field
from admin_app.models.registry import register_of
from admin_app.operations.steps import asked, line_fields, part_of, whole_of
from admin_app.rules.steps import Step
from admin_app.views.forms import Lines, RecordForm


class StepForm(RecordForm):
    """What a step asks of a person. The arguments after the step are `RecordForm`'s."""

    def __init__(self, step: Step[Any], *args: Any, **kwargs: Any) -> None:
        self.step = step
        super().__init__(*args, **kwargs)

    def asked(self) -> tuple[list[Field], list[Lines]]:
        return list(asked(self.register, self.step)), list(self._parts())

    def must(self, spec: Field, record: Any) -> bool:
        """What the step needs is marked; of a line that it adds, what the line needs."""
        return spec.required or (record is not None and spec.name not in self.step.asks)

    def _data(self, specs: list[Field], record: Any) -> dict[str, Any]:
        """What is proposed stands first; what the record does not hold yet begins as in a new record."""
        data = super()._data(specs, record)
        if record is not self.record:
            names = {spec.name for spec in specs} if record is None else set()  # the line that the step adds
            return data | {name: self.starts[name] for name in names & self.starts.keys()}
        starts = {spec.name: spec.start for spec in specs}
        known = {name: starts[name] if value is None else value for name, value in data.items()}
        return known | {name: self.starts[name] for name in known.keys() & self.starts.keys()}

    def _offers(self) -> bool:
        return True

    def _parts(self) -> list[Lines]:
        step, register, found = self.step, self.register, []
        if step.each:
            part = part_of(register, step.each[0])
            fields = [each for each in part.fields if each.name in step.each[1]]
            found.append(Lines(part, lambda line: fields, (register.word, f"{part.name}."), grows=False))
        if step.whole:
            part = whole_of(register, step)
            whole = [each for each in part.fields if step.of_line or each.say.form in ("always", "create")]
            found.append(Lines(part, lambda line: whole, (register.word, f"{part.name}.")))
        if step.line:
            part = part_of(register, step.line)
            asked_of_line = list(line_fields(register, step))
            found.append(Lines(part, lambda line: asked_of_line, self._aim_of(part), grows=False, only=True))
        return found

    def _aim_of(self, part: Any) -> tuple[str, str]:
        """Lines that are a register of their own look up in it."""
        if part in self.register.all_lists():
            return self.register.word, f"{part.name}."
        return register_of(part.model).word, ""
