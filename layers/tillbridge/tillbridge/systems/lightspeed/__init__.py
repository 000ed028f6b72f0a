"""Lightspeed Retail (R-Series): the till."""

from tillbridge.systems.lightspeed.budget import BudgetBook
from tillbridge.systems.lightspeed.client import LightspeedClient
from tillbridge.systems.lightspeed.counter import LightspeedCounter
from tillbridge.systems.lightspeed.till import LightspeedTill
from tillbridge.systems.lightspeed.tokens import OldKey, TokenSource

__all__ = ["BudgetBook", "LightspeedClient", "LightspeedCounter", "LightspeedTill", "OldKey", "TokenSource"]
