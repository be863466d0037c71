"""The register of cases, with what only it has."""

from admin_app.views.registers import RegisterView


class CaseView(RegisterView):
    """Cases."""
