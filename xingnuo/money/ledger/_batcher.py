"""The batching front: what queued up while the last batch committed is the next batch.

There is no timer. A batch that fails is split in halves until the fault stands alone; a lost
connection loses only what was not acknowledged, which callers repeat with the same ids.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import log
from xingnuo.kit.errors import XingnuoError
from xingnuo.money.ledger import _batch
from xingnuo.money.ledger.contracts import Busy, QueueFull, Transfer, Verdict

BATCH_MAX = 1000
QUEUE_MAX = 20_000
TRIES = 3
WAIT_SECONDS_MAX = 15.0
logger = log.get("ledger")


class Work:
    """Transfers of one caller, kept together, and where the verdicts go."""

    def __init__(self, transfers: Sequence[Transfer]) -> None:
        self.transfers = tuple(transfers)
        self.future: Future[tuple[Verdict, ...]] = Future()


class Batcher:
    """A bounded queue and one thread with a connection of its own."""

    def __init__(self, *, queue_max: int = QUEUE_MAX, batch_max: int = BATCH_MAX) -> None:
        self._queue_max, self._batch_max = queue_max, batch_max
        self._queue: deque[Work] = deque()
        self._waiting = 0  # transfers in the queue
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.batches = 0
        self.largest = 0

    def start(self) -> None:
        """Begin to post, once."""
        with self._changed:
            if self._thread is None:
                self._stopping = False
                self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Post what is queued, then end."""
        with self._changed:
            thread, self._stopping = self._thread, True
            self._changed.notify_all()
        if thread is not None:
            thread.join()
        with self._changed:
            self._thread = None

    def submit(self, transfers: Sequence[Transfer]) -> Future[tuple[Verdict, ...]]:
        """Queue transfers that stay together; raises `QueueFull` when there is no room."""
        work = Work(transfers)
        with self._changed:
            if self._stopping or self._thread is None:
                raise Busy("stopped")
            if self._waiting + len(work.transfers) > self._queue_max:
                raise QueueFull
            self._queue.append(work)
            self._waiting += len(work.transfers)
            self._changed.notify()
        return work.future

    def wait(self, transfers: Sequence[Transfer]) -> tuple[Verdict, ...]:
        """Queue transfers and wait for their verdicts.

        A caller who waits too long is told `Busy`: done or not, a repeat gets the first answer.
        """
        future = self.submit(transfers)
        try:
            return future.result(timeout=WAIT_SECONDS_MAX)
        except TimeoutError:
            raise Busy("waited") from None

    def _run(self) -> None:
        try:
            while batch := self._next():
                self.batches += 1
                self.largest = max(self.largest, sum(len(each.transfers) for each in batch))
                self._post(batch)
        finally:
            connection.close()

    def _next(self) -> list[Work]:
        with self._changed:
            while not self._queue:
                if self._stopping:
                    return []
                self._changed.wait()
            batch: list[Work] = []
            seen: set[tuple[UUID, UUID]] = set()
            count = 0
            while self._queue:
                transfers = self._queue[0].transfers
                keys = {(each.subject_id, each.id) for each in transfers}
                groups = {(each.group_id, each.group_id) for each in transfers if each.group_id}
                fits = count + len(transfers) <= self._batch_max and seen.isdisjoint(keys | groups)
                if batch and not fits:
                    break
                batch.append(self._queue.popleft())
                seen |= keys | groups
                count += len(transfers)
            self._waiting -= count
            return batch

    def _post(self, batch: list[Work]) -> None:
        try:
            verdicts = self._try(batch)
        except Exception as error:
            lost = isinstance(error, Busy) and error.detail == _batch.LOST
            if len(batch) == 1 or lost:
                self._fail(batch, error)
                return
            middle = len(batch) // 2
            self._post(batch[:middle])
            self._post(batch[middle:])
            return
        start = 0
        for work in batch:
            upto = start + len(work.transfers)
            work.future.set_result(tuple(verdicts[start:upto]))
            start = upto

    def _fail(self, batch: list[Work], error: Exception) -> None:
        logger.error("batch_failed", error_type=type(error).__name__, count=len(batch))
        told = error if isinstance(error, XingnuoError) else Busy(type(error).__name__)
        for work in batch:
            work.future.set_exception(told)

    def _try(self, batch: list[Work]) -> list[Verdict]:
        transfers = [each for work in batch for each in work.transfers]
        for left in reversed(range(TRIES)):
            try:
                with _batch.plainly(), transaction.atomic():
                    return _batch.post(transfers)
            except Busy:
                connection.close()
                if not left:
                    raise
        raise Busy
