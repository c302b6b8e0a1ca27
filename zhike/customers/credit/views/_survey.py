"""The survey sheet: filled in, saved, signed in three steps, sent back, printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.customers.credit import access, actions, forms, queries, questions, sheets
from zhike.customers.credit.actions._rating import Decision, ruled
from zhike.customers.models import CreditSurvey
from zhike.customers.regulation import regulation
from zhike.kernel import clock
from zhike.kernel.records import actions as records
from zhike.kernel.records import values
from zhike.people.access import StaffRequest, staff_required
from zhike.people.deeds import who
from zhike.ui import answers, paper
from zhike.ui.deeds import deed, typed

REFUSED = (actions.CannotCredit, records.RecordRefusal)


@staff_required(access.SURVEY)
@require_POST
def begin_survey(request: StaffRequest, pk: int) -> HttpResponse:
    """A new sheet with what the file knows."""
    customer = access.customer_for(request.user, pk, to=access.SURVEY)
    try:
        row = actions.begin_survey(customer=customer, **who(request))
    except REFUSED as refusal:
        return answers.refuse(request, str(refusal), then=reverse("customers:credit_of", args=[pk]))
    return answers.go(request, reverse("customers:survey", args=[row.pk]))


@staff_required(access.SEE)
def survey(request: StaffRequest, survey: int) -> HttpResponse:
    """The sheet: to be filled in while it is a draft, else as it was signed."""
    row = access.survey_for(request.user, survey)
    may = access.may_do(request.user, row.customer)
    writes = row.state == CreditSurvey.State.DRAFT and may.survey
    form = None
    if writes:
        initial = {"revision": row.record.revision}
        form = forms.SurveyForm(typed(request), data_of=row.record.data, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                actions.save_survey(
                    survey=row, typed=form.typed(), revision=form.cleaned_data["revision"], **who(request)
                )
                if "sign" in request.POST:
                    row.record.refresh_from_db()
                    actions.sign_survey(survey=row, **who(request))
            except REFUSED as refusal:
                _show(form, refusal)
            else:
                said = _("Signed.") if "sign" in request.POST else _("Saved as a draft.")
                return answers.go(request, reverse("customers:survey", args=[row.pk]), message=said)
    return answers.again(request, "customers/credit/survey.html", _context(request, row, form))


def _show(form: forms.SurveyForm, refusal: Exception) -> None:
    """What the record says of single values stands beside them."""
    for problem in getattr(refusal, "problems", ()):
        form.add_error(problem.key if problem.key in form.fields else None, problem.sentence)
    if not getattr(refusal, "problems", ()):
        form.add_error(None, str(refusal))


def _context(request: StaffRequest, row: CreditSurvey, form: forms.SurveyForm | None) -> dict[str, Any]:
    signatures = list(row.signatures.select_related("by"))
    of_round = {one.step: one for one in signatures if one.round == row.round and one.passed}
    steps = [
        {
            "label": str(label),
            "note": of_round[step].by.name if step in of_round else "",
            "state": "done"
            if step in of_round
            else "now"
            if row.is_open and step == len(of_round) + 1
            else "",
        }
        for step, label in row.signatures.model.STEPS.items()
    ]
    rating = queries.rating_of(row)
    return {
        "survey": row,
        "customer": row.customer,
        "form": form,
        "steps": steps,
        "signatures": signatures,
        "may_sign": access.may_sign(request.user, row),
        "may_drop": row.is_open and access.may_do(request.user, row.customer).survey,
        "lines": [] if form else _said(row),
        "columns": [column.label(get_language() or "zh-hans") for column in sheets.PRODUCTS.columns],
        "products": row.record.data.get(sheets.PRODUCTS.key) or [],
        "rating": rating,
        "back": reverse("customers:credit_of", args=[row.customer_id]),
    }


def _said(row: CreditSurvey) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filled-in values under the headings of the sheet."""
    language = get_language() or "zh-hans"
    english = language.startswith("en")
    found = []
    for zh, en, keys in sheets.PARTS:
        rows = []
        for key in keys:
            field, value = sheets.SURVEY.by_key[key], row.record.data.get(key)
            if isinstance(value, list):
                words = {option.code: option.label(language) for option in field.choices()}
                value = "、".join(words.get(str(code), str(code)) for code in value)
            if value:
                rows.append((field.label(language), str(value)))
        found.append((en if english else zh, rows))
    return found


