"""Imports 导入: existing books come in without retyping; reading is forgiving, writing is strict.

A file becomes tables (`reader`), a table's headings find their columns (`headings`), each cell becomes a
value (`cells`), each row a plan (`planning`), and a plan is carried out whole or not at all (`applying`).
"""
