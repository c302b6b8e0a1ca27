"""What this part registers when the product starts."""


def ready() -> None:
    from . import panels, portal, sheets, timelines, validity

    panels.ready()
    timelines.ready()
    assert sheets.FORMS and portal.urlpatterns  # they register themselves
    validity.ready()
