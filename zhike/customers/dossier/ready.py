"""What this part registers when the product starts."""


def ready() -> None:
    from . import panels, sheets, tallying, timelines

    panels.ready()
    timelines.ready()
    assert sheets.FORMS  # they register themselves
    tallying.ready()
