"""The embedded Confluence: what it stores, who may see and change it, and what people do to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from worker.sandbox import storage_format
from worker.sandbox.clock import Clock
from worker.sandbox.index import LaggingIndex
from worker.sandbox.pages import Mail, PageProperty, PageSnapshot, PageVersion, Space, StoredPage
from worker.sandbox.people import Directory
from worker.sandbox.refusals import Conflict, Invalid, NotAllowed, NotVisible


@dataclass(slots=True)
class Confluence:
    """Spaces and pages with all versions. Nothing here awaits, so each method is one atomic step on the server's loop.

    ``local_ids`` is what the Cloud editor does on save; without them Data Center saves, which knows people in bodies
    by user key, and may drop what makes a link a smart link (``keeps_cards``). ``duplicate_property_rows`` turns on
    the known fault in which a second create of one property key succeeds (CONFCLOUD-72142).
    """

    clock: Clock
    people: Directory
    local_ids: bool = True
    keeps_cards: bool = True
    duplicate_property_rows: bool = False
    spaces: dict[str, Space] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    pages: dict[str, StoredPage] = field(default_factory=dict)
    index: LaggingIndex[PageSnapshot] = field(default_factory=LaggingIndex)
    mails: list[Mail] = field(default_factory=list)
    _ids: count[int] = field(default_factory=lambda: count(1_310_721, 7))

    # -- looking -----------------------------------------------------------------------------------------------------

    def page(self, page_id: str) -> StoredPage:
        """The page, whoever asks. Raises NotVisible."""
        if page_id not in self.pages:
            raise NotVisible(f"No page with id {page_id}")
        return self.pages[page_id]

    def page_titled(self, title: str) -> StoredPage:
        """The current page of that title, whoever asks. Raises NotVisible."""
        for page in self.pages.values():
            if page.status == "current" and page.title == title:
                return page
        raise NotVisible(f"No current page titled {title}")

    def ancestors(self, page: StoredPage) -> tuple[str, ...]:
        """Ids from the root down to the parent."""
        found: list[str] = []
        parent = page.parent
        while parent is not None and parent in self.pages and parent not in found:
            found.append(parent)
            parent = self.pages[parent].parent
        return tuple(reversed(found))

    def can_enter(self, account_id: str | None, space: Space) -> bool:
        """Whether the account may view the space; nobody may who is not signed in."""
        return account_id is not None and (space.viewers is None or account_id in space.viewers)

    def can_find(self, account_id: str | None, indexed: PageSnapshot) -> bool:
        """Whether a search shows what the index knows: rights are those of now, and a page may be gone since."""
        stored = self.pages.get(indexed.id)
        return stored is not None and self.can_view(account_id, stored)

    def can_view(self, account_id: str | None, page: StoredPage) -> bool:
        """Whether the account sees the page: the space admits it and no page above restricts it away."""
        if account_id is None or not self.can_enter(account_id, self.spaces[page.space]):
            return False
        chain = [page, *(self.pages[above] for above in self.ancestors(page))]
        return all(self._admits(each, account_id) for each in chain)

    def _admits(self, page: StoredPage, account_id: str) -> bool:
        if page.readers is None and not page.reader_groups:
            return True
        members = set().union(*(self.groups.get(name, set()) for name in page.reader_groups))
        return account_id in members or account_id in (page.readers or ())

    def can_edit(self, account_id: str | None, page: StoredPage) -> bool:
        """Whether the account may change the page."""
        if account_id is None or not self.can_view(account_id, page):
            return False
        editors = self.spaces[page.space].editors
        return (editors is None or account_id in editors) and (page.editors is None or account_id in page.editors)

    def visible(self, page_id: str, account_id: str | None) -> StoredPage:
        """The page as this account sees it. Raises NotVisible."""
        page = self.page(page_id)
        if not self.can_view(account_id, page):
            raise NotVisible(f"No page with id {page_id}")
        return page

    # -- spaces and pages --------------------------------------------------------------------------------------------

    def add_space(self, key: str, name: str, author: str) -> Space:
        """A new space that everyone who can sign in may see and edit."""
        space = Space(str(next(self._ids)), key, name, self.clock.now(), author)
        self.spaces[key] = space
        return space

    def create_page(
        self, space: str, title: str, body: str, by: str, *, parent: str | None = None, labels: Iterable[str] = ()
    ) -> StoredPage:
        """A new current page at version 1, watched by its author. Raises Invalid for a taken title or a bad body."""
        if space not in self.spaces:
            raise NotVisible(f"No space with key {space}")
        self._require_free_title(space, title, None)
        now = self.clock.now()
        first = PageVersion(1, now, by, title, self._as_saved(body))
        page = StoredPage(str(next(self._ids)), space, parent, now, by, [first], watchers={by})
        page.labels.extend(dict.fromkeys(label.lower() for label in labels))
        self.pages[page.id] = page
        self._indexed(page)
        return page

    def save(
        self, page_id: str, title: str, body: str, by: str, number: int, *, message: str = "", minor: bool = False
    ) -> PageVersion:
        """Saves the version after the newest one, and mails each watcher but the author unless it is a minor edit.

        Raises Conflict unless ``number`` is exactly one more than the newest, NotVisible when the page is archived
        (Confluence Cloud answers such writes 404) or hidden, NotAllowed, Invalid for a taken title or a bad body.
        A trashed page comes back instead and its body is left alone (Confluence Cloud v2 reference, "Update page").
        """
        page = self.visible(page_id, by)
        if not self.can_edit(by, page):
            raise NotAllowed("This account may view the page but not change it")
        if page.status == "archived":
            raise NotVisible(f"The page {page_id} is archived")
        if number != page.version.number + 1:
            raise Conflict(
                "Version must be incremented when updating a page. "
                f"Current Version: [{page.version.number}]. Provided version: [{number}]"
            )
        if page.status == "trashed":
            page.status = "current"
            self._indexed(page)
            return page.version
        self._require_free_title(page.space, title, page)
        return self._append(page, title, self._as_saved(body), by, message, minor=minor)

    def _append(
        self, page: StoredPage, title: str, body: str, by: str, message: str = "", *, minor: bool = False
    ) -> PageVersion:
        version = PageVersion(page.version.number + 1, self.clock.now(), by, title, body, message, minor)
        page.versions.append(version)
        if not minor:
            self.mails.extend(Mail(to, page.id, f"{title} was updated") for to in sorted(page.watchers - {by}))
        page.watchers.add(by)
        self._indexed(page)
        return version

    def _as_saved(self, body: str) -> str:
        try:
            if self.local_ids:
                return storage_format.as_saved(body)
            userkeys = {person.username: person.userkey for person in self.people}
            return storage_format.as_saved_on_datacenter(body, userkeys, cards=self.keeps_cards)
        except storage_format.MalformedStorage as error:
            raise Invalid(str(error)) from error

    def _require_free_title(self, space: str, title: str, own: StoredPage | None) -> None:
        if not title.strip() or len(title) > 255:
            raise Invalid("The title must have 1 to 255 characters")
        wanted = title.lower()
        for page in self.pages.values():
            if page is not own and page.space == space and page.versions[-1].title.lower() == wanted:
                raise Invalid(
                    "A page with this title already exists: A page already exists with the same TITLE in this space"
                )

    def snapshot(self, page: StoredPage, version: PageVersion | None = None) -> PageSnapshot:
        """The page as it is now, at its newest version or at another one."""
        return PageSnapshot(
            page.id, page.space, page.parent, self.ancestors(page), page.status, page.created_at, page.author,
            version or page.version, tuple(page.labels), tuple(page.properties.values()),
            None if page.readers is None else frozenset(page.readers), frozenset(page.reader_groups),
            None if page.editors is None else frozenset(page.editors),
        )  # fmt: skip

    def _indexed(self, page: StoredPage) -> None:
        self.index.record(page.id, self.snapshot(page), self.clock.now())

    # -- properties and labels ---------------------------------------------------------------------------------------

    def add_property(self, page_id: str, key: str, value: Any, by: str) -> PageProperty:
        """A new property at version 1; no page version and no mail. Raises Conflict when the key is taken."""
        page = self._editable(page_id, by)
        if page.with_key(key) and not self.duplicate_property_rows:
            raise Conflict(f"A property with key '{key}' already exists on content {page_id}")
        made = PageProperty(str(next(self._ids)), key, value, 1, self.clock.now(), by)
        page.properties[made.id] = made
        self._indexed(page)
        return made

    def replace_property(
        self, page_id: str, property_id: str, key: str, value: Any, number: int, by: str
    ) -> PageProperty:
        """Compare-and-swap. Raises Conflict unless ``number`` is one more than the stored version.

        Raises Invalid for another key, and when the key has several rows (CONFCLOUD-72142).
        """
        page = self._editable(page_id, by)
        known = self._property(page, property_id)
        if key != known.key:
            raise Invalid(f"The key of property {property_id} is '{known.key}' and cannot be changed to '{key}'")
        if number != known.version + 1:
            raise Conflict(
                f"Version must be incremented when updating a property. Current Version: [{known.version}]. "
                f"Provided version: [{number}]"
            )
        if len(page.with_key(key)) > 1:
            raise Invalid(f"jsonproperty.duplicate.key: content {page_id} has several properties with key '{key}'")
        changed = replace(known, value=value, version=number, at=self.clock.now(), by=by)
        page.properties[property_id] = changed
        self._indexed(page)
        return changed

    def remove_property(self, page_id: str, property_id: str, by: str) -> None:
        """Removes one property row. Raises NotVisible when it is gone already."""
        page = self._editable(page_id, by)
        self._property(page, property_id)
        del page.properties[property_id]
        self._indexed(page)

    def property_named(self, page_id: str, key: str) -> Any:
        """The value under that key, whoever asks; KeyError when there is none."""
        found = self.page(page_id).with_key(key)
        if not found:
            raise KeyError(key)
        return found[0].value

    def add_labels(self, page_id: str, names: Iterable[str], by: str) -> StoredPage:
        """Adds global labels in lower case; no page version. Idempotent."""
        page = self._editable(page_id, by)
        page.labels[:] = dict.fromkeys([*page.labels, *(name.lower() for name in names)])
        self._indexed(page)
        return page

    def remove_label(self, page_id: str, name: str, by: str) -> None:
        """Takes a label off. Raises NotVisible when the page has it not."""
        page = self._editable(page_id, by)
        if name.lower() not in page.labels:
            raise NotVisible(f"The page has no label {name}")
        page.labels.remove(name.lower())
        self._indexed(page)

    def _editable(self, page_id: str, by: str) -> StoredPage:
        page = self.visible(page_id, by)
        if not self.can_edit(by, page):
            raise NotAllowed("This account may view the page but not change it")
        if page.status != "current":
            raise NotVisible(f"The page {page_id} is {page.status}")
        return page

    @staticmethod
    def _property(page: StoredPage, property_id: str) -> PageProperty:
        if property_id not in page.properties:
            raise NotVisible(f"No property with id {property_id}")
        return page.properties[property_id]

    # -- what people do ----------------------------------------------------------------------------------------------

    def person_saves(self, page_id: str, body: str, by: str, *, title: str | None = None) -> PageVersion:
        """A person saves this body in the browser, on top of whatever is newest."""
        page = self.page(page_id)
        return self._append(page, title or page.title, self._as_saved(body), by)

    def person_replaces(self, page_id: str, old: str, new: str, by: str) -> PageVersion:
        """A person changes one place of the newest body; ValueError unless ``old`` is there exactly once."""
        body = self.page(page_id).body
        if body.count(old) != 1:
            raise ValueError(f"{old!r} occurs {body.count(old)} times on page {page_id}")
        return self.person_saves(page_id, body.replace(old, new), by)

    def person_ticks(self, page_id: str, task_id: str, by: str, *, done: bool = True) -> PageVersion:
        """A person ticks (or unticks) the task of that id; ValueError when there is none."""
        page = self.page(page_id)
        root = storage_format.parse(page.body)
        for task in root.elements("ac:task"):
            number, status = task.child("ac:task-id"), task.child("ac:task-status")
            if number is not None and status is not None and number.text().strip() == task_id:
                status.children = [storage_format.Text("complete" if done else "incomplete")]
                return self._append(page, page.title, storage_format.render(root), by)
        raise ValueError(f"page {page_id} has no task {task_id}")

    def comment_inline(self, page_id: str, text: str) -> str:
        """A person comments on the first place of ``text``: the body changes without a version. Gives the marker's ref.

        Confluence stores the marker in the body and leaves the version number alone (seen by md2conf users).
        """
        page = self.page(page_id)
        ref = str(uuid.uuid4())
        page.versions[-1] = replace(page.version, body=storage_format.with_comment(page.body, text, ref))
        self._indexed(page)
        return ref

    def restore_version(self, page_id: str, number: int, by: str) -> PageVersion:
        """A person restores an old version: a new version with its title and body. Properties do not go back."""
        page = self.page(page_id)
        old = next(version for version in page.versions if version.number == number)
        return self._append(page, old.title, old.body, by, f"Reverted from v. {number}")

    def copy_page(
        self, page_id: str, title: str, by: str, *, with_properties: bool = False, with_labels: bool = True
    ) -> StoredPage:
        """A person copies a page: keys, local ids and task ids in the body come along; a new id and version 1."""
        source = self.page(page_id)
        copy = self.create_page(
            source.space, title, source.body, by, parent=source.parent, labels=source.labels if with_labels else ()
        )
        if with_properties:
            for each in source.properties.values():
                made = PageProperty(str(next(self._ids)), each.key, each.value, 1, copy.created_at, by)
                copy.properties[made.id] = made
            self._indexed(copy)
        return copy

    def move_page(self, page_id: str, parent: str | None) -> None:
        """A person moves the page, and all below it, under another one and so into its space; no new version.

        Without a parent it goes to the root of its own space.
        """
        page = self.page(page_id)
        page.parent = parent
        space = self.page(parent).space if parent is not None else page.space
        for each in self.pages.values():
            if each is page or page_id in self.ancestors(each):
                each.space = space
                self._indexed(each)

    def archive(self, page_id: str) -> None:
        """A person archives the page: readable by id, never found by search, not writable."""
        self._set_status(page_id, "archived")

    def trash(self, page_id: str) -> None:
        """A person deletes the page: it goes to the trash and keeps its title."""
        self._set_status(page_id, "trashed")

    def unarchive(self, page_id: str) -> None:
        """A person brings the page back from archive or trash."""
        self._set_status(page_id, "current")

    def _set_status(self, page_id: str, status: str) -> None:
        page = self.page(page_id)
        page.status = status
        self._indexed(page)

    def purge(self, page_id: str) -> None:
        """An admin removes the page for good."""
        del self.pages[page_id]
        self.index.record(page_id, None, self.clock.now())

    def restrict(
        self, page_id: str, *, readers: Iterable[str] | None = None, editors: Iterable[str] | None = None,
        reader_groups: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """A person sets the page's restrictions: account ids that may read and edit, None for everybody."""
        page = self.page(page_id)
        page.readers = None if readers is None else set(readers)
        page.editors = None if editors is None else set(editors)
        page.reader_groups = set(reader_groups)
        self._indexed(page)

    def watch(self, page_id: str, account_id: str) -> None:
        """A person watches the page and is mailed at each new version of another author."""
        self.page(page_id).watchers.add(account_id)
