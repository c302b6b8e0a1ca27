from django.apps import AppConfig


class ManualsConfig(AppConfig):
    name = "zhike.manuals"
    label = "manuals"
