"""Exports: the ledgers 台账 as lists of columns, one file each, and the one writer that puts them into Excel.

Importing this package fills `ledger.LEDGERS`.
"""

from admin_app.exports import ledgers  # noqa: F401  (declaring them is the point)
