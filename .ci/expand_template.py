"""Write the template as CloudFormation sees it, loops and SAM's shorthands spelled out, for the checks that need that.

Runs in .venv-sam: expand_template.py OUTPUT [NAME=VALUE ...]
"""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from samcli.lib.cfn_language_extensions.sam_integration import expand_language_extensions
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

PROJECT = Path(__file__).resolve().parent.parent
PSEUDO = {"AWS::Region": "eu-central-1", "AWS::Partition": "aws", "AWS::StackName": "tillbridge"}
ARTEFACT = "s3://artefacts/anything"


class NoManagedPolicies:
    """SAM asks for AWS's managed policies by name; the template names none that way."""

    def load(self) -> dict[str, str]:
        """Give no policy."""
        return {}


def expand(parameters: dict[str, str]) -> dict[str, Any]:
    """Give the template as a dictionary of plain CloudFormation."""
    template = yaml_parse((PROJECT / "template.yaml").read_text())
    plain = expand_language_extensions(template, {**PSEUDO, **parameters}, enabled=True).expanded_template
    for resource in plain["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = ARTEFACT
    return transform(plain, parameters, NoManagedPolicies())


def main(output: str, *pairs: str) -> None:
    """Write the file."""
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    os.environ["AWS_DEFAULT_REGION"] = PSEUDO["AWS::Region"]
    parameters = {"Environment": "prod", **dict(pair.split("=", 1) for pair in pairs)}
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(expand(parameters), indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
