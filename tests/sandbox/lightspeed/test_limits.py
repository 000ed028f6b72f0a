import pytest

from sandbox.lightspeed.settings import Rules, Settings
from tests.sandbox.lightspeed.support import CLIENT, Till, body

SMALL = Settings(clients=(CLIENT,), bucket_size=9, drip_rate=1)


def cost(till: Till, method: str, path: str, query: dict[str, str] | str | None = None, payload: object = None) -> str:
    till.clock.sleep(120)
    answer = till.call(method, path, query, payload)
    assert answer.status_code == 200, answer.text
    return answer.headers["X-LS-API-Request-Cost"]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("Item.json", None, "1"),
        ("Item/1.json", None, "1"),
        ("Item/1.json", {"load_relations": '["Category"]'}, "1.1"),
        ("Item/1.json", {"load_relations": '["ItemShops"]'}, "1.2"),
        ("Item.json", {"load_relations": '["Category"]'}, "1.2"),
        ("Item.json", {"load_relations": '["ItemShops"]'}, "1.4"),
        ("Item/1.json", {"load_relations": '["TagRelations","TagRelations.Tag"]'}, "1.4"),
        ("Item.json", {"load_relations": '["Category","ItemShops","Images","Manufacturer"]'}, "2.2"),
        ("Item.json", {"count": "1"}, "10"),
        ("Item.json", "or=itemID%3D1|itemID%3D2", "1"),
        ("Item.json", "or=itemID%3D1|customSku%3Dx", "3"),
        ("Item.json", "or=itemID%3D%253E%252C1|timeStamp%3D%253E%252C2026-01-01T00%253A00%253A00Z", "12"),
        ("ItemShop.json", {"sort": "timeStamp"}, "1"),
    ],
)
def test_the_prices_of_reads_in_2026(
    connected: Till, path: str, query: dict[str, str] | str | None, expected: str
) -> None:
    assert cost(connected, "GET", path, query) == expected


def test_the_old_trick_for_stock_costs_more_than_twenty(connected: Till) -> None:
    since = "%253E%253D%252C2026-01-01T00%253A00%253A00Z"
    raw = f"load_relations=%5B%22ItemShops%22%5D&or=timeStamp%3D{since}|ItemShops.timeStamp%3D{since}"
    assert cost(connected, "GET", "Item.json", raw) == "21.4"


