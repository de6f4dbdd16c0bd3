"""The queue of written requests, of the professional team alone."""

from __future__ import annotations

from xingnuo.doors.console._desks import queue_of_desk
from xingnuo.people.support.contracts import Desk

QUEUE = queue_of_desk(
    Desk.REQUESTS,
    title="书面请求",
    icon="file-check",
    mark="W",
    deadline="15 个工作日内答复（《隐私政策》九）；替他人提出的先审核授权书",
)
