import socket

import pytest

from local.errors import LocalCloudError
from local.ports import HOST, PortChoice


def test_a_busy_port_is_named_with_the_way_out() -> None:
    with socket.create_server((HOST, 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(LocalCloudError) as caught:
            PortChoice(port, "the local API", "TILLBRIDGE_EDGE_PORT").claim()
    text = str(caught.value)
    assert f"Port {port} on 127.0.0.1, wanted for the local API" in text
    assert "make down" in text
    assert "TILLBRIDGE_EDGE_PORT" in text


def test_zero_stands_for_any_free_port_that_nobody_is_handed_meanwhile() -> None:
    first, second = PortChoice(0, "a test").claim(), PortChoice(0, "a test").claim()
    assert 20_000 <= first < second < 32_768


def test_a_free_port_is_taken_as_it_is() -> None:
    free = PortChoice(0, "a test").claim()
    assert PortChoice(free, "a test").claim() == free


def test_the_environment_chooses_the_port() -> None:
    assert PortChoice.chosen({"P": "4711"}, 80, "a test", "P").number == 4711
    assert PortChoice.chosen({}, 80, "a test", "P").number == 80


@pytest.mark.parametrize("text", ["eighty", "-1", "65536", "80.5"])
def test_what_is_no_port_is_refused(text: str) -> None:  # invariant 7
    with pytest.raises(LocalCloudError, match=r"P=.* is no port\. Give a number from 0 to 65535"):
        PortChoice.chosen({"P": text}, 80, "a test", "P")
