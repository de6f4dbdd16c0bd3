"""The world of the tests is what the house promises about its database."""

from django.db import connection, connections

from xingnuo.kit.db import guards


def test_the_suite_connects_as_the_app_role() -> None:
    """Tests that connect as owner or superuser prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("xn_app", "xn_app")
    guards.check(connection)


def test_each_alias_has_its_own_role() -> None:
    """Owner, audit and keys are other roles on their own databases."""
    seen = {}
    for alias in ("owner", "audit", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user::text")
            seen[alias] = cursor.fetchone()[0]
    assert seen == {"owner": "xn_owner", "audit": "xn_audit", "keys": "xn_keys"}
