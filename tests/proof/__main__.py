"""``make proof``: long proofs against faults and size, one row per figure. What they mean: docs/figures.md."""

import sys

from tests import figures
from tests.proof.conforming import conformance, contract_requests
from tests.proof.delays import seconds_lost_by_a_kill
from tests.proof.grants import killed_at_every_step_of_a_grant
from tests.proof.interleaved import everything_at_once
from tests.proof.killed import killed_again_and_again, killed_at_every_step
from tests.proof.large_till import a_large_till_survives_being_killed
from tests.proof.migrating import a_fleet_moves_with_faults, killed_at_every_step_of_moving
from tests.proof.orders.any_order import money_of_any_order
from tests.proof.orders.money import money_of_orders
from tests.proof.orders.once import orders_exactly_once
from tests.proof.orders.poison import a_poison_order
from tests.proof.orders.week import stock_of_a_week
from tests.proof.wired import faults_at_every_call

PROOFS = (
    conformance,
    contract_requests,
    killed_at_every_step,
    killed_again_and_again,
    everything_at_once,
    seconds_lost_by_a_kill,
    faults_at_every_call,
    a_large_till_survives_being_killed,
    a_fleet_moves_with_faults,
    killed_at_every_step_of_moving,
    killed_at_every_step_of_a_grant,
    money_of_orders,
    money_of_any_order,
    orders_exactly_once,
    stock_of_a_week,
    a_poison_order,
)

if __name__ == "__main__":
    sys.exit(figures.run("Faults and scale", PROOFS, sys.argv[1:]))
