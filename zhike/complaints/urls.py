from django.urls import path

from . import views

app_name = "complaints"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("new/preview/", views.preview, name="preview"),
    path("hand-over/", views.bulk_hand_over, name="bulk_hand_over"),
    path("report/", views.report, name="report"),
    path("reports/", views.report_index, name="reports"),
    path("report/<str:code>/", views.report_of, name="report_of"),
    path("penalties/", views.penalties, name="penalties"),
    path("penalties/<int:pk>/", views.penalty, name="penalty"),
    path("penalties/<int:pk>/decide/", views.decide, name="decide"),
    path("penalties/<int:pk>/appeal/", views.appeal, name="appeal"),
    path("penalties/<int:pk>/print/<str:kind>/", views.print_penalty, name="print_penalty"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/drawer/", views.drawer, name="drawer"),
    path("<int:pk>/ruling/", views.ruling, name="ruling"),
    path("<int:pk>/dates/<int:duty>/", views.date_why, name="date_why"),
    path("<int:pk>/step/", views.step, name="step"),
    path("<int:pk>/say/", views.say, name="say"),
    path("<int:pk>/files/", views.add_files, name="add_files"),
    path("<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:pk>/hand-up/", views.hand_up, name="hand_up"),
    path("<int:pk>/facts/", views.change_facts, name="change_facts"),
    path("<int:pk>/compensation/", views.compensate, name="compensate"),
    path("<int:pk>/grants/<str:kind>/ask/", views.ask_grant, name="ask_grant"),
    path("<int:pk>/grants/<int:grant>/decide/", views.decide_grant, name="decide_grant"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/void/", views.void, name="void"),
    path("<int:pk>/findings/", views.judge, name="judge"),
    path("<int:pk>/print/<str:kind>/", views.print_record, name="print"),
]
