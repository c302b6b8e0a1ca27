"""The fields of the file that are known by a code: label, group, and the choices where there are a few.

Facts of other fields may be learned as well (a manual or a unit names further ones); they are shown by their code.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Fact

Text = str | Promise
BASIC, BEHAVIOUR, FEEDBACK = Fact.Group.BASIC, Fact.Group.BEHAVIOUR, Fact.Group.FEEDBACK
PREFERENCE, TRAIT, CUSTOM, VISIT = "preference.", "trait.", "custom.", "visit."


@dataclass(frozen=True)
class Known:
    """One field: what it is called and to which of the three groups it belongs (R003-14)."""

    code: str
    label: Text
    group: str
    help: Text = ""
    long: bool = False


FIELDS = {
    one.code: one
    for one in (
        Known("name", _("Name"), BASIC),
        Known("kind", _("Kind"), BASIC),
        Known("gender", _("Gender"), BASIC),
        Known("title", _("Form of address or post"), BASIC),
        Known("note", _("Note"), BASIC, long=True),
        Known("industry", _("Trade or occupation"), BASIC),
        Known("region", _("Region"), BASIC),
        Known("position", _("Position"), BASIC),
        Known("dealing", _("Dealing"), BASIC),
        Known("owner", _("Owner"), BASIC),
        Known("is_key", _("Key customer"), BASIC),
        Known("phone", _("Telephone"), BASIC),
        Known("address", _("Address"), BASIC),
        Known("contact", _("Contact person"), BASIC),
        Known("identifier", _("Numbers and papers"), BASIC),
        Known("trait.environment", _("Trading environment"), BASIC, _("Such as a community, a school street, an office quarter.")),
        Known("trait.scale", _("Trading scale"), BASIC, _("Such as small, medium, large.")),
        Known("trait.own", _("Own traits"), BASIC, _("What is particular to this customer."), long=True),
        Known("employer", _("Employer"), BASIC),
        Known("legal", _("Legal representative"), BASIC),
        Known("brand", _("Brand"), BASIC),
        Known("founded", _("Founded in"), BASIC),
        Known("staff", _("Number of staff"), BASIC),
        Known("family", _("Family"), BASIC),
        Known("birthday", _("Birthday"), BASIC),
        Known("member", _("Member card"), BASIC),
        Known("chain", _("Decision chain"), BASIC, _("Who asks, who advises, who decides, who signs."), long=True),
        Known("preference.way", _("Preferred way of contact"), BEHAVIOUR, _("Such as WeChat, not by telephone.")),
        Known("preference.time", _("Preferred time"), BEHAVIOUR, _("Such as weekdays after 15:00.")),
        Known("preference.person", _("Preferred person"), BEHAVIOUR, _("Who should serve the customer.")),
        Known("preference.service", _("Preferred service"), BEHAVIOUR, _("Such as quiet, quick, explained in detail.")),
        Known("preference.goods", _("Preferred goods"), BEHAVIOUR),
        Known("preference.size", _("Sizes"), BEHAVIOUR),
        Known("preference.colour", _("Colours"), BEHAVIOUR),
        Known("preference.avoid", _("What to avoid"), BEHAVIOUR, _("Such as not before noon, no dairy.")),
        Known("visit.hours", _("Opening hours"), BASIC, _("Such as Mon-Fri 08:30-12:00 14:00-18:00; Sat 9:00-12:00.")),
        Known("visit.weekdays", _("Weekdays for visits"), BASIC, _("Such as Tue, Fri.")),
        Known("visit.minutes", _("Minutes of a visit"), BASIC),
        Known("frequency", _("Spending frequency"), BEHAVIOUR),
        Known("plan", _("Service plan"), BEHAVIOUR, long=True),
        Known("terms", _("Agreed rules and terms"), BEHAVIOUR, _("What this customer and the house have agreed."), long=True),
        Known("satisfaction", _("Satisfaction rating"), FEEDBACK),
        Known("suggestion", _("Suggestion"), FEEDBACK, long=True),
        Known("complaint", _("Complaint"), FEEDBACK, long=True),
    )
}  # fmt: skip
# what a person may learn by hand, in this order; columns of the file are changed by correcting it
BY_HAND = tuple(
    code for code in FIELDS
    if code.startswith((PREFERENCE, TRAIT, VISIT)) or code in {
        "employer", "legal", "brand", "founded", "staff", "family", "frequency", "terms", "satisfaction", "suggestion",
    }
)  # fmt: skip


def group_of(field: str) -> str:
    """The group of a field: known by its code, preferences are behaviour, all else is basic."""
    known = FIELDS.get(field)
    if known is not None:
        return known.group
    return BEHAVIOUR if field.startswith(PREFERENCE) else BASIC


def label_of(field: str) -> Text:
    """What a field is called; a field of a unit by the code under which the unit defined it."""
    known = FIELDS.get(field)
    return known.label if known is not None else field.removeprefix(CUSTOM)
