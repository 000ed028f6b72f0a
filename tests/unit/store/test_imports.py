"""What an import of the store costs."""

import subprocess
import sys
from pathlib import Path

import pytest

LIGHT = ["tillbridge.store", "tillbridge.store.keys", "tillbridge.store.moments", "tillbridge.store.settings_codec"]


@pytest.mark.parametrize("module", LIGHT)
def test_what_needs_no_table_brings_no_boto3(module: str, project_root: Path) -> None:
    code = f"import sys, {module}; sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    source = project_root / "layers" / "tillbridge"
    done = subprocess.run([sys.executable, "-c", code], cwd=source, check=False)
    assert done.returncode == 0
