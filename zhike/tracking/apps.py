from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "zhike.tracking"
    label = "tracking"
