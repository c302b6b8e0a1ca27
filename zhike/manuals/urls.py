from django.urls import path

from . import views

app_name = "manuals"
urlpatterns = [
    path("", views.index, name="list"),
    path("install/", views.install, name="install"),
    path("<int:pk>/", views.reader, name="reader"),
    path("<int:pk>/clauses/<str:number>/", views.clause, name="clause"),
    path("revisions/<int:pk>/backtest/", views.backtest, name="backtest"),
    path("<str:key>/whatif/", views.whatif, name="whatif"),
    path("<str:key>/units/<int:unit>/", views.parameters, name="parameters"),
]
