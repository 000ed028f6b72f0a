"""Progress: bars of a wait, one per till and per lane of a shop, and a counter where nobody knows the end."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tillbridge_cli.output import safe
from tillbridge_cli.waiting import Outlook


def progress_on(console: Console, *, hidden: bool) -> Progress:
    """Lay the bars out; where nobody looks only their last state is printed, and hidden ones never are."""
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, disable=hidden)


def counter_on(console: Console, *, hidden: bool) -> Progress:
    """Lay out a counter that goes away when it is done; where nobody looks there is none."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=hidden or not console.is_terminal)


@dataclass(slots=True)
class Bars:
    """Keeps the bars up to date."""

    progress: Progress
    _tasks: dict[str, TaskID] = field(default_factory=dict)

    def show(self, outlook: Outlook) -> None:
        """Show how far things are now."""
        for bar in outlook.bars:
            if bar.name not in self._tasks:
                self._tasks[bar.name] = self.progress.add_task(escape(safe(bar.name)), total=bar.total)
            told = escape(safe(f"{bar.name}{bar.note}"))
            self.progress.update(self._tasks[bar.name], description=told, completed=bar.done, total=bar.total)
