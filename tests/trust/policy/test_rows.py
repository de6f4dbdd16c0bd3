"""The rows beside the files: written by the owner, read by the doors, equal for ever."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connections, transaction

from xingnuo.trust.policy import _rows, actions, queries
from xingnuo.trust.policy.contracts import BadDeclaration
from xingnuo.trust.policy.models import VersionRow


@pytest.fixture(autouse=True)
def _recorded() -> None:
    """Bring the rows up to the files, as happens before doors open."""
    actions.record_versions()


def test_every_version_has_its_row() -> None:
    """Rows and files name the same versions and hashes; recording again adds nothing."""
    rows = {row.version: row.hash for row in VersionRow.objects.all()}
    assert rows == {one.version: one.hash for one in queries.versions()}
    assert actions.record_versions() == 0
    assert queries.row_differences() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_version SET hash = 'x'",
        "DELETE FROM policy_version",
        "INSERT INTO policy_version SELECT * FROM policy_version",
        "TRUNCATE policy_version",
    ],
)
def test_the_app_may_only_read(statement: str) -> None:
    """The database itself refuses every other act of web and worker."""
    with (
        pytest.raises(ProgrammingError, match="permission denied|must be owner"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_row_that_is_not_its_file_is_told() -> None:
    """A document changed in the database, even with its hash, stops the start."""
    one = queries.versions()[0]
    rows = VersionRow.objects.using(_rows.OWNER).filter(version=one.version)
    rows.update(hash="0" * 64)
    try:
        assert queries.row_differences() == (
            f"{one.version}: row and file are not the same document",
        )
        with pytest.raises(BadDeclaration):
            actions.record_versions()
    finally:
        rows.update(hash=one.hash)


def test_a_row_without_a_file_is_told() -> None:
    """What the register forgot is a difference too."""
    assert _rows.differences((), using="default") == tuple(
        f"{one.version}: has a row and no file" for one in queries.versions()
    )
