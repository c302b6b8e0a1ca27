"""The addresses that the tests of this app need, with stand-ins for what the sign-in redirects to."""

from django.http import HttpResponse
from django.urls import include, path

people = [
    path(f"{name}/", lambda request: HttpResponse(), name=name)
    for name in ("sign_in", "password", "sign_out", "me")
]
urlpatterns = [
    path("people/", include((people, "people"))),
    path("ui/", include("zhike.ui.urls")),
    path("customers/", include("zhike.customers.urls")),
]
