from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "zhike.reports"
    label = "reports"
