"""P003-05: the quality of the files, each number opening into its files."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from zhike.customers.dossier import tallying
from zhike.customers.dossier.rules import UPKEEP, rules_at, text_of
from zhike.customers.views.listing import units_of_list
from zhike.kernel import clock
from zhike.kernel.parties.tree import tree
from zhike.kernel.tallies import figures
from zhike.kernel.tallies.figures import Question
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import answers

DUPLICATES = "customers.duplicates"


@staff_required("report.see")
@require_GET
def quality(request: StaffRequest) -> HttpResponse:
    """Completeness, timeliness, sources and duplicates as they stand today, by unit."""
    home = request.user.party.unit_id or 0
    zone = calendars.calendar_for(home).zone
    today = calendars.local_day(clock.now(), home)
    units = units_of_list(request)
    unit = request.GET.get("unit", "")
    chosen = tree().below(int(unit)) if unit in {code for code, _label in units} else None
    scope = scope_of(request.user, "customer.see")
    question = Question(scope, Period.around(Kind.MONTH, today, str(zone)), chosen)
    asked = Question(scope, Period.of_days(today, today, str(zone)), chosen)
    rules = rules_at(int(unit) if chosen else home, today)
    context = {
        "units": units,
        "unit": unit if chosen else "",
        "figures": [tallying.told(one, asked) for one in tallying.FIGURES[:2]],
        "missing": tallying.COMPLETE.breakdowns[0].parts(asked),
        "sources": tallying.SOURCES.breakdowns[0].parts(asked),
        "duplicates": [figures.read(one, question) for one in figures.figures(DUPLICATES)],
        "rules": rules,
        "upkeep": [
            (row.word.name, text_of(row, "负责"), text_of(row, "时间"), row.clause)
            for row in (rules.rows(UPKEEP) if rules else [])
        ],
    }
    return answers.page(request, "customers/dossier/quality.html", context)
