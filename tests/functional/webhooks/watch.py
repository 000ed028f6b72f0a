"""What a function printed, taken apart."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Watch:
    """Everything printed and logged so far. Metrics are printed as one JSON object per invocation."""

    log: io.StringIO
    capfd: pytest.CaptureFixture[str]
    lines: list[str] = field(default_factory=list)
    _told: int = 0

    def text(self) -> str:
        """Give all of it."""
        captured = self.capfd.readouterr()
        self.lines += [line for line in (captured.out + captured.err).splitlines() if line]
        return "\n".join([*self.lines, self.log.getvalue()])

    def effects(self) -> list[str]:
        """Name what hooks led to since the last look; every call is also counted as received."""
        self.text()
        fresh, self._told = self.lines[self._told :], len(self.lines)
        found: list[str] = []
        for line in fresh:
            printed: Any = json.loads(line)
            for directive in printed.get("_aws", {}).get("CloudWatchMetrics", []):
                found += [metric["Name"] for metric in directive["Metrics"] if metric["Name"].startswith("Hook")]
        return [name for name in found if name != "HookReceived"]
