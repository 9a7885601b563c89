"""Judges everything the worker writes as it comes: each version, each edit of a ticket and each mail needs a reason."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime

from tests.month.ledger import BIRTHS, EDITED, SHOWN, TOKEN, Cause, Ledger
from tests.storm.laws import COMMENT, others_part
from tests.storm.scene import Scene, lines
from worker.sandbox.issues import Issue
from worker.sandbox.pages import Mail, PageVersion, StoredPage

PROPERTY = "postmortem-sync"
BLANK_CELLS = re.compile(r"(?:<td(?: [^>]*)?><p ?/></td>)+</tr>")
"""How a row may go on behind what it said, and say nothing more: a new column has a cell in every row."""


class Judge:
    """Looks at what is new since it last looked; ``broken`` are sentences about what has no reason."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ledger = Ledger()
        self.broken: list[str] = []
        self.versions: Counter[str] = Counter()
        """Versions saved by the worker, by their reason."""
        self.edits: Counter[str] = Counter()
        """Changes of tickets by the worker, by their reason."""
        self.mails: Counter[str] = Counter()
        """Mails that people got because of the worker, by what they are about."""
        self.peoples_mails = 0
        self.unjustified = 0
        self._seen: dict[str, int] = {}
        self._histories: dict[int, int] = {}
        self._homes: dict[tuple[str, str], str] = {}
        self._mailed = {"Confluence": 0, "Jira": 0}

    def person(self, do: Callable[[], object], *, began: int) -> None:
        """Lets a person do something; what came before is judged first, and the mails of it are theirs."""
        self.look(began)
        do()
        for page in self.scene.confluence.pages.values():
            self._seen[page.id] = len(page.versions)
        for issue in self.scene.jira.issues.values():
            self._histories[issue.id] = len(issue.history)
        for product, mails in self._mails():
            self.peoples_mails += len(mails) - self._mailed[product]
            self._mailed[product] = len(mails)

    def look(self, began: int) -> None:
        """Judges what the worker wrote since; ``began`` is the number of happenings at the start of its pass."""
        expected: dict[str, Counter[tuple[str, str, str]]] = {"Confluence": Counter(), "Jira": Counter()}
        for issue in list(self.scene.jira.issues.values()):
            self._ticket(issue, began, expected["Jira"])
        for page in self.scene.confluence.pages.values():
            seen = self._seen.get(page.id, 0)
            for before, after in zip(page.versions[max(seen - 1, 0) :], page.versions[seen:], strict=False):
                self._version(page, before, after, began)
                if not after.minor:
                    expected["Confluence"].update((to, page.id, "") for to in page.watchers - {after.by})
            self._seen[page.id] = len(page.versions)
        for product, mails in self._mails():
            for mail in mails[self._mailed[product] :]:
                self._mail(product, mail, expected[product])
            self._mailed[product] = len(mails)

    def _mails(self) -> tuple[tuple[str, list[Mail]], ...]:
        return ("Confluence", self.scene.confluence.mails), ("Jira", self.scene.jira.mails)

    def _say(self, sentence: str) -> None:
        self.unjustified += 1
        self.broken.append(sentence)

    # -- pages -------------------------------------------------------------------------------------------------------

    def _version(self, page: StoredPage, before: PageVersion, after: PageVersion, began: int) -> None:
        """A version of the worker's differs from the one before in own cells only, and in some of them for a reason."""
        name = f"version {after.number} of “{page.title}” ({page.id})"
        if after.by != self.scene.writer:
            self.broken.append(f"{name} is nobody's: it came while only the worker was at work")
            return
        if before.title != after.title or others_part(before.body) != others_part(after.body):
            self.broken.append(f"{name} changed people's part")
        for mark in set(COMMENT.findall(before.body)) - set(COMMENT.findall(after.body)):
            self.broken.append(f"{name} removed the comment {mark}")
        changed = differing(before.body, after.body)
        reasons = {token: self._reason(page.id, token, "page", SHOWN, began, after.at) for token in changed}
        for token, reason in reasons.items():
            if reason is None:
                self._say(
                    f"{name} was saved for {token}, and nothing happened to it since the worker last wrote it: "
                    f"{_said(before.body, token)} became {_said(after.body, token)}"
                )
        if not changed:
            self._say(f"{name} says of every item what the one before it said")
        if after.minor != (self.scene.stage.sandbox.world.face.deployment == "datacenter"):
            self._say(f"{name} is {'a' if after.minor else 'no'} minor edit")
        self.versions[next((each.value for each in reasons.values() if each is not None), "none")] += 1

    def _reason(
        self, page: str, token: str, use: str, causes: frozenset[Cause], began: int, at: datetime
    ) -> Cause | None:
        return self.ledger.reason((page, token), use, causes, began=began, at=at)

    # -- tickets -----------------------------------------------------------------------------------------------------

    def home(self, issue: Issue) -> tuple[str, str]:
        """Id of the page that the worker made it for, and what it is about."""
        return (issue.properties.get(PROPERTY) or {}).get("page", ""), _token(issue.summary)

    def _ticket(self, issue: Issue, began: int, mails: Counter[tuple[str, str, str]]) -> None:
        page, token = self.home(issue)
        known = self._histories.get(issue.id)
        if known is None and issue.reporter == self.scene.writer:
            self._born(issue, began, mails)
        for entry in issue.history[known or 0 :]:
            if entry.by != self.scene.writer:
                self.broken.append(f"{issue.key}: {entry.field} was changed by nobody")
                continue
            reason = self._reason(page, token, entry.field, EDITED.get(entry.field, frozenset()), began, entry.at)
            self.edits[reason.value if reason else "none"] += 1
            what = "changed its status" if entry.field == "status" else "was updated"
            mails.update((to, issue.key, what) for to in _watching(issue))
            self.ledger.note(page, [token], Cause.FOLLOWED, entry.at)
            if reason is None:
                self._say(f"{issue.key}: its {entry.field} became {entry.after!r}, and nobody asked for it ({token})")
        self._histories[issue.id] = len(issue.history)

    def _born(self, issue: Issue, began: int, mails: Counter[tuple[str, str, str]]) -> None:
        page, token = self.home(issue)
        mails.update((to, issue.key, "was created") for to in _watching(issue))
        if self._reason(page, token, "birth", BIRTHS, began, issue.created) is None:
            self._say(f"{issue.key} was made for {token} of page {page}, where no such row was written")
        first = self._homes.setdefault((page, token), issue.key)
        if first != issue.key:
            self._say(f"{token} of page {page} has two tickets: {first} and {issue.key}")

    # -- mails -------------------------------------------------------------------------------------------------------

    def _mail(self, product: str, mail: Mail, expected: Counter[tuple[str, str, str]]) -> None:
        """A save of the worker's mails each watcher once, a ticket's birth or change whoever it concerns."""
        said = re.sub(r"^\S+ ", "", mail.subject) if product == "Jira" else ""
        key = (mail.to, mail.about, said)
        self.mails[f"{product}: {said or 'a page was saved'}"] += 1
        if expected[key] < 1:
            self._say(f"a mail of {product} to {mail.to} about {mail.about} ({mail.subject!r}) has no reason")
        expected[key] -= 1


