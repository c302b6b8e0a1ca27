from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "zhike.kernel.procedures"
    label = "procedures"
