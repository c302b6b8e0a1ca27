"""The customer: who it is, how to reach them, who serves them. Parts of the file lie in the packages beside."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.secret import SecretField


class Customer(models.Model):
    """A person or organisation that is served. Shares its key with the party."""

    class Kind(models.TextChoices):
        PERSON = "PERSON", _("Private person")
        ORGANISATION = "ORGANISATION", _("Business")

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        CLOSED = "CLOSED", _("Not in use")
        MERGED = "MERGED", _("Merged into another file")

    class Position(models.TextChoices):
        """Whether the customer has customers of their own (R000-17)."""

        INTERMEDIATE = "INTERMEDIATE", _("Intermediate customer")
        END = "END", _("End customer")

    class Dealing(models.TextChoices):
        """Whether the house deals with them itself (R002-073)."""

        DIRECT = "DIRECT", _("Direct customer")
        INDIRECT = "INDIRECT", _("Indirect customer")

    class Gender(models.TextChoices):
        MALE = "M", _("Male")
        FEMALE = "F", _("Female")

    class Source(models.TextChoices):
        COUNTER = "COUNTER", _("Counter")
        PHONE = "PHONE", _("Phone")
        LETTER = "LETTER", _("Letter")
        PORTAL = "PORTAL", _("Portal")
        API = "API", _("API")
        FILE = "FILE", _("File")

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="customer")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=120)  # the party's name, repeated so that lists need no join
    sort_key = models.CharField(max_length=200, blank=True)  # pinyin, since no engine sorts Chinese alike
    initials = models.CharField(max_length=40, blank=True)  # of the pinyin, for looking up while typing
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="customers", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)
    gender = models.CharField(max_length=1, choices=Gender.choices, blank=True)
    title = models.CharField(max_length=40, blank=True)  # how the customer is addressed, or their post
    note = models.TextField(blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    # empty: nobody has decided yet; callers of a complaint are taken down without it
    position = models.CharField(max_length=12, choices=Position.choices, blank=True)
    dealing = models.CharField(max_length=8, choices=Dealing.choices, default=Dealing.DIRECT)
    is_key = models.BooleanField(default=False)  # has a key-customer card (R002-091)
    owner = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # 定人
    region = models.CharField(max_length=60, blank=True)  # 定区: area or region as the house names it
    industry = models.CharField(max_length=60, blank=True)  # trade of a business, occupation of a person
    verified_on = models.DateField(null=True, blank=True)  # when the file was last checked with the customer
    verified_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    more: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    updated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(
        default=0
    )  # raised by every correction; a form sends back what it saw

    class Meta:
        # a million files come in at once, and every index is written for each: none that another begins with
        indexes = [
            models.Index(fields=["unit", "sort_key", "party"], name="customer_unit_sorted"),
            models.Index(fields=["sort_key", "party"], name="customer_sorted"),
            models.Index(fields=["unit", "name"], name="customer_unit_name"),
            models.Index(fields=["unit", "-created_at"], name="customer_unit_created"),
            models.Index(fields=["owner", "sort_key"], name="customer_owner_sorted"),
        ]
        constraints = [
            models.CheckConstraint(name="customer_has_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="customer_merged_somewhere",
                condition=models.Q(state="MERGED", merged_into__isnull=False)
                | (~models.Q(state="MERGED") & models.Q(merged_into=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """Such as KH-000318; derived from the key, so it may have gaps."""
        return f"KH-{self.pk:06}"


class Phone(models.Model):
    """A telephone number: encrypted, found by blind index, shown masked."""

    class Kind(models.TextChoices):
        MOBILE = "MOBILE", _("Mobile phone")
        HOME = "HOME", _("Home phone")
        WORK = "WORK", _("Work phone")
        OTHER = "OTHER", _("Other phone")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="phones", db_index=False)
    number = SecretField()
    index = models.CharField(max_length=64)  # blind index of the normal form
    last4 = models.CharField(max_length=64)  # blind index of its last four digits
    masked = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MOBILE)
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_primary", "id"]
        indexes = [
            models.Index(fields=["index", "customer"], name="phone_index_customer"),
            models.Index(fields=["last4"], name="phone_last4"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "index"], name="phone_once_per_customer"),
            models.UniqueConstraint(
                fields=["customer"], name="one_primary_phone", condition=models.Q(is_primary=True)
            ),
        ]

    def __str__(self) -> str:
        return self.masked


from .archives.models import Archive as Archive  # noqa: E402
from .archives.models import ArchiveCheck as ArchiveCheck  # noqa: E402
from .archives.models import ArchiveItem as ArchiveItem  # noqa: E402
from .archives.models import CheckLine as CheckLine  # noqa: E402
from .archives.models import Destruction as Destruction  # noqa: E402
from .archives.models import Loan as Loan  # noqa: E402
from .charges.models import Charge as Charge  # noqa: E402
from .charges.models import ChargeStep as ChargeStep  # noqa: E402
from .contacts.models import Interaction as Interaction  # noqa: E402
from .contacts.models import Promise as Promise  # noqa: E402
from .credit.models import CreditChange as CreditChange  # noqa: E402
from .credit.models import CreditRating as CreditRating  # noqa: E402
from .credit.models import CreditRisk as CreditRisk  # noqa: E402
from .credit.models import CreditSignature as CreditSignature  # noqa: E402
from .credit.models import CreditSurvey as CreditSurvey  # noqa: E402
from .dossier.models import Address as Address  # noqa: E402
from .dossier.models import Consent as Consent  # noqa: E402
from .dossier.models import Contact as Contact  # noqa: E402
from .dossier.models import Fact as Fact  # noqa: E402
from .dossier.models import FieldDefinition as FieldDefinition  # noqa: E402
from .dossier.models import Identifier as Identifier  # noqa: E402
from .dossier.models import Link as Link  # noqa: E402
from .dossier.models import Milestone as Milestone  # noqa: E402
from .dossier.models import Need as Need  # noqa: E402
from .grading.models import Evaluation as Evaluation  # noqa: E402
from .grading.models import Grade as Grade  # noqa: E402
from .grading.models import Persona as Persona  # noqa: E402
from .grading.models import Profile as Profile  # noqa: E402
from .grading.models import Proposal as Proposal  # noqa: E402
from .grading.models import Run as Run  # noqa: E402
from .grading.models import Sale as Sale  # noqa: E402
from .grading.models import SegmentPlan as SegmentPlan  # noqa: E402
from .importing.models import ImportBatch as ImportBatch  # noqa: E402
from .matching.models import Candidate as Candidate  # noqa: E402
from .matching.models import Merge as Merge  # noqa: E402
from .matching.models import Sweep as Sweep  # noqa: E402
from .privacy.models import Breach as Breach  # noqa: E402
from .privacy.models import Export as Export  # noqa: E402
from .privacy.models import Handover as Handover  # noqa: E402
from .privacy.models import Release as Release  # noqa: E402
from .privacy.models import RightsRequest as RightsRequest  # noqa: E402
