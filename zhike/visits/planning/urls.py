"""Addresses of planning by routes."""

from django.urls import path

from . import views

app_name = "planning"

urlpatterns = [
    path("", views.routes, name="routes"),
    path("ask/", views.ask_routes, name="ask"),
    path("place/", views.place_in_routes, name="place"),
    path("again/", views.plan_routes_again, name="again"),
    path("accept/", views.accept_routes, name="accept"),
    path("discard/", views.discard_routes, name="discard"),
    path("workday/", views.workday, name="workday"),
]
