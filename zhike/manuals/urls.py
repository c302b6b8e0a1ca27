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
