"""The product's addresses and `/empty/`: a JSON answer that does nothing, behind the same middleware."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path


def empty(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


urlpatterns = [path("empty/", empty), path("", include("zhike.config.urls"))]
