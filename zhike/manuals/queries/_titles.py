"""What a regulation and a change of it are called."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals.models import Revision

from ._change import manual_of_change


def title_of(manual: model.Manual) -> str:
    """The title of a text in the reader's language."""
    english = str(manual.meta.get("title_en", ""))
    return english if english and (get_language() or "").startswith("en") else manual.title


def titles_of(rows: Sequence[Revision]) -> dict[int, str]:
    """The title of the regulation of each change; of a new regulation that of its own text."""
    keys = {row.key for row in rows}
    versions = ManualVersion.objects.filter(key__in=keys).order_by("number")
    known = {row.key: row.label for row in versions.only("key", "title", "title_en")}
    fresh = Revision.objects.filter(pk__in=[row.pk for row in rows if row.key not in known])
    own = {row.pk: title_of(read(row.text)) for row in fresh}
    return {row.pk: known.get(row.key) or own.get(row.pk) or row.key for row in rows}


def change_title(revision: Revision) -> str:
    """What a change is called in duties and messages, which many read: by the title of the text itself."""
    manual = manual_of_change(revision)
    with override("zh-hans"):  # kept as it is said, whatever the language of who hands it in
        if revision.unit is not None:
            return _("%(title)s: values of %(unit)s") % {"title": manual.title, "unit": revision.unit.label}
        return _("%(title)s, version %(number)s") % {"title": manual.title, "number": manual.version}
