"""What stands in an invitation's link, and that nothing else is taken for it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.flows.lobby import sign
from tillbridge.domain.errors import InputError
from tillbridge.flows.connect_token import end_of, new_link_token

END = datetime(2026, 12, 1, 12, 30, 15, tzinfo=UTC)
TOKEN = new_link_token(END, lambda: "N" * 43, sign)


def test_a_token_carries_its_end() -> None:
    assert end_of(TOKEN, sign) == END
    assert TOKEN.startswith("N" * 43)
    assert TOKEN[-1].isdigit()  # programs that find links in mails keep it


def test_the_end_is_a_whole_second() -> None:
    assert end_of(new_link_token(END + timedelta(milliseconds=900), lambda: "N" * 43, sign), sign) == END


@pytest.mark.parametrize(
    "changed",
    [
        "",
        "N" * 43,
        TOKEN[:-1],
        TOKEN + "0",
        TOKEN + "\n",
        TOKEN.replace("N", "M", 1),
        TOKEN.replace(".", "", 1),
        TOKEN[:44] + "A" * 43 + TOKEN[87:],
        TOKEN.upper(),
        "N" * 43 + "." + "A" * 43 + ".99999999999",
        "N" * 43 + "." + "A" * 43 + ".\u0661",
        TOKEN * 100,
    ],
)
def test_whatever_was_changed_is_refused(changed: str) -> None:  # invariant 7
    with pytest.raises(InputError) as told:
        end_of(changed, sign)
    assert told.value.code == "BadInvitation"


def test_another_environments_signature_does_not_count() -> None:  # invariant 7
    with pytest.raises(InputError):
        end_of(TOKEN, lambda text: sign(f"other {text}"))
