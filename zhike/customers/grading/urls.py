"""Addresses of grading, in the space `customers`."""

from django.urls import path

from . import views

urlpatterns = [
    path("grading/", views.grading, name="grading"),
    path("grading/customers/", views.graded, name="graded"),
    path("grading/regrade/", views.regrade_now, name="regrade"),
    path("grading/value/", views.value_now, name="value"),
    path("grading/runs/<int:pk>/", views.run_state, name="grading_run"),
    path("grading/proposals/", views.proposals, name="proposals"),
    path("grading/proposals/<int:pk>/approve/", views.approve_proposal, name="approve_proposal"),
    path("grading/proposals/<int:pk>/refuse/", views.refuse_proposal, name="refuse_proposal"),
    path("grading/proposals/<int:pk>/withdraw/", views.withdraw_proposal, name="withdraw_proposal"),
    path("grading/evaluations/", views.evaluations, name="evaluations"),
    path("grading/evaluations/plan/", views.plan_month, name="plan_evaluations"),
    path("grading/evaluations/<int:pk>/", views.evaluate, name="evaluate"),
    path("grading/segments/", views.segments, name="segments"),
    path("grading/segments/persona/", views.add_persona, name="add_persona"),
    path("grading/segments/<str:segment>/plan/", views.add_plan, name="plan_segment"),
    path("grading/plans/<int:pk>/result/", views.plan_result, name="segment_result"),
    path("grading/<str:what>/<int:pk>/sheet/<str:kind>/", views.segment_sheet, name="segment_sheet"),
    path("grading/sheets/<str:code>/<int:unit>/<str:kind>/", views.print_sheet, name="print_sheet"),
    path("<int:pk>/grades/", views.grades, name="grades"),
    path("<int:pk>/grades/facts/", views.note_facts, name="note_facts"),
    path("<int:pk>/grades/<str:dimension>/change/", views.change_grade, name="change_grade"),
    path("<int:pk>/sheets/<str:code>/sign/", views.sign_sheet, name="sign_sheet"),
    path("<int:pk>/sheets/<str:code>/<str:kind>/", views.customer_sheet, name="customer_sheet"),
    path("<int:pk>/records/<int:record>/review/", views.review_sheet, name="review_sheet"),
]
