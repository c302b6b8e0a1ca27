from django.urls import path

from . import portal, views
from .mail import views as mail

app_name = "channels"
urlpatterns = [
    path("portal/", portal.home, name="portal"),
    path("settings/api/", views.tokens, name="tokens"),
    path("settings/api/new/", views.new_token, name="token_new"),
    path("settings/api/<int:pk>/revoke/", views.revoke_token, name="token_revoke"),
    path("settings/mail/", mail.mailboxes, name="mailboxes"),
    path("settings/mail/new/", mail.save, name="mailbox_new"),
    path("settings/mail/<int:pk>/", mail.mailbox, name="mailbox"),
    path("settings/mail/<int:pk>/edit/", mail.save, name="mailbox_edit"),
    path("settings/mail/<int:pk>/try/", mail.try_mailbox, name="mailbox_try"),
    path("settings/mail/<int:pk>/fetch/", mail.fetch_now, name="mailbox_fetch"),
    path("settings/mail/mails/<int:pk>/", mail.mail, name="mail"),
    path("settings/mail/mails/<int:pk>/take/", mail.take, name="mail_take"),
    path("settings/mail/mails/<int:pk>/put-aside/", mail.put_aside, name="mail_put_aside"),
]
