"""Says what to do when a sign-in was refused: it depends on the kind of token, and on the address it was used at."""

from __future__ import annotations

from worker.errors import AccessError, Forbidden, Missing, RemoteError
from worker.remote.scopes import needed
from worker.remote.signin import ApiGateway, Basic, Bearer, CloudSite, OwnServer, ServiceAccount, SignIn

_NEW_TOKEN = "https://id.atlassian.com/manage-profile/security/api-tokens"  # noqa: S105 — an address, not a secret
_LIST = "docs/security.md lists them all"


def variable(account: SignIn, product: str) -> str:
    """The setting that holds the token used for ``product``."""
    return account.variable or f"{product.upper()}_TOKEN"


def missing_scope(account: SignIn, product: str, method: str, path: str) -> str:
    """What to do about a token that may not do this; its scopes stay as they are (Atlassian, manage API tokens)."""
    scopes = needed(product, method, path)
    what = f"this call needs {scopes}" if scopes else "this call needs one that it was made without"
    match account.credentials:
        case ServiceAccount():
            return f"The credential lacks a scope: {what}; make one for the service account that has it ({_LIST})"
        case _ if not variable(account, product).startswith(product.upper()):
            return (
                f"{variable(account, product)} is a token with scopes, made for the other product ({what}); make one "
                f"for {product} too, and set {product.upper()}_TOKEN ({_LIST})"
            )
        case _:
            token = variable(account, product)
            return f"{token} lacks a scope: {what}; scopes cannot be added later, so make a new token ({_LIST})"


def refused(account: SignIn, product: str) -> str:
    """What to do about credentials that were taken for nobody's."""
    token, url = variable(account, product), f"{product.upper()}_URL"
    user = token.replace("TOKEN", "USERNAME")
    stale = (
        f"{token} may have expired (API tokens live a year at most), be mistyped or cut off, or belong to another "
        f"account than {user}"
    )
    anew = f"signed in as that account, make a new one at {_NEW_TOKEN}"
    match account.place, account.credentials:
        case _, ServiceAccount():
            return (
                f"A fresh access token was refused too: the service account may lack access to {product}, or the cloud "
                f"id in {url} belongs to another site; look at both in Atlassian Administration"
            )
        case CloudSite(tenant_info=known), _:
            return (
                f"{stale}; {anew}. (A token with scopes works at the API gateway only, which was not tried, as {known} "
                "told no cloud id)"
            )
        case ApiGateway(moved_from=site), _ if site:
            return f"{site} refused it before, so it is valid neither with scopes nor without: {stale}; {anew}"
        case ApiGateway(), _:
            return (
                f"{stale}, or have no scopes (then it works at https://SITE.atlassian.net only), or be made for the "
                f"other product, or the cloud id in {url} belongs to another site; {anew}"
            )
        case OwnServer(), Bearer():
            return (
                f"{token} may have expired or been revoked, be mistyped or cut off, or be the other product's; make a "
                f"new personal access token in {product}, in the profile of the account"
            )
        case OwnServer(), Basic():
            return (
                f"Check {user} and {token}, its password, before the next pass: failures add up to a CAPTCHA. Where "
                f"{product} takes no passwords for its API, use a personal access token and no user name"
            )


def not_signed_in(account: SignIn, product: str, error: RemoteError) -> AccessError:
    """A product that did not say as whom we sign in.

    404 means that it is not where the address says; 403 that the account is known and not let in, or that Data Center
    takes no passwords.
    """
    match error, account.place, account.credentials:
        case Missing(), _, _:
            advice = f"look at {product.upper()}_URL, its context path or cloud id"
        case Forbidden(), OwnServer(), Basic():
            advice = f"where {product} takes no passwords for its API, use a personal access token and no user name"
        case _:
            advice = f"the account may lack access to {product}, or something between us and it refuses API requests"
    return AccessError(f"Signing in to {product} with {account.credentials} failed: {error}; {advice}")


def anonymous(account: SignIn, product: str) -> AccessError:
    """A product that answered, and took us for a visitor."""
    return AccessError(
        f"{product} takes {account.credentials} at {account.base} for an anonymous visitor. {refused(account, product)}"
    )


def no_access(product: str) -> str:
    """What to do for an account that is known and may not use the product."""
    return f"An administrator has to give that account access to {product}, or name another account"
