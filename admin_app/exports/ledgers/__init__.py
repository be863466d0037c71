"""The ledgers, one file each. To add a ledger is to add a file here that calls `ledger.declare`."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
