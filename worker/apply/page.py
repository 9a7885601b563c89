"""Carries out one page's job from its claims to its save, and reports what became of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from worker.apply.follow import Follower
from worker.apply.job import Brakes, Job, Progress, Reading
from worker.apply.keeper import swap
from worker.apply.outcome import given_up, reported
from worker.apply.tickets import ROUNDS, TicketMaker
from worker.claimbook import read_book
from worker.document.bounds import TooLarge as PageTooLarge
from worker.document.document import Document
from worker.document.edits import Edit, EditRefused, splice
from worker.document.parse import Malformed, parse
from worker.document.ticket_links import TicketLinks
from worker.errors import AccessError, Exhausted, Forbidden, Missing, NoAnswer, RemoteError, Stale, TooLarge
from worker.mentions import with_accounts
from worker.model.claim import Claim, Claims
from worker.model.finding import Finding
from worker.model.page import Page
from worker.model.plan import Create, Wait
from worker.model.report import PageReport
from worker.ports import PageReader, PageWriter, TicketReader, TicketWriter
from worker.reconcile.claims import says_more, with_claim
from worker.reconcile.decide import decide_page
from worker.reconcile.extract import Extraction, extract
from worker.reconcile.limits import shrink_finding, shrunk
from worker.reconcile.selection import is_quiet, rests
from worker.reconcile.ticks import ASKED
from worker.reconcile.writeback import does_not_keep, edits, message


class NotCurrent(Exception):
    """The page was archived or put into the trash since search knew it."""


class PageWork:
    """Does jobs; one instance serves all worker threads of a pass."""

    def __init__(
        self,
        pages: PageReader,
        page_writer: PageWriter,
        tickets: TicketReader,
        ticket_writer: TicketWriter,
        *,
        worker: str,
        search_lag: timedelta,
        links: TicketLinks,
        brakes: Brakes,
        clock: Callable[[], float],
    ) -> None:
        """``worker`` is the account id under which pages are saved, ``links`` how keys are written on them.

        ``clock`` tells seconds.
        """
        self._pages = pages
        self._page_writer = page_writer
        self._tickets = tickets
        self._worker = worker
        self._lag = search_lag
        self._links = links
        self._brakes = brakes
        self._follower = Follower(tickets, ticket_writer)
        self._maker = TicketMaker(
            pages, page_writer, tickets, ticket_writer, search_lag=search_lag, brakes=brakes, clock=clock
        )

    def apply(self, job: Job) -> PageReport:
        """Brings one page and its tickets to what they should be; whatever goes wrong stays on this page.

        Refused credentials concern the whole pass: they are left with the brakes. A product that takes no more
        requests ends the pass too, by itself.
        """
        progress = Progress(job.book, job.claims, job.known)
        try:
            if any(isinstance(change, Create) for change in job.plan.changes):
                self._maker.make(
                    job, progress, lambda: self._read(job, progress), lambda: self._look_again(job, progress)
                )
            return self._bring_up_to_date(job, progress)
        except NotCurrent as error:
            return given_up(job, progress, Finding("page-read-only", str(error)))
        except (Forbidden, Missing) as error:
            text = f"The page cannot be written ({error}): give the worker's account the right to edit it."
            return given_up(job, progress, Finding("page-read-only", text))
        except TooLarge as error:
            return given_up(job, progress, Finding("page-too-large", f"Confluence takes no page this large: {error}"))
        except EditRefused as error:
            return given_up(job, progress, Finding("page-failed", f"The page was not saved: {error}"))
        except Malformed as error:
            return given_up(job, progress, Finding("page-malformed", f"The newest version cannot be read: {error}"))
        except PageTooLarge as error:
            return given_up(job, progress, Finding("page-too-large", f"The newest version cannot be read: {error}"))
        except RemoteError as error:
            return given_up(job, progress, Finding("page-failed", f"A request failed for good: {error}"))
        except Exhausted as error:
            text = f"The pass ended here: {error}"
            return given_up(job, progress, Finding("page-interrupted", text), Wait.TIME)
        except AccessError as error:
            self._brakes.refused = self._brakes.refused or str(error)
            return given_up(job, progress, Finding("page-failed", f"The pass ended here: {error}"), Wait.TIME)

    def _bring_up_to_date(self, job: Job, progress: Progress) -> PageReport:
        fresh = progress.page is None  # only a page read right before may be saved on
        reading = self._read(job, progress) if progress.page is None else self._decide(job, progress, progress.page)
        for _ in range(ROUNDS * 2):
            if self._lost_rows(job, reading):
                return given_up(job, progress, self._shrink(job, reading), Wait.GUARD)
            if not progress.busy and self._follow(job, progress, reading):
                reading, fresh = self._decide(job, progress, reading.page), False
            recorded, reading = self._record(job, progress, reading)
            fresh = fresh and not recorded
            changes = self._edits(job, reading)
            if not changes:
                return reported(job, progress, reading, saved=False)
            if progress.busy:
                why = rests(reading.page, job.mapping.pages.quiet)
                return reported(job, progress, reading, saved=False, held=why, wait=Wait.TIME)
            if not fresh:
                reading, fresh = self._read(job, progress), True
                continue
            said = message(reading.decision.decisions)
            if does_not_keep(reading.page, self._worker, said):
                text = "Confluence did not keep what the worker wrote, so it is not written again: look at the history."
                progress.findings.append(Finding("page-does-not-keep", text))
                return reported(job, progress, reading, saved=False, held="the page does not keep what is written")
            after = self._save(job, progress, reading, splice(reading.document, changes), said)
            if after is not None:
                _, after = self._record(job, progress, after)
                return reported(job, progress, after, saved=True, before=reading)
            reading = self._read(job, progress)
        raise RemoteError("others saved this page again and again; the next pass goes on")

    def _edits(self, job: Job, reading: Reading) -> tuple[Edit, ...]:
        link = self._links.on(reading.document, job.mapping.ticket.project, job.mapping.page.jira_server_id)
        heading = job.mapping.items.columns.ticket[0]
        return edits(reading.document, reading.extraction, reading.decision.decisions, heading, link)

    def _follow(self, job: Job, progress: Progress, reading: Reading) -> bool:
        """Lets tickets follow their rows; whether anything was asked of Jira, so that the page is decided on anew."""
        asked = self._follower.refresh(progress, reading)
        if asked:
            reading = self._decide(job, progress, reading.page)
            self._follower.edit(progress, reading)
        asking = self._follower.ways_to_done(progress, reading)
        if asking:
            self._record(job, progress, self._decide(job, progress, reading.page))
            self._follower.ask_for_done(progress, asking)
        return asked or bool(asking)

    def _save(self, job: Job, progress: Progress, reading: Reading, body: str, said: str) -> Reading | None:
        """The page as saved; None when somebody else was faster and the page is to be read again."""
        try:
            answer = self._page_writer.save(reading.page, body, said)
        except Stale:
            return None
        except NoAnswer:
            answer = self._pages.page(reading.page.id)
            if not does_not_keep(answer, self._worker, said):
                raise  # it may still arrive, on the version it names or not at all; the next pass looks
        if answer is None:
            return reading
        if answer.version.number <= reading.page.version.number:
            raise RemoteError(
                "the page had been put into the trash, and Confluence brought it back instead of saving it"
            )
        after = self._decide(job, progress, answer)
        if any(not each.display.empty for each in after.decision.decisions):
            text = "Confluence did not keep all that the worker wrote; it is not written a second time."
            progress.findings.append(Finding("page-does-not-keep", text))
        return after

    def _record(self, job: Job, progress: Progress, reading: Reading) -> tuple[bool, Reading]:
        """Stores what the claims have to say before the page is saved; False when they say it already.

        Gives the reading to go on with: where others stored claims meanwhile, it is decided anew on theirs.
        """
        for _ in range(ROUNDS):
            wanted = reading.decision.claims
            if not says_more(wanted, [each.value for each in progress.book.properties]):
                return False, reading
            try:
                progress.book = swap(self._pages, self._page_writer, progress.book, wanted, lag=self._lag)
            except Stale:
                self._look_again(job, progress)
                reading = self._decide(job, progress, reading.page)
                continue
            progress.claims = wanted
            return True, reading
        raise RemoteError("the claims of this page are written by others all the time; the next pass goes on")

    def _read(self, job: Job, progress: Progress) -> Reading:
        page = self._pages.page(job.plan.page)
        if page.status != "current":
            raise NotCurrent(
                f"The page is {page.status}, so nothing is written to it: restore it, or take it off the label."
            )
        if not progress.made and page.version.number != job.plan.version:
            progress.busy = is_quiet(page, job.mapping.pages.quiet, self._worker, self._pages.now())
        progress.page = page
        return self._decide(job, progress, page)

    def _decide(self, job: Job, progress: Progress, page: Page) -> Reading:
        document, extraction = self._understood(job, progress, page.body)
        where = replace(job.where, title=page.title, url=page.url)
        self._observe(progress, [key for item in extraction.items for key in item.keys])
        decision = decide_page(extraction.items, progress.claims, where, page.version.at, job.mapping, progress.known)
        return Reading(page, document, extraction, decision)

    def _understood(self, job: Job, progress: Progress, body: str) -> tuple[Document, Extraction]:
        """The body's places and items; the same body is read several times in a job and understood once."""
        if progress.understood is None or progress.understood[0].render() != body:
            document = parse(body)
            progress.understood = document, with_accounts(extract(document, job.mapping.items), self._pages)
        return progress.understood

    def _observe(self, progress: Progress, refs: Sequence[str]) -> None:
        """Reads tickets that the page names now and that nobody asked about yet."""
        unknown = [
            ref for ref in dict.fromkeys(refs) if ref not in progress.asked and ref not in progress.known.tickets
        ]
        if unknown:
            progress.asked.update(unknown)
            seen = self._tickets.tickets(unknown)
            progress.see(seen.values())
            progress.seen.update(seen)

    def _look_again(self, job: Job, progress: Progress) -> None:
        """Reads the claims as they are now, and puts on top what this pass has learned since.

        Where somebody deleted them meanwhile, what this pass knew of them is what there is.
        """
        progress.book = read_book(self._pages, job.plan.page)
        stored = progress.book.stored if progress.book.properties else progress.claims
        if not isinstance(stored, Claims):
            raise RemoteError("the claims of this page changed into something this worker cannot read")
        progress.known = replace(progress.known, absent=_still_absent(progress.known.absent, stored, job.claims))
        progress.claims = stored
        for entry in progress.learned.values():
            theirs = next((claim for claim in stored.items if claim.item == entry.item), None)
            if theirs is not None and ASKED in theirs.shown and ASKED in entry.shown:
                progress.forestalled.add(entry.item)
            progress.claims = with_claim(progress.claims, _joined(theirs, entry, progress.own))
        self._observe(progress, [claim.ticket for claim in progress.claims.items if claim.ticket])

    def _lost_rows(self, job: Job, reading: Reading) -> bool:
        return not job.approved and shrunk(job.claims.rows, reading.decision.claims.rows)

    def _shrink(self, job: Job, reading: Reading) -> Finding:
        return shrink_finding(job.plan.page, job.claims.rows, reading.decision.claims.rows)


def _still_absent(absent: frozenset[str], stored: Claims, planned: Claims) -> frozenset[str]:
    """The items whose attempts were looked for: another worker's attempt that came since may yet have made a ticket."""
    looked = {claim.item: frozenset(claim.attempts) for claim in planned.items}
    newer = {claim.item for claim in stored.items if not looked.get(claim.item, frozenset()).issuperset(claim.attempts)}
    return absent - newer


def _joined(stored: Claim | None, learned: Claim, own: Collection[str]) -> Claim:
    """What others stored of an item, with what this pass knows better: a ticket, a refusal, attempts that came to
    nothing.
    """
    if stored is None:
        return learned
    return replace(
        stored,
        ticket=stored.ticket or learned.ticket,
        refused=learned.refused or stored.refused,
        attempts=tuple(nonce for nonce in stored.attempts if nonce not in own or nonce in learned.attempts),
        shown=tuple(dict.fromkeys((*stored.shown, *learned.shown))),
    )
