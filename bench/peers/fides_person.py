"""One person's access request in Fides, over as many rows of one table: seconds, as JSON.

Run by an interpreter that has `ethyca-fides`. Needs a throwaway PostgreSQL (`XN_FIDES_POSTGRES`,
where it may make databases) and a throwaway Redis (`XN_FIDES_REDIS`), both as URLs. The request
runs in this process, without a queue or a wait for approval, which is to the peer's favour.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

ROUNDS = 3
EMAIL = "a@example.com"
FIELDS = {
    "id": "system.operations",
    "email": "user.contact.email",
    "item": "user.content",
    "value": "user.content",
    "at": "user.behavior",
}


def settle() -> None:
    """Tell Fides by its environment where its stores are, and give it the folders it looks for."""
    sql, redis = urlsplit(os.environ["XN_FIDES_POSTGRES"]), urlsplit(os.environ["XN_FIDES_REDIS"])
    told = {
        "DATABASE__SERVER": sql.hostname,
        "DATABASE__PORT": sql.port or 5432,
        "DATABASE__USER": sql.username,
        "DATABASE__PASSWORD": sql.password or "x",
        "DATABASE__DB": "fides",
        "REDIS__HOST": redis.hostname,
        "REDIS__PORT": redis.port or 6379,
        "REDIS__PASSWORD": redis.password or "",
        "SECURITY__APP_ENCRYPTION_KEY": "0123456789abcdef0123456789abcdef",
        "SECURITY__OAUTH_ROOT_CLIENT_ID": "bench",
        "SECURITY__OAUTH_ROOT_CLIENT_SECRET": "bench",
        "SECURITY__DRP_JWT_SECRET": "bench",
        "EXECUTION__REQUIRE_MANUAL_REQUEST_APPROVAL": "false",
        "CELERY__TASK_ALWAYS_EAGER": "true",
        "USER__ANALYTICS_OPT_OUT": "true",
        "LOGGING__LEVEL": "ERROR",
    }
    os.environ.update({f"FIDES__{name}": str(value) for name, value in told.items()})
    for part in ("config", "dataset", "icon"):
        Path("data", "saas", part).mkdir(parents=True)


def fill(rows: int) -> None:
    """Make both databases, and the person's rows in one of them."""
    from sqlalchemy import create_engine, text

    server = os.environ["XN_FIDES_POSTGRES"].replace("postgres://", "postgresql://")
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as line:
        for name in ("fides", "fides_shop"):
            line.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            line.execute(text(f"CREATE DATABASE {name}"))
    place = urlsplit(server)._replace(path="/fides_shop").geturl()
    with create_engine(place).begin() as line:
        line.execute(text("CREATE TABLE record (id int PRIMARY KEY, email text, item text,"
                          " value text, at timestamptz DEFAULT now())"))  # fmt: skip
        line.execute(text("CREATE INDEX ON record (email)"))
        line.execute(text("INSERT INTO record (id, email, item, value) SELECT g, :email,"
                          " 'item' || g % 60, 'value ' || g FROM generate_series(1, :rows) g"),
                     {"email": EMAIL, "rows": rows})  # fmt: skip


def declare(session: object) -> object:
    """Declare the table to Fides; gives its own default policy for access."""
    from fides.api.models.connectionconfig import AccessLevel, ConnectionConfig, ConnectionType
    from fides.api.models.datasetconfig import DatasetConfig
    from fides.api.models.policy import Policy
    from fides.api.models.sql_models import Dataset

    sql = urlsplit(os.environ["XN_FIDES_POSTGRES"])
    line = ConnectionConfig.create(session, data={
        "name": "shop", "key": "shop", "connection_type": ConnectionType.postgres,
        "access": AccessLevel.write, "disabled": False,
    })  # fmt: skip
    line.secrets = {
        "host": sql.hostname, "port": sql.port or 5432, "username": sql.username,
        "password": sql.password or "x", "dbname": "fides_shop",
    }  # fmt: skip
    line.save(session)
    meta = {"id": {"primary_key": True}, "email": {"identity": "email"}}
    fields = [
        {"name": name, "data_categories": [category], "fides_meta": meta.get(name)}
        for name, category in FIELDS.items()
    ]
    dataset = Dataset.create_from_dataset_dict(session, {
        "fides_key": "shop", "organization_fides_key": "default_organization", "name": "shop",
        "description": "", "collections": [{"name": "record", "fields": fields}],
    })  # fmt: skip
    DatasetConfig.create(session, data={
        "connection_config_id": line.id, "fides_key": "shop", "ctl_dataset_id": dataset.id,
    })  # fmt: skip
    return Policy.get_by(session, field="key", value="default_access_policy")


def ask(session: object, policy: object, rows: int) -> float:
    """Carry out one access request; gives its seconds."""
    from fides.api.models.privacy_request import PrivacyRequest
    from fides.api.schemas.redis_cache import Identity
    from fides.api.service.privacy_request.request_runner_service import run_privacy_request

    request = PrivacyRequest.create(session, data={
        "policy_id": policy.id, "status": "pending", "requested_at": datetime.now(UTC),
    })  # fmt: skip
    who = Identity(email=EMAIL)
    request.persist_identity(db=session, identity=who)
    request.cache_identity(who)
    start = time.perf_counter()
    run_privacy_request.apply(args=[request.id])
    seconds = time.perf_counter() - start
    session.expire_all()
    done = PrivacyRequest.get(session, object_id=request.id)
    words = [log.message or "" for log in done.execution_logs]
    if done.status.value != "complete" or not any(f"retrieved {rows} " in word for word in words):
        raise SystemExit(f"the request did not find the rows: {done.status.value}")
    return seconds


def main() -> None:
    """Prepare Fides, and carry out the same request a few times; the first one warms it up."""
    rows = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        settle()
        fill(rows)
        import fides.api.db.base  # every model, before any is asked for
        from fides.api.db.database import migrate_db, seed_db
        from fides.api.deps import get_api_session
        from fides.config import CONFIG

        assert fides.api.db.base
        migrate_db(CONFIG.database.sync_database_uri)
        session = get_api_session()
        seed_db(session)
        policy = declare(session)
        took = [ask(session, policy, rows) for _ in range(1 + ROUNDS)][1:]
        os.chdir("/")
    print(json.dumps({"version": fides.__version__, "seconds": statistics.median(took)}))


if __name__ == "__main__":
    main()
