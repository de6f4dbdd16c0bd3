"""`python -m xingnuo.doors.worker`: run jobs until a stop signal; `documents` runs those alone.

Reading a document takes a second or two of a whole core and some hundred megabytes: a process of
its own, one at a time, so that nothing else waits for it.
"""

from __future__ import annotations

import os
import sys

import django

CONCURRENCY = 2
POLL_SECONDS = 5.0
DOCUMENTS = "documents"
DOCUMENTS_NICE = 10  # whoever waits for a page comes first


def main() -> None:
    """Run the queue's worker over the app's own connection."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    django.setup()
    from procrastinate.contrib.django import app

    reads_documents = DOCUMENTS in sys.argv[1:]
    if reads_documents:
        os.nice(DOCUMENTS_NICE)
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    queues = {task.queue for task in app.tasks.values()}
    wanted = [DOCUMENTS] if reads_documents else sorted(queues - {DOCUMENTS})
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as running:
        running.run_worker(
            queues=wanted,
            concurrency=1 if reads_documents else CONCURRENCY,
            fetch_job_polling_interval=POLL_SECONDS,
            delete_jobs="successful",
        )


if __name__ == "__main__":
    main()
