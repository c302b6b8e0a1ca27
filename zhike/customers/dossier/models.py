"""What stands on a customer's file besides name and numbers: people, places, papers, facts, wishes, needs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.secret import SecretField


class Contact(models.Model):
    """Somebody who acts for the customer: function, say in decisions, last contact (R000-15)."""

    class Function(models.TextChoices):
        HEAD = "HEAD", _("Head")
        FINANCE = "FINANCE", _("Finance")
        PURCHASING = "PURCHASING", _("Purchasing")
        OPERATION = "OPERATION", _("Operation")
        TECHNICAL = "TECHNICAL", _("Technical matters")
        QUALITY = "QUALITY", _("Quality")
        OTHER = "OTHER", _("Other function")

    class Say(models.TextChoices):
        DECIDES = "DECIDES", _("Decides")
        ADVISES = "ADVISES", _("Has influence")
        USES = "USES", _("Uses")
        NONE = "NONE", _("No say")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=80)
    function = models.CharField(max_length=10, choices=Function.choices, default=Function.OTHER)
    post = models.CharField(max_length=60, blank=True)
    say = models.CharField(max_length=8, choices=Say.choices, default=Say.NONE)
    number = SecretField(blank=True, default="")
    index = models.CharField(max_length=64, blank=True, db_index=True)  # blind index of the number
    masked = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_main = models.BooleanField(default=False)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    left_on = models.DateField(null=True, blank=True)  # does not act for the customer any more

    class Meta:
        ordering = ["-is_main", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], name="one_main_contact", condition=Q(is_main=True, left_on=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """Where the customer is: for letters, visits and the map. Coordinates are degrees (WGS 84)."""

    class Kind(models.TextChoices):
        BUSINESS = "BUSINESS", _("Place of business")
        REGISTERED = "REGISTERED", _("Registered office")
        DELIVERY = "DELIVERY", _("Delivery address")
        HOME = "HOME", _("Home")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BUSINESS)
    province = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=200)
    normal = models.CharField(max_length=200, blank=True)  # as duplicates are compared
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_main", "id"]
        indexes = [models.Index(fields=["province", "city"], name="address_region")]

    def __str__(self) -> str:
        return self.text


class Identifier(models.Model):
    """A number by which others know the customer: licence, tax, member card, bank account. Encrypted, masked."""

    class Kind(models.TextChoices):
        LICENCE = "LICENCE", _("Unified social credit code")
        TAX = "TAX", _("Tax number")
        TOBACCO = "TOBACCO", _("Tobacco licence")
        LEASE = "LEASE", _("Lease number")
        MEMBER = "MEMBER", _("Member card")
        IDENTITY = "IDENTITY", _("Identity card")
        ACCOUNT = "ACCOUNT", _("Bank account")
        OTHER = "OTHER", _("Other number")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identifiers", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    issuer = models.CharField(max_length=80, blank=True)  # such as the bank
    number = SecretField()
    index = models.CharField(max_length=64)
    masked = models.CharField(max_length=60)

    class Meta:
        ordering = ["kind", "id"]
        indexes = [models.Index(fields=["index"], name="identifier_index")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "index"], name="identifier_once"),
        ]

    def __str__(self) -> str:
        return self.masked


class Link(models.Model):
    """How one customer stands to another, read as "`customer` is … of `other`"."""

    class Kind(models.TextChoices):
        INTRODUCED = "INTRODUCED", _("was introduced by")  # other is the introducer (R000-35)
        BUYS_FROM = "BUYS_FROM", _("is a customer of")  # a customer's customer (R000-24)
        BELONGS_TO = "BELONGS_TO", _("belongs to")
        RELATED = "RELATED", _("is related to")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="links")
    other = models.ForeignKey(Customer, models.CASCADE, related_name="linked")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    business = models.CharField(max_length=200, blank=True)  # what came of an introduction
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "other", "kind"], name="link_once", condition=Q(until=None)
            ),
            models.UniqueConstraint(
                fields=["customer"], name="one_introducer", condition=Q(kind="INTRODUCED", until=None)
            ),
            models.CheckConstraint(name="link_between_two", condition=~Q(customer=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_kind_display()} {self.other}"


class Fact(models.Model):
    """One thing known of a customer, with its source and moment. A newer one of the same field follows it.

    Every change of the file is a row, so the rows of a field are its history (R002-093, R003-13). Preferences are
    facts whose field begins with `preference.` (R003-09), traits those with `trait.` (R004-03).
    """

    class Group(models.TextChoices):
        BASIC = "BASIC", _("Basic information")
        BEHAVIOUR = "BEHAVIOUR", _("Behaviour")
        FEEDBACK = "FEEDBACK", _("Feedback")

    class Source(models.TextChoices):
        ENQUIRY = "ENQUIRY", _("Customer enquiry")
        SERVICE = "SERVICE", _("Service record")
        SURVEY = "SURVEY", _("Questionnaire")
        ONLINE = "ONLINE", _("Online interaction")
        MEMBER = "MEMBER", _("Member registration")
        VISIT = "VISIT", _("Visit")
        FILE = "FILE", _("Imported file")
        OTHER = "OTHER", _("Other source")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="facts")
    field = models.CharField(max_length=60)
    group = models.CharField(max_length=10, choices=Group.choices, default=Group.BASIC)
    value = SecretField(blank=True, default="")
    source = models.CharField(max_length=10, choices=Source.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(
        null=True, blank=True
    )  # when a newer one took its place, or it was marked obsolete

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "field"], name="one_current_fact", condition=Q(until=None)
            ),
        ]

    def __str__(self) -> str:
        return self.field


class Consent(models.Model):
    """What the customer has agreed to or refused, for which purpose and by which way of contact (R003-08)."""

    class Purpose(models.TextChoices):
        SERVICE = "SERVICE", _("Service messages")
        SALES = "SALES", _("Offers and advertising")
        CARE = "CARE", _("Greetings and invitations")
        SURVEY = "SURVEY", _("Surveys")
        SHARING = "SHARING", _("Sharing within the house")
        PROFILE = "PROFILE", _("Evaluation of behaviour")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    way = models.CharField(max_length=10, blank=True)  # code of Interaction.Way; empty: every way
    is_given = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=Fact.Source.choices)
    evidence = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "way"], name="one_current_consent", condition=Q(until=None)
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()

    @property
    def way_label(self) -> str:
        """The way in words; "" for every way."""
        from zhike.customers.contacts.models import Interaction

        return str(Interaction.Way(self.way).label) if self.way else ""


class Need(models.Model):
    """A need of a customer, or of the customer's own customers (R000-26, F000-13)."""

    class Kind(models.TextChoices):
        PRESENT = "PRESENT", _("Present need")
        CONSCIOUS = "CONSCIOUS", _("Potential need, conscious")
        UNCONSCIOUS = "UNCONSCIOUS", _("Potential need, unconscious")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("not done yet", "Open")
        CHANGED = "CHANGED", _("Changed")  # `follows` of another row points here
        CLOSED = "CLOSED", pgettext_lazy("of a need", "Closed")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="needs")
    holder = models.CharField(
        max_length=120, blank=True
    )  # of the customer's customer; empty: the customer's own
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    text = models.TextField()
    strength = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 weak to 5 strong
    source = models.CharField(max_length=10, choices=Fact.Source.choices)
    measure = models.CharField(max_length=200, blank=True)  # what was done about it
    sent_to = models.CharField(max_length=80, blank=True)  # such as product development
    sent_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["state", "at"], name="need_state_at")]

    def __str__(self) -> str:
        return self.text[:40]


