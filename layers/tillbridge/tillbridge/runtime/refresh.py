"""The composition root of ``token_refresh``: one round a minute."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from tillbridge.domain.merchant import Place
from tillbridge.flows.comply import Compliance, ComplianceReport
from tillbridge.flows.lane_work import Register
from tillbridge.flows.migrate_tick import MigrationReport, MigrationRound
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.flows.refresh import RefreshReport, RefreshRound, troubles
from tillbridge.grants.due import DueBook
from tillbridge.runtime import oauth, observe
from tillbridge.runtime.grant_parts import GrantParts, Parts
from tillbridge.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class TokenRefresh:
    """Runs rounds, and tells what came of them."""

    round: RefreshRound
    migrations: MigrationRound
    compliance: Compliance

    def run(self, deadline: Deadline) -> RefreshReport:
        """Look after whatever is due."""
        report = self.round.run(deadline)
        for trouble in troubles(report):
            observe.trouble(trouble.error)
        observe.count("TokensRenewed", report.renewed)
        observe.count("TokensLater", len(report.later))
        observe.count("GrantsBroken", len(report.broken))
        observe.count("GrantsDropped", report.dropped)
        observe.count("ClientRefused", report.for_the_operator)
        observe.count("RefreshOutOfTime", int(report.out_of_time))
        _counted(self.migrations.run(deadline))
        _complied(self.compliance.look_again(deadline), self.compliance.clock)
        return report


def _counted(report: MigrationReport) -> None:
    """Count what became of connections that move to another kind of credential."""
    observe.count("MigrationsReminded", report.reminded)
    observe.count("MigrationsStopped", report.stopped)
    observe.count("MigrationsTakenOver", report.taken_over)
    observe.count("MigrationsFailed", report.failed)


def _complied(report: ComplianceReport, clock: Clock) -> None:
    """Count what became of vendors' requests; an alarm watches how long the oldest has been open."""
    for error in report.later:
        observe.trouble(error)
    observe.count("ComplianceSettled", report.settled)
    open_for = clock.now() - report.oldest if report.oldest else timedelta()
    observe.count("OldestComplianceDays", open_for / timedelta(days=1))


@cache
def token_refresh() -> TokenRefresh:
    """Build it once per process."""
    return build(GrantParts(Settings.from_env()))


def build(parts: Parts) -> TokenRefresh:
    """Put it together from a deployment's parts."""
    credentials, doors = parts.credentials, oauth.build(parts)

    def renew(place: Place, deadline: Deadline) -> None:
        credentials.refresher_of(place.system).token(place, deadline, early=True)

    return TokenRefresh(
        RefreshRound(
            due=DueBook(credentials.records),
            renew=renew,
            register=Register(parts.connections, parts.outbox, parts.clock),
            grants=credentials.keeper,
            spared=doors.mover.lost,
        ),
        MigrationRound(doors.mover),
        doors.compliance,
    )
