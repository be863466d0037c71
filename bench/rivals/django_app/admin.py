"""The cases in Django's admin, after its tutorial and the reference of ModelAdmin."""

from django.contrib import admin

from bench.rivals.django_app.models import Case, Committee, LookedUpCase, Unit


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    list_display = ("number", "names", "kind", "stage", "due_on", "committee")
    list_display_links = ("number", "names")
    list_select_related = ("committee",)
    list_per_page = 20  # as ours and Flask-Admin's; 100 if not said
    # A unit is asked for by the address, as the admin permits: its filter would list all 3,456 in every page.
    list_filter = ("stage",)
    search_fields = ("names", "number")
    ordering = ("-id",)  # the newest first, off the primary key


@admin.register(LookedUpCase)
class LookedUpCaseAdmin(CaseAdmin):
    """The remedy that the documents name for many related records."""

    raw_id_fields = ("committee", "unit")


admin.site.register([Committee, Unit])
