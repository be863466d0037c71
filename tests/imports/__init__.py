"""Tests of the room of imports, file by file."""
