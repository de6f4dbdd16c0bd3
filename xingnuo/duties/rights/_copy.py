"""A person's copy: JSON and CSV with everything stored, and a PDF to read, in one ZIP."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from xingnuo.duties.rights import _pdf
from xingnuo.duties.rights.contracts import Copy
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Permit, Shown
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

# A cell that starts so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def make(permit: Permit) -> Copy:
    """Gather every room's rows and every value, masked by the permit, and pack them."""
    compiled = policy.in_force()
    values = gate.read(permit)
    tables: dict[str, list[dict[str, Any]]] = {}
    for holding in policy.holdings():
        session.set_subject(permit.subject_id, permit_id=permit.id)
        for table, rows in holding.export(permit.subject_id).items():
            tables.setdefault(table, []).extend(rows)
    session.set_subject(permit.subject_id, permit_id=permit.id)
    made_at = clock.beijing(clock.now())
    profile = [_told(compiled, shown) for shown in values]
    files: dict[str, bytes] = {
        "个人信息.json": _json(
            {
                "说明": "这是星诺保存的与你有关的全部信息。敏感内容已遮挡，明文可在“我的 › 个人信息”里验证后查看。",
                "生成时间": made_at.isoformat(timespec="seconds"),
                "政策版本": compiled.version,
                "个人信息": profile,
                "记录": tables,
            }
        ),
        "个人信息.pdf": _pdf.render(compiled, profile, tables, made_at),
    }
    files["表格/个人信息.csv"] = _csv(profile)
    for table, rows in sorted(tables.items()):
        files[f"表格/{table}.csv"] = _csv(rows)
    return Copy(
        filename=f"xingnuo-{made_at:%Y%m%d}.zip",
        content=_zip(files),
        tables={name: len(rows) for name, rows in tables.items()} | {"values": len(values)},
    )


def _told(compiled: Compiled, shown: Shown) -> dict[str, str]:
    item = compiled.items[shown.item]
    return {
        "项目": item.name,
        "编号": item.id,
        "位置": shown.slot,
        "内容": shown.text,
        "来源": shown.source,
        "保存于": clock.beijing(shown.written_at).isoformat(timespec="seconds"),
    }


def _zip(files: Mapping[str, bytes]) -> bytes:
    manifest = {name: ids.digest(content) for name, content in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        packed.writestr("manifest.json", _json({"sha256": manifest}))
    return out.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode()


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    if rows:
        heads = list(rows[0])
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows([_cell(row.get(head)) for head in heads] for row in rows)
    # With the byte-order mark spreadsheets read the characters right.
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(_plain(value))
    return "'" + text if text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(str(_plain(inner)) for inner in value)
    return value if isinstance(value, int | float | bool) else str(value)
