"""What importing each function costs over ``import boto3``, which every function needs anyway.

In fresh interpreters that see what Lambda shows them: the function's folder, the built layers and, behind them, the
runtime's own boto3, for which the one at hand stands in.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3

from local import sam
from local.home import PROJECT, Home
from tests.figures import Figure

AIM = 1.5
TIMES = 5
LAYERS = tuple(sam.BUILD / layer / "python" for layer in ("TillbridgeLayer", "DependenciesLayer"))
RUNTIME = Path(boto3.__file__).parents[1]
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "POWERTOOLS_SERVICE_NAME": "tillbridge",
    "POWERTOOLS_METRICS_NAMESPACE": "Tillbridge",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
PROGRAM = "import time; began = time.perf_counter(); import {name}; print(time.perf_counter() - began)"


def import_times() -> Iterator[Figure]:
    """Import each function and boto3 in turns, so that a busy machine slows both."""
    sam.build(Home(PROJECT / ".local" / "bench"))
    for function in sorted((PROJECT / "functions").iterdir()):
        if (function / "app.py").is_file():
            yield _figure(function)


def _figure(function: Path) -> Figure:
    _seconds("app", function)  # the first time the machine reads the files
    pairs = [(_seconds("app", function), _seconds("boto3", function)) for _ in range(TIMES)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    note = f"{ours * 1000:.0f} ms against {theirs * 1000:.0f} ms"
    return Figure(f"import time of {function.name} over boto3", ours / theirs, "ratio", AIM, note)


def _seconds(name: str, function: Path) -> float:
    """Import one module in a fresh interpreter; ``-S`` keeps the development environment out."""
    paths = [function, *LAYERS, RUNTIME]
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM.format(name=name)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, paths)), **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
