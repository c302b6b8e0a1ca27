"""Subjects that share rare character pairs with a text: where one looks for similar ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F
from django.db.models.sql.compiler import SQLCompiler

from zhike.kernel.parties.scope import Scope

from . import engines, grams
from .models import Document


class HoldsAny(Expression):
    """True for documents of one kind that contain at least one of these pairs of characters."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, pairs: Collection[str], label: str) -> None:
        super().__init__()
        self.tokens = sorted({token for pair in pairs for token in grams.needed(pair)})
        self.label = grams.label_token(label)
        self.sources: list[Any] = [F("id"), F("grams")]

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sources = list(exprs)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        (key, _none), (marks, _none2) = (compiler.compile(part) for part in self.sources)
        if connection.vendor == "sqlite":
            query = f"{self.label} AND ({' OR '.join(self.tokens)})"
            return f"{key} IN (SELECT rowid FROM {engines.TABLE} WHERE {engines.TABLE} MATCH %s)", (query,)
        return f"{marks} @@ %s::tsquery", (f"{self.label} & ({' | '.join(self.tokens)})",)


def pairs_of(text: str) -> set[str]:
    """The pairs of letters in a text, folded as the index folds; digits and marks say little."""
    plain = grams.folded(text.replace("\0", ""))
    pairs = (plain[at : at + 2] for at in range(len(plain) - 1))
    return {pair for pair in pairs if pair.isalpha()}


def newest_alike(scope: Scope, pairs: Collection[str], label: str, *, limit: int) -> list[int]:
    """Ids of the newest subjects of one kind that share a pair, as far as the scope allows."""
    if not pairs or scope.units == frozenset():
        return []
    visible = scope.rows(Document.objects.filter(HoldsAny(pairs, label)), secrecy="secrecy")
    # the sum keeps PostgreSQL from walking down the whole table where it takes rare pairs for common ones
    rows = visible.order_by((F("id") + 0).desc()).values_list("subject_id", flat=True)
    return list(rows[:limit])
