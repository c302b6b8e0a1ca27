from django.urls import path

from . import portal, views

app_name = "channels"
urlpatterns = [
    path("portal/", portal.home, name="portal"),
    path("settings/api/", views.tokens, name="tokens"),
    path("settings/api/new/", views.new_token, name="token_new"),
    path("settings/api/<int:pk>/revoke/", views.revoke_token, name="token_revoke"),
]
