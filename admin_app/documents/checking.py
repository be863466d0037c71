"""Checks a template that somebody uploads: every fault is told with the tag and the words around it.

Only names of facts, the two filters, `for`, `if` and comparisons with a word are allowed. What is not named
here is refused, so that nothing of Python can be reached, whatever the sandbox lets through.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from jinja2 import TemplateError, nodes
from sqlalchemy.orm import Session

from admin_app.documents.filler import FILTERS, environment, fill
from admin_app.documents.form import Form
from admin_app.documents.papers import facts_of
from admin_app.documents.sample import sample_of
from admin_app.rules.findings import Finding

NEAR = 20  # characters of the paragraph that are quoted
MOST = 8  # findings told at once
_TAG = re.compile(r"\{\{(?P<value>.*?)\}\}|\{%(?P<order>.*?)%\}|\{#.*?#\}", re.DOTALL)
_MARKS = ("{{", "}}", "{%", "%}")
_UNIT = re.compile(r"^(tr|tc|p|r)\s+")
_OPENS, _CLOSES, _MIDDLE = {"for": "endfor", "if": "endif"}, {"endfor", "endif"}, {"else", "elif"}
_LOOP = {"index", "first", "last", "length"}
_PLAIN = (nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr)
_FRAME = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If)


@dataclass(frozen=True)
class Names:
    """What a template of a form may name: single facts, and lists with the facts of their things."""

    single: frozenset[str]
    lists: dict[str, frozenset[str]]


def names_of(form: Form) -> Names:
    """The names of a form."""
    return Names(
        frozenset(each.name for each in form.facts),
        {each.name: frozenset(fact.name for fact in each.facts) for each in form.listings},
    )


def template_findings(session: Session, form: Form, content: bytes) -> list[Finding]:
    """What is wrong with a template, at most a screenful; [] means that it fills."""
    try:
        told = list(_told(content, names_of(form)))
    except Exception:  # a stranger's file: whatever the library stumbles over, it is no template
        told = ["这个文件打不开，请用 Word 打开，另存为 .docx 再传。"]
    if not told:
        told = list(_tried(session, form, content))
    return [Finding("file", sentence) for sentence in told[:MOST]]


def _tried(session: Session, form: Form, content: bytes) -> Iterator[str]:
    """The last word has the filling itself, with the made-up case."""
    try:
        Document(BytesIO(fill(content, facts_of(session, form, *sample_of(form)))))
    except Exception:  # as above
        yield "用样例试填时没有成功。请在系统自带的模板上修改，每一对标记写在同一段里。"


def _told(content: bytes, names: Names) -> Iterator[str]:
    """The faults, paragraph by paragraph; then whatever hides where no paragraph shows it."""
    loops: list[tuple[str, str, str]] = []  # how each open tag closes, its variable, its sentence
    scope: dict[str, frozenset[str]] = {}
    for text in _paragraphs(content):
        yield from _paragraph_faults(text, names, loops, scope)
    for closing, _, place in loops:
        yield f"{place}没有结束，少一个“{closing}”。"
    hidden = [each for each in _hidden(content) if any(mark in each for mark in _MARKS)]
    if hidden:
        yield f"文件属性或域里写了标记（“{hidden[0][:NEAR]}”），请只在正文、页眉、页脚里写。"


def _paragraphs(content: bytes) -> Iterator[str]:
    """The text of every paragraph, those in tables, boxes, headers and footers too."""
    for root in _roots(content):
        for paragraph in root.iter(qn("w:p")):
            inner = [p for p in paragraph.iter(qn("w:p")) if p is not paragraph]
            skip = {t for p in inner for t in p.iter(qn("w:t"))}
            yield "".join(t.text or "" for t in paragraph.iter(qn("w:t")) if t not in skip)


def _roots(content: bytes) -> Iterator[Any]:
    document = Document(BytesIO(content))
    yield document.element.body
    for section in document.sections:
        for part in (
            section.header, section.footer, section.first_page_header, section.first_page_footer,
            section.even_page_header, section.even_page_footer,
        ):  # fmt: skip
            if not part.is_linked_to_previous:
                yield part._element


def _hidden(content: bytes) -> Iterator[str]:
    """Texts that the filler reads and no paragraph shows: properties, attributes, field codes."""
    document = Document(BytesIO(content))
    said = document.core_properties
    yield from (said.author, said.comments, said.identifier, said.language, said.subject, said.title)
    for root in _roots(content):
        yield from map(str, root.xpath(".//@* | .//text()[not(parent::w:t)]"))
    for part in document.part.package.parts:
        if "footnotes" in part.content_type:
            yield part.blob.decode("utf-8", "replace")


def _paragraph_faults(
    text: str, names: Names, open_: list[tuple[str, str, str]], scope: dict[str, frozenset[str]]
) -> Iterator[str]:
    rest = _TAG.sub("", text)
    for mark in _MARKS:
        if mark in rest:
            yield f"“{_near(text, text.find(mark))}”这里的“{mark}”没有配对，请补全或者删掉。"
            return
    for found in _TAG.finditer(text):
        place = f"“{_near(text, found.start())}”里的标记“{found[0]}”"
        if found["value"] is not None:
            yield from _value_faults(found["value"], place, names, scope)
        elif found["order"] is not None:
            yield from _order_faults(found["order"], place, names, open_, scope)


def _near(text: str, at: int) -> str:
    return text[max(0, at - NEAR) : at + NEAR].strip()


def _value_faults(value: str, place: str, names: Names, scope: dict[str, frozenset[str]]) -> Iterator[str]:
    yield from _expression_faults(_UNIT.sub("", value.strip()), place, names, scope)


def _order_faults(
    order: str,
    place: str,
    names: Names,
    open_: list[tuple[str, str, str]],
    scope: dict[str, frozenset[str]],
) -> Iterator[str]:
    said = _UNIT.sub("", order.strip().strip("-").strip())
    word, _, rest = said.partition(" ")
    if word in _CLOSES:
        if not open_ or open_[-1][0] != word:
            yield f"{place}前面没有与它配对的开头。"
        else:
            scope.pop(open_.pop()[1], None)
    elif word == "for":
        yield from _loop_faults(rest, place, names, open_, scope)
    elif word == "if" or word == "elif":
        if word == "if":
            open_.append(("endif", "", place))
        yield from _expression_faults(rest, place, names, scope)
    elif word not in _MIDDLE:
        yield f"{place}不能用，只能用 for、endfor、if、elif、else、endif。"


def _loop_faults(
    rest: str,
    place: str,
    names: Names,
    open_: list[tuple[str, str, str]],
    scope: dict[str, frozenset[str]],
) -> Iterator[str]:
    found = re.fullmatch(r"([a-z]\w*)\s+in\s+(\w+)", rest.strip(), re.ASCII)
    variable = found[1] if found else ""
    open_.append(("endfor", variable, place))
    if not found or found[2] not in names.lists:
        known = "、".join(names.lists) or "（这份文书没有）"
        yield f"{place}要写成“for p in 列表名”，列表名只有：{known}。"
        return
    scope[variable] = names.lists[found[2]]


def _expression_faults(
    text: str, place: str, names: Names, scope: dict[str, frozenset[str]]
) -> Iterator[str]:
    quoted = text.translate(str.maketrans("“”‘’", "\"\"''"))
    try:
        tree = environment().parse("{{ " + quoted + " }}")
    except TemplateError:
        yield f"{place}写得不完整，请对照名称表改正。"
        return
    yield from dict.fromkeys(f"{place}{fault}" for fault in _node_faults(tree, names, scope))


def _node_faults(node: nodes.Node, names: Names, scope: dict[str, frozenset[str]]) -> Iterator[str]:
    match node:
        case nodes.Name(name=name):
            if name not in names.single:
                yield f"里没有“{name}”这个名称，请到名称表里查。"
            return
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
            if name != "loop" and name not in scope:
                yield f"里的“{name}”不在循环里，请放进 for 和 endfor 之间。"
            elif attr not in (_LOOP if name == "loop" else scope[name]):
                yield f"里没有“{name}.{attr}”这个名称，请到名称表里查。"
            return
        case nodes.Filter(name=name):
            if name not in FILTERS:
                yield f"里的“|{name}”不能用，只能用 {'、'.join(f'|{each}' for each in FILTERS)}。"
        case _ if not isinstance(node, _PLAIN + _FRAME):
            yield "里有不能用的写法，只能写名称。"
            return
    for each in _inside(node):
        yield from _node_faults(each, names, scope)


def _inside(node: nodes.Node) -> Iterable[nodes.Node]:
    return node.iter_child_nodes()
