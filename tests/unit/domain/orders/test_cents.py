from decimal import Decimal

import pytest

from tests.unit.domain.orders.baskets import goods, shipping
from tillbridge.domain.orders.cents import reconciled

pytestmark = pytest.mark.unit


def test_a_lost_cent_goes_to_the_tax_of_the_dearest_charge() -> None:
    charges = [goods("10.00", "0.89"), goods("30.00", "2.66", line_id="2"), shipping("50.00")]
    mended = reconciled(charges, Decimal("93.54"))
    assert [charge.tax for charge in mended] == [Decimal("0.89"), Decimal("2.65"), Decimal(0)]


def test_without_tax_it_goes_to_the_net() -> None:
    assert reconciled([goods("10.00")], Decimal("10.01"))[0].net == Decimal("10.01")


@pytest.mark.parametrize("total", ["10.89", "12.00", "8.00"])
def test_what_rounding_does_not_explain_stays(total: str) -> None:
    charges = (goods("10.00", "0.89"),)
    assert reconciled(charges, Decimal(total)) == charges
