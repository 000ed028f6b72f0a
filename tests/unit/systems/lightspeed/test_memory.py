"""A till of any size is read in constant memory."""

import json
import tracemalloc

from tests.unit.systems.lightspeed.samples import item_row, stock_row
from tests.unit.systems.lightspeed.scripted import ACCOUNT, HOST, HandClock, Tokens, answer, list_url
from tillbridge.domain.errors import Subject
from tillbridge.systems.http import AddressPolicy, Answer, HttpClient, Request
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill

_ROW = json.dumps(
    item_row(itemID="ID", ItemShops={"ItemShop": [stock_row(itemID="ID"), stock_row("82", "2", itemID="ID")]})
)


class EndlessTill(HttpClient):
    """Makes pages of items as they are asked for."""

    def __init__(self, items: int) -> None:
        super().__init__("lightspeed", "c1", policy=AddressPolicy.public_only(), clock=HandClock())
        self.subject = Subject()
        self.items, self.served = items, 0

    def exchange(self, request: Request) -> Answer:
        rows = [_ROW.replace('"ID"', f'"{self.served + number}"') for number in range(1, 101)]
        self.served += 100
        next_url = list_url("Item", f"after={self.served}") if self.served < self.items else ""
        return answer(f'{{"@attributes":{{"next":"{next_url}"}},"Item":[{",".join(rows)}]}}'.encode())


def peak(items: int) -> tuple[int, int]:
    """Read a till and tell the rows read and the most memory used meanwhile, in bytes."""
    clock = HandClock()
    client = LightspeedClient(EndlessTill(items), Tokens(), clock=clock, budget=BudgetBook(clock), base_url=HOST)
    tracemalloc.start()
    rows = sum(len(page.rows) for page in LightspeedTill(client, ACCOUNT).items_after("0"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return rows, most


def test_ten_thousand_items_take_no_more_memory_than_five_hundred() -> None:
    peak(200)  # what is loaded and kept on first use does not count
    few_rows, few = peak(500)
    many_rows, many = peak(10_000)
    assert (few_rows, many_rows) == (500, 10_000)
    assert many < few * 1.2
    assert many < 4_000_000
