"""What the books keep: ids, codes, instants and fen, ten years from each transaction (AML 34)."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Declaration, Table

_RULE = "aml_transaction"
_PLACE = {"epoch": Column.COUNT, "xid": Column.KEY}
_MINE = {"id": Column.KEY, "subject_id": Column.KEY}
_LEGS = {
    "from_id": Column.KEY,
    "to_id": Column.KEY,
    "amount_fen": Column.MONEY,
    "kind": Column.CODE,
    "clearing_ref": Column.KEY,
    "ref_type": Column.CODE,
    "ref_id": Column.KEY,
    "at": Column.TIME,
    "fingerprint": Column.DIGEST,
}


def _kept(name: str, about: str, columns: dict[str, Column]) -> Table:
    # What belongs to transactions goes with them.
    return Table(
        name=f"ledger_{name}",
        about=about,
        retention=_RULE,
        controller="payer",
        columns={"subject_id": Column.KEY} | columns,
        goes_with="ledger_transfer",
    )


def _plain(name: str, about: str, columns: dict[str, Column]) -> Table:
    return Table(
        name=f"ledger_{name}",
        about=about,
        retention="catalogue",
        subject=False,
        columns=columns,
    )


_PEOPLE = (
    Table(
        name="ledger_transfer",
        about="账本：每一笔转账的两个账户、金额和时间",
        retention=_RULE,
        controller="payer",
        columns=_MINE | _LEGS | _PLACE | {"group_id": Column.KEY, "event_at": Column.TIME},
        starts=("at",),
    ),
    _kept(
        "account",
        "账户：种类和开立时间",
        {
            "id": Column.KEY,
            "book": Column.CODE,
            "kind": Column.CODE,
            "name": Column.CODE,
            "nonneg": Column.COUNT,
            "at": Column.TIME,
        }
        | _PLACE,
    ),
    _kept(
        "balance",
        "账户余额和状态",
        {
            "account_id": Column.KEY,
            "book": Column.CODE,
            "nonneg": Column.COUNT,
            "ceiling_fen": Column.MONEY,
            "posted_fen": Column.MONEY,
            "held_fen": Column.MONEY,
            "version": Column.COUNT,
            "last_at": Column.TIME,
            "state": Column.STATE,
        },
    ),
    _kept(
        "entry",
        "账本：每一笔转账的两边",
        {
            "transfer_id": Column.KEY,
            "leg": Column.COUNT,
            "account_id": Column.KEY,
            "amount_fen": Column.MONEY,
            "version": Column.COUNT,
            "balance_after_fen": Column.MONEY,
            "at": Column.TIME,
        },
    ),
    _kept(
        "hold",
        "预留的金额和到期时间",
        {"id": Column.KEY} | _LEGS | _PLACE | {"expires_at": Column.TIME},
    ),
    _kept(
        "hold_end",
        "预留怎样结束",
        {
            "hold_id": Column.KEY,
            "how": Column.STATE,
            "amount_fen": Column.MONEY,
            "transfer_id": Column.KEY,
            "at": Column.TIME,
        }
        | _PLACE,
    ),
    _kept(
        "open_hold",
        "还没有结束的预留",
        {
            "hold_id": Column.KEY,
            "account_id": Column.KEY,
            "amount_fen": Column.MONEY,
            "expires_at": Column.TIME,
        },
    ),
    _kept(
        "dead",
        "被拒绝的编号，不能再用",
        {
            "id": Column.KEY,
            "about": Column.CODE,
            "code": Column.CODE,
            "fingerprint": Column.DIGEST,
            "at": Column.TIME,
        }
        | _PLACE,
    ),
)
_HOUSE = (
    _plain(
        "book",
        "币种",
        {"number": Column.KEY, "currency": Column.CODE, "scale": Column.COUNT},
    ),
    _plain(
        "house",
        "我们自己的账户",
        {"id": Column.KEY, "book": Column.CODE, "kind": Column.CODE, "name": Column.CODE},
    ),
    _plain(
        "rollup",
        "我们自己的账户每天的合计",
        {
            "account_id": Column.KEY,
            "day_on": Column.TIME,
            "sum_fen": Column.MONEY,
            "entries": Column.COUNT,
        },
    ),
    _plain(
        "mark",
        "汇总、封存和到期删除做到了哪里",
        {"what": Column.CODE, "at": Column.TIME} | _PLACE,
    ),
    _plain(
        "seal",
        "账本的封存区块：散列",
        {
            "shard": Column.KEY,
            "number": Column.KEY,
            "prev": Column.DIGEST,
            "sha256": Column.DIGEST,
            "upto_epoch": Column.COUNT,
            "upto_xid": Column.KEY,
            "n": Column.COUNT,
            "sealed_at": Column.TIME,
        },
    ),
)

DECLARATION = Declaration(room="ledger", tables=(*_PEOPLE, *_HOUSE))
