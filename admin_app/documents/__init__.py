"""Papers 文书: forms as data, one filler for Word, one page for the printer.

A form says its layout once. The supplied Word template is drawn from it and the print page shows it; what
is filled in comes from the same facts.
"""
