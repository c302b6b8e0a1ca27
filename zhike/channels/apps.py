from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "zhike.channels"
    label = "channels"
