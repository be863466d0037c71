"""The three tables, of the cases only the columns that the pages show."""

from django.db import models

from admin_app.rules.cases import Stage


class Unit(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        managed = False
        db_table = "units"

    def __str__(self) -> str:
        return self.name


class Committee(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        managed = False
        db_table = "committees"

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    number = models.CharField(max_length=40, blank=True, null=True, editable=False)
    names = models.CharField(max_length=300, editable=False)
    stage = models.CharField(
        max_length=20, editable=False, choices=[(each.value, each.label) for each in Stage]
    )
    due_on = models.DateField(blank=True, null=True, editable=False)
    registered_on = models.DateField()
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    difficulty = models.CharField(max_length=20)
    risk = models.CharField(max_length=20)
    people = models.IntegerField(blank=True, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, blank=True, null=True)
    brief = models.TextField()
    claims = models.TextField(blank=True, null=True)
    risk_measures = models.TextField(blank=True, null=True)
    police_told_on = models.DateField(blank=True, null=True)
    remark = models.CharField(max_length=500, blank=True, null=True)
    committee = models.ForeignKey(Committee, models.DO_NOTHING)
    unit = models.ForeignKey(Unit, models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = "cases"

    def __str__(self) -> str:
        return self.number or self.names


class LookedUpCase(Case):
    """The same cases, for the admin with look-ups."""

    class Meta:
        proxy = True