def differing(before: str, after: str) -> set[str]:
    """The tokens of the items that two bodies write otherwise.

    Blank cells behind a row are no word about its item: they come with the column that another row's ticket needs, and
    whatever happened to the item is still a reason to write something into them.
    """
    was, became = _written(before), _written(after)
    return {token for token in {*was, *became} if not _alike(was.get(token, []), became.get(token, []))}


def _alike(was: list[str], became: list[str]) -> bool:
    return len(was) == len(became) and all(map(_alike_but_for_blanks, was, became))


def _alike_but_for_blanks(was: str, became: str) -> bool:
    said = was.removesuffix("</tr>")
    more = became.removeprefix(said)
    return was == became or (became.startswith(said) and BLANK_CELLS.fullmatch(more) is not None)


def _written(body: str) -> dict[str, list[str]]:
    """The markup of the rows and tasks of each token."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines(body):
        for token in TOKEN.findall(line)[:1]:
            found[token].append(re.sub(r'\s(?:ac:)?local-id="[^"]*"', "", line))
    return found


def _said(body: str, token: str) -> list[str]:
    return [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", line)) for line in _written(body).get(token, ())]


def _token(text: str) -> str:
    found = TOKEN.search(text)
    return found[0] if found else ""


def _watching(issue: Issue) -> set[str]:
    return {each for each in (*issue.watchers, issue.assignee) if each is not None} - {issue.reporter}
