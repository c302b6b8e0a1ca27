"""The sheet of keys. What stands here is what `static/ui/js/keys.js` does."""

from __future__ import annotations

from django.utils.translation import gettext as _

Keys = list[tuple[str, list[tuple[list[str], str]]]]


def key_groups() -> Keys:
    """Groups of (strokes, what they do), for the help sheet."""
    return [
        (
            _("Everywhere"),
            [
                (["Ctrl", "K"], _("search and commands")),
                (["?"], _("this sheet")),
                (["G", "T"], _("today")),
                (["G", "C"], _("complaints")),
                (["G", "U"], _("customers")),
                (["G", "M"], _("manuals")),
                (["Esc"], _("close, clear the selection")),
                (["Ctrl", "Enter"], _("send")),
            ],
        ),
        (
            _("Lists"),
            [
                (["J"], _("next row")),
                (["K"], _("previous row")),
                (["Enter"], _("open")),
                (["X"], _("select the row")),
                (["Shift", "X"], _("select up to here")),
                (["Ctrl", "A"], _("select the page, again: all matching")),
                (["/"], _("search in this list")),
                (["F"], _("filters")),
                (["D"], _("look into the customer")),
            ],
        ),
        (
            _("Cases"),
            [
                (["R"], _("reply")),
                (["N"], _("internal note")),
                (["J"], _("next case")),
                (["K"], _("previous case")),
                (["W"], _("why: ruling or date")),
                (["L"], _("read the clause")),
                (["D"], _("look into the customer")),
                (["."], _("copy the number")),
                (["H"], _("hand over")),
                (["E"], _("change facts")),
            ],
        ),
        (
            _("Contacts due"),
            [
                (["N"], _("next customer")),
                (["C"], _("show the number")),
                (["S"], _("not today, with a reason")),
            ],
        ),
    ]
