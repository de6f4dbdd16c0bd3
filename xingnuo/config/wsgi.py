"""The web door's entry for a WSGI server."""

from __future__ import annotations

import os
import time
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

LOOK_EVERY_SECONDS = 0.05
WAIT_SECONDS_MAX = 900


def _until_prepared() -> None:
    # The supervisor starts us while it still prepares data and static files, so that loading the
    # house costs no time of its own; whoever starts us otherwise names no mark to wait for.
    mark = os.environ.get("XN_PREPARED", "")
    until = time.monotonic() + WAIT_SECONDS_MAX
    while mark and not Path(mark).exists():
        if time.monotonic() > until:
            raise SystemExit("the data were not prepared in time")
        time.sleep(LOOK_EVERY_SECONDS)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
django.setup()
import_module(settings.ROOT_URLCONF)
_until_prepared()
application = get_wsgi_application()
