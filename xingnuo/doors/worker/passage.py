"""How a job runs: as the system, one transaction, refusals written after the rollback."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import close_old_connections, transaction

from xingnuo.kit import log
from xingnuo.kit.errors import XingnuoError
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Strength
from xingnuo.trust.policy.contracts import ActorKind

SYSTEM = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
logger = log.get("worker")


def job(*, own_transactions: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Wrap a task: one transaction unless it commits in steps; a refusal ends it, with evidence.

    A gate refusal is an answer, not a fault: the job is done and never retried.
    """

    def wrap(task: Callable[..., None]) -> Callable[..., None]:
        @wraps(task)
        def run(**arguments: Any) -> None:
            close_old_connections()
            try:
                if own_transactions:
                    task(**arguments)
                else:
                    with transaction.atomic():
                        task(**arguments)
            except GateRefusal as refusal:
                gate.refused(refusal)
                logger.info("job_refused", job=task.__name__, reason=refusal.reason.value)
            except XingnuoError as error:
                logger.error("job_failed", job=task.__name__, code=error.code)
                raise
            finally:
                close_old_connections()

        return run

    return wrap
