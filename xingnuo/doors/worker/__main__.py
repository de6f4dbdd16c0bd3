"""`python -m xingnuo.doors.worker`: run jobs until a stop signal."""

from __future__ import annotations

import os

import django

CONCURRENCY = 2
POLL_SECONDS = 5.0


def main() -> None:
    """Run the queue's worker over the app's own connection."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    django.setup()
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as running:
        running.run_worker(
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=POLL_SECONDS,
            delete_jobs="successful",
        )


if __name__ == "__main__":
    main()
