"""Deleting a part at a time, so that no statement holds many locks and no transaction is long."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from psycopg import sql


def delete(function: str, *given: datetime, most: int) -> int:
    """Run a set function with its arguments and `most` until it finds less; gives how many went.

    The function deletes at most so many rows of each of its tables and gives their number.
    """
    marks = sql.SQL(", ").join(sql.Placeholder() for _ in (*given, most))
    asked = sql.SQL("SELECT {}({})").format(sql.Identifier(function), marks)
    gone, part = 0, most
    while part >= most:
        with connection.cursor() as cursor:
            cursor.execute(asked, [*given, most])
            part = int(cursor.fetchone()[0])
        gone += part
    return gone
