"""What tracking registers when the product starts."""


def ready() -> None:
    from . import questions  # noqa: F401
