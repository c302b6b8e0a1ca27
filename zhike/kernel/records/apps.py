from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zhike.kernel.records"
    label = "records"
