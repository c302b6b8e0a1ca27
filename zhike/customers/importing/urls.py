"""Addresses of the import of customers; they belong to the space `customers`."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("import/", views.upload, name="import"),
    path("import/<int:pk>/", views.detail, name="import_detail"),
    path("import/<int:pk>/columns/", views.choose_columns, name="import_columns"),
    path("import/<int:pk>/problems/", views.problems, name="import_problems"),
]
