"""Addresses of this part of the customer file."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
