from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "zhike.kernel.parties"
    label = "parties"
