"""Which forms a complaint offers: those that its manual names in 表单, the registration first."""

from __future__ import annotations

from collections.abc import Iterator

from zhike.complaints.regime import Regime
from zhike.kernel.policy.manual import model
from zhike.kernel.records.forms import Field, Form

from . import _car, _enterprise, _factory, _general, _mall, _market, _pharma, _tenant
from ._reading import Choices, Either, Figure, More, Ticked, forms_of

# of two forms of one name the one that prints more of the manual's 登记事项 is meant; the general ones stand first
FORMS = (
    _general.REGISTRATION,
    _general.INVESTIGATED,
    _general.HANDLING,
    _general.TRACKING,
    _mall.RECORD,
    _factory.REGISTER,
    _factory.SHEET,
    _factory.PLAN,
    _enterprise.CASE,
    _enterprise.EXCEPTION,
    _market.BOOK,
    _market.REPORT,
    _car.CASE,
    _pharma.REGISTER,
    _tenant.RECORD,
)


def offered(regime: Regime | None) -> list[Form]:
    """The forms of the stages in the order of the manual; the first is the registration.

    Where the manual names no registration that we know, the general one stands in; a case without a manual has the
    record of the mall.
    """
    if regime is None:
        return [_mall.RECORD]
    stages: tuple[model.Stage, ...] = regime.answer.table.stages  # type: ignore[union-attr]
    found = {form.code: form for stage in stages for form in _forms(stage, regime)}
    entry = next((form for stage in stages[:1] for form in _forms(stage, regime)), _general.REGISTRATION)
    return list(({entry.code: entry} | found).values())


def _forms(stage: model.Stage, regime: Regime) -> Iterator[Form]:
    codes = {row.word.code for row in regime.fields}
    for name in forms_of(stage):
        alike = [form for form in FORMS if form.zh == name]
        if alike:
            yield max(alike, key=lambda form: len(codes & set(_read_by(form.fields))))


def _read_by(fields: tuple[Field, ...]) -> Iterator[str]:
    """Codes of 登记事项 that these fields print."""
    for field in fields:
        sources = field.source.sources if isinstance(field.source, Either) else (field.source,)
        for source in sources:
            if isinstance(source, More | Ticked | Figure):
                yield from source.codes
        if isinstance(field.options, Choices):
            yield field.options.code
        yield from _read_by(field.columns)
