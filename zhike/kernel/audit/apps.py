from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "zhike.kernel.audit"
    label = "audit"
