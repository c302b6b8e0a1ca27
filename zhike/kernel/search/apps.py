from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "zhike.kernel.search"
    label = "search"
