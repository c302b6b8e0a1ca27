"""The page on the phone, its service worker, and the two addresses through which it takes along and sends."""

from __future__ import annotations

import json
import uuid
from functools import cache
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.visits import access, actions

from . import snapshot, words

# what the page needs to open without a network
ASSETS = (
    "vendor/tabler/tabler.min.css",
    "vendor/icons/tabler-icons.min.css",
    "vendor/icons/fonts/tabler-icons.woff2",
    "vendor/preact/preact.js",
    "vendor/htm/htm.js",
    "vendor/idb/idb.js",
    "ui/css/tokens.css",
    "ui/css/base.css",
    "ui/css/parts.css",
    "ui/css/phone.css",
    "ui/img/mark.svg",
    "visits/road.css",
    *(
        f"visits/js/{name}.js"
        for name in (
            "app",
            "store",
            "sending",
            "record",
            "missing",
            "place",
            "pad",
            "pictures",
            "steps",
            "html",
        )
    ),
)
MOST_ENTRIES = 200  # of one request; the page sends a day in pieces


@cache
def assets() -> tuple[str, ...]:
    return tuple(static(name) for name in ASSETS)


@staff_required(access.WORK)
@require_GET
def page(request: StaffRequest) -> HttpResponse:
    """The shell. It holds nobody's data: what is shown comes from the phone's own copy."""
    where = {
        "day": reverse("visits:road:day"),
        "send": reverse("visits:road:send"),
        "settle": reverse("visits:road:settle"),
        "worker": reverse("visits:road:worker"),
        "desk": reverse("visits:week"),
        "signIn": f"{reverse('people:sign_in')}?next={reverse('visits:road:page')}",
    }
    return render(
        request, "visits/road.html", {"where": where, "words": words.said(), "language": get_language()}
    )


@require_GET
def worker(request: Any) -> HttpResponse:
    """The service worker: its text changes with every file it keeps, so a new version is noticed."""
    return render(
        request,
        "visits/worker.js",
        {"assets": json.dumps(assets()), "page": reverse("visits:road:page")},
        content_type="text/javascript",
    )


@require_GET
def manifest(request: Any) -> HttpResponse:
    return JsonResponse(
        {
            "name": _("Zhike visits"),
            "short_name": _("Visits"),
            "start_url": reverse("visits:road:page"),
            "scope": reverse("visits:road:page"),
            "display": "standalone",
            "background_color": "#f5f7f8",
            "theme_color": "#0f6a88",
            "icons": [{"src": static("ui/img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@staff_required(access.WORK)
@require_GET
@never_cache
def day(request: StaffRequest) -> HttpResponse:
    """Everything that the phone takes along, and the moment by which it sets its clock."""
    return JsonResponse(snapshot.of(request.user, clock.now()) | {"token": get_token(request)})


@staff_required(access.WORK)
@require_POST
def send(request: StaffRequest) -> HttpResponse:
    """Entries as JSON in `entries`, the picture of an entry as the file of its uid."""
    try:
        entries = json.loads(request.POST.get("entries", ""))
    except ValueError:
        entries = None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        return JsonResponse({"sentence": _("What was sent cannot be read.")}, status=400)
    if len(entries) > MOST_ENTRIES:
        return JsonResponse({"sentence": _("Too much at once: send it in pieces.")}, status=400)
    for entry in entries:
        if (file := request.FILES.get(str(entry.get("uid")))) is not None:
            entry["file"] = file
    found = actions.sync(
        entries=entries, by=request.user.party, now=clock.now(), gate=access.gate(request.user)
    )
    return JsonResponse({"results": found})


@staff_required(access.WORK)
@require_POST
def settle(request: StaffRequest) -> HttpResponse:
    """What the person says about an entry that could not be taken over."""
    try:
        uid = uuid.UUID(request.POST.get("uid", ""))
    except ValueError:
        return JsonResponse({"sentence": _("What was sent cannot be read.")}, status=400)
    entry = access.entry_for(request.user, uid)
    try:
        actions.settle(
            entry=entry, take=request.POST.get("take") == "1", reason=request.POST.get("reason", ""),
            by=request.user.party, now=clock.now(),
        )  # fmt: skip
    except actions.CannotVisit as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=409)
    return JsonResponse({})
