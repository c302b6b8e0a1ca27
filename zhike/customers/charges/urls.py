"""Addresses of bills; they belong to the space `customers`."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("charges/", views.charges, name="charges"),
    path("charges/<int:charge>/paid/", views.receive, name="receive_charge"),
    path("charges/<int:charge>/remind/", views.remind, name="remind_charge"),
    path("charges/<int:charge>/remit/", views.remit, name="remit_charge"),
    path("<int:pk>/charges/", views.charges_of, name="charges_of"),
    path("<int:pk>/charges/new/", views.bill, name="bill_charge"),
    path("<int:pk>/charges/print/<slug:kind>/", views.print_ledger, name="print_charges"),
]
