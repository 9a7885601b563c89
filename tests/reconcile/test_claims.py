"""What a page remembers survives being stored, and nothing unreadable is taken for nothing."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.made import NOW, PAGE, SITE, attempt, claim, claims, row
from worker.model.claim import Claim, Claims
from worker.reconcile.claims import (
    KEY_STOOD,
    PER_PROPERTY,
    Corrupt,
    Foreign,
    Newer,
    decode,
    encode,
    is_full,
    new_claim,
    property_key,
    says_more,
    with_claim,
)

LIMIT = 32_768
"""Bytes of JSON that a content property holds."""


def _stored(what: Claims) -> list[object]:
    return [json.loads(json.dumps(value)) for value in encode(what)]


@given(
    st.lists(
        st.builds(
            Claim,
            item=st.text("0123456789abcdef", min_size=10, max_size=10),
            editor=st.none() | st.just("deadbeef"),
            fingerprint=st.text("0123456789abcdef", min_size=16, max_size=16),
            whole=st.just("01234567"),
            attempts=st.sampled_from([(), ("n1",), ("n1", "n2")]),
            ticket=st.none() | st.integers(1, 10**9).map(str),
            linked=st.just(False),
            refused=st.none() | st.just("0badf00d"),
            shown=st.sampled_from([(), ("a1b2c3",), ("a1b2c3", "d4e5f6", "0a0b0c")]),
        ),
        max_size=5,
    )
)
def test_claims_survive_being_stored(entries: list[Claim]) -> None:
    """What is decoded equals what was encoded, attempts that nobody refers to aside."""
    used = {nonce for entry in entries for nonce in entry.attempts}
    attempts = tuple(attempt(nonce) for nonce in ("n1", "n2") if nonce in used)
    before = Claims(SITE, PAGE, attempts, tuple(entries), rows=3)

    assert before == decode(_stored(before), site=SITE, page=PAGE)


def test_a_linked_ticket_stays_linked() -> None:
    """A ticket that a person chose is told from one the worker made."""
    before = claims(claim(row(), "0123456789", ticket="10001", linked=True))

    assert before == decode(_stored(before), site=SITE, page=PAGE)


def test_no_property_means_nothing_was_claimed() -> None:
    """A page without claims has empty claims."""
    assert Claims(SITE, PAGE) == decode([], site=SITE, page=PAGE)


def test_every_property_fits_the_limit_of_confluence() -> None:
    """Hundreds of items with everything set are divided so that no value exceeds 32 KB."""
    entries = tuple(
        Claim(
            f"{number:010x}", "ffffffff", "f" * 16, "f" * 8, ("a" * 8, "b" * 8), "9999999999", True, "c" * 8,
            ("aaaaaa", "bbbbbb", "cccccc", "dddddd", KEY_STOOD),
        )
        for number in range(950)
    )  # fmt: skip
    values = encode(replace(claims(*entries), attempts=(attempt("a" * 8), attempt("b" * 8))))

    assert len(values) == 5
    assert all(len(json.dumps(value)) < LIMIT for value in values)
    assert [is_full(value) for value in values] == [True, True, True, True, False]


def test_that_a_key_was_seen_is_no_news_by_itself() -> None:
    """It is stored with whatever else is, so that the pass after a save writes nothing."""
    entry = claim(row(), "0123456789", ticket="10001", shown=("a1b2c3",))
    seen = replace(entry, shown=("a1b2c3", KEY_STOOD))

    assert not says_more(claims(seen), _stored(claims(entry)))
    assert says_more(claims(replace(seen, shown=("d4e5f6", KEY_STOOD))), _stored(claims(entry)))


def test_an_entry_never_moves_to_another_property() -> None:
    """Adding an item changes the last property only, so two workers with the same new item meet in one place."""
    many = claims(*(Claim(f"{n:010x}", None, "f" * 16, "f" * 8, (), str(n)) for n in range(PER_PROPERTY + 5)))
    more = with_claim(many, Claim("ffffffffff", None, "e" * 16, "e" * 8))

    assert encode(many)[0] == encode(more)[0]
    assert encode(many)[1] != encode(more)[1]
    assert (property_key(0), property_key(1)) == ("postmortem-sync", "postmortem-sync.2")


def test_a_newer_version_is_not_read() -> None:
    """A value written by a later worker is recognised as such."""
    assert Newer(2) == decode([{"v": 2, "site": SITE, "page": PAGE}], site=SITE, page=PAGE)


def test_claims_of_another_page_are_foreign() -> None:
    """A value that a page copy brought along names its own page."""
    assert Foreign("1", SITE) == decode([{"v": 1, "site": SITE, "page": "1"}], site=SITE, page=PAGE)
    assert Foreign(PAGE, "https://x") == decode([{"v": 1, "site": "https://x", "page": PAGE}], site=SITE, page=PAGE)


def test_claims_that_were_taken_over_half_way_are_all_read() -> None:
    """The first property bears the new address and the second the old one: the worker died in between."""
    many = claims(*(Claim(f"{n:010x}", None, "f" * 16, "f" * 8, (), str(n)) for n in range(PER_PROPERTY + 5)))
    first, second = encode(many)

    assert many == decode([first, {**second, "site": "https://x"}], site=SITE, page=PAGE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    )
)
def test_anything_else_is_corrupt(junk: object) -> None:
    """No unreadable value ever means that nothing was claimed."""
    assert isinstance(decode([junk], site=SITE, page=PAGE), Corrupt)
    value = {"v": 1, "site": SITE, "page": PAGE, "attempts": [], "items": [junk]}

    assert isinstance(decode([value], site=SITE, page=PAGE), Corrupt)


def test_an_attempt_without_time_zone_is_corrupt() -> None:
    """Ages are compared between machines, so a time without zone is worth nothing."""
    value = {"v": 1, "site": SITE, "page": PAGE, "attempts": [["n", "2026-11-25T08:00:00", "PAY", "l", 1]], "items": []}

    assert isinstance(decode([value], site=SITE, page=PAGE), Corrupt)
    assert NOW.tzinfo is not None


def test_two_workers_name_a_new_item_alike() -> None:
    """The id comes from page and row alone, and never twice on a page."""
    item = row("Add an alert")
    first = new_claim(item, claims())

    assert first == new_claim(item, claims())
    assert first.item != new_claim(item, claims(first)).item
    assert first.item != new_claim(item, Claims(SITE, "other")).item
