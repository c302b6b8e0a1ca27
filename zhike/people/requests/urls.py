"""Addresses of requests between departments."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("requests/", views.requests, name="requests"),
    path("requests/new/", views.ask, name="ask"),
    path("requests/week/<str:monday>/<str:kind>/", views.print_week, name="print_week"),
    path("requests/<int:pk>/", views.one, name="request"),
    path("requests/<int:pk>/answer/", views.give_answer, name="answer_request"),
    path("requests/<int:pk>/pass/", views.pass_on, name="pass_request"),
    path("requests/<int:pk>/settle/", views.settle, name="settle_request"),
    path("requests/<int:pk>/again/", views.send_back, name="send_back_request"),
    path("requests/<int:pk>/withdraw/", views.withdraw_request, name="withdraw_request"),
    path("requests/<int:pk>/print/<str:kind>/", views.print_request, name="print_request"),
]
