"""What this part registers when the product starts."""

from importlib import import_module


def ready() -> None:
    import_module("zhike.customers.questions")
