"""How a job comes again: after waits that grow, with chance in them, and not for ever.

Only what may pass by itself is tried anew. What fails for good keeps its row in the queue as
`failed`, leaves a line, and stands in nobody's way.
"""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from xingnuo.kit import ids, log
from xingnuo.kit.errors import Unavailable

FIRST_SECONDS = 10
WAIT_SECONDS_MAX = 3600
PASSING = (Unavailable, OperationalError, InterfaceError, ConnectionError, TimeoutError)
logger = log.get("worker")


class Backoff(BaseRetryStrategy):
    """Tries a job again after about 10, 20, 40 … seconds, at most an hour apart."""

    def __init__(self, *, tries: int) -> None:
        self.tries = tries  # beside the first

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Give when the job comes again, or None with a line that it is given up."""
        passing = isinstance(exception, PASSING)
        if passing and job.attempts < self.tries:
            return RetryDecision(retry_in={"seconds": wait_seconds(job.attempts)})
        logger.critical(
            "job_given_up",
            job=job.task_name,
            attempt=job.attempts + 1,
            reason="tries_spent" if passing else "not_passing",
            error_type=type(exception).__name__,
        )
        return None


def wait_seconds(attempts: int) -> int:
    """Give the wait after so many tries: doubled each time, bounded, and drawn from its half."""
    whole: int = min(FIRST_SECONDS * 2 ** min(attempts, 20), WAIT_SECONDS_MAX)
    drawn = int.from_bytes(ids.random_bytes(4)) % (whole // 2 + 1)
    return whole - drawn
