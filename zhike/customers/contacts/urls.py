"""Addresses of this part of the customer file."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/<int:pk>/", views.contact_entry, name="contact_entry"),
    path("contacts/<int:pk>/remark/", views.remark, name="remark"),
    path("contacts/<int:pk>/print/<str:code>/<str:kind>/", views.print_contact, name="print_contact"),
    path("promises/", views.promises, name="promises"),
    path("promises/<int:pk>/", views.promise_page, name="promise"),
    path("promises/<int:pk>/end/", views.end_promise, name="end_promise"),
    path("promises/<int:pk>/print/<str:kind>/", views.print_promise, name="print_promise"),
    path("<int:pk>/promise/", views.promise, name="make_promise"),
]
