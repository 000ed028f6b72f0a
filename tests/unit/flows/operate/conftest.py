import pytest

from tests.unit.flows.operate.office import Office


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def stocked(office: Office) -> Office:
    office.stock_up()
    office.world.lanes.woken.clear()
    office.shop.calls.clear()
    return office
