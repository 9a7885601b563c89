"""The budget of one product: when a request may go out, and how many at once."""

from __future__ import annotations

from threading import Event, Thread

from hypothesis import given
from hypothesis import strategies as st

from worker.remote.budget import UNTOLD, Budget, Place
from worker.remote.limits import Limits
from worker.remote.pace import CALM

CALM_ANSWER = Limits(0.0, "", 0.0)


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def budget(most: int = 8, jitter: float = 1.0) -> tuple[Budget, Clock]:
    """A budget in virtual time."""
    clock = Clock()
    return Budget(most, clock, lambda: jitter), clock


def sent(of: Budget, clock: Clock, method: str = "GET") -> Place:
    """A request that is under way, whatever it had to wait for."""
    place = Place(method)
    while (wait := of.enter(place)) is not None:
        clock.now += wait.seconds
    return place


def served(of: Budget, clock: Clock, count: int = 1) -> None:
    """Requests that are answered one after the other."""
    for _ in range(count):
        of.served(sent(of, clock), CALM_ANSWER)
        of.leave()


def test_a_calm_pass_waits_for_nothing_and_may_do_all_at_once() -> None:
    """All that the setting allows may be under way from the start, and no time passes."""
    of, clock = budget(4)
    for _ in range(4):
        sent(of, clock)
    assert (of.at_once, clock.now) == (4, 100.0)


def test_concurrency_is_halved_once_for_all_that_were_under_way() -> None:
    """Eight requests that are refused together are one congestion; a refusal after it is the next."""
    of, clock = budget(8)
    places = [sent(of, clock) for _ in range(8)]
    for place in places:
        of.refused(place, Limits(1.0, "", 0.0))
        of.leave()
    assert of.at_once == 4
    of.refused(sent(of, clock), Limits(1.0, "", 0.0))
    of.leave()
    assert of.at_once == 2


def test_a_calm_streak_gives_one_back() -> None:
    """So many answers without a refusal allow one more at once, up to the setting."""
    of, clock = budget(2)
    of.refused(sent(of, clock), Limits(1.0, "", 0.0))
    of.leave()
    assert of.at_once == 1
    served(of, clock, CALM - 1)
    assert of.at_once == 1
    served(of, clock, 1)
    assert of.at_once == 2
    served(of, clock, CALM * 3)
    assert of.at_once == 2


def test_what_a_product_asks_for_is_a_minimum_for_everybody() -> None:
    """Jitter only lengthens it, and who was told waits once, not twice."""
    for jitter, seconds in ((0.7, 10.0), (1.3, 13.0)):
        of, clock = budget(jitter=jitter)
        told = sent(of, clock)
        of.refused(told, Limits(10.0, "", 0.0))
        of.leave()
        wait = of.enter(Place("PUT"))
        assert wait is not None
        assert (wait.seconds, wait.asked) == (seconds, True)
        assert of.enter(told) is None  # it repeats by its own wait, which is no shorter


def test_a_shorter_wait_of_its_own_frees_no_request_from_a_longer_one_of_all() -> None:
    """One is told to wait for a minute, and one that was under way beside it for five seconds."""
    of, clock = budget(4)
    long, short = sent(of, clock), sent(of, clock)
    of.refused(long, Limits(60.0, "", 0.0))
    of.refused(short, Limits(5.0, "", 0.0))
    clock.now += 5.0
    wait = of.enter(short)
    assert wait is not None
    assert (wait.seconds, wait.asked) == (55.0, True)


def test_a_refusal_without_a_time_makes_others_wait_a_moment() -> None:
    """Nobody rushes in while the one that was refused waits."""
    of, clock = budget()
    of.refused(sent(of, clock), CALM_ANSWER)
    of.leave()
    wait = of.enter(Place("GET"))
    assert wait is not None
    assert wait.seconds == UNTOLD


def test_a_limit_of_one_ticket_slows_nobody() -> None:
    """Neither concurrency nor the others' turn changes."""
    of, clock = budget()
    of.refused(sent(of, clock, "PUT"), Limits(60.0, "jira-per-issue-on-write", 0.0))
    of.leave()
    assert (of.at_once, of.enter(Place("PUT"))) == (8, None)


def test_little_that_is_left_is_spread() -> None:
    """While an answer says that little is left, requests of its method keep the distance by which it lasts."""
    of, clock = budget()
    of.served(sent(of, clock), Limits(0.0, "", 0.5))
    of.leave()
    of.enter(Place("GET"))
    wait = of.enter(Place("GET"))
    assert wait is not None
    assert (wait.seconds, wait.asked) == (0.5, False)
    assert of.enter(Place("PUT")) is None


def test_a_request_waits_until_another_is_answered() -> None:
    """With as many under way as may be, the next one blocks; the end of one lets it go."""
    of, clock = budget(1)
    sent(of, clock)
    gone = Event()
    thread = Thread(target=lambda: (of.enter(Place("GET")), gone.set()))
    thread.start()
    assert not gone.wait(0.05)
    of.leave()
    assert gone.wait(5)
    thread.join()


@given(st.integers(1, 16), st.lists(st.sampled_from(["served", "refused", "ticket"]), max_size=200))
def test_concurrency_stays_between_one_and_the_setting(most: int, answers: list[str]) -> None:
    """Whatever is answered, something may always go out, and never more than the setting says."""
    of, clock = budget(most)
    for answer in answers:
        place = sent(of, clock)
        match answer:
            case "served":
                of.served(place, CALM_ANSWER)
            case "refused":
                of.refused(place, Limits(1.0, "", 0.0))
            case "ticket":
                of.refused(place, Limits(1.0, "jira-per-issue-on-write", 0.0))
        of.leave()
        assert 1 <= of.at_once <= most


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=20), st.floats(0.7, 1.3))
def test_nobody_goes_out_before_the_latest_moment_that_was_asked_for(asked: list[float], jitter: float) -> None:
    """Of several refusals the one that asks for the latest moment counts, for every method."""
    of, clock = budget(16, jitter)
    places = [sent(of, clock) for _ in asked[:16]]
    for place, seconds in zip(places, asked, strict=False):
        of.refused(place, Limits(seconds, "", 0.0))
        of.leave()
    latest = clock.now + max(seconds or UNTOLD for _, seconds in zip(places, asked, strict=False))
    for method in ("GET", "POST", "PUT"):
        sent(of, clock, method)
        assert clock.now >= latest - 1e-6
        of.leave()


@given(st.integers(2, 50))
def test_a_limit_that_stays_is_met_seldom(a_second: int) -> None:
    """Under a window of so many requests a second, few of a thousand requests are refused, and little time is lost."""
    of, clock = budget(4)
    window: list[float] = []
    done = refused = 0
    while done < 1000:
        place = sent(of, clock)
        clock.now += 0.001
        window = [at for at in window if clock.now - at < 1.0]
        if len(window) >= a_second:
            refused += 1
            of.refused(place, Limits(1.0, "", 0.0))
            clock.now += 1.4  # the request's own wait before it is repeated
        else:
            window.append(clock.now)
            done += 1
            of.served(place, CALM_ANSWER)
        of.leave()
    assert refused <= 40
    assert clock.now - 100.0 <= 1000 / a_second * 1.5 + 60
