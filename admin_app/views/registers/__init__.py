"""One view for every register: list, record, form, recycle bin, history, look-ups."""

from admin_app.views.registers.listing import Listing
from admin_app.views.registers.reading import Reading
from admin_app.views.registers.writing import Writing


class RegisterView(Listing, Reading, Writing):
    """The screens of one register."""

    _default_view = "index"
