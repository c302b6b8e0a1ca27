from django.urls import path

from . import views

app_name = "grumbles"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("report/", views.report, name="report"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/drawer/", views.drawer, name="drawer"),
    path("<int:pk>/settle/", views.settle, name="settle"),
    path("<int:pk>/print/<str:kind>/", views.print_record, name="print"),
]