class Milestone(models.Model):
    """A day that returns every year, by the solar or the lunar calendar: a birthday, a founding day."""

    class Kind(models.TextChoices):
        BIRTHDAY = "BIRTHDAY", _("Birthday")
        WEDDING = "WEDDING", _("Wedding day")
        FOUNDING = "FOUNDING", _("Founding day")
        DEALING = "DEALING", _("First dealing")
        OTHER = "OTHER", _("Other day")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="milestones")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="milestones")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=60, blank=True)
    is_lunar = models.BooleanField(default=False)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    is_leap = models.BooleanField(default=False)  # of a lunar leap month
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["month", "day", "id"]
        indexes = [models.Index(fields=["is_lunar", "month", "day"], name="milestone_day")]
        constraints = [
            models.CheckConstraint(
                name="milestone_is_a_day", condition=Q(month__range=(1, 12), day__range=(1, 31))
            ),
            models.CheckConstraint(
                name="milestone_leap_is_lunar", condition=Q(is_leap=False) | Q(is_lunar=True)
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())


class FieldDefinition(models.Model):
    """A further field of the file that a unit defines for itself and the units below it.

    Values are facts whose field is `custom.` and the code; `Customer.more` repeats those that stand.
    """

    class Kind(models.TextChoices):
        TEXT = "TEXT", _("Text")
        NUMBER = "NUMBER", _("Number")
        DAY = "DAY", _("Day")
        YES_NO = "YES_NO", _("Yes or no")
        CHOICE = "CHOICE", _("One of a list")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    words = models.TextField(blank=True)  # of CHOICE, one a line
    only = models.CharField(max_length=12, choices=Customer.Kind.choices, blank=True)
    is_required = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="field_code_once"),
        ]

    def __str__(self) -> str:
        return self.name
