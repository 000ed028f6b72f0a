"""Vendors' requests in memory, with the conditions of the table."""

from collections.abc import Sequence

from tests.fakes.stores import Fake
from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import System
from tillbridge.domain.notice import Notice


class FakeNotices(Fake):
    def keep(self, notice: Notice) -> Notice:
        known = self.memory.notices.get(_key(notice))
        if known is not None and known.open:
            return known
        return self._put(notice)

    def settle(self, notice: Notice) -> Notice:
        known = self.memory.notices.get(_key(notice))
        if known is None:
            raise NotFoundError("request", f"There is no request {notice.notice_id}.", remedy="List them.")
        return self._put(notice) if known.open and known.at == notice.at else known

    def note(self, notice: Notice) -> Notice:
        return self.settle(notice)

    def open(self) -> Sequence[Notice]:
        return sorted((one for one in self.memory.notices.values() if one.open), key=lambda one: one.at)

    def list(self, system: System) -> Sequence[Notice]:
        return sorted((one for one in self.memory.notices.values() if one.system is system), key=lambda one: one.at)

    def _put(self, notice: Notice) -> Notice:
        self.crash.around("notice", lambda: self.memory.notices.update({_key(notice): notice}))
        return notice


def _key(notice: Notice) -> tuple[System, str]:
    return notice.system, notice.notice_id
