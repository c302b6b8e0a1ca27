"""Addresses of this part of the customer file."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("archives/", views.archives, name="archives"),
    path("archives/loans/", views.archive_loans, name="archive_loans"),
    path("archives/loans/<int:loan>/decide/", views.decide_loan, name="decide_loan"),
    path("archives/loans/<int:loan>/back/", views.take_back, name="take_back"),
    path("archives/checks/", views.archive_checks, name="archive_checks"),
    path("archives/checks/begin/", views.begin_check, name="begin_check"),
    path("archives/checks/<int:check>/", views.archive_check, name="archive_check"),
    path("archives/checks/<int:check>/end/", views.end_check, name="end_check"),
    path("archives/destructions/", views.destructions, name="destructions"),
    path("archives/destructions/propose/", views.propose_destruction, name="propose_destruction"),
    path("archives/destructions/<int:destruction>/", views.destruction, name="destruction"),
    path("archives/destructions/<int:destruction>/sign/", views.sign_destruction, name="sign_destruction"),
    path(
        "archives/destructions/<int:destruction>/refuse/", views.refuse_destruction, name="refuse_destruction"
    ),
    path("archives/<int:archive>/", views.archive, name="archive"),
    path("archives/<int:archive>/items/", views.announce_item, name="announce_item"),
    path("archives/<int:archive>/items/<int:item>/filed/", views.file_item, name="file_item"),
    path("archives/<int:archive>/close/", views.close_archive, name="close_archive"),
    path("archives/<int:archive>/move/", views.move_archive, name="move_archive"),
    path("archives/<int:archive>/borrow/", views.ask_loan, name="ask_loan"),
    path("<int:pk>/archives/open/", views.open_archive, name="open_archive"),
]
