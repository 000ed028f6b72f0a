import pytest

from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import NotFoundError


def test_queues_are_listed_with_their_dead_letters(office: Office) -> None:
    assert [(one.queue, one.dead) for one in office.desks().queues.look()] == [
        ("pull-stock", 0),
        ("woocommerce-stock", 3),
    ]


def test_dead_letters_go_back_and_repeating_it_moves_none(office: Office) -> None:
    desk = office.desks().queues
    assert [desk.redrive("woocommerce-stock", office.deadline).moved for _ in range(2)] == [3, 0]


def test_an_unknown_queue_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError) as caught:
        office.desks().queues.redrive("nothing", office.deadline)
    assert "pull-stock, woocommerce-stock" in caught.value.remedy
