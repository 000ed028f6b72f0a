import pytest

from tests.functional.cli.terminal import Terminal


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def stocked(terminal: Terminal) -> Terminal:
    terminal.office.stock_up()
    terminal.office.world.lanes.woken.clear()
    return terminal
