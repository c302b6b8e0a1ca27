from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "zhike.kernel.tallies"
    label = "tallies"
