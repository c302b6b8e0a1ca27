"""What this part registers when the product starts."""


def ready() -> None:
    from . import trials

    trials.register_all()
