"""Mails that would have been sent: the local cloud keeps them."""

import re
from dataclasses import dataclass
from typing import Any

from local.demo.stage import Stage
from local.errors import LocalCloudError

LINK = re.compile(r"https://\S+/connect/start\?invitation=\S+")


@dataclass(frozen=True, slots=True)
class PostBox:
    """Whatever would have gone to one address."""

    stage: Stage
    address: str

    def letters(self) -> list[dict[str, Any]]:
        """List the mails, oldest first."""
        sent = (letter for account in self.stage.sent_mails().values() for letter in account)
        mine = [letter for letter in sent if letter["To"] == [self.address]]
        return sorted(mine, key=lambda letter: str(letter["Timestamp"]))

    def subjects(self) -> list[str]:
        """List what they are about."""
        return [letter["Subject"] for letter in self.letters()]

    def link(self) -> str:
        """Give the link of the latest mail."""
        letters = self.letters()
        found = LINK.search(letters[-1]["BodyText"]) if letters else None
        if found is None:
            raise LocalCloudError("The latest mail has no link.", remedy="`tillbridge mail list` shows what was sent.")
        return found.group()
