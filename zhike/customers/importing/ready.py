"""What this part registers when the product starts."""


def ready() -> None:
    pass
