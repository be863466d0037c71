"""The import sheets, one file each. To add a sheet is to add a file here that calls `sheet.declare`."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
