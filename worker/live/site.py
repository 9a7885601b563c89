"""Looks at both products as a whole: who we are there, whether they are one site, and how long that will last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worker import addresses
from worker.errors import AccessError, RemoteError
from worker.live.rows import LiveRow, account_named, counted, fine, told, unanswered, wrong
from worker.model.page import Account
from worker.model.surroundings import Headroom
from worker.remote.signin import Basic, Bearer, ServiceAccount
from worker.settings import Deployment, Product, Settings
from worker.terms import Readers, Surroundings


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are in each product; None where it did not say, so that it is not asked any further."""

    confluence: Account | None
    jira: Account | None


def look_at_site(
    settings: Settings, readers: Readers, surroundings: Surroundings
) -> tuple[Ourselves, tuple[LiveRow, ...]]:
    """Who we are, and a row for each thing that concerns all teams. Never raises for what a product answers."""
    confluence, about_confluence = _signed_in("Confluence", readers.pages.site, readers.pages.whoami)
    jira, about_jira = _signed_in("Jira", readers.tickets.site, readers.tickets.whoami)
    rows = [about_confluence, about_jira]
    if confluence is not None and jira is not None:
        if settings.deployment is Deployment.CLOUD:
            rows.append(_one_site(readers))
        else:
            rows.append(_shared_people(confluence, surroundings))
        if confluence.id != jira.id and settings.deployment is Deployment.CLOUD:
            rows.append(
                told(
                    "account",
                    f"Pages are saved as {account_named(confluence)} and tickets made as {account_named(jira)}; give "
                    "each of them its rights, or set one account for both.",
                )
            )
    rows.extend(_expiry(settings))
    return Ourselves(confluence, jira), tuple(rows)


def look_at_limits(us: Ourselves, surroundings: Surroundings) -> Iterator[LiveRow]:
    """What is left of the rate limits, after everything else was asked; of the products that let us in."""
    if us.confluence is not None:
        yield _headroom("Confluence", surroundings.pages.headroom)
    if us.jira is not None:
        yield _headroom("Jira", surroundings.tickets.headroom)


def _signed_in(product: str, site: str, whoami: Callable[[], Account]) -> tuple[Account | None, LiveRow]:
    about = f"{product} sign-in"
    try:
        account = whoami()
    except (AccessError, RemoteError) as error:
        return None, unanswered(about, error)
    return account, fine(about, f"{site} as {account_named(account)}.")


def _shared_people(account: Account, surroundings: Surroundings) -> LiveRow:
    """Two servers of Data Center belong together as far as Jira knows Confluence's people by their user names."""
    try:
        person = surroundings.tickets.person(account.id)
    except (AccessError, RemoteError) as error:
        return told(
            "people", f"Whether Jira knows Confluence's people by the same user names it does not tell ({error})."
        )
    if person is None:
        return told(
            "people",
            f"Jira knows nobody by the user name {account.id}, which this account has in Confluence: if the two have "
            "different people, owners who are mentioned on pages are not found in Jira, and need aliases.",
        )
    return fine("people", f"Jira knows Confluence's {account.id} by the same user name.")


def _one_site(readers: Readers) -> LiveRow:
    problem = addresses.two_sites(readers.pages.site, readers.tickets.site)
    return wrong("one site", problem) if problem else fine("one site", "Both products are of one site.")


def _expiry(settings: Settings) -> tuple[LiveRow, ...]:
    """What can be known about the life of the tokens: Atlassian's products tell nobody when one ends."""
    products = {"Confluence": settings.confluence, "Jira": settings.jira}
    sentences = dict.fromkeys(_lives(name, product, settings.deployment) for name, product in products.items())
    return tuple(told("token", sentence) for sentence in sentences)


def _lives(name: str, product: Product, deployment: Deployment) -> str:
    match product.credentials:
        case ServiceAccount():
            return "The service account gets a new token in each pass; an administrator sees when its secret ends."
        case Bearer():
            return f"{name} does not tell when a personal access token ends; its owner's profile does. Note the day."
        case Basic() if deployment is Deployment.CLOUD:
            return (
                "Cloud does not tell when an API token ends, and none lives longer than a year; the day stands at "
                "https://id.atlassian.com/manage-profile/security/api-tokens. Note it."
            )
        case Basic():
            return f"{name} is used with a password, which ends when it is changed; a personal access token is safer."


def _headroom(product: str, asked: Callable[[], Headroom | None]) -> LiveRow:
    about = f"{product} rate limit"
    try:
        found = asked()
    except (AccessError, RemoteError) as error:
        return unanswered(about, error)
    if found is None:
        return told(about, f"{product} does not say how many requests are left; a pass waits when it is told to.")
    left = f"{found.remaining} of {counted(found.limit, 'request')} are left"
    if found.remaining * 5 < found.limit:
        return told(about, f"{left}, less than a fifth, so passes will have to wait; lower CONCURRENCY.")
    return fine(about, f"{left}.")
