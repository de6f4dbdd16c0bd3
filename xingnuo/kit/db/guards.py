"""Start-up assertions: with a server or a role that breaks a promise, no door opens.

GUARD-1  What was acknowledged is on disk: fsync, full_page_writes, synchronous_commit, checksums.
GUARD-2  The server's log carries no value: the four log settings, no statement logging.
GUARD-3  The role of web and worker owns nothing, bypasses no row security and is no superuser.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from xingnuo.kit.errors import XingnuoError

DEMANDED = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}
_SETTINGS = "SELECT name, current_setting(name, true) FROM unnest(%s::text[]) AS name"
_ROLE = """
SELECT current_user,
       rolsuper,
       rolbypassrls,
       rolcreaterole OR rolcreatedb OR rolreplication,
       EXISTS (SELECT FROM pg_class WHERE relowner = role.oid)
         OR EXISTS (SELECT FROM pg_proc WHERE proowner = role.oid)
         OR EXISTS (SELECT FROM pg_database WHERE datdba = role.oid),
       EXISTS (SELECT FROM pg_roles AS owner
               WHERE owner.rolname IN ('xn_owner', 'xn_batch')
                 AND pg_has_role(role.oid, owner.oid, 'MEMBER')),
       has_schema_privilege('public', 'CREATE')
FROM pg_roles AS role
WHERE rolname = current_user
"""
_FAULTS = (
    "superuser",
    "bypasses row security",
    "makes roles",
    "owns tables",
    "acts as owner",
    "ddl",
)


class UnsafeDatabase(XingnuoError):
    """The server's settings or our role there break what the house promises."""

    status = 500
    code = "unsafe_database"
    message = "数据库的设置或角色不符合安全要求，服务不会启动。"
    remedy = "请按括号里的名字改正设置，或换一台数据库。"


def check(connection: BaseDatabaseWrapper) -> None:
    """Refuse to go on unless the server and the role of `connection` keep GUARD-1 to GUARD-3.

    `synchronous_commit` may also be stricter than `on`. A setting that this server does not
    know is passed over.
    """
    wrong = [*_wrong_settings(connection), *_wrong_role(connection)]
    if wrong:
        detail = ", ".join(wrong)
        raise UnsafeDatabase(detail, message=f"{UnsafeDatabase.message}（{detail}）")


def _wrong_settings(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS, [list(DEMANDED)])
        found = dict(cursor.fetchall())
    if found["synchronous_commit"] == "remote_apply":
        found["synchronous_commit"] = "on"
    return [
        f"{name}={value}" for name, value in found.items() if value not in (None, DEMANDED[name])
    ]


def _wrong_role(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        role, *faults = cursor.fetchone()
    return [f"{role}: {word}" for word, fault in zip(_FAULTS, faults, strict=True) if fault]
