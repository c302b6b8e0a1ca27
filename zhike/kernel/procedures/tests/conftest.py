import pytest

from zhike.kernel.duties.tests.house import House, a_house


@pytest.fixture
def house(db: object, settings: object) -> House:
    settings.PARTIES_DIRECTORY = "zhike.kernel.duties.tests.house.Directory"
    return a_house()
