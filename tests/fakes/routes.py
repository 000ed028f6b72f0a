"""Flask's rules without the way back, which is most of the time that it takes to build a stand-in.

Each of thousands of tests builds an application of its own. Werkzeug compiles functions for each rule that make an
address of a name and values; no stand-in asks for one. Here they are compiled when somebody does.
"""

from collections.abc import Callable

from flask import Flask
from werkzeug.routing import Rule


class OneWayRule(Rule):
    """A rule that is compiled for matching only, until an address is asked for."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002
        def build(rule: Rule, **values: object) -> tuple[str, str]:
            return super(OneWayRule, self)._compile_builder(append_unknown)(rule, **values)

        return build


def build_stand_ins_quickly() -> None:
    """Have every application of this process use such rules."""
    Flask.url_rule_class = OneWayRule
