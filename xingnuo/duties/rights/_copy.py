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
from xingnuo.trust.gate.contracts import Filed, Permit, Shown
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

# A cell that starts so would be run as a formula by a spreadsheet.
_FORMULA = frozenset("=+-@\t\r")
_AS_IS = frozenset({str, int, float, bool, type(None)})
_json = json.JSONEncoder(ensure_ascii=False).encode

type _Rows = Sequence[Mapping[str, Any]]


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
    kept = gate.files(permit)
    profile += [_filed(compiled, one) for one in kept]
    records = {table: [_plain_row(row) for row in rows] for table, rows in sorted(tables.items())}
    head = {
        "说明": "这是星诺保存的与你有关的全部信息。敏感内容已遮挡，明文可在“我的 › 个人信息”里验证后查看。",
        "生成时间": made_at.isoformat(timespec="seconds"),
        "政策版本": compiled.version,
    }
    files: dict[str, bytes] = {
        "个人信息.json": _whole(head, profile, records),
        "个人信息.pdf": _pdf.render(compiled, profile, tables, made_at),
        "表格/个人信息.csv": _csv(profile),
    }
    for one in kept:
        if one.is_open and (content := gate.read_file(permit, one.item, slot=one.slot)):
            files[_place(compiled, one)] = content
    for table, plain_rows in records.items():
        files[f"表格/{table}.csv"] = _csv(plain_rows)
    return Copy(
        filename=f"xingnuo-{made_at:%Y%m%d}.zip",
        content=_zip(files),
        tables={name: len(rows) for name, rows in tables.items()}
        | {"values": len(values), "files": len(kept)},
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


def _filed(compiled: Compiled, one: Filed) -> dict[str, str]:
    item, size = compiled.items[one.item], f"文件，{max(1, one.size_bytes // 1024)} KB"
    told = f"见同包的 {_place(compiled, one)}" if one.is_open else "内容已遮挡"
    return {
        "项目": item.name,
        "编号": item.id,
        "位置": one.slot,
        "内容": f"{size}，{told}",
        "来源": one.source,
        "保存于": clock.beijing(one.written_at).isoformat(timespec="seconds"),
    }


def _place(compiled: Compiled, one: Filed) -> str:
    # Item ids and slots are the house's own words, so no name leads out of the archive.
    slot = f"-{one.slot}" if one.slot else ""
    ending = {"image": ".jpg", "audio": ".ogg"}.get(compiled.items[one.item].kind, ".bin")
    return f"文件/{one.item}{slot}{ending}"


def _zip(files: Mapping[str, bytes]) -> bytes:
    manifest = {name: ids.digest(content) for name, content in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        packed.writestr("manifest.json", _json({"sha256": manifest}))
    return out.getvalue()


def _whole(
    head: Mapping[str, str], profile: Sequence[Mapping[str, Any]], records: Mapping[str, _Rows]
) -> bytes:
    # One line for each row: to be read by eye as well, and the compiled encoder does no other form.
    told = [f"{_json(name)}: {_json(text)}" for name, text in head.items()]
    told.append(f'"个人信息": {_lines(profile)}')
    tables = ",\n".join(f"{_json(table)}: {_lines(rows)}" for table, rows in records.items())
    told.append(f'"记录": {{\n{tables}\n}}')
    return ("{\n" + ",\n".join(told) + "\n}\n").encode()


def _lines(rows: _Rows) -> str:
    return "[\n" + ",\n".join(map(_json, rows)) + "\n]" if rows else "[]"


def _csv(rows: _Rows) -> bytes:
    out = io.StringIO()
    if rows:
        heads = list(rows[0])
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows([_cell(row[head]) for head in heads] for row in rows)
    # With the byte-order mark spreadsheets read the characters right.
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    text = value if isinstance(value, str) else str(value)
    return "'" + text if text[:1] in _FORMULA else text


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if type(value) in _AS_IS else _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    if isinstance(value, Mapping):
        return _json(_plain_row(value))
    if isinstance(value, list | tuple | set | frozenset):
        return [inner if type(inner) in _AS_IS else _plain(inner) for inner in value]
    return str(value)
