"""One-time results of an act, in a signed cookie that the next page reads and removes."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class Messages(CookieStorage):
    """Django's cookie storage under the name that the register of cookies knows."""

    cookie_name = settings.MESSAGES_COOKIE_NAME