def test_the_prices_of_writes_in_2026(connected: Till) -> None:
    prices = {"Prices": {"ItemPrice": [{"amount": 1, "useTypeID": 1}, {"amount": 2, "useTypeID": 2}]}}
    assert cost(connected, "PUT", "Item/1.json", payload={"description": "x"}) == "1"
    assert cost(connected, "PUT", "Item/1.json", payload=prices) == "2"
    assert cost(connected, "PUT", "Item/1.json", payload={"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 1}}}) == "1.5"
    assert cost(connected, "DELETE", "Item/2.json") == "1"
    head = {"employeeID": 1, "registerID": 1, "shopID": 1}
    lines = {"SaleLines": {"SaleLine": [{"itemID": 1, "unitQuantity": 1, "unitPrice": 5}]}}
    assert cost(connected, "POST", "Sale.json", payload=head | lines) == "2.5"
    assert cost(connected, "PUT", "Sale/1.json", payload={"referenceNumber": "W-1"}) == "2"
    paid = {"completed": True, "SalePayments": {"SalePayment": {"amount": 5, "paymentTypeID": 4}}}
    assert cost(connected, "PUT", "Sale/1.json", payload=paid) == "5.5"


def test_the_prices_before_2026() -> None:
    till = Till(Settings(clients=(CLIENT,), rules=Rules.of(2024)))
    till.connect()
    read = till.call("GET", "Item.json", {"load_relations": '["ItemShops"]'})
    assert "X-LS-API-Request-Cost" not in read.headers
    assert "X-LS-API-Burst-Level" not in read.headers
    till.call("PUT", "Item/1.json", payload={"description": "x"})
    assert [call.cost for call in till.instruments.ledger.calls(route="Item")] == [1, 10]


def test_the_headers_of_an_answer(connected: Till) -> None:
    answer = connected.call("GET", "Item.json", {"load_relations": '["Category"]'})
    headers = {name: answer.headers[name] for name, _ in answer.headers if name.startswith("X-LS")}
    assert headers == {
        "X-LS-Acct-Id": "182255",
        "X-LS-OAuth-Client-Id": "51661",
        "X-LS-API-Bucket-Level": "1.2/100",
        "X-LS-API-Drip-Rate": "1.5",
        "X-LS-API-Burst-Level": "1/22",
        "X-LS-API-Request-Cost": "1.2",
    }
    assert answer.headers["Cf-Ray"]


def test_the_bucket_leaks_and_its_level_is_a_float(connected: Till) -> None:
    connected.call("GET", "Item.json", {"count": "1"})
    connected.clock.sleep(2.5)
    answer = connected.call("GET", "Item.json")
    assert answer.headers["X-LS-API-Bucket-Level"] == "7.25/100"  # 10 - 2.5 * 1.5 + 1


def test_the_request_that_overflows_passes_and_the_next_is_refused() -> None:
    till = Till(SMALL)
    till.connect()
    assert till.call("GET", "Item.json", {"count": "1"}).status_code == 200
    refused = till.call("GET", "Item.json")
    assert refused.status_code == 429
    assert refused.headers["X-LS-API-RateLimit-Type"] == "api-leaky-bucket"
    assert refused.headers["X-LS-API-Bucket-Level"] == "10/9"
    assert refused.headers["Retry-After"] == "1"
    till.clock.sleep(1)
    assert till.call("GET", "Item.json").status_code == 429  # full to the brim
    till.clock.sleep(0.1)
    assert till.call("GET", "Item.json").status_code == 200


def test_a_refused_request_has_no_effect_and_costs_nothing_more() -> None:
    till = Till(SMALL)
    till.connect()
    till.call("GET", "Item.json", {"count": "1"})
    for _ in range(2):
        assert till.call("PUT", "Item/1.json", payload={"description": "never"}).status_code == 429
    till.clock.sleep(2)
    assert till.item(1)["description"] != "never"


def test_retry_after_counts_the_seconds_until_there_is_room() -> None:
    till = Till(SMALL)
    till.connect()
    till.call("GET", "Item.json")
    till.control("bucket", level=12.2)
    assert till.call("GET", "Item.json").headers["Retry-After"] == "4"


def test_bursts_are_counted_in_fixed_seconds() -> None:
    till = Till(SMALL)  # a bucket of 9 has a burst limit of 2
    till.connect()
    assert [till.call("GET", "Account.json").status_code for _ in range(3)] == [404, 404, 429]
    refused = till.call("GET", "Item.json")
    assert refused.headers["X-LS-API-RateLimit-Type"] == "api-burst-limiter"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-LS-API-Burst-Level"] == "4/2"
    assert "burst rate limit exceeded" in body(refused)["message"]
    till.clock.sleep(1)
    assert till.call("GET", "Item.json").status_code == 200


def test_each_connection_has_its_own_bucket(till: Till) -> None:
    till.connect()
    till.call("GET", "Item.json", {"count": "1"})
    till.state.clients.register(CLIENT.__class__("client-2", "secret-2", "https://other.example/", number=7))
    issued = till.state.grants.new("client-2", 1, ("employee:all",), legacy=False)
    till.token = issued.access_token
    answer = till.call("GET", "Item.json")
    assert answer.headers["X-LS-API-Bucket-Level"] == "1/100"
    assert answer.headers["X-LS-OAuth-Client-Id"] == "7"


def test_sizes_can_be_changed_while_running(connected: Till) -> None:
    connected.call("GET", "Item.json")
    connected.control("bucket", size=60, drip=1)
    assert connected.call("GET", "Item.json").headers["X-LS-API-Bucket-Level"] == "2/60"
    assert connected.call("GET", "Item.json").headers["X-LS-API-Drip-Rate"] == "1"
    connected.control("bucket", level=0)
    assert connected.call("GET", "Item.json").headers["X-LS-API-Bucket-Level"] == "1/60"


def test_a_request_that_makes_no_sense_still_costs(connected: Till) -> None:
    answer = connected.call("GET", "Item.json", {"sort": "nonsense"})
    assert (answer.status_code, answer.headers["X-LS-API-Request-Cost"]) == (400, "1")
