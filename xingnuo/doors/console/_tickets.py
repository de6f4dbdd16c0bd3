"""The queue of questions."""

from __future__ import annotations

from xingnuo.doors.console._desks import queue_of_desk
from xingnuo.people.support.contracts import Desk

QUEUE = queue_of_desk(
    Desk.TICKETS,
    title="咨询",
    icon="headset",
    mark="T",
    deadline="15 个工作日内答复（《隐私政策》九）",
)
