"""Addresses of the customer file."""

from django.urls import URLPattern, path

from . import views
from .archives.urls import urlpatterns as archives
from .charges.urls import urlpatterns as charges
from .contacts.urls import urlpatterns as contacts
from .credit.urls import urlpatterns as credit
from .dossier.urls import urlpatterns as dossier
from .grading.urls import urlpatterns as grading
from .importing.urls import urlpatterns as importing
from .matching.urls import urlpatterns as matching
from .privacy.urls import urlpatterns as privacy
from .reporting.urls import urlpatterns as reporting

app_name = "customers"

urlpatterns: list[URLPattern] = [
    path("", views.listing, name="list"),
    path("new/", views.create, name="create"),
    path("look-up/", views.look_up, name="look_up"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/beside/", views.beside, name="beside"),
    path("<int:pk>/drawer/", views.drawer, name="drawer"),
    path("<int:pk>/card/", views.card, name="card"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/phones/", views.add_phone, name="add_phone"),
    path("<int:pk>/phones/<int:phone>/", views.phone, name="phone"),
    path("<int:pk>/phones/<int:phone>/reveal/", views.reveal_phone, name="reveal_phone"),
    path("<int:pk>/phones/<int:phone>/remove/", views.remove_phone, name="remove_phone"),
    *dossier,
    *contacts,
    *grading,
    *credit,
    *charges,
    *archives,
    *privacy,
    *matching,
    *importing,
    *reporting,
]
