"""Addresses of corrective actions; they belong to the space `complaints`."""

from django.urls import path

from . import views

urlpatterns = [
    path("capa/", views.capas, name="capas"),
    path("capa/<int:pk>/", views.capa, name="capa"),
    path("capa/<int:pk>/people/", views.describe_capa, name="describe_capa"),
    path("capa/<int:pk>/cases/", views.add_case, name="add_capa_case"),
    path("capa/<int:pk>/whys/", views.whys, name="capa_whys"),
    path("capa/<int:pk>/causes/", views.causes, name="capa_causes"),
    path("capa/<int:pk>/actions/", views.add_action, name="add_capa_action"),
    path("capa/<int:pk>/actions/<int:row>/done/", views.finish_action, name="finish_capa_action"),
    path("capa/<int:pk>/actions/<int:row>/remove/", views.remove_action, name="remove_capa_action"),
    path("capa/<int:pk>/submit/", views.submit_plan, name="submit_capa"),
    path("capa/<int:pk>/review/", views.review_plan, name="review_capa"),
    path("capa/<int:pk>/effect/", views.check_effect, name="check_capa_effect"),
    path("capa/<int:pk>/close/", views.close_capa, name="close_capa"),
    path("capa/<int:pk>/drop/", views.drop_capa, name="drop_capa"),
    path("capa/<int:pk>/recurrence/<int:past>/", views.confirm_recurrence, name="confirm_recurrence"),
    path("<int:pk>/capa/", views.start_capa, name="start_capa"),
]
