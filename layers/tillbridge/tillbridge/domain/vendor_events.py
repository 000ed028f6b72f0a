"""What vendors have announced about credentials: one entry per announcement, its phases as data.

The next one is taken up by an entry here, and by a strategy only if none of those in use fits
(docs/flows/migration.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from tillbridge.domain.errors import InputError, NotFoundError

FIRST_ON_EARTH = timedelta(hours=14)
"""A day begins where clocks are furthest ahead (UTC+14). Vendors name days without saying whose."""


class PhaseKind(StrEnum):
    """What begins on a day."""

    NO_NEW = "no_new"  # the vendor gives out no more credentials of the old kind
    REFUSED = "refused"  # it takes those that there are no longer
    REQUIRED = "required"  # it asks for more of the new kind


class Strategy(StrEnum):
    """How the new credential is come by."""

    ANEW = "anew"  # the merchant authorises
    EXCHANGE = "exchange"  # the vendor exchanges the old one, without the merchant


@dataclass(frozen=True, slots=True)
class Phase:
    """A day and what it means."""

    kind: PhaseKind
    on: date
    meaning: str

    @property
    def begins(self) -> datetime:
        """Tell when the day may have begun for the vendor, at the earliest."""
        return datetime.combine(self.on, time(), UTC) - FIRST_ON_EARTH


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorEvent:
    """One announcement. ``system`` is the name of the remote system, ``old`` and ``new`` those of the credentials."""

    name: str
    system: str
    old: str
    new: str
    strategy: Strategy
    phases: tuple[Phase, ...]
    source: str

    def phase(self, kind: PhaseKind) -> Phase | None:
        """Find the phase of a kind."""
        return next((phase for phase in self.phases if phase.kind is kind), None)

    def phase_at(self, now: datetime) -> Phase | None:
        """Find the latest phase that has begun."""
        begun = [phase for phase in self.phases if phase.begins <= now]
        return max(begun, key=lambda phase: phase.on, default=None)

    @property
    def ends_at(self) -> datetime | None:
        """Tell when the old credential is used no longer: before the vendor can have begun to refuse it."""
        refused = self.phase(PhaseKind.REFUSED)
        return refused.begins if refused else None

    def usable(self, now: datetime) -> bool:
        """Tell whether the old credential may still be sent."""
        return self.ends_at is None or now < self.ends_at

    def days_left(self, now: datetime) -> int | None:
        """Count the days until then, begun ones as whole; 0 when it is over, ``None`` when no day is known."""
        if self.ends_at is None:
            return None
        return max(0, -((now - self.ends_at) // timedelta(days=1)))


LIGHTSPEED_KEYS = VendorEvent(
    name="lightspeed-api-keys",
    system="lightspeed",
    old="API key",
    new="OAuth2 authorisation",
    strategy=Strategy.ANEW,
    phases=(
        Phase(
            PhaseKind.NO_NEW, date(2016, 10, 1), "Requests for API keys are no longer approved; those given out work."
        ),
        Phase(PhaseKind.REFUSED, date(2017, 1, 1), "API keys are no longer accepted."),
        Phase(PhaseKind.REQUIRED, date(2017, 2, 1), "Integrations have to support refresh tokens."),
    ),
    source="letter of the vendor to its developers, September 2016",
)
SHOPIFY_TOKENS = VendorEvent(
    name="shopify-offline-tokens",
    system="shopify",
    old="offline token that does not expire",
    new="expiring offline token",
    strategy=Strategy.EXCHANGE,
    phases=(
        Phase(PhaseKind.NO_NEW, date(2026, 4, 1), "Public apps made from now on have to use expiring tokens."),
        Phase(PhaseKind.REFUSED, date(2027, 1, 1), "Every public app gets errors with tokens that do not expire."),
    ),
    source="facts/shopify.md, section 3",
)
EVENTS = (LIGHTSPEED_KEYS, SHOPIFY_TOKENS)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The events by name."""

    events: tuple[VendorEvent, ...] = EVENTS

    def event(self, name: str) -> VendorEvent:
        """Find an event; ``NotFoundError``."""
        for event in self.events:
            if event.name == name:
                return event
        raise NotFoundError(
            "event",
            f"No event of a vendor is called {name!r}.",
            remedy=f"Use one of {', '.join(event.name for event in self.events)}.",
        )

    def with_days(self, days: Mapping[tuple[str, PhaseKind], date]) -> "Calendar":
        """Move phases to other days: vendors postpone."""
        for name, kind in days:
            if self.event(name).phase(kind) is None:
                raise InputError(
                    str(kind), f"{name} has no such phase.", remedy="`tillbridge migrate calendar` shows them."
                )
        return Calendar(tuple(_moved(event, days) for event in self.events))


def _moved(event: VendorEvent, days: Mapping[tuple[str, PhaseKind], date]) -> VendorEvent:
    phases = (replace(phase, on=days.get((event.name, phase.kind), phase.on)) for phase in event.phases)
    return replace(event, phases=tuple(phases))


def read_days(text: str) -> dict[tuple[str, PhaseKind], date]:
    """Read days that differ from the announced ones: ``lightspeed-api-keys.refused=2017-03-01,...``; "" is none."""
    days: dict[tuple[str, PhaseKind], date] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        place, _, day = entry.partition("=")
        name, _, kind = place.partition(".")
        try:
            days[name, PhaseKind(kind)] = date.fromisoformat(day)
        except ValueError:
            raise InputError(
                "days",
                f"{entry!r} is no phase with its day.",
                remedy="Write it as lightspeed-api-keys.refused=2017-03-01.",
            ) from None
    return days
