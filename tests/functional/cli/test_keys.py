"""Secrets: where they come from, where they go, and where they never are."""

import json

import pytest

from tests.functional.cli.terminal import Terminal
from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.shop_keys import FORMS, KeyKind

KEY, SECRET = "ck_0123456789abcdef", "cs_fedcba9876543210"
COMMAND = ("connect", "woocommerce", "--merchant", "m2", "--address", "https://shop.example.com")


@pytest.mark.parametrize("extra", [(), ("--json",)])
def test_keys_by_prompt_are_nowhere_to_be_seen(terminal: Terminal, extra: tuple[str, ...]) -> None:  # invariant 5
    result = terminal.run(*COMMAND, "--keys", *extra, typed=f"{KEY}\n{SECRET}\n")
    assert result.exit_code == 0, result.stderr
    (keys,) = terminal.office.connected_with
    assert (keys.reveal("consumer_key"), keys.reveal("consumer_secret")) == (KEY, SECRET)
    everything = "".join((result.output, result.stderr, *terminal.events))
    assert KEY not in everything
    assert SECRET not in everything


def test_keys_by_environment_need_no_option(terminal: Terminal) -> None:
    terminal.env |= {"TILLBRIDGE_SHOP_KEY": KEY, "TILLBRIDGE_SHOP_SECRET": SECRET}
    assert "is connected (connection new)" in terminal.run(*COMMAND).stdout
    assert KEY not in "".join(terminal.events)


def test_the_event_names_a_pending_secret_that_is_gone_afterwards(terminal: Terminal) -> None:  # invariant 5
    terminal.run(*COMMAND, "--keys", typed=f"{KEY}\n{SECRET}\n")
    (event,) = map(json.loads, terminal.events)
    assert set(event["arguments"]) == {"merchant", "system", "address", "pending"}
    assert terminal.secrets.dropped == [event["arguments"]["pending"]]
    assert len(event["arguments"]["pending"]) >= 32
    assert terminal.office.pending.keys == {}


@pytest.mark.parametrize("extra", [(), ("--json",)])
def test_keys_that_the_shop_refuses_are_taken_back(terminal: Terminal, extra: tuple[str, ...]) -> None:  # invariant 5
    terminal.office.refusal = UnauthorisedError("The shop refused the key.", remedy="Make a new one.")
    result = terminal.run(*COMMAND, "--keys", *extra, typed=f"{KEY}\n{SECRET}\n")
    assert (result.exit_code, "Make a new one." in result.stderr) == (1, True)
    assert terminal.office.pending.keys == {}
    assert SECRET not in result.output + result.stderr


def test_keys_never_collected_are_taken_back(terminal: Terminal) -> None:  # invariant 5
    terminal.answer = lambda _: "nonsense"
    assert terminal.run(*COMMAND, "--keys", typed=f"{KEY}\n{SECRET}\n").exit_code == 1
    assert terminal.office.pending.keys == {}
    assert len(terminal.secrets.dropped) == 1


@pytest.mark.parametrize("typed", ["\n\n\n", "with blank\n", f"{'x' * 5000}\n", "ключ\n", "tab\tinside\n"])
def test_what_cannot_be_a_key_is_refused_before_anything_is_stored(terminal: Terminal, typed: str) -> None:
    result = terminal.run(*COMMAND, "--keys", typed=typed)
    assert result.exit_code != 0
    assert terminal.office.pending.keys == {}
    assert terminal.secrets.dropped == []
    assert terminal.events == []
    assert typed.strip() == "" or typed.strip() not in result.output + result.stderr


