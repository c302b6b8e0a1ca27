"""Addresses of this part of the customer file."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("credit/", views.credit, name="credit"),
    path("credit/surveys/", views.credit_surveys, name="credit_surveys"),
    path("credit/surveys/<int:survey>/", views.survey, name="survey"),
    path("credit/surveys/<int:survey>/sign/", views.sign_survey, name="sign_survey"),
    path("credit/surveys/<int:survey>/back/", views.send_back_survey, name="send_back_survey"),
    path("credit/surveys/<int:survey>/drop/", views.drop_survey, name="drop_survey"),
    path("credit/surveys/<int:survey>/print/<slug:kind>/", views.print_survey, name="print_survey"),
    path("credit/risks/", views.credit_risks, name="credit_risks"),
    path("credit/risks/print/<slug:kind>/", views.print_risks, name="print_risks"),
    path("credit/risks/<int:risk>/end/", views.end_risk, name="end_risk"),
    path("credit/ratings/<int:rating>/decide/", views.decide_rating, name="decide_rating"),
    path("credit/ratings/<int:rating>/guarantee/", views.guarantee, name="guarantee"),
    path("credit/changes/<int:change>/review/", views.review_change, name="review_credit_change"),
    path("<int:pk>/credit/", views.credit_of, name="credit_of"),
    path("<int:pk>/credit/survey/", views.begin_survey, name="begin_survey"),
    path("<int:pk>/credit/change/", views.enter_change, name="enter_credit_change"),
    path("<int:pk>/credit/risk/", views.enter_risk, name="enter_risk"),
    path("<int:pk>/credit/sell/", views.sell, name="sell_on_account"),
    path("<int:pk>/credit/sales/<int:sale>/paid/", views.collect, name="collect_payment"),
]
