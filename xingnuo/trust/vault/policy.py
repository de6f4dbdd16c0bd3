"""What the vault keeps, and its limits."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Declaration, RetentionRule, Role, Table

VALUE_BYTES_MAX = 16 * 1024
PART_BYTES = 64 * 1024
FILE_BYTES_MAX = 20 * 1024 * 1024
ROWS_MAX = 500
SWEEP_ROWS_MAX = 5_000
SLOTS_MAX = 200  # one person's slots under one look-up value
KEY_CACHE_SECONDS = 30
KEY_CACHE_SUBJECTS = 2_000
CLASS_KEY_DAYS = 365
ROTATE_BATCH = 500
GUARD_BATCH = 2_000
BACKUP_KEYS_DAYS = 7
BACKUP_DATA_DAYS = 30

_KEY_COLUMNS = {
    "subject_id": Column.KEY,
    "key_class": Column.CODE,
    "version": Column.COUNT,
}

_KEY_TABLES = (
    Table(
        name="vault_class_key",
        about="各类密钥（由根密钥加密）",
        retention="catalogue",
        subject=False,
        database="keys",
        columns={
            "key_class": Column.CODE,
            "version": Column.COUNT,
            "wrapped": Column.SEALED,
            "provider": Column.CODE,
            "made_at": Column.TIME,
        },
    ),
    Table(
        name="vault_lookup_key",
        about="精确查找所用的密钥（由根密钥加密）",
        retention="catalogue",
        subject=False,
        database="keys",
        columns={"version": Column.COUNT, "wrapped": Column.SEALED, "made_at": Column.TIME},
    ),
    Table(
        name="vault_legal_key",
        about="封存所用的公钥，私钥不在系统里",
        retention="catalogue",
        subject=False,
        database="keys",
        columns={"version": Column.COUNT, "public_key": Column.TEXT, "made_at": Column.TIME},
    ),
    Table(
        name="vault_subject_key",
        about="每个人各类信息的密钥（已加密），删除个人信息时首先销毁",
        retention="account_life",
        database="keys",
        columns=_KEY_COLUMNS
        | {"class_version": Column.COUNT, "wrapped": Column.SEALED, "made_at": Column.TIME},
    ),
    Table(
        name="vault_sealed_key",
        about="依法封存后，只有法定用途才能打开的密钥",
        retention="aml_identity",
        database="keys",
        columns=_KEY_COLUMNS
        | {"legal_version": Column.COUNT, "sealed": Column.SEALED, "sealed_at": Column.TIME},
    ),
    Table(
        name="vault_tombstone",
        about="哪个编号的密钥在何时销毁，用于防止备份恢复后数据复活",
        retention="erasure_proof",
        database="keys",
        columns={"subject_id": Column.KEY, "erased_at": Column.TIME, "purged_at": Column.TIME},
    ),
)

_DATA_TABLES = (
    Table(
        name="vault_value",
        about="个人信息的密文",
        retention="account_life",
        starts=("written_at",),
        by_item="item",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "item": Column.CODE,
            "slot": Column.KEY,
            "sealed": Column.SEALED,
            "key_class": Column.CODE,
            "alg": Column.COUNT,
            "key_version": Column.COUNT,
            "is_file": Column.COUNT,
            "source": Column.CODE,
            "written_at": Column.TIME,
        },
    ),
    Table(
        name="vault_blob",
        about="照片和文件的密文，分段保存",
        retention="account_life",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "file_id": Column.KEY,
            "part": Column.COUNT,
            "sealed": Column.SEALED,
        },
    ),
    Table(
        name="vault_lookup",
        about="精确查找用的带密钥摘要，看不出原值",
        retention="account_life",
        columns={
            "kind": Column.CODE,
            "digest": Column.DIGEST,
            "subject_id": Column.KEY,
            "slots": Column.KEY,
            "key_version": Column.COUNT,
            "written_at": Column.TIME,
        },
    ),
    Table(
        name="vault_closed",
        about="哪个编号已经删除，不再写入或读出任何内容",
        retention="erasure_proof",
        columns={"id": Column.KEY, "subject_id": Column.KEY, "closed_at": Column.TIME},
    ),
)

DECLARATION = Declaration(
    room="vault",
    tables=(*_DATA_TABLES, *_KEY_TABLES),
    retention=(
        RetentionRule(
            id="backup_keys",
            name="密钥备份最多保存 7 天",
            event="created",
            days=BACKUP_KEYS_DAYS,
            role=Role.ANY,
            law="PIPL 47",
        ),
        RetentionRule(
            id="backup_data",
            name="数据备份最多保存 30 天",
            event="created",
            days=BACKUP_DATA_DAYS,
            role=Role.ANY,
            law="PIPL 47",
        ),
    ),
)
