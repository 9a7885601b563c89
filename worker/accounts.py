"""Decides as whom the worker signs in to Confluence and to Jira, from the variables that were given."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from worker.addresses import Address
from worker.problems import Problems
from worker.remote.signin import Basic, Bearer, Credentials, ServiceAccount
from worker.variables import Variables

Both = tuple[Credentials | None, Credentials | None]
"""For Confluence and for Jira; None where something is missing, which was told."""

_PLACEHOLDER = "ACCOUNT"
"""What ``.env.example`` writes for a user name, alone or before an ``@``."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The three ways to sign in; each tells what it lacks."""

    given: Variables
    problems: Problems

    @property
    def by_client(self) -> bool:
        """Whether client credentials were given, which replace all others."""
        return bool(self.given.atlassian_client_id or self.given.atlassian_client_secret)

    def service(self, confluence: Address, jira: Address) -> Both:
        """A Cloud service account by client credentials, the same for both products."""
        given = self.given
        if given.confluence_username or given.confluence_token or given.jira_username or given.jira_token:
            self.problems.tell(
                "ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET replace user names and tokens, and both kinds are "
                "set; remove one kind"
            )
        client_id, secret = given.atlassian_client_id, given.atlassian_client_secret
        if client_id and secret:
            self._token("ATLASSIAN_CLIENT_SECRET", secret)
            return (
                ServiceAccount(client_id, secret, confluence.token_url),
                ServiceAccount(client_id, secret, jira.token_url),
            )
        self.problems.missing(
            "ATLASSIAN_CLIENT_SECRET" if client_id else "ATLASSIAN_CLIENT_ID",
            "a service account needs its client id and its secret",
        )
        return None, None

    def cloud(self, confluence: Address, jira: Address) -> Both:
        """API tokens, where Jira's default to Confluence's."""
        given = self.given
        self._placeholders()
        first = self._cloud("CONFLUENCE", given.confluence_username, given.confluence_token, confluence)
        if given.jira_username is None and given.jira_token is None:
            return first, first
        username = given.jira_username or given.confluence_username
        shared = given.confluence_token if username == given.confluence_username else None
        return first, self._cloud("JIRA", username, given.jira_token or shared, jira)

    def datacenter(self) -> Both:
        """Tokens or passwords, each product's own."""
        given = self.given
        self._placeholders()
        return (
            self._datacenter("CONFLUENCE", given.confluence_username, given.confluence_token),
            self._datacenter("JIRA", given.jira_username, given.jira_token),
        )

    def _cloud(
        self, product: str, username: str | None, token: SecretStr | None, address: Address
    ) -> Credentials | None:
        """E-mail address and API token (Atlassian Cloud, basic auth for REST APIs)."""
        if username is None:
            self.problems.missing(
                f"{product}_USERNAME", "write the e-mail address of the account that owns the API token"
            )
        elif "@" not in username and not address.loopback:
            self.problems.wrong(
                f"{product}_USERNAME", "is not an e-mail address, and Cloud signs in with the account's"
            )
        if token is None:
            self.problems.missing(f"{product}_TOKEN", "make an API token in the settings of the Atlassian account")
        if username is None or token is None:
            return None
        self._token(f"{product}_TOKEN", token)
        return Basic(username, token)

    def _datacenter(self, product: str, username: str | None, token: SecretStr | None) -> Credentials | None:
        """A personal access token alone, or a user name with its password."""
        if token is None:
            self.problems.missing(
                f"{product}_TOKEN",
                f"write a personal access token of {product.capitalize()}, or a password beside {product}_USERNAME",
            )
            return None
        if username:
            self._secret(f"{product}_TOKEN", token)
            return Basic(username, token)
        self._token(f"{product}_TOKEN", token)
        return Bearer(token)

    def _placeholders(self) -> None:
        """What the example says would only show as a refusal, and several of those as a CAPTCHA."""
        names = {"CONFLUENCE_USERNAME": self.given.confluence_username, "JIRA_USERNAME": self.given.jira_username}
        for name, username in names.items():
            if username is not None and username.partition("@")[0] == _PLACEHOLDER:
                self.problems.wrong(name, f"still says {_PLACEHOLDER}, as the example does; write the worker's own")

    def _secret(self, name: str, secret: SecretStr) -> None:
        """A line break inside a secret is a slip of copying that would only show as a refusal."""
        if not secret.get_secret_value().isprintable():
            self.problems.wrong(name, "holds a line break or an invisible character; copy it again")

    def _token(self, name: str, token: SecretStr) -> None:
        """Tokens and client secrets are made of ASCII; a dash or quote of a word processor is none."""
        self._secret(name, token)
        if token.get_secret_value().isprintable() and not token.get_secret_value().isascii():
            self.problems.wrong(name, "holds a letter or sign that no token has, such as a long dash; copy it again")
