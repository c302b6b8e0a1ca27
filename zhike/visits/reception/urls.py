"""Addresses of the reception."""

from django.urls import path

from . import views
from .hospitality import views as hospitality

app_name = "reception"

urlpatterns = [
    path("", views.receptions, name="list"),
    path("new/", views.receive, name="receive"),
    path("figures/", views.figures, name="figures"),
    path("keys/<int:pk>/", views.take_back, name="take_back"),
    path("hospitality/", hospitality.applications, name="applications"),
    path("hospitality/apply/", hospitality.apply, name="apply"),
    path("hospitality/costs/", hospitality.costs, name="costs"),
    path("hospitality/<int:pk>/", hospitality.hospitality, name="hospitality"),
    path("hospitality/<int:pk>/settle/", hospitality.settle, name="settle"),
    path("hospitality/<int:pk>/print/<str:kind>/", hospitality.print_sheet, name="print_hospitality"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/do/<str:verb>/", views.do, name="do"),
    path("<int:pk>/assign/", views.assign, name="assign"),
    path("<int:pk>/print/<str:code>/<str:kind>/", views.print_sheet, name="print"),
]
