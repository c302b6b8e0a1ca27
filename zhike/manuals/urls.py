from django.urls import path

from . import views

app_name = "manuals"
urlpatterns = [
    path("", views.index, name="list"),
    path("install/", views.install, name="install"),
    path("<int:pk>/", views.reader, name="reader"),
    path("<int:pk>/clauses/<str:number>/", views.clause, name="clause"),
    path("values/", views.values, name="values"),
    path("revisions/", views.revisions, name="revisions"),
    path("revisions/<int:pk>/gate/", views.gate, name="gate"),
    path("revisions/<int:pk>/gate/hand-in/", views.hand_in, name="hand_in"),
    path("revisions/<int:pk>/gate/decide/", views.decide, name="decide"),
    path("revisions/<int:pk>/gate/add-sign/", views.add_sign, name="add_sign"),
    path("revisions/<int:pk>/gate/recall/", views.recall, name="recall"),
    path("revisions/<int:pk>/gate/withdraw/", views.withdraw, name="withdraw"),
    path("revisions/<int:pk>/gate/postpone/", views.postpone, name="postpone"),
    path("revisions/<int:pk>/gate/drop/", views.drop_values, name="drop_values"),
    path("<str:key>/units/<int:unit>/", views.parameters, name="parameters"),
]
