"""Tests of the law: no database."""
