from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "zhike.kernel.policy"
    label = "policy"
