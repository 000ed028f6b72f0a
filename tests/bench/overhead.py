"""The time of our whole pull and push over a bare script that makes the same HTTP calls.

Ours reads, compares, decides, keeps everything in the table and wakes workers; the script only sends what we sent and
decodes the answers. The shop takes as long as a real one did (facts/woocommerce.md, "Lists").
"""

from collections.abc import Iterator

from tests.bench.course import bare_seconds, sell, sellable, take
from tests.bench.remotes import Remotes
from tests.bench.trade import Trade, bench_cloud
from tests.figures import Figure

ITEMS = 1000
CHANGES = 500
AIM = 1.3
MEASURED_SPEED = "--measured-speed"


def time_over_a_bare_script() -> Iterator[Figure]:
    """Take the course with 1,000 items, then make its calls again."""
    with bench_cloud() as cloud:
        remotes = Remotes.start(cloud, "overhead", ITEMS, [MEASURED_SPEED])
        trade = Trade.begin(cloud, "overhead", remotes)
        first = take(remotes, trade.read_and_push)
        found, _ = sellable(remotes)
        sales = found[:CHANGES]
        sell(remotes, sales)
        stock = take(remotes, trade.poll_and_push_stock)
        bare = bare_seconds(cloud, "overhead-bare", ITEMS, trade, [first, stock], sales, MEASURED_SPEED)
    names = (f"first sync of {ITEMS:,} items", f"{len(sales)} stock changes")
    for name, ours, script in zip(names, (first, stock), bare, strict=True):
        note = f"{ours.seconds:.1f} s against {script:.1f} s, {len(ours.sent)} calls"
        yield Figure(f"{name}: time over a bare script", ours.seconds / script, "ratio", AIM, note)
