"""With a server or a role that breaks a promise, the start-up assertions refuse."""

import pytest
from django.db import connection, connections

from xingnuo.kit.db import guards

WEAKER = {
    "synchronous_commit": "off",
    "log_error_verbosity": "verbose",
    "log_min_error_statement": "error",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "64",
    "log_statement": "all",
}


def test_the_house_as_it_stands_is_let_through() -> None:
    """The embedded server and xn_app keep every demand."""
    guards.check(connection)


@pytest.mark.parametrize(("setting", "value"), WEAKER.items())
def test_it_refuses_a_weaker_setting(
    setting: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each setting is demanded by itself, and named when it is wrong."""
    monkeypatch.setitem(guards.DEMANDED, setting, value)
    with pytest.raises(guards.UnsafeDatabase, match=setting):
        guards.check(connection)


def test_it_refuses_commits_that_may_be_lost() -> None:
    """A role for which commits are not waited for is refused, for real."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            with pytest.raises(guards.UnsafeDatabase, match="synchronous_commit=off"):
                guards.check(connection)
        finally:
            cursor.execute("RESET synchronous_commit")


def test_it_refuses_to_serve_as_the_owner() -> None:
    """The owner of the tables passes every row rule it likes: it must not serve a door."""
    with pytest.raises(guards.UnsafeDatabase, match="xn_owner: owns tables"):
        guards.check(connections["owner"])


def test_its_refusal_is_one_plain_sentence_with_names() -> None:
    """Whoever starts the house learns what to mend."""
    with pytest.raises(guards.UnsafeDatabase) as told:
        guards.check(connections["owner"])
    assert "xn_owner" in told.value.message_text
    assert told.value.remedy_text
