"""Addresses of the reports on customers, in the space `customers`."""

from django.urls import path

from . import views

urlpatterns = [
    path("reports/", views.report_index, name="reports"),
    path("reports/<str:code>/", views.report_of, name="report_of"),
    path("reports/<str:code>/sign/", views.sign_report, name="sign_report"),
    path("reports/published/<int:pk>/review/", views.review_report, name="review_report"),
    path("reports/published/<int:pk>/<str:kind>/", views.published_report, name="published_report"),
]
