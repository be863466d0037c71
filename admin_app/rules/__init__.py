"""The law and the bureau's rules, as pure functions and tables. Knows nobody: no database, no web."""
