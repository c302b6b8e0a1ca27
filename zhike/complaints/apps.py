from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "zhike.complaints"
    label = "complaints"
