"""Django's admin over cases, committees and units: models as `inspectdb` writes them, `managed = False`."""
