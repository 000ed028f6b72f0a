import pytest

from tillbridge.domain.errors import InputError, Subject, ThrottledError, TillbridgeError

pytestmark = pytest.mark.unit


def test_an_error_says_to_whom_what_happened_and_what_to_do() -> None:
    error = TillbridgeError(
        "The shop has no such product.",
        remedy="Run a full sync.",
        subject=Subject("m1", "woocommerce", "c1", "item 42"),
    )
    assert (
        str(error)
        == "merchant m1, woocommerce, c1, item 42: The shop has no such product. What to do: Run a full sync."
    )


def test_a_bare_error_is_its_sentence() -> None:
    assert str(TillbridgeError("It rained.")) == "It rained."


def test_the_code_defaults_to_the_name() -> None:
    assert ThrottledError("Too often.", after=3).as_dict()["code"] == "Throttled"


def test_an_input_error_names_its_field() -> None:
    error = InputError("safety_stock", "-1 is negative.", remedy="Give zero or more.")
    assert error.as_dict()["field"] == "safety_stock"
