"""The queue of complaints and reports."""

from __future__ import annotations

from xingnuo.doors.console._desks import queue_of_desk
from xingnuo.people.support.contracts import Desk

QUEUE = queue_of_desk(
    Desk.COMPLAINTS,
    title="投诉与举报",
    icon="megaphone",
    mark="C",
    deadline="15 个工作日内答复；金融消费投诉 15 天内，两个时限取早的",
)
