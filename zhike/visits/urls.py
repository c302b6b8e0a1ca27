"""Addresses of visits."""

from django.urls import URLPattern, URLResolver, include, path

from . import views

app_name = "visits"

urlpatterns: list[URLPattern | URLResolver] = [
    path("road/", include("zhike.visits.road.urls")),
    path("reception/", include("zhike.visits.reception.urls")),
    path("", views.week, name="week"),
    path("plan/", views.make_plan, name="make_plan"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/routes/", include("zhike.visits.planning.urls")),
    path("plans/<int:pk>/add/", views.add, name="add"),
    path("plans/<int:pk>/set/", views.set_plan, name="set_plan"),
    path("plans/<int:pk>/print/<str:code>/<str:kind>/", views.print_plan, name="print_plan"),
    path("list/", views.visits, name="list"),
    path("print/", views.print_many, name="print_many"),
    path("start/", views.start, name="start"),
    path("problems/", views.problems, name="problems"),
    path("problems/<int:pk>/answer/", views.answer_problem, name="answer"),
    path("findings/", views.findings, name="findings"),
    path("guidance/", views.guidance, name="guidance"),
    path("guidance/<int:pk>/effect/", views.effect, name="effect"),
    path("coverage/", views.coverage, name="coverage"),
    path("figures/", views.figures, name="figures"),
    path("entries/<uuid:uid>/settle/", views.settle, name="settle"),
    path("customers/<int:pk>/print/<str:code>/<str:kind>/", views.print_customer, name="print_customer"),
    path("<int:pk>/", views.visit, name="visit"),
    path("<int:pk>/do/<str:verb>/", views.do, name="do"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/files/<int:file>/", views.file, name="file"),
    path("<int:pk>/print/<str:code>/<str:kind>/", views.print_visit, name="print_visit"),
]
