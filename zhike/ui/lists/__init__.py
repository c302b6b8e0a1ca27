"""The list helper: declare a list once, answer every request for it with one call.

    COMPLAINTS = lists.List(name="complaints", columns=(...), filters=(...), views=(...), href=address_of)

    def index(request):
        rows = queries.visible_complaints(scope)
        return lists.answer(request, COMPLAINTS, rows, "complaints/list.html", now=clock.now())

It filters, sorts, pages, counts up to a cap, exports, and answers htmx with the list only. The cost of a page does
not grow with the table: at most 10,001 rows are counted, at most 10,000 can be paged through.
"""

from .conditions import Condition, Problem
from .declare import Bulk, Column, Filter, List, View, choice, dates, flag, numbers, one, text, unit
from .listing import Listing
from .page import answer, build, export_selected, filtered
from .selection import Selection, selected

__all__ = [
    "Bulk",
    "Column",
    "Condition",
    "Filter",
    "List",
    "Listing",
    "Problem",
    "Selection",
    "View",
    "answer",
    "build",
    "choice",
    "dates",
    "export_selected",
    "filtered",
    "flag",
    "numbers",
    "one",
    "selected",
    "text",
    "unit",
]
