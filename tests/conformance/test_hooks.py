"""Web hooks are registered and kept alive: a hint that something changed, never the truth."""

from tests.conformance.front import Front
from tillbridge.domain.grant import Secret

ADDRESS = "https://bridge.example.com/hooks/system/c1"
SECRET = Secret("a secret that the shop signs with")


def test_hooks_are_registered_once(front: Front) -> None:
    front.needs("hooks")
    first = front.hooks().ensure(ADDRESS, SECRET, anew=True)
    topics = list(front.hook_addresses())
    second = front.hooks().ensure(ADDRESS, SECRET, anew=False)

    assert first.missed
    assert not second.missed
    assert set(topics) == {ADDRESS}
    assert list(front.hook_addresses()) == topics


def test_a_quiet_look_is_one_call(front: Front) -> None:
    front.needs("hooks")
    front.hooks().ensure(ADDRESS, SECRET, anew=True)
    front.forget_calls()

    front.hooks().ensure(ADDRESS, SECRET, anew=False)

    assert len(front.calls()) == 1


def test_hooks_that_the_shop_switched_off_are_revived(front: Front) -> None:
    front.needs("hooks")
    front.hooks().ensure(ADDRESS, SECRET, anew=True)
    before = list(front.hook_addresses())
    front.switch_hooks_off()
    assert front.hook_addresses() == []

    assert front.hooks().ensure(ADDRESS, SECRET, anew=False).missed

    assert list(front.hook_addresses()) == before


def test_hooks_that_are_gone_are_made_again(front: Front) -> None:
    front.needs("hooks")
    front.hooks().ensure(ADDRESS, SECRET, anew=True)
    before = list(front.hook_addresses())
    front.delete_hooks()

    assert front.hooks().ensure(ADDRESS, SECRET, anew=False).missed

    assert list(front.hook_addresses()) == before


def test_another_address_takes_over(front: Front) -> None:
    front.needs("hooks")
    front.hooks().ensure(ADDRESS.replace("bridge", "old-bridge"), SECRET, anew=True)

    front.hooks().ensure(ADDRESS, SECRET, anew=False)

    assert set(front.hook_addresses()) == {ADDRESS}


def test_removing_leaves_none_of_ours(front: Front) -> None:
    front.needs("hooks")
    front.hooks().ensure(ADDRESS, SECRET, anew=True)

    assert front.hooks().remove(ADDRESS) > 0

    assert front.hook_addresses() == []
    assert front.hooks().remove(ADDRESS) == 0
