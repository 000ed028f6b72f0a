"""What reading many things in one call may cost (facts/shopify.md, section 5). Pure functions.

Of lists by ids no price is told. So each is priced as if it were asked for by itself: then no call is too dear.
"""

import math

MOST_POINTS = 1000
"""What a single query may cost at most."""
MOST_IDS = 250


def page_points(rows: int) -> int:
    """Tell the points of a page, rounded up."""
    return math.ceil(2 + 2 * math.log(max(1, rows)))


def at_once(each: int) -> int:
    """Tell how many things that cost so many points each are read in one call."""
    return max(1, min(MOST_IDS, MOST_POINTS // each))
