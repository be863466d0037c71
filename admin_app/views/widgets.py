"""WTForms fields for our kinds: they read what clerks type and say in Chinese what is wrong."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from flask import url_for
from markupsafe import Markup
from wtforms import Field, SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import ValidationError
from wtforms.widgets import html_params

from admin_app.rules.dates import parse_day
from admin_app.views.typed import whole

LONGEST_NUMBER = 40
_WHOLE = re.compile(rf"[+-]?\d{{1,{LONGEST_NUMBER}}}")


class OptionsWidget(widgets.Select):
    """A select as WTForms makes it, whose options are put together once: a page has hundreds of them."""

    def __call__(self, field: SelectField, **kwargs: Any) -> Markup:
        for flag in self.validation_attrs:
            kwargs.setdefault(flag, getattr(field.flags, flag, None) or False)
        box = html_params(**{"id": field.id, "name": field.name, **kwargs})
        choices = tuple((each.value, each.label) for each in field.choices)
        return Markup(f"<select {box}>") + _options(choices, field.data) + Markup("</select>")


@lru_cache(maxsize=1024)
def _options(choices: tuple[tuple[str, str], ...], chosen: str | None) -> Markup:
    option = Markup("<option {}>{}</option>").format
    return Markup("").join(
        option(Markup(html_params(value=value, selected=value == chosen)), label) for value, label in choices
    )


class LookupWidget:
    """A remote search select: a hidden id and a text box that asks the server (static/js)."""

    def __call__(self, field: "LookupField", **kwargs: Any) -> Markup:
        box = {
            "type": "text",
            "id": field.id,
            "role": "combobox",
            "aria-expanded": "false",
            "aria-autocomplete": "list",
            "aria-controls": f"{field.id}-list",
            "autocomplete": "off",
            "value": field.title,
            "placeholder": "输入两个字或拼音首字母",
        }
        box.update({name.replace("_", "-"): value for name, value in kwargs.items() if value})
        list_label = field.label.text
        return Markup(
            f"<div class=lookup {html_params(data_lookup=field.url)}>"
            f"<input type=hidden {html_params(name=field.name, value=field.data or '')}>"
            f"<input {html_params(**box)}>"
            f"<ul role=listbox {html_params(id=f'{field.id}-list', aria_label=list_label)} hidden></ul></div>"
        )


class LookupField(Field):
    """The id of another record; `title` is what the reader sees of it."""

    widget = LookupWidget()
    url = ""
    title = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = whole(text)
            if self.data is None:
                raise ValueError(f"请重新选择{self.label.text}")

    def aim(self, word: str, name: str) -> None:
        """Point the search at the look-up of this field's register."""
        self.url = url_for(f"{word}.look_up", link=name)


class DayField(StringField):
    """A date, typed in any of the ways of `rules.dates.parse_day`."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.raw:
            try:
                self.data = parse_day(self.raw)
            except ValueError:
                raise ValueError("日期看不懂，请写成 2026-09-12 或 20260912") from None

    def _value(self) -> str:
        return self.data.isoformat() if self.data else getattr(self, "raw", "")


class WholeField(StringField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.raw:
            if not _WHOLE.fullmatch(self.raw):
                raise ValueError("请填整数")
            self.data = int(self.raw)

    def _value(self) -> str:
        return str(self.data) if self.data is not None else getattr(self, "raw", "")


class MoneyField(StringField):
    """An amount in yuan with at most two decimals; thousands separators are allowed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.raw:
            self.data = self._parse(self.raw)

    @staticmethod
    def _parse(text: str) -> Decimal:
        try:
            amount = Decimal(text.replace(",", "").replace("，", "") if len(text) <= LONGEST_NUMBER else "")
        except InvalidOperation:
            raise ValueError("请填数字，例如 12345.60") from None
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
            raise ValueError("请填数字，例如 12345.60")
        if amount != round(amount, 2):
            raise ValueError("最多两位小数")
        return amount

    def _value(self) -> str:
        return f"{self.data:,.2f}" if self.data is not None else getattr(self, "raw", "")


class ChoiceField(SelectField):
    """One of a fixed set; anything else was not chosen on our page."""

    widget = OptionsWidget()

    def pre_validate(self, form: Any) -> None:
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError(f"请重新选择{self.label.text}")


class CodeField(SelectField):
    """One code of a table."""

    widget = OptionsWidget()

    def pre_validate(self, form: Any) -> None:
        """Whether a code is in force is asked by the verbs, in one place."""


class TicksField(SelectMultipleField):
    """Several codes at once, as ticks."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Whether a code is in force is asked by the verbs, in one place."""
