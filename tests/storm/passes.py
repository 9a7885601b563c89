"""One pass of the worker inside this process, as production builds it but for its patience, which takes no time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from tests.storm.scene import Scene
from worker.bootstrap import scope
from worker.confluence.cloud import CloudPageReader, CloudPageWriter
from worker.jira.cloud import CloudTicketReader, CloudTicketWriter
from worker.model.report import Report
from worker.remote.gateway import Counter, Exchange, Gateway
from worker.remote.patience import Patience
from worker.remote.signin import SignIn
from worker.run import sync_pass
from worker.settings import Product
from worker.survey import Team
from worker.terms import Readers, Writers


def _silence(exchange: Exchange) -> None:
    """Nobody listens."""


def one_pass(scene: Scene, listen: Callable[[Exchange], None] = _silence) -> Report:
    """One ``sync``; ``listen`` is told of every exchange and may take its time, which then passes for the worker too."""
    settings, counter = scene.settings, Counter()
    patience = Patience(sleep=lambda seconds: None, jitter=lambda: 1.0)

    def gateway(product: Product, name: str) -> Gateway:
        return Gateway(
            SignIn(product.base, product.credentials),
            product=name,
            concurrency=settings.concurrency,
            counter=counter,
            patience=patience,
            on_exchange=listen,
        )

    confluence, jira = gateway(settings.confluence, "Confluence"), gateway(settings.jira, "Jira")
    page_site, ticket_site = settings.confluence.site or "", settings.jira.site or ""
    try:
        return sync_pass(
            [Team(scene.stage.mapping, "payments.yaml")],
            Readers(CloudPageReader(confluence, page_site), CloudTicketReader(jira, ticket_site)),
            Writers(CloudPageWriter(confluence, page_site), CloudTicketWriter(jira)),
            scope(settings),
            requests=counter,
            stop=Event(),
        )
    finally:
        confluence.close()
        jira.close()
