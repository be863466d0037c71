"""Addresses with a query.

What a person sent is never handed to `url_for` by name: it would read `_external` and `_scheme` there.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import url_for


def address(endpoint: str, query: Iterable[tuple[str, str]], **values: Any) -> str:
    """The address of an endpoint, with a query made of pairs."""
    encoded = urlencode(list(query))
    return url_for(endpoint, **values) + (f"?{encoded}" if encoded else "")
