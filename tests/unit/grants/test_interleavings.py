"""Several processes refresh one grant in any order of their steps, die anywhere, sleep at the worst moment."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.grants.fakes import World
from tests.unit.grants.processes import Process
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.grant import Grant, Secret
from tillbridge.grants.stored import StoredGrant, read
from tillbridge.grants.timing import LEASE, NEEDED

MOST = 4
PROTECTED = ("before request", "after request", "before secret", "after secret")
STEPS = ("before acquire", "before request", "after request", "before secret", "before settle", "the end")


def ended(*, family: bool = False) -> World:
    world = World(family=family)
    world.clock.advance(hours=1)
    return world


def test_two_that_decide_at_once_do_not_both_refresh() -> None:  # invariant 3
    world = ended()
    first, second = Process(world), Process(world)
    first.go_until("before acquire")
    second.go_until("before acquire")
    first.go_until("before request")
    second.go_until("before request")
    assert (first.at, second.at) == ("before request", "sleep")
    first.go_until("the end")
    second.go_until("the end")
    assert (first.token, second.token) == ("access-2", "access-2")
    assert world.server.calls == ["refresh-1"]


def test_one_that_outslept_its_lease_cannot_put_an_old_pair_in_the_place_of_a_newer() -> None:  # invariant 3
    world = ended()
    sleeper = Process(world)
    sleeper.go_until("after request")
    world.clock.advance(seconds=LEASE.total_seconds())
    assert world.token() == "access-3"
    assert world.use()
    sleeper.go_until("the end")
    assert sleeper.token == "access-3"
    assert world.grant.pair.access == Secret("access-3")
    assert world.server.takes(world.grant)


def test_one_that_outslept_its_lease_before_its_request_spoils_nothing() -> None:  # invariant 3
    """Its spent token is refused; the vault shows that the world has moved on."""
    world = ended()
    sleeper = Process(world)
    sleeper.go_until("before request")
    world.clock.advance(seconds=LEASE.total_seconds())
    assert world.token() == "access-2"
    assert world.use()
    sleeper.go_until("the end")
    assert sleeper.token == "access-2"
    assert world.record.death is None


class Interleavings(RuleBasedStateMachine):
    """The vendor's rules of 2026; a process may sleep for as long as it likes, even inside a request."""

    family = False
    bounded = False

    @initialize()
    def connect(self) -> None:
        self.world = World(family=self.family)
        self.processes: list[Process] = []
        self.tokens: list[str] = ["access-1"]

    @rule(early=st.booleans(), which=st.integers(0, 20), rejecting=st.booleans())
    def start(self, *, early: bool, which: int, rejecting: bool) -> None:
        if len(self.processes) < MOST:
            rejected = Secret(self.tokens[which % len(self.tokens)]) if rejecting else None
            self.processes.append(Process(self.world, rejected, early))

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, MOST - 1), until=st.sampled_from(STEPS))
    def go_on(self, which: int, until: str) -> None:
        process = self.processes[which % len(self.processes)]
        process.go_until(until)
        self._collect()

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, MOST - 1))
    def kill(self, which: int) -> None:
        self.processes[which % len(self.processes)].kill()
        self._collect()

    @rule(seconds=st.sampled_from([1, 10, 20, 45, 60, 600, 3600]))
    def wait(self, seconds: int) -> None:
        ends = [process.began + NEEDED for process in self.processes if process.at in PROTECTED]
        if not self.bounded or all(self.world.clock.now() + timedelta(seconds=seconds) < end for end in ends):
            self.world.clock.advance(seconds=seconds)

    @rule(which=st.integers(0, 20))
    def call_the_till(self, which: int) -> None:
        self.world.server.use(self.tokens[which % len(self.tokens)])

    @rule()
    def call_the_till_with_the_newest_token(self) -> None:
        self.world.server.use(self.tokens[-1])

    @rule(lost=st.booleans())
    def have_trouble(self, *, lost: bool) -> None:
        if lost:
            self.world.server.lose_answers = 1
        else:
            self.world.server.fail = [SystemDownError("503")]

    @invariant()
    def the_grant_can_be_kept(self) -> None:  # invariant 3
        assert self.world.server.takes(self._kept())
        assert self.world.record.death is None

    @invariant()
    def one_refreshes_at_a_time(self) -> None:
        now = self.world.clock.now()
        at_work = [process for process in self.processes if process.at in PROTECTED and now < process.began + LEASE]
        assert len(at_work) <= 1

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for process in self.processes:
            process.kill()
        self.world.server.fail, self.world.server.lose_answers = [], 0
        self.world.clock.advance(seconds=LEASE.total_seconds() + 600)
        token = self.world.token()
        if not self.world.server.use(token):
            token = self.world.token(rejected=token)
            assert self.world.server.use(token)  # invariant 3

    def _kept(self) -> Grant:
        versions = next(iter(self.world.store.versions.values()))
        return read(StoredGrant, versions[max(versions)]).grant()

    def _collect(self) -> None:
        for process in [process for process in self.processes if process.done]:
            assert process.trouble is None or not isinstance(process.trouble, AssertionError)
            if process.token:
                self.tokens.append(process.token)
            self.processes.remove(process)


class StrictServer(Interleavings):
    """A server that ends the grant when a dead token is used; no process outsleeps the time that it asked for."""

    family = True
    bounded = True


SETTINGS = settings(max_examples=150, stateful_step_count=40, deadline=None, derandomize=True)
TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = SETTINGS
TestStrictServer = StrictServer.TestCase
TestStrictServer.settings = SETTINGS
