"""Where a customer complains and follows the complaint: no account, a number and a random code."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhike.channels import doors, rates
from zhike.channels.portal import count
from zhike.customers.actions import CannotCreate
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.parties.system import system_party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.records import attachments

from . import actions, queries
from . import portal_reads as reads
from .forms_after import RatingForm
from .models import Complaint, Entry
from .models_after import FollowUp
from .portal_codes import code_of, digest_of, find, key_of, new_token
from .portal_forms import MANAGER, ComplainForm, FollowForm, MessageForm
from .queries_after import rated
from .regime import Regime, regime_at
from .trial import who_would_handle

NEW = rates.Rate("portal-new", most=20, seconds=3600)
FOLLOW = rates.Rate("portal-follow", most=10, seconds=600)
WRITE = rates.Rate("portal-write", most=20, seconds=3600)
OPENED = "portal_complaints"  # in the session: numbers whose code this visitor has shown
CONFIRMED = gettext_lazy("The customer confirms in the portal that the matter is settled.")

doors.open_door(
    doors.Door(
        "complaint_portal:shops",
        gettext_lazy("Make a complaint"),
        gettext_lazy("Tell us what happened. You get a number and a code to follow it."),
        "message-exclamation",
        10,
    )
)
doors.open_door(
    doors.Door(
        "complaint_portal:follow",
        gettext_lazy("Follow my complaint"),
        gettext_lazy("See how far it is, read our replies, add something."),
        "list-search",
        20,
    )
)


@require_safe
@never_cache
def shops(request: HttpRequest) -> HttpResponse:
    """Choose the shop; where there is one only, it is chosen."""
    found = reads.shops_with_regulation(clock.now())
    if len(found) == 1:
        return HttpResponseRedirect(reverse("complaint_portal:new", args=[found[0].pk]))
    return render(request, "complaints/portal_shops.html", {"shops": found})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, unit: int) -> HttpResponse:
    """Write the complaint; the answer shows number and code."""
    now = clock.now()
    shop = next((one for one in reads.shops_with_regulation(now) if one.pk == unit), None)
    if shop is None:
        return HttpResponseRedirect(reverse("complaint_portal:shops"))
    regime = regime_at(shop.pk, now)
    if request.method != "POST":
        return _asked(request, ComplainForm(regime=regime, initial={"token": new_token()}), shop)
    typed = request.POST.copy()
    form = ComplainForm(typed, request.FILES, regime=regime)
    try:
        count(request, NEW, now)
    except rates.TooOften as refusal:
        form.add_error(None, str(refusal))
        return _slow(_asked(request, form, shop), refusal)
    if form.is_valid() and (complaint := _open(form, shop, regime, now)) is not None:
        context = {"complaint": complaint, "code": code_of(form.seed), "shop": shop}
        return render(request, "complaints/portal_done.html", context)
    typed["token"] = new_token()  # the page shown again is a form of its own
    return _asked(request, form, shop)


def _asked(request: HttpRequest, form: ComplainForm, shop: Unit) -> HttpResponse:
    return render(request, "complaints/portal_new.html", {"form": form, "shop": shop})


def _slow(response: HttpResponse, refusal: rates.TooOften) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(refusal.wait)
    return response


def _open(form: ComplainForm, shop: Unit, regime: Regime, now: dt.datetime) -> Complaint | None:
    """The complaint of this form, or None with the errors in the form. The same form twice is one complaint."""
    seed, given = form.seed, form.cleaned_data
    if not seed:
        form.add_error(None, _("This page was open for too long. Look it over and send it again."))
        return None
    key = key_of(seed)
    known = None
    try:
        known = _register(given, shop, regime, now, seed=seed, key=key)
    except CannotCreate as refusal:
        form.add_error("phone", str(refusal))
    except attachments.AttachmentRefusal as refusal:
        form.add_error("photos", str(refusal))
    except (actions.CannotOpen, inforce.NoManual, NoRow) as refusal:
        form.add_error(None, str(refusal))
    if known is not None and known.text != given["text"]:
        form.add_error(
            None,
            _(
                "What you sent before is registered as %(number)s. If this is another matter, send it again;"
                " to add something, follow the first with its code."
            )
            % {"number": known.number},
        )
        return None
    return known


def _register(
    given: dict[str, Any], shop: Unit, regime: Regime, now: dt.datetime, *, seed: str, key: str
) -> Complaint:
    circumstances = None
    if given.get("manager"):
        tried = who_would_handle(
            regime, item=given["item"], value=given["value"], circumstances=None, accused_level="", now=now
        )
        circumstances = [*tried.get("circumstances", []), MANAGER]
    return actions.register(
        unit=shop,
        by=system_party("portal"),
        now=now,
        channel=Complaint.Channel.PORTAL,
        name=given["name"],
        phone=given["phone"],
        files=given["photos"],
        text=given["text"],
        demand=given["demand"],
        origin=given.get("origin", ""),
        item=given["item"],
        value=given["value"],
        circumstances=circumstances,
        access_code=digest_of(code_of(seed)),
        request_key=key,
    )


# ---- following


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code open the page of the complaint."""
    now = clock.now()
    if request.method != "POST":
        form = FollowForm(initial={"number": request.GET.get("number", "")[:40]})
        return render(request, "complaints/portal_follow.html", {"form": form})
    form = FollowForm(request.POST)
    try:
        count(request, FOLLOW, now)
    except rates.TooOften as refusal:
        form.add_error(None, str(refusal))
        return _slow(render(request, "complaints/portal_follow.html", {"form": form}), refusal)
    if form.is_valid():
        complaint = find(form.cleaned_data["number"], form.cleaned_data["code"])
        if complaint is not None:
            request.session.cycle_key()
            kept = [one for one in request.session.get(OPENED, []) if one != complaint.number]
            request.session[OPENED] = [*kept[-4:], complaint.number]
            return HttpResponseRedirect(reverse("complaint_portal:case", args=[complaint.number]))
        form.add_error(None, _("No complaint has this number together with this code."))
    return render(request, "complaints/portal_follow.html", {"form": form})


