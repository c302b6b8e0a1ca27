"""Addresses of information; they stand under /manuals/."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("information/", views.information, name="information"),
    path("information/sent/", views.sent, name="information_sent"),
    path("information/new/", views.write_information, name="write_information"),
    path("information/<int:pk>/", views.item, name="information_item"),
    path("information/<int:pk>/study/", views.study, name="study_information"),
    path("information/<int:pk>/edit/", views.rewrite_information, name="rewrite_information"),
    path("information/<int:pk>/publish/", views.publish_information, name="publish_information"),
    path("information/<int:pk>/withdraw/", views.withdraw_information, name="withdraw_information"),
    path("information/<int:pk>/print/<str:kind>/", views.print_information, name="print_information"),
]
