from django.urls import path

from . import views

app_name = "manuals"
urlpatterns = [
    path("", views.library, name="list"),
    path("install/", views.install, name="install"),
    path("<int:pk>/", views.reader, name="reader"),
    path("<int:pk>/clauses/<str:number>/", views.clause, name="clause"),
    path("<str:key>/units/<int:unit>/", views.parameters, name="parameters"),
    # what regulations rest on, promise, and standardise
    path("references/", views.references, name="references"),
    path("references/add/", views.add_reference, name="add_reference"),
    path("references/<int:pk>/edition/", views.record_edition, name="record_edition"),
    path("references/print/<str:kind>/", views.print_references, name="print_references"),
    path("commitments/", views.commitments, name="commitments"),
    path("commitments/<int:unit>/<str:key>/<int:row>/", views.commitment_duties, name="commitment_duties"),
    path("processes/", views.processes, name="processes"),
    path("processes/<str:key>/<str:name>/", views.process, name="process"),
    path("processes/<str:key>/<str:name>/print/<str:kind>/", views.print_process, name="print_process"),
    path("phrases/", views.phrases, name="phrases"),
    path("departures/", views.departures, name="departures"),
    path("departures/new/", views.record_departure, name="record_departure"),
    path("departures/<int:pk>/", views.departure, name="departure"),
    path("departures/<int:pk>/review/", views.review_departure, name="review_departure"),
    path("departures/<int:pk>/void/", views.void_departure, name="void_departure"),
    path("departures/<int:pk>/print/<str:kind>/", views.print_departure, name="print_departure"),
    path("mission/", views.mission, name="mission"),
    path("mission/new/<str:code>/", views.begin_sheet, name="begin_sheet"),
    path("mission/<int:pk>/", views.sheet, name="sheet"),
    path("mission/<int:pk>/edit/", views.edit_sheet, name="edit_sheet"),
    path("mission/<int:pk>/submit/", views.submit_sheet, name="submit_sheet"),
    path("mission/<int:pk>/approve/", views.approve_sheet, name="approve_sheet"),
    path("mission/<int:pk>/send-back/", views.send_back_sheet, name="send_back_sheet"),
    path("mission/<int:pk>/print/<str:kind>/", views.print_sheet, name="print_sheet"),
    # one regulation by its key: last, so that no key hides a page above
    path("<str:key>/", views.cover, name="cover"),
    path("<str:key>/print/<str:kind>/", views.print_cover, name="print_cover"),
    path("<str:key>/keep/", views.keep_as_it_is, name="keep_as_it_is"),
    path("<str:key>/repeal/", views.repeal, name="repeal"),
    path("<str:key>/copies/issue/", views.issue_copy, name="issue_copy"),
    path("<str:key>/copies/<int:number>/return/", views.return_copy, name="return_copy"),
    path("<str:key>/examined/<int:edition>/", views.examined, name="examined"),
]
