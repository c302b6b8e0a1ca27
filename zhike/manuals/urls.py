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
    path("revisions/new/", views.new_draft, name="new_draft"),
    path("revisions/paste/", views.pasted, name="pasted"),
    path("revisions/<int:pk>/", views.edit, name="edit"),
    path("revisions/<int:pk>/table/", views.save_table, name="save_table"),
    path("revisions/<int:pk>/text/", views.save_text, name="save_text"),
    path("revisions/<int:pk>/prose/", views.save_prose, name="save_prose"),
    path("revisions/<int:pk>/accept/", views.accept_gap, name="accept_gap"),
    path("revisions/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("revisions/<int:pk>/day/", views.set_day, name="set_day"),
    path("revisions/<int:pk>/drop/", views.drop_draft, name="drop_draft"),
    path("revisions/<int:pk>/workbook/", views.workbook, name="workbook"),
    path("revisions/<int:pk>/markdown/", views.markdown, name="markdown"),
    path("revisions/<int:pk>/merge/", views.merge, name="merge"),
    path("revisions/<int:pk>/rulings/", views.examples_from, name="examples_from"),
    path("revisions/<int:pk>/example/", views.add_example, name="add_example"),
    path("<str:key>/revise/", views.revise, name="revise"),
    path("<str:key>/units/<int:unit>/", views.parameters, name="parameters"),
]
