"""Mistakes that somebody could make in the worker, each a few lines of it changed, and the test that is to notice."""

from __future__ import annotations

from dataclasses import dataclass

_RACES = "tests/machine/test_races.py"
_PAGES = "tests/contract/test_pages.py"
_TICKETS = "tests/contract/test_tickets.py"


@dataclass(frozen=True)
class Change:
    """One place of one module, read differently."""

    module: str
    old: str
    new: str


@dataclass(frozen=True)
class Seeded:
    """A mistake with its name, and the fastest test that fails because of it.

    ``in_stories``: the state machine finds it too. It cannot where only what is sent over HTTP goes wrong.
    """

    name: str
    changes: tuple[Change, ...]
    detector: str
    in_stories: bool = True


FAULTS = (
    Seeded(
        "a page is saved on top of whatever is newest",
        (
            Change(
                "confluence/cloud.py",
                '"version": {"number": page.version.number + 1,',
                '"version": {"number": self._gateway.get(_page(page.id)).body["version"]["number"] + 1,',
            ),
        ),
        f"{_PAGES}::test_a_save_on_an_old_version_is_stale[cloud]",
        in_stories=False,
    ),
    Seeded(
        "a save that was too late is made again on the newest version with the old body",
        (
            Change(
                "apply/page.py",
                "        except Stale:\n            return None\n        except NoAnswer:",
                "        except Stale:\n            newest = self._pages.page(reading.page.id)\n"
                "            answer = self._page_writer.save(newest, body, said)\n        except NoAnswer:",
            ),
        ),
        f"{_RACES}::test_a_person_saves_at_any_call[started]",
    ),
    Seeded(
        "claims are written without compare-and-swap",
        (
            Change(
                "apply/keeper.py",
                "_replace(reader, writer, claims.page, properties[index], value)",
                "_replace(\n"
                "                    reader, writer, claims.page, reader.properties(claims.page, property_key(index))[0], value\n"
                "                )",
            ),
        ),
        f"{_RACES}::test_two_passes_at_once_while_search_is_behind[one-changed]",
    ),
    Seeded(
        "nobody looks for a twin of the property just made",
        (
            Change(
                "apply/keeper.py",
                "    if len(rows) > 1:\n        for row in mine:",
                "    if not rows:\n        for row in mine:",
            ),
        ),
        f"{_RACES}::test_two_passes_at_once_while_search_is_behind[rising-started]",
    ),
    Seeded(
        "a ticket is made without a claim",
        (
            Change(
                "apply/tickets.py",
                "                progress.book = swap(self._pages, self._page_writer, progress.book, claims, lag=self._lag)\n",
                "                pass\n",
            ),
        ),
        f"{_RACES}::test_two_passes_at_once[started]",
    ),
    Seeded(
        "the page is not read again between claim and create",
        (Change("apply/tickets.py", "for create in decision.creates if", "for create in creates.values() if"),),
        f"{_RACES}::test_a_row_that_is_deleted_before_its_create_gets_no_ticket",
    ),
    Seeded(
        "any attempt counts as this pass' own",
        (
            Change(
                "reconcile/decide.py",
                "if last is not None and last.nonce in known.mine:",
                "if last is not None:",
            ),
        ),
        f"{_RACES}::test_two_passes_at_once[started]",
    ),
    Seeded(
        "a ticket that is not seen at once counts as not made",
        (Change("observe.py", "if all(now - attempt.at > lag + SLACK for attempt in each)", "if each"),),
        f"{_RACES}::test_a_late_create_is_waited_for",
    ),
    Seeded(
        "search alone says whether a lost create happened",
        (Change("observe.py", "while number <= last:", "while False:"),),
        f"{_RACES}::test_a_lost_create_is_found_though_search_lags_behind",
    ),
    Seeded(
        "of two tickets with one origin the newer one is taken",
        (Change("observe.py", "int(ticket.id) <= int(found[name].id)", "int(ticket.id) >= int(found[name].id)"),),
        f"{_RACES}::test_a_clone_with_the_origin_does_not_take_the_row",
    ),
    Seeded(
        "a create without answer is sent again",
        (
            Change(
                "jira/writer.py",
                '/issue/bulk", body=body, repeatable=False',
                '/issue/bulk", body=body, repeatable=True',
            ),
        ),
        f"{_TICKETS}::test_a_lost_answer_leaves_every_draft_unknown[cloud-True]",
        in_stories=False,
    ),
    Seeded(
        "a create goes out however long ago it was claimed",
        (Change("apply/tickets.py", "left = self._patience - age()", "left = 1e9"),),
        f"{_RACES}::test_a_worker_that_pauses_at_any_call[started]",
    ),
    Seeded(
        "similarity writes a key",
        (
            Change(
                "reconcile/identity.py",
                'found[index] = Unclear(item, twin.key, "row-ambiguous", reason)',
                "found[index] = Tracked(item, next(c for c in gone if c.ticket == twin.id), twin)",
            ),
        ),
        f"{_RACES}::test_a_reworded_row_without_key_or_editor_id_gets_no_key",
    ),
    Seeded(
        "a ticket that cannot be seen is made again",
        (
            Change(
                "reconcile/identity.py",
                "    ticket = tickets.get(claim.ticket)\n    if ticket is not None and ticket.origin is not None",
                "    ticket = tickets.get(claim.ticket)\n    if ticket is None:\n        return Fresh(item)\n"
                "    if ticket is not None and ticket.origin is not None",
            ),
        ),
        f"{_RACES}::test_a_deleted_ticket_is_not_made_again",
    ),
    Seeded(
        "every lozenge in the status column is the worker's",
        (
            Change(
                "reconcile/display.py",
                'return all(lozenge_digest(each, "status") in shown for each in cell.lozenges)',
                "return True",
            ),
        ),
        f"{_RACES}::test_a_persons_words_in_an_own_cell_stay",
    ),
    Seeded(
        "what is shown is recorded after the save only",
        (
            Change(
                "apply/page.py",
                "            recorded, reading = self._record(job, progress, reading)\n            fresh = fresh and not recorded\n",
                "",
            ),
            Change(
                "apply/page.py",
                "            if after is not None:\n",
                "            if after is not None:\n                self._record(job, progress, reading)\n",
            ),
        ),
        f"{_RACES}::test_a_worker_that_dies_after_its_save_knows_its_own_cells",
    ),
    Seeded(
        "an edit leaves the base as it was",
        (
            Change(
                "reconcile/merge.py",
                "bases[field], changed[field] = Base(mine, mine, cells.get(field)), mine",
                "bases[field], changed[field] = before, mine",
            ),
        ),
        f"{_RACES}::test_what_a_person_changed_after_an_edit_stays",
    ),
)
