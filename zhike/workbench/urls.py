from django.urls import path

from . import views

app_name = "workbench"
urlpatterns = [
    path("", views.today, name="today"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("notices/<int:pk>/", views.open_notice, name="notice"),
    path("approvals/", views.approval_list, name="approvals"),
    path("approvals/<int:pk>/", views.approval, name="approval"),
    path("approvals/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("audit/", views.audit, name="audit"),
    path("palette/", views.palette, name="palette"),
    path("search/", views.search, name="search"),
    path("files/<int:pk>/", views.file, name="file"),
]
