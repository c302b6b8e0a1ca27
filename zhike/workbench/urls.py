from django.urls import path

from . import views
from .bulletins import views as bulletins
from .messages import views as messages
from .reports import views as reports

app_name = "workbench"
urlpatterns = [
    path("", views.today, name="today"),
    path("pulse/", views.pulse, name="pulse"),
    path("duties/", reports.duties, name="duties"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("notices/<int:pk>/", views.open_notice, name="notice"),
    path("approvals/", views.approval_list, name="approvals"),
    path("approvals/<int:pk>/", views.approval, name="approval"),
    path("approvals/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("work-reports/", reports.reports, name="reports"),
    path("work-reports/new/", reports.open_report, name="open_report"),
    path("work-reports/gaps/", reports.gaps, name="gaps"),
    path("work-reports/timeliness/", reports.timeliness, name="timeliness"),
    path("work-reports/<int:pk>/", reports.report, name="report"),
    path("work-reports/<int:pk>/fill/", reports.fill, name="fill_report"),
    path("work-reports/<int:pk>/adjust/", reports.adjust, name="adjust_report"),
    path("work-reports/<int:pk>/comment/", reports.comment, name="comment_report"),
    path("work-reports/<int:pk>/print/<str:kind>/", reports.print_report, name="print_report"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/new/", messages.take_down, name="take_message"),
    path("messages/<int:pk>/reply/", messages.reply, name="reply"),
    path("messages/<int:pk>/settle/", messages.settle, name="settle_message"),
    path("messages/<int:pk>/print/<str:kind>/", messages.print_message, name="print_message"),
    path("bulletins/new/", bulletins.bulletin, name="bulletin"),
    path("audit/", views.audit, name="audit"),
    path("palette/", views.palette, name="palette"),
    path("search/", views.search, name="search"),
    path("files/<int:pk>/", views.file, name="file"),
]
