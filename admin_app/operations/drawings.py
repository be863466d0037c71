"""The lives drawn from their tables: a diagram in Mermaid's words, and each step: what it asks, who may.

A bureau prints it, signs it, and sees at once what a change of the tables changes.
"""

from collections.abc import Iterator

from admin_app.grants import GRANTS
from admin_app.models.fields import Field, field_of
from admin_app.models.registry import REGISTERS
from admin_app.operations.lives import LIVES
from admin_app.operations.steps import Life, line_fields, part_of
from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step

BACK = "原来的状态"
FIRST = "[*]"


def drawn(word: str) -> str:
    """One life in Markdown: heading, diagram, table of steps."""
    life = LIVES[word]
    lines = [f"## {REGISTERS[word].noun}", "", "```mermaid", "stateDiagram-v2", *_diagram(life), "```", ""]
    lines += ["| 步骤 | 从 | 到 | 要填 | 可填 | 谁能办 |", "|---|---|---|---|---|---|"]
    lines += [_row(life, step) for step in life.steps.values()]
    return "\n".join(lines)


def _states(life: Life) -> type[Choice]:
    return type(next(iter(next(iter(life.steps.values())).sources)))


def _diagram(life: Life) -> Iterator[str]:
    """Every arrow that moves the life; a step back leads to every state from which it may have come."""
    states = list(_states(life))
    yield from (f'    state "{state.label}" as {state.value}' for state in states)
    yield f"    {FIRST} --> {states[0].value}"
    for step in life.steps.values():
        for source in (state for state in states if state in step.sources):
            for target in _targets(life, step):
                if target is not source:
                    yield f"    {source.value} --> {target.value}: {step.label}"


def _targets(life: Life, step: Step[Choice]) -> list[Choice]:
    if step.lands:
        return [state for state in _states(life) if state in step.lands]
    if not step.back:
        return [step.to] if step.to else []
    into = (each for each in life.steps.values() if each.to in step.sources)
    came_from = {source for each in into for source in each.sources}
    return [state for state in _states(life) if state in came_from]


def _row(life: Life, step: Step[Choice]) -> str:
    sources = "、".join(state.label for state in _states(life) if state in step.sources)
    told = "、".join(state.label for state in _targets(life, step) if step.lands)
    to = BACK if step.back else step.to.label if step.to else told or "不变"
    cells = (
        step.label,
        sources,
        to,
        _list(_needed(life, step)),
        _list(_optional(life, step)),
        _who(life, step),
    )
    return "| " + " | ".join(cells) + " |"


def _list(labels: list[str]) -> str:
    return "、".join(labels) or "—"


def _needed(life: Life, step: Step[Choice]) -> list[str]:
    register = REGISTERS[life.word]
    labels = [field_of(register.model, name).label for name in step.needs]
    if step.each:
        part = part_of(register, step.each[0])
        labels += [f"每个{part.label}：{field_of(part.model, name).label}" for name in step.each[1]]
    if step.whole:
        labels.append(part_of(register, step.whole).label)
    return labels + [each.label for each in _of_line(life, step) if each.required]


def _optional(life: Life, step: Step[Choice]) -> list[str]:
    model = REGISTERS[life.word].model
    labels = [field_of(model, name).label for name in step.asks]
    return labels + [each.label for each in _of_line(life, step) if not each.required]


def _of_line(life: Life, step: Step[Choice]) -> tuple[Field, ...]:
    return line_fields(REGISTERS[life.word], step) if step.line else ()


def _who(life: Life, step: Step[Choice]) -> str:
    """The roles, each with how far it reaches; a led step follows from another life."""
    grants = GRANTS.get(f"{life.word}.{step.name}", {})
    return "；".join(f"{role.label}（{reach.label}）" for role, reach in grants.items()) or "随转办办理"