@pytest.mark.parametrize(
    ("command", "first", "second"),
    [
        (COMMAND, "TILLBRIDGE_SHOP_KEY", "TILLBRIDGE_SHOP_SECRET"),
        (("app", "set", "lightspeed"), "TILLBRIDGE_APP_ID", "TILLBRIDGE_APP_SECRET"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_half_a_pair_in_the_environment_is_refused(
    terminal: Terminal, command: tuple[str, ...], first: str, second: str, order: int
) -> None:
    there, missing = (first, second)[::order]
    terminal.env[there] = "half"
    result = terminal.run(*command)
    assert result.exit_code == 2
    assert f"{there} is set and {missing} is not." in result.stderr
    assert terminal.secrets.apps == {}


def test_keys_are_no_option_and_no_argument(terminal: Terminal) -> None:  # invariant 5
    for words in (("--keys", KEY, SECRET), ("--key", KEY), (KEY, SECRET)):
        assert terminal.run(*COMMAND, *words).exit_code == 2
    assert terminal.events == []


def test_a_till_takes_no_keys(terminal: Terminal) -> None:
    result = terminal.run("connect", "lightspeed", "--merchant", "m1", "--keys", typed=f"{KEY}\n{SECRET}\n")
    assert (result.exit_code, "open the link" in result.stderr) == (2, True)


def test_keys_need_the_shops_address(terminal: Terminal) -> None:
    result = terminal.run("connect", "woocommerce", "--merchant", "m1", "--keys", typed=f"{KEY}\n{SECRET}\n")
    assert (result.exit_code, "--address" in result.stderr) == (2, True)


def test_a_shop_system_has_no_app(terminal: Terminal) -> None:
    result = terminal.run("app", "set", "woocommerce", typed="id\nsecret\n")
    assert (result.exit_code, "tillbridge connect woocommerce" in result.stderr) == (2, True)
    assert terminal.secrets.apps == {}


OF_SHOPS = [
    (
        "magento",
        "https://shop.example.com",
        {
            "TILLBRIDGE_SHOP_KEY": "a" * 32,
            "TILLBRIDGE_SHOP_SECRET": "b" * 32,
            "TILLBRIDGE_SHOP_TOKEN": "c" * 32,
            "TILLBRIDGE_SHOP_TOKEN_SECRET": "d" * 32,
        },
        KeyKind.MAGENTO,
    ),
    ("bigcommerce", "stores/abc123", {"TILLBRIDGE_SHOP_TOKEN": "e" * 31}, KeyKind.BIGCOMMERCE),
    (
        "shopify",
        "example.myshopify.com",
        {"TILLBRIDGE_SHOP_TOKEN": "shpat_" + "f" * 32, "TILLBRIDGE_SHOP_CLIENT_SECRET": "g" * 32},
        KeyKind.SHOPIFY_TOKEN,
    ),
    (
        "shopify",
        "example.myshopify.com",
        {"TILLBRIDGE_SHOP_CLIENT_ID": "h" * 32, "TILLBRIDGE_SHOP_CLIENT_SECRET": "i" * 32},
        KeyKind.SHOPIFY_CLIENT,
    ),
]


@pytest.mark.parametrize(("system", "address", "secrets", "kind"), OF_SHOPS)
@pytest.mark.parametrize("prompted", [True, False])
def test_each_shop_gives_the_secrets_of_its_kind(  # invariant 5
    terminal: Terminal, system: str, address: str, secrets: dict[str, str], kind: KeyKind, *, prompted: bool
) -> None:
    command = ("connect", system, "--merchant", "m2", "--address", address)
    if prompted:
        result = terminal.run(
            *command, "--kind", kind.value, typed="".join(f"{secret}\n" for secret in secrets.values())
        )
    else:
        terminal.env |= secrets
        result = terminal.run(*command)
    assert result.exit_code == 0, result.stderr
    (keys,) = terminal.office.connected_with
    assert keys.kind is kind
    assert [keys.reveal(name) for name in FORMS[kind].names] == list(secrets.values())
    everything = "".join((result.output, result.stderr, *terminal.events))
    assert not [secret for secret in secrets.values() if secret in everything]


def test_a_kind_of_another_system_is_refused(terminal: Terminal) -> None:
    result = terminal.run(*COMMAND, "--kind", "magento")
    assert (result.exit_code, "has no such keys" in result.stderr) == (2, True)


@pytest.mark.parametrize("system", ["bigcommerce", "magento", "shopify", "woocommerce"])
def test_every_shop_can_be_connected_in_a_browser(terminal: Terminal, system: str) -> None:
    result = terminal.run("connect", system, "--merchant", "m2")
    assert (result.exit_code, "https://" in result.output) == (0, True), result.stderr
