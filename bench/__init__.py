"""Benches: run by `xingnuo bench NAME`, which gives each a scratch world."""

import django
from django.apps import apps

if not apps.ready:
    django.setup()
