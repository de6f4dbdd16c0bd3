"""Database faults told without their values: driver text holds personal data, so it stops here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, OperationalError

from xingnuo.kit.errors import Conflict, Unavailable, XingnuoError


class BrokenRule(XingnuoError):
    """A constraint of the database refused a row; its name is all that is told."""

    status = 409
    code = "broken_rule"


def constraint_of(error: DatabaseError) -> str:
    """Give the name of the constraint that refused, never the row's values."""
    diag = getattr(error.__cause__, "diag", None)
    return getattr(diag, "constraint_name", None) or ""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn driver errors into errors of the house that carry no value."""
    try:
        yield
    except IntegrityError as error:
        name = constraint_of(error)
        kind = Conflict if name.endswith(("_key", "_pkey", "_uniq")) else BrokenRule
        raise kind(name) from None
    except OperationalError:
        raise Unavailable("database") from None
