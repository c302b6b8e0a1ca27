"""Addresses of the page on the phone; the service worker governs what lies under them."""

from django.urls import URLPattern, path

from . import views

app_name = "road"

urlpatterns: list[URLPattern] = [
    path("", views.page, name="page"),
    path("worker.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("day.json", views.day, name="day"),
    path("send/", views.send, name="send"),
    path("settle/", views.settle, name="settle"),
]