@staff_required(access.SEE)
def sign_survey(request: StaffRequest, survey: int) -> HttpResponse:
    """Put the signature that is due; the general manager sees the ruling and may decide otherwise."""
    row = access.survey_to_sign(request.user, survey)
    back = reverse("customers:survey", args=[row.pk])
    if row.state != CreditSurvey.State.APPROVAL:
        return deed(
            request, forms.SignForm(typed(request)),
            lambda opinion: _none(actions.sign_survey(survey=row, opinion=opinion, **who(request))),
            refused=REFUSED, back=back, title=_("Sign the survey"), submit=pgettext_lazy("a signature", "Sign"), said=_("Signed."),
        )  # fmt: skip
    found = regulation(questions.RATING.name, row.customer.unit_id, clock.now())
    try:
        rules = ruled(row.customer, row.record.data, by=None, now=clock.now())
    except actions.CannotCredit as refusal:
        return answers.refuse(request, str(refusal), then=back)
    initial = {"grade": rules.grade, "payment": rules.payment, "limit": rules.limit}
    form = forms.DecisionForm(
        typed(request),
        initial=initial,
        grades=found.choices(questions.GRADES) if found else [],
        payments=found.choices(questions.PAYMENTS) if found else [],
    )

    def do(**given: Any) -> None:
        actions.sign_survey(survey=row, decision=Decision(**given), **who(request))

    said = {
        "score": f"{rules.score:f}",
        "grade": found.label(questions.GRADES, rules.grade) if found else rules.grade,
        "clause": rules.ruling.clause,
    }
    return deed(
        request, form, do, refused=REFUSED, back=back, title=_("Approve the rating"), submit=_("Approve"),
        said=_("The rating holds from now on."),
        intro=_("%(score)s points: the regulation rules “%(grade)s” (%(clause)s).") % said,
    )  # fmt: skip


def _none(_done: object) -> None:
    return None


@staff_required(access.SEE)
def send_back_survey(request: StaffRequest, survey: int) -> HttpResponse:
    """Back to the interviewer with a reason."""
    row = access.survey_to_sign(request.user, survey)
    return deed(
        request, forms.ReasonForm(typed(request)),
        lambda reason: _none(actions.send_back(survey=row, reason=reason, **who(request))),
        refused=REFUSED, back=reverse("customers:survey", args=[row.pk]), title=_("Send back"),
        submit=_("Send back"), said=_("Sent back; it is signed anew from the first step."), danger=True,
    )  # fmt: skip


@staff_required(access.SURVEY)
def drop_survey(request: StaffRequest, survey: int) -> HttpResponse:
    """Give the survey up."""
    row = access.survey_for(request.user, survey, to=access.SURVEY)
    return deed(
        request, forms.ReasonForm(typed(request)),
        lambda reason: actions.drop_survey(survey=row, reason=reason, **who(request)),
        refused=REFUSED, back=reverse("customers:credit_of", args=[row.customer_id]),
        title=_("Drop the survey"), submit=_("Drop the survey"), said=_("The survey is dropped."), danger=True,
    )  # fmt: skip


@staff_required(access.SEE)
def print_survey(request: StaffRequest, survey: int, kind: str) -> HttpResponse:
    """FM002-03 with rating and signatures."""
    row = access.survey_for(request.user, survey)
    found = regulation(questions.RATING.name, row.customer.unit_id, clock.now())
    rating = queries.rating_of(row)
    signatures = list(row.signatures.filter(round=row.round).select_related("by"))
    kept = {key: value for key, value in row.record.data.items() if key in sheets.KEYS}
    data = values.gather(sheets.SURVEY, sheets.Filled(rating, signatures, found), kept)
    basis = str(found.version) if found else ""
    sheet = paper.Sheet(
        form=sheets.SURVEY,
        data=data,
        head=paper.head_of(request, row.customer.unit, row.record.number, basis),
        address=lambda other: reverse("customers:print_survey", args=[row.pk, other]),
        back=reverse("customers:survey", args=[row.pk]),
    )
    return paper.answer(request, sheet, kind)
