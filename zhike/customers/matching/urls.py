"""Addresses of duplicates; they belong to the space `customers`."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("alike/", views.alike, name="alike"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/look/", views.look_again, name="look_again"),
    path("duplicates/<int:pk>/", views.duplicate, name="duplicate"),
    path("duplicates/<int:pk>/different/", views.tell_apart, name="tell_apart"),
    path("merges/<int:pk>/part/", views.part, name="part"),
    path("<int:pk>/merge/", views.put_forward, name="put_forward"),
]
