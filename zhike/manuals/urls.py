from django.urls import path

from . import views

app_name = "manuals"
urlpatterns = [
    path("", views.index, name="list"),
    path("install/", views.install, name="install"),
    path("search/", views.find, name="search"),
    path("mine/", views.mine, name="mine"),
    path("<int:pk>/", views.reader, name="reader"),
    path("<int:pk>/source/", views.source, name="source"),
    path("<int:pk>/versions/", views.versions, name="versions"),
    path("<int:pk>/print/", views.paper, name="print"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/readers/", views.readers, name="readers"),
    path("<int:pk>/clauses/<str:number>/", views.clause, name="clause"),
    path("<int:pk>/clauses/<str:number>/history/", views.history, name="history"),
    path("<int:pk>/clauses/<str:number>/<slug:kind>/", views.figure, name="figure"),
    path("<int:pk>/figures/<str:name>/", views.parameter, name="parameter"),
    path("<str:key>/units/<int:unit>/", views.parameters, name="parameters"),
]