def _followed(request: HttpRequest, number: str) -> Complaint | None:
    """The complaint, if this visitor has shown its code."""
    if number not in request.session.get(OPENED, []):
        return None
    return queries.complaints(EVERYTHING).filter(number=number).exclude(access_code="").first()


def _to_follow(number: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('complaint_portal:follow')}?number={number}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def case(request: HttpRequest, number: str) -> HttpResponse:
    """How far it is, what was said; a POST adds a message."""
    complaint = _followed(request, number)
    if complaint is None:
        return _to_follow(number)
    if request.method != "POST":
        return _case(request, complaint, MessageForm())
    now = clock.now()
    form = MessageForm(request.POST, request.FILES)
    try:
        count(request, WRITE, now)
    except rates.TooOften as refusal:
        form.add_error(None, str(refusal))
        return _slow(_case(request, complaint, form), refusal)
    if form.is_valid() and _heard(complaint, form, now):
        return HttpResponseRedirect(f"{reverse('complaint_portal:case', args=[number])}#talk")
    return _case(request, complaint, form)


def _heard(complaint: Complaint, form: MessageForm, now: dt.datetime) -> bool:
    """Files first: a refused one leaves everything to be sent again, and a file sent twice is there once."""
    by = system_party("portal")
    try:
        for file in form.cleaned_data["photos"]:
            try:
                attachments.attach(
                    subject=complaint, file=file, name=file.name, unit=complaint.unit, by=by, now=now
                )
            except attachments.AlreadyThere:
                continue
        actions.hear_customer(
            complaint=complaint,
            text=form.cleaned_data["text"],
            channel=Complaint.Channel.PORTAL,
            now=now,
            by=by,
        )
    except attachments.AttachmentRefusal as refusal:
        form.add_error("photos", str(refusal))
    except actions.CannotReply as refusal:
        form.add_error("text", str(refusal))
    return not form.errors


@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """The customer says that the matter is settled; said once."""
    complaint = _followed(request, number)
    if complaint is None:
        return _to_follow(number)
    if reads.may_confirm(complaint):
        actions.hear_customer(
            complaint=complaint,
            text=str(CONFIRMED),
            channel=Complaint.Channel.PORTAL,
            now=clock.now(),
            by=system_party("portal"),
        )
    return HttpResponseRedirect(f"{reverse('complaint_portal:case', args=[number])}#talk")


@require_POST
@never_cache
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """The customer says how satisfied they are with the end of the complaint; once."""
    complaint = _followed(request, number)
    if complaint is None:
        return _to_follow(number)
    now = clock.now()
    form = RatingForm(request.POST)
    try:
        count(request, WRITE, now)
    except rates.TooOften as refusal:
        form.add_error(None, str(refusal))
        return _slow(_case(request, complaint, MessageForm(), form), refusal)
    if form.is_valid():
        try:
            actions.record_follow_up(
                complaint=complaint,
                reached=True,
                source=FollowUp.Source.PORTAL,
                by=system_party("portal"),
                now=now,
                **form.cleaned_data,
            )
        except actions.CannotFollowUp as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(f"{reverse('complaint_portal:case', args=[number])}#rating")
    return _case(request, complaint, MessageForm(), form)


def _case(
    request: HttpRequest, complaint: Complaint, form: MessageForm, rating: RatingForm | None = None
) -> HttpResponse:
    entries = complaint.entries.exclude(kind=Entry.Kind.NOTE)
    worked = complaint.worked  # what was joined is as far as the one it was joined to
    context = {
        "complaint": complaint,
        "worked": worked,
        "steps": reads.steps_of(worked),
        "handler": reads.handling_post(worked),
        "entries": list(entries),
        "files": list(attachments.attachments_of(complaint).filter(by=system_party("portal"))),
        "form": form,
        "may_confirm": reads.may_confirm(complaint),
        "rating": rating or (RatingForm() if reads.may_rate(complaint) else None),
        "rated": rated(complaint),
    }
    return render(request, "complaints/portal_case.html", context)


urlpatterns = [
    path("", shops, name="shops"),
    path("new/<int:unit>/", new, name="new"),
    path("follow/", follow, name="follow"),
    path("case/<str:number>/", case, name="case"),
    path("case/<str:number>/confirm/", confirm, name="confirm"),
    path("case/<str:number>/rate/", rate, name="rate"),
]
