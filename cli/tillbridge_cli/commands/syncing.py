"""``sync``."""

from dataclasses import dataclass

import click

from tillbridge.flows.operate.answers import SyncAnswer
from tillbridge.runtime.operator_commands import STATUS, SYNC
from tillbridge_cli.application import Desk
from tillbridge_cli.failures import Failure, GaveUp
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import lines
from tillbridge_cli.progress import Bars, progress_on
from tillbridge_cli.waiting import Outlook, look

PAUSE = 1.0


@click.command()
@merchant_option
@click.option("--full", is_flag=True, help="Read the whole till, and have every shop look at everything again.")
@click.option("--lane", type=click.Choice(["stock", "catalogue"]), help="Only this lane.")
@click.option("--wait", is_flag=True, help="Wait until everything is in the shops, and show how far it is.")
@click.option("--timeout", type=click.IntRange(1, 86_400), default=3600, show_default=True, help="Seconds to wait.")
@at_desk
def sync(desk: Desk, merchant: str | None, lane: str | None, timeout: int, *, full: bool, wait: bool) -> None:
    """Look for changes now instead of at the next turn. A till that was never read is read whole."""
    reply = desk.ask(SYNC, merchant=merchant, full=full, lane=lane)
    if not wait:
        desk.answer(reply.json, lines(*_told(reply.value)))
        _fail_if_paused(reply.value)
        return
    _fail_if_paused(reply.value)
    waited = Wait(desk, reply.value, timeout).run()
    outcome = {**reply.json, "finished": True, "seconds": round(waited.seconds, 1), "failing": waited.outlook.failing}
    desk.answer(outcome, lines(*_finished(waited)))


@dataclass(frozen=True, slots=True)
class Waited:
    """How a wait ended."""

    outlook: Outlook
    seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Looks every second, until nothing is under way."""

    desk: Desk
    asked: SyncAnswer
    timeout: int

    def run(self) -> Waited:
        """Wait; ``GaveUp`` says what for, ``Failure`` which connection a person has to mend."""
        began = self.desk.now
        with progress_on(self.desk.console(), hidden=self.desk.as_json) as progress:
            bars = Bars(progress)
            while True:
                outlook = look(self.desk.ask(STATUS, merchant=self.asked.merchant).value[0], self.asked)
                bars.show(outlook)
                seconds = (self.desk.now - began).total_seconds()
                if outlook.broken:
                    raise _broken(outlook.broken)
                if not outlook.waits_for:
                    return Waited(outlook, seconds)
                if seconds >= self.timeout:
                    raise _gave_up(outlook, self.timeout)
                self.desk.application.sleep(PAUSE)


def _told(answer: SyncAnswer) -> list[str]:
    told = [f"{woken.system} {woken.connection}: {woken.task} ({woken.lane})" for woken in answer.woken]
    return [f"Asked for merchant {answer.merchant}:", *told]


def _finished(waited: Waited) -> list[str]:
    told = [f"Everything is in the shops, after {waited.seconds:.0f} s."]
    if waited.outlook.failing:
        told.append(f"{waited.outlook.failing} could not be brought in step: `tillbridge errors` says why.")
    return told


def _fail_if_paused(answer: SyncAnswer) -> None:
    if answer.paused:
        raise _broken([f"{one.system} {one.connection}: {one.cause} {one.remedy}" for one in answer.paused])


def _broken(told: list[str] | tuple[str, ...]) -> Failure:
    return Failure(
        f"A person has to mend a connection first. {' '.join(told)}",
        remedy="Mend it, then run the command again; nothing that waits is lost.",
        code="BrokenConnection",
    )


def _gave_up(outlook: Outlook, timeout: int) -> GaveUp:
    return GaveUp(
        f"After {timeout} s it still waits for: {'; '.join(outlook.waits_for)}.",
        remedy="The work goes on by itself; wait again, or look: tillbridge status, tillbridge errors.",
        code="GaveUp",
    )
