"""Staff, posts, powers and who holds what (S002-01 to S002-04)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime.arithmetic import local_date

from .modules import MODULES


def business_day(now: dt.datetime) -> dt.date:
    """The day of `now` in the enterprise's time zone: the day by which appointments begin and end."""
    return local_date(now, settings.TIME_ZONE)


def in_language(zh: str, en: str) -> str:
    """The English text for readers of the English interface where there is one, else the Chinese."""
    return en if en and (get_language() or "").startswith("en") else zh


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet[User]:
        return super().get_queryset().select_related("party__unit")

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A member of staff who can sign in. Shares its key with the party that acts."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="user")
    username = models.CharField(max_length=60, unique=True)
    # number of the employee's work telephone; signs in as well as the user name does
    phone = models.CharField(max_length=20, null=True, blank=True, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=6, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    must_change_password = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.party.name

    def get_full_name(self) -> str:
        return self.party.name

    def get_absolute_url(self) -> str:
        return reverse("people:staff_member", args=[self.pk])

    def natural_key(self) -> tuple[Any, ...]:
        return (self.username,)


class Power(models.Model):
    """A permission (PW002-01 to PW002-10). Administrators may add further ones (PW002-10)."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    module = models.CharField(max_length=40, blank=True)
    register = models.CharField(max_length=20, blank=True)  # PW002-03, or the duty it comes from
    kind = models.CharField(max_length=40, blank=True)  # 监督管理权, 建议权 ...
    is_own = models.BooleanField(default=False)  # added by the enterprise

    class Meta:
        ordering = ["module", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Post(models.Model):
    """A post of the register (P002-01 to P002-29) or of the enterprise. Manuals name it by name or alias."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    aliases = models.JSONField(default=list, blank=True)  # further names, Chinese or English (A002-30)
    purpose = models.TextField(blank=True)
    purpose_en = models.TextField(blank=True)
    reports_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="subordinates"
    )
    # height in the line: 90 general manager ... 30 specialist; equal ranks do not command each other
    rank = models.PositiveSmallIntegerField(default=30)
    # leads a whole unit, not one function of it; staff posts (assistants) lead nobody
    leads_unit = models.BooleanField(default=False)
    is_staff_position = models.BooleanField(default=False)
    clearance = models.PositiveSmallIntegerField(default=0)  # highest secrecy level read
    source = models.CharField(max_length=60, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-rank", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("people:post", args=[self.code])

    @property
    def aim(self) -> str:
        return in_language(self.purpose, self.purpose_en)


class PostDuty(models.Model):
    """One numbered duty of a post, and the power that it needs."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="duties")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_en = models.TextField(blank=True)
    power = models.ForeignKey(Power, models.SET_NULL, null=True, blank=True, related_name="+")
    is_proposed = models.BooleanField(default=False)  # not in the source: a default to be confirmed

    class Meta:
        ordering = ["post", "number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="post_duty_number_once")]

    @property
    def label(self) -> str:
        return in_language(self.text, self.text_en)


class PostPower(models.Model):
    """A power handed to a post, and over which rows."""

    class Reach(models.TextChoices):
        OWN = "OWN", _("Own cases")
        UNIT = "UNIT", _("Own unit")
        HOUSE = "HOUSE", _("Own house and its departments")
        SUBTREE = "SUBTREE", _("Own unit and everything below")
        ALL = "ALL", _("Whole enterprise")

    post = models.ForeignKey(Post, models.CASCADE, related_name="post_powers")
    power = models.ForeignKey(Power, models.CASCADE, related_name="post_powers")
    scope = models.CharField(max_length=8, choices=Reach.choices, default=Reach.UNIT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "power"], name="post_power_once")]


class Appointment(models.Model):
    """Somebody holds a post at a unit, or acts in it, from one day up to another (end excluded)."""

    class Kind(models.TextChoices):
        HELD = "HELD", _("Holder")
        ACTING = "ACTING", _("Acting")

    party = models.ForeignKey(Party, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.HELD)
    held_from = models.DateField()
    held_to = models.DateField(null=True, blank=True)
    appointed_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["unit", "-post__rank", "held_from"]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_start",
                condition=Q(held_to=None) | Q(held_to__gte=F("held_from")),
            ),
            models.UniqueConstraint(
                fields=["party", "post", "unit"], name="appointment_once_open", condition=Q(held_to=None)
            ),
        ]
        indexes = [models.Index(fields=["unit", "post"], name="appointment_place")]

    @staticmethod
    def on(day: dt.date, prefix: str = "") -> Q:
        """Appointments in force on `day`; `prefix` reaches them through a relation ("appointments__")."""
        return Q(**{f"{prefix}held_from__lte": day}) & (
            Q(**{f"{prefix}held_to": None}) | Q(**{f"{prefix}held_to__gt": day})
        )


class Deputy(models.Model):
    """`deputy` stands in for `absent` from one moment up to another (end excluded)."""

    absent = models.ForeignKey(Party, models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(Party, models.CASCADE, related_name="stand_ins")
    away_from = models.DateTimeField()
    away_to = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    named_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-away_from"]
        constraints = [
            models.CheckConstraint(name="nobody_is_own_deputy", condition=~Q(absent=F("deputy"))),
            models.CheckConstraint(name="absence_ends_after_start", condition=Q(away_to__gte=F("away_from"))),
        ]
        indexes = [models.Index(fields=["deputy", "away_to"]), models.Index(fields=["absent", "away_to"])]

    @staticmethod
    def at(now: dt.datetime, prefix: str = "") -> Q:
        """Absences in force at `now`."""
        return Q(**{f"{prefix}away_from__lte": now, f"{prefix}away_to__gt": now})


class Function(models.Model):
    """A function of the department: overall, internal or external (FN002-01 to FN002-28)."""

    class Kind(models.TextChoices):
        OVERALL = "OVERALL", _("Overall function")
        INTERNAL = "INTERNAL", _("Internal function")
        EXTERNAL = "EXTERNAL", _("External function")

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    systems = models.CharField(max_length=60, blank=True)  # S002-13..23
    modules = models.JSONField(default=list)  # labels of apps
    posts = models.ManyToManyField(Post, blank=True, related_name="functions")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def content(self) -> str:
        return in_language(self.text, self.text_en)

    @property
    def module_names(self) -> list[str]:
        return [str(MODULES.get(label, label)) for label in self.modules]


class DepartmentDuty(models.Model):
    """One of the ten duties of the department (DT002-01 to DT002-10)."""

    code = models.CharField(max_length=20, unique=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    modules = models.JSONField(default=list)
    posts = models.ManyToManyField(Post, blank=True, related_name="department_duties")

    class Meta:
        ordering = ["code"]

    @property
    def content(self) -> str:
        return in_language(self.text, self.text_en)

    @property
    def module_names(self) -> list[str]:
        return [str(MODULES.get(label, label)) for label in self.modules]


class UnitProfile(models.Model):
    """What people know of a unit beyond its place in the tree."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="profile")
    template = models.CharField(max_length=20, blank=True)  # on the head unit of an established department
    function = models.ForeignKey(Function, models.SET_NULL, null=True, blank=True, related_name="units")
    region = models.CharField(max_length=40, blank=True)  # regional department (S002-58)


class UnitPost(models.Model):
    """A post that a unit has, under the name that its template gives it (A002-30)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="unit_posts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="unit_posts")
    name = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    # deputy head office and teams of one chart stand beside the line
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["unit", "-post__rank", "place"]
        constraints = [models.UniqueConstraint(fields=["unit", "post"], name="unit_post_once")]

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en) or self.post.label


class PersonnelProposal(models.Model):
    """A proposal of the department in a matter of personnel; the decision lies outside (R002-172, PW002-06)."""

    class Kind(models.TextChoices):
        ORGANISATION = "ORGANISATION", _("Organisation")
        HIRING = "HIRING", _("Hiring")
        DISMISSAL = "DISMISSAL", _("Dismissal")
        REWARD = "REWARD", _("Reward")
        PENALTY = "PENALTY", _("Penalty")
        APPRAISAL = "APPRAISAL", _("Appraisal")

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        AGREED = "AGREED", _("Agreed outside")
        DECLINED = "DECLINED", _("Declined outside")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    about = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    reasons = models.TextField()
    proposed_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    # taken outside the department: who, on which day, in which words; recorded by somebody inside
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="outside_decision_names_who_and_when",
                condition=Q(state__in=["PROPOSED", "WITHDRAWN"])
                | (Q(decided_on__isnull=False) & ~Q(decided_by_name="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("people:proposal", args=[self.pk])


from .requests.models import Request as Request  # noqa: E402
from .requests.models import RequestStep as RequestStep  # noqa: E402
