"""Addresses of this part of the customer file."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("rights/", views.rights_requests, name="rights_requests"),
    path("rights/<int:request_id>/", views.rights_request, name="rights_request"),
    path("rights/<int:request_id>/answer/", views.answer_request, name="answer_request"),
    path("rights/<int:request_id>/refuse/", views.refuse_request, name="refuse_request"),
    path("rights/<int:request_id>/withdraw/", views.withdraw_consent, name="withdraw_consent"),
    path("rights/<int:request_id>/erase/", views.erase, name="erase"),
    path("rights/<int:request_id>/copy/<slug:kind>/", views.copy_of, name="copy_of"),
    path("releases/", views.releases, name="releases"),
    path("releases/ask/", views.ask_release, name="ask_release"),
    path("releases/<int:release>/decide/", views.decide_release, name="decide_release"),
    path("exports/", views.exports, name="exports"),
    path("breaches/", views.breaches, name="breaches"),
    path("breaches/report/", views.report_breach, name="report_breach"),
    path("breaches/<int:breach>/", views.breach, name="breach"),
    path("breaches/<int:breach>/tell/", views.tell_breach, name="tell_breach"),
    path("breaches/<int:breach>/close/", views.close_breach, name="close_breach"),
    path("handovers/", views.handovers, name="handovers"),
    path("handovers/new/", views.hand_over, name="hand_over"),
    path("<int:pk>/secrecy/", views.set_secrecy, name="set_secrecy"),
    path("<int:pk>/access/", views.access_log, name="access_log"),
    path("<int:pk>/reveal/<slug:what>/<int:row>/", views.reveal, name="reveal"),
    path("<int:pk>/rights/", views.receive_request, name="receive_request"),
]
