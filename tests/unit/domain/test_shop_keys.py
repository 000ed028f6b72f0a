import pytest

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import FORMS, KeyKind, ShopKeys, kinds_of

GOOD = {
    KeyKind.WOOCOMMERCE: {"consumer_key": "ck_1", "consumer_secret": "cs_1"},
    KeyKind.SHOPIFY_TOKEN: {"access_token": "shpat_" + "0" * 32, "client_secret": "shpss_" + "1" * 32},
    KeyKind.SHOPIFY_CLIENT: {"client_id": "2" * 32, "client_secret": "shpss_" + "3" * 32},
    KeyKind.BIGCOMMERCE: {"access_token": "4" * 31},
    KeyKind.MAGENTO: dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_secret"), "5" * 32),
}


def keys_of(kind: KeyKind, **changes: str) -> ShopKeys:
    return ShopKeys(kind, {name: Secret(text) for name, text in {**GOOD[kind], **changes}.items()})


@pytest.mark.parametrize("kind", KeyKind)
def test_blanks_around_do_not_count(kind: KeyKind) -> None:
    typed = keys_of(kind, **{name: f" {text}\n" for name, text in GOOD[kind].items()})
    assert typed.checked() == keys_of(kind)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KeyKind for name in FORMS[kind].names])
@pytest.mark.parametrize("wrong", ["", "short", "with a blank in it, as no secret has", "ключ" * 8])
def test_what_is_wrong_is_named_with_a_remedy_and_not_shown(
    kind: KeyKind, name: str, wrong: str
) -> None:  # invariant 5
    with pytest.raises(InputError) as caught:
        keys_of(kind, **{name: wrong}).checked()
    assert caught.value.field == name
    assert FORMS[kind].made_at in caught.value.remedy
    assert not wrong or wrong not in str(caught.value)


def test_every_shop_system_has_keys_and_a_till_has_none() -> None:
    assert {system for system in System if kinds_of(system)} == {system for system in System if not system.is_till}
    assert kinds_of(System.SHOPIFY)[0] is KeyKind.SHOPIFY_TOKEN


def test_keys_show_nothing_of_themselves() -> None:  # invariant 5
    assert "cs_1" not in repr(keys_of(KeyKind.WOOCOMMERCE))
