from django.urls import path

from . import views

app_name = "manuals"
urlpatterns = [
    path("", views.index, name="list"),
    path("install/", views.install, name="install"),
    path("guide/", views.how_to_write, name="guide"),
    path("guide/files/<str:name>", views.guide_file, name="guide_file"),
    path("<int:pk>/", views.reader, name="reader"),
    path("<int:pk>/clauses/<str:number>/", views.clause, name="clause"),
    path("<str:key>/units/<int:unit>/", views.parameters, name="parameters"),
]
