"""The forms, one file for each or for a few of a kind; importing the room declares them all."""

from importlib import import_module
from pkgutil import iter_modules

for _each in iter_modules(__path__):
    import_module(f"{__name__}.{_each.name}")
