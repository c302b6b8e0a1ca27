"""Addresses of the shell itself: look, saved views, columns; in debug mode also the page of all components."""

from django.conf import settings
from django.urls import URLPattern, path

from . import views

app_name = "ui"

urlpatterns: list[URLPattern] = [
    path("theme/", views.theme, name="theme"),
    path("views/", views.save_view, name="save_view"),
    path("views/<int:pk>/drop/", views.drop_view, name="drop_view"),
    path("columns/", views.columns, name="columns"),
    path("exports/", views.files, name="files"),
    path("exports/<int:pk>/", views.file, name="file"),
]
if settings.DEBUG:
    from . import kit

    urlpatterns += [
        path("kit/", kit.kit, name="kit"),
        path("kit/list/", kit.listing, name="kit_list"),
        path("kit/case/", kit.case, name="kit_case"),
        path("kit/form/", kit.form, name="kit_form"),
        path("kit/peek/", kit.peek, name="kit_peek"),
        path("kit/drawer/", kit.drawer, name="kit_drawer"),
        path("kit/today/", kit.today, name="kit_today"),
        path("kit/bulk/", kit.bulk, name="kit_bulk"),
    ]
