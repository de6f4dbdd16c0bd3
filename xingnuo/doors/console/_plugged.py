"""Every queue and every kind of release, plugged in at start-up: a new one is one line here."""

from __future__ import annotations

from xingnuo.doors.console import (
    _aml,
    _complaints,
    _identity,
    _merchant,
    _queues,
    _release_case,
    _release_handover,
    _release_legal,
    _release_links,
    _release_lists,
    _release_report,
    _release_rules,
    _release_staff,
    _releases,
    _requests,
    _rights,
    _risk,
    _service_cases,
    _tickets,
)

QUEUES = (
    _rights.QUEUE,
    _identity.QUEUE,
    _risk.QUEUE,
    _aml.QUEUE,
    _tickets.QUEUE,
    _complaints.QUEUE,
    _requests.QUEUE,
    _merchant.QUEUE,
    _service_cases.BILLS,
    _service_cases.WALLET,
)
SOURCES = (
    _release_staff.SOURCE,
    _release_case.SOURCE,
    _release_rules.SOURCE,
    _release_lists.SOURCE,
    _release_handover.SOURCE,
    _release_report.SOURCE,
    _release_legal.SOURCE,
    _release_links.SOURCE,
)


def plug_in() -> None:
    """Hand every queue and source to where the pages look for them."""
    _queues.plug(*QUEUES)
    _releases.plug(*SOURCES)
