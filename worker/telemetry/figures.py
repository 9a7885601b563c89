"""Decides what of a pass is worth a figure: from a report to measures, whatever way they go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from worker import __version__
from worker.model.plan import Change, Create, Failed, Hold, Keep, PagePlan, Update, Wait
from worker.model.report import PageReport, Report, TicketState, Traffic
from worker.reconcile.shards import Shard
from worker.telemetry.concern import failed

Labels = tuple[tuple[str, str], ...]
_Samples = Iterable[tuple[Labels, float]]

_OUTCOMES: dict[type[Change], str] = {
    Create: "created",
    Update: "updated",
    Keep: "kept",
    Hold: "held",
    Failed: "failed",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the last pass, with a value for each combination of labels."""

    name: str
    """By the conventions of Prometheus: the program first, the unit last."""
    help: str
    samples: tuple[tuple[Labels, float], ...]
    """Labels in one order throughout the measure; none holds a title or words of a page."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who tells of a pass."""

    worker: str
    """The worker's name, which those that share its pass have in common."""
    shard: Shard

    @property
    def labels(self) -> Labels:
        """What tells the figures of this sender from those of every other."""
        return (("worker", self.worker), ("shard", str(self.shard.index)))


@dataclass(frozen=True, slots=True)
class _Pass:
    report: Report
    exit_code: int
    shard: Shard

    def whole(self, value: float) -> _Samples:
        """One sample without labels."""
        return [((), value)]

    def by_product(self, value: Callable[[Traffic], float]) -> _Samples:
        """A sample for each product that was counted."""
        return [((("product", each.product),), value(each)) for each in self.report.traffic]

    def by_team(self, value: Callable[[list[PageReport]], float]) -> _Samples:
        """A sample for each team that has pages."""
        return [((("team", team),), value(pages)) for team, pages in self._teams().items()]

    def outcomes(self) -> Iterator[tuple[Labels, float]]:
        """Every team's items by what became of them, those that nothing became included."""
        for team, pages in self._teams().items():
            counted = Counter(_OUTCOMES[type(change)] for plan in _plans(pages) for change in plan.changes)
            yield from (((("team", team), ("outcome", word)), counted[word]) for word in _OUTCOMES.values())

    def waiting(self) -> Iterator[tuple[Labels, float]]:
        """Every team's held items by what they wait for."""
        for team, pages in self._teams().items():
            changes = [change for plan in _plans(pages) for change in plan.changes]
            counted = Counter(change.wait for change in changes if isinstance(change, Hold))
            yield from (((("team", team), ("waits_for", wait.value)), counted[wait]) for wait in Wait)

    def findings(self) -> Iterator[tuple[Labels, float]]:
        """Findings that there are, by team and code."""
        counted = Counter((plan.team, finding.code) for plan in _plans(self.report.pages) for finding in plan.findings)
        counted.update(("", finding.code) for finding in self.report.findings)
        yield from (((("team", team), ("code", code)), number) for (team, code), number in sorted(counted.items()))

    def tickets(self) -> Iterator[tuple[Labels, float]]:
        """Every team's tracked tickets by state."""
        counted = Counter((ticket.team, ticket.state) for ticket in self.report.tickets)
        for team in dict.fromkeys((*self._teams(), *(ticket.team for ticket in self.report.tickets))):
            yield from (((("team", team), ("state", state.value)), counted[team, state]) for state in TicketState)

    def _teams(self) -> dict[str, list[PageReport]]:
        teams: dict[str, list[PageReport]] = {}
        for page in self.report.pages:
            teams.setdefault(page.plan.team, []).append(page)
        return teams


def _plans(pages: Iterable[PageReport]) -> list[PagePlan]:
    return [page.plan for page in pages]


_MEASURES: tuple[tuple[str, str, Callable[[_Pass], _Samples]], ...] = (
    (
        "pass_end_timestamp_seconds",
        "When the last pass ended, in Unix time.",
        lambda it: it.whole(it.report.finished_at.timestamp()),
    ),
    (
        "pass_duration_seconds",
        "How long the last pass took.",
        lambda it: it.whole((it.report.finished_at - it.report.started_at).total_seconds()),
    ),
    (
        "pass_exit_code",
        "How the last pass ended: 0 settled, 1 a bug, 2 settings, 3 something failed, 4 held, 5 not let in.",
        lambda it: it.whole(it.exit_code),
    ),
    (
        "pass_failed",
        "Whether the last pass failed as a whole, and not only single pages or one of several teams.",
        lambda it: it.whole(failed(it.report, it.exit_code)),
    ),
    (
        "pass_ended_early",
        "Whether the last pass left pages to the next one: deadline, a signal, or refused in mid-pass.",
        lambda it: it.whole(it.report.stopped is not None),
    ),
    (
        "pass_errors",
        "What failed in the last pass beside any page, such as the search of a team.",
        lambda it: it.whole(len(it.report.errors)),
    ),
    (
        "requests",
        "Attempts that the last pass sent to a product.",
        lambda it: it.by_product(lambda traffic: traffic.requests),
    ),
    (
        "waits",
        "How often the last pass waited before it sent a request to a product again.",
        lambda it: it.by_product(lambda traffic: traffic.waits),
    ),
    (
        "waited_seconds",
        "How long the waits of the last pass were to take, over all threads.",
        lambda it: it.by_product(lambda traffic: traffic.waited.total_seconds()),
    ),
    ("pages", "Pages of a team that the last pass looked at.", lambda it: it.by_team(len)),
    (
        "pages_saved",
        "Pages of a team that the last pass saved.",
        lambda it: it.by_team(lambda pages: sum(page.saved for page in pages)),
    ),
    (
        "pages_failed",
        "Pages of a team that could not be read or written.",
        lambda it: it.by_team(lambda pages: sum(page.plan.failed for page in pages)),
    ),
    ("items", "Action items of a team by outcome: created, updated, kept, held or failed.", _Pass.outcomes),
    (
        "items_waiting",
        "Held action items of a team by what they wait for: people, time, limit, turn or guard.",
        _Pass.waiting,
    ),
    ("findings", "Findings of a team by code; without a team where they concern no page of the pass.", _Pass.findings),
    ("tickets", "Tickets that the worker made, by state: open, overdue or done, each counted once.", _Pass.tickets),
    ("shards", "Among how many workers a pass is divided.", lambda it: it.whole(it.shard.count)),
    ("build_info", "Which version made the last pass.", lambda _: [((("version", __version__),), 1)]),
)

NAMES = tuple(f"postmortem_sync_{name}" for name, _, _ in _MEASURES)
"""Every measure there can be."""


def figures(report: Report, exit_code: int, sender: Sender) -> tuple[Measure, ...]:
    """The measures of a pass, in a fixed order; each sample bears the worker's name and the index of the shard.

    ``exit_code`` is what the process answers, which a crash decides and not the report. A team without pages has no
    samples, a finding that nobody has is not counted as zero, and a measure without samples is left out.
    """
    it = _Pass(report, exit_code, sender.shard)
    measures = (
        Measure(name, meaning, tuple(((*sender.labels, *labels), float(value)) for labels, value in count(it)))
        for name, (_, meaning, count) in zip(NAMES, _MEASURES, strict=True)
    )
    return tuple(measure for measure in measures if measure.samples)
