"""Takes the figures: each is a few runs of the real engine against the sandbox.

What is compared runs in turns (A B A B), so that whatever else the machine does meets both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tests.bench import chain, programs
from tests.bench.figures import ENVIRONMENTS, FURTHER, LATENCY, Measured
from tests.bench.processes import Peak
from tests.bench.programs import Program
from tests.bench.statistics import middle, ratio, scaled, slope
from tests.engine.environments import copied
from tests.engine.stack import EngineStack
from tests.worlds import World, running_sandbox

MB = 1_000_000


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    pairs: int
    rounds: int
    numbers: tuple[int, ...]
    """Connectors in the stacks that are compared."""
    starts: int
    environments: int = ENVIRONMENTS


FULL = Effort(pairs=9, rounds=4, numbers=(1, 7, 13, FURTHER), starts=5)
QUICK = Effort(pairs=3, rounds=1, numbers=(1, FURTHER), starts=1, environments=6)


@dataclass
class Bench:
    """One run of the bench in a folder of its own."""

    folder: Path
    env: dict[str, str]
    effort: Effort
    say: Callable[[str], None]
    results: dict[str, Measured] = field(default_factory=dict)

    def run(self) -> dict[str, Measured]:
        """Every figure."""
        self._sandbox()
        with running_sandbox() as world:
            self.say("deploying an empty program and the stack sandbox, and doing what people do")
            world.first_day()
            stack = EngineStack(world, self.env, self.folder)
            empty = programs.empty(self.folder, stack.env)
            ours = self._calls(world, stack)
            self._noop(empty, ours)
            self._latency(world, empty, ours)
            self.results["memory"] = self._memory(ours)
            self._environments(stack)
        with running_sandbox() as world:
            world.first_day()
            self._further(world)
        return self.results

    def _sandbox(self) -> None:
        self.say("starting the sandbox")
        self.results["sandbox"] = scaled(middle([_start() for _ in range(self.effort.starts)]), 1000)

    def _calls(self, world: World, stack: EngineStack) -> Program:
        """Calls and writes; the first `up` meets apps that the API may change, so that it has everything to write."""
        ours = programs.sandbox(stack)
        world.dashboard(api_access_to_settings=True)
        self._count(world, "up", ours.up)
        programs.people_make_ready(stack)
        if stack.outputs()["ready"] is not True:
            raise RuntimeError(f"the stack is not ready: {stack.outputs()['open_steps']}")
        self._count(world, "noop_up", ours.up)
        self._count(world, "look", ours.look)
        return ours

    def _count(self, world: World, name: str, run: Callable[[], float]) -> None:
        world.forget_requests()
        run()
        self.results[f"{name}_calls"] = Measured.counted(len(world.requests()))
        self.results[f"{name}_writes"] = Measured.counted(len(world.writes()))

    def _noop(self, empty: Program, ours: Program) -> None:
        self.say(f"previews and looks beside an empty program, {self.effort.pairs} of each")
        base, noop, again, look = [], [], [], []
        for _ in range(self.effort.pairs):
            base.append(empty.noop())
            noop.append(ours.noop())
            again.append(empty.noop())
            look.append(ours.look())
        self.results["noop"] = ratio(noop, base)
        self.results["look"] = ratio(look, again)

    def _latency(self, world: World, empty: Program, ours: Program) -> None:
        self.say(f"looks at {LATENCY * 1000:.0f} ms a call, {self.effort.pairs} of them")
        waiting = len(chain.CHAIN) * LATENCY
        base, slow = [], []
        with _latency(world):
            for _ in range(self.effort.pairs):
                base.append(empty.noop() + waiting)
                world.forget_requests()
                slow.append(ours.look())
        if missing := chain.broken_at(world.requests(), LATENCY):
            raise RuntimeError(f"a look no longer has the chain of calls that tests/bench/chain.py tells: {missing}")
        self.results["chain"] = Measured.counted(len(chain.CHAIN))
        self.results["latency"] = ratio(slow, base)

    def _environments(self, stack: EngineStack) -> None:
        number = self.effort.environments
        self.say(f"drift of {number} environments: at a time, in turn, and one command for each")
        together = programs.Surveys(copied(stack, number))
        at_a_time = together.all()
        in_turn = together.all("--jobs", "1")
        each = sum(together.one(name) for name in together.of.names)
        self.results["environments"] = Measured.counted(at_a_time / each)
        self.results["in_turn"] = Measured.counted(at_a_time / in_turn)

    def _memory(self, program: Program) -> Measured:
        peak = Peak(self.folder)
        with peak.watching():
            program.look()
        if not peak.bytes:
            raise RuntimeError("no provider process was seen")
        return Measured.counted(peak.bytes / MB)

    def _further(self, world: World) -> None:
        numbers = self.effort.numbers
        self.say(f"deploying stacks of {', '.join(map(str, numbers))} connectors")
        stacks = programs.of_many(self.folder, self.env, world, numbers)
        self.say(f"previews and looks of them, {self.effort.rounds} of each")
        noop: list[dict[int, float]] = []
        look: list[dict[int, float]] = []
        for _ in range(self.effort.rounds):
            noop.append({number: stack.noop() for number, stack in stacks.items()})
            look.append({number: stack.look() for number, stack in stacks.items()})
        self.results["further_noop"] = scaled(slope(noop), 1000)
        self.results["further_look"] = scaled(slope(look), 1000)
        self.results["memory_further"] = self._memory(stacks[max(numbers)])


def _start() -> float:
    """Seconds until a sandbox answers."""
    start = perf_counter()
    with running_sandbox():
        return perf_counter() - start


@contextmanager
def _latency(world: World) -> Iterator[None]:
    for vendor in ("facebook", "cyclr"):
        world.fault(vendor=vendor, times=None, delay=LATENCY)
    try:
        yield
    finally:
        world.clear_faults()
