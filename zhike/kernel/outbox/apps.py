from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "zhike.kernel.outbox"
    label = "outbox"
