"""Measures the real application over real databases of several sizes: `python -m bench` (make bench).

It is not a test: nothing fails when something is slow. It prints one table, and docs/benchmarks.md tells
what was found.
"""

import warnings

warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")  # said by the embedded server's package
