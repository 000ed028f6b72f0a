"""``make bench``: speed and cost, one row per figure. What each of them means: docs/figures.md."""

import sys

from tests import figures
from tests.bench.bill import cost_per_merchant
from tests.bench.calls import calls_and_cost
from tests.bench.filling import memory_of_filling_a_shop
from tests.bench.fleet import scheduler_for_ten_thousand
from tests.bench.four_shops import first_sync_at_the_limits, four_shops_cost
from tests.bench.imports import import_times
from tests.bench.latency import (
    seconds_from_till_to_all_four,
    seconds_from_till_to_shop,
    seconds_while_a_shop_fills,
)
from tests.bench.memory import memory_of_a_full_read
from tests.bench.overhead import time_over_a_bare_script
from tests.bench.reading_back import reading_a_shop_back
from tests.bench.tokens import tokens_of_ten_thousand

MEASUREMENTS = (
    import_times,
    calls_and_cost,
    four_shops_cost,
    first_sync_at_the_limits,
    reading_a_shop_back,
    cost_per_merchant,
    scheduler_for_ten_thousand,
    tokens_of_ten_thousand,
    time_over_a_bare_script,
    seconds_from_till_to_shop,
    seconds_from_till_to_all_four,
    seconds_while_a_shop_fills,
    memory_of_a_full_read,
    memory_of_filling_a_shop,
)

if __name__ == "__main__":
    sys.exit(figures.run("Speed and cost", MEASUREMENTS, sys.argv[1:]))
