"""Reading one page of a long list."""

from __future__ import annotations

from typing import Any

from django.db.models import Index
from django.db.models.lookups import In
from django.db.models.sql.where import WhereNode

from .declare import Rows


def page(rows: Rows, first: int, last: int, *, many: bool) -> list[Any]:
    """The rows from `first` up to `last` in their order, by one statement.

    The keys of the page are found first, without the tables that the rows bring along, so that none of these can
    lead the search. `many` says that more rows match than are counted: then the order leads it.
    """
    keys = rows.values("pk")
    if many and _in_order(rows):
        alternatives: list[Any] = [_unindexed(one) for one in keys.query.where.children]
        keys.query.where = WhereNode(alternatives)
    found = rows.all()
    found.query.where = WhereNode()
    return list(found.filter(pk__in=keys[first:last]))


def _unindexed(condition: Any) -> Any:
    """A condition with several alternatives, to be looked at row by row; others as they are."""
    return _Unindexed([condition]) if isinstance(condition, WhereNode | In) else condition  # type: ignore[list-item]


class _Unindexed(WhereNode):
    """Chooses no index on SQLite, which does not weigh LIMIT: it would gather all that match and sort them."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = self.as_sql(compiler, connection)
        return f"+({sql})", params


def _in_order(rows: Rows) -> bool:
    """Whether an index holds the rows in this order, or in its reverse."""
    order = rows.query.order_by
    return bool(order) and any(_serves(index, str(order[0]), rows) for index in rows.model._meta.indexes)


def _serves(index: Index, name: str, rows: Rows) -> bool:
    if not index.fields or index.fields[0].lstrip("-") != name.lstrip("-"):
        return False
    if index.condition is None:
        return True
    asked = rows.query.where.children
    return all(
        one in asked for one in rows.model._default_manager.filter(index.condition).query.where.children
    )
