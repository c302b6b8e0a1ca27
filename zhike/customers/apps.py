from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhike.customers"
    label = "customers"
