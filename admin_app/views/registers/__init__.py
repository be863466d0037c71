"""One view for every register: list, batches, record, form, steps, lines, recycle bin, history, look-ups."""

from admin_app.views.registers.batching import Batching
from admin_app.views.registers.listing import Listing
from admin_app.views.registers.mending import Mending
from admin_app.views.registers.stepping import Stepping
from admin_app.views.registers.writing import Writing


class RegisterView(Listing, Batching, Stepping, Writing, Mending):
    """The screens of one register."""

    _default_view = "index"
