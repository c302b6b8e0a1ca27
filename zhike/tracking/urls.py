"""Addresses of tracking."""

from django.urls import URLPattern, path

from . import views

app_name = "tracking"

urlpatterns: list[URLPattern] = [
    path("", views.due, name="due"),
    path("next/", views.following, name="next"),
    path("owed/", views.owed, name="owed"),
    path("customers/", views.customers, name="customers"),
    path("journal/", views.journal, name="journal"),
    path("gaps/", views.gaps, name="gaps"),
    path("silent/", views.silent, name="silent"),
    path("churn/", views.churn, name="churn"),
    path("introductions/", views.introductions, name="introductions"),
    path("moments/", views.moments, name="moments"),
    path("moments/<int:pk>/reach/", views.reach, name="reach"),
    path("moments/<int:pk>/leave-out/", views.leave_out, name="leave_out"),
    path("moments/<int:pk>/print/<str:kind>/", views.print_moment, name="print_moment"),
    path("activities/", views.activities, name="activities"),
    path("activities/new/", views.new_activity, name="new_activity"),
    path("activities/<int:pk>/", views.activity, name="activity"),
    path("activities/<int:pk>/decide/", views.decide, name="decide"),
    path("activities/<int:pk>/hold/", views.hold, name="hold"),
    path("activities/<int:pk>/drop/", views.drop, name="drop"),
    path("activities/<int:pk>/print/<str:kind>/", views.print_activity, name="print_activity"),
    path("activities/<int:pk>/photo/", views.add_photo, name="add_photo"),
    path("activities/<int:pk>/photos/<int:file>/", views.photo, name="photo"),
    path("activities/<int:pk>/photos/<int:file>/remove/", views.remove_photo, name="remove_photo"),
    path("overview/", views.overview, name="overview"),
    path("observations/<int:pk>/close/", views.close_observation, name="close_observation"),
    path("<int:pk>/", views.work, name="work"),
    path("<int:pk>/entry/", views.enter, name="enter"),
    path("<int:pk>/fix/", views.fix, name="fix"),
    path("<int:pk>/rest/", views.rest, name="rest"),
    path("<int:pk>/wake/", views.wake, name="wake"),
    path("<int:pk>/explain/", views.explain, name="explain"),
    path("<int:pk>/deal/", views.after_deal, name="after_deal"),
    path("<int:pk>/observe/", views.observe, name="observe"),
    path("<int:pk>/serve/", views.serve, name="serve"),
    path("<int:pk>/role/", views.show_role, name="show_role"),
    path("<int:pk>/introduce/", views.introduce, name="introduce"),
    path("<int:pk>/call/<int:phone>/", views.call, name="call"),
]
