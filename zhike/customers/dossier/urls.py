"""Addresses of this part of the customer file."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("needs/", views.needs, name="needs"),
    path("quality/", views.quality, name="quality"),
    path("members/new/", views.register_member, name="register_member"),
    path("fields/", views.definitions, name="definitions"),
    path("fields/new/", views.define, name="define"),
    path("fields/<int:row>/", views.redefine, name="redefine"),
    path("fields/<int:row>/retire/", views.retire, name="retire"),
    path("<int:pk>/facts/", views.learn, name="learn"),
    path("<int:pk>/facts/<int:row>/forget/", views.forget, name="forget"),
    path("<int:pk>/fields/<int:row>/", views.own_field, name="own_field"),
    path("<int:pk>/history/", views.card_history, name="card_history"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("<int:pk>/key/", views.key, name="key"),
    path("<int:pk>/print/<str:code>/<str:kind>/", views.print_form, name="print_form"),
    path("<int:pk>/contacts/new/", views.add_contact, name="add_contact"),
    path("<int:pk>/contacts/<int:row>/", views.correct_contact, name="correct_contact"),
    path("<int:pk>/contacts/<int:row>/verify/", views.verify_contact, name="verify_contact"),
    path("<int:pk>/contacts/<int:row>/left/", views.end_contact, name="end_contact"),
    path("<int:pk>/contacts/<int:row>/number/", views.contact_number, name="contact_number"),
    path("<int:pk>/addresses/new/", views.add_address, name="add_address"),
    path("<int:pk>/addresses/<int:row>/", views.correct_address, name="correct_address"),
    path("<int:pk>/addresses/<int:row>/remove/", views.remove_address, name="remove_address"),
    path("<int:pk>/identifiers/new/", views.add_identifier, name="add_identifier"),
    path("<int:pk>/identifiers/<int:row>/", views.identifier, name="identifier"),
    path("<int:pk>/identifiers/<int:row>/remove/", views.remove_identifier, name="remove_identifier"),
    path("<int:pk>/links/new/", views.link, name="link"),
    path("<int:pk>/links/<int:row>/end/", views.end_link, name="end_link"),
    path("<int:pk>/needs/new/", views.add_need, name="add_need"),
    path("<int:pk>/needs/<int:row>/change/", views.change_need, name="change_need"),
    path("<int:pk>/needs/<int:row>/send/", views.send_need, name="send_need"),
    path("<int:pk>/needs/<int:row>/outcome/", views.need_outcome, name="need_outcome"),
    path("<int:pk>/needs/<int:row>/close/", views.close_need, name="close_need"),
    path("<int:pk>/consents/new/", views.agree, name="agree"),
]
