"""Checks of what machines may send: declared fields alone (1.0.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must
from xingnuo.proof.contracts import CheckKind


@check("1.0.1", kind=CheckKind.DYNAMIC)
def bodies_refuse_undeclared_fields() -> None:
    """A body with a field, item or option that is not declared is refused whole; nothing stays."""
    who = house.member()
    text_hash = stage.sheet("feed.personal")
    agreed = {"decision": "grant", "text_hash": text_hash, "optional": ["browsing"]}
    on = {"on": True, "text_hash": ""}
    wrong: tuple[tuple[str, Mapping[str, Any], tuple[int, ...]], ...] = (
        ("/personal/email", {"value": "a@b.cn", "blood_type": "A"}, (422,)),
        ("/personal/blood_type", {"value": "A"}, (404,)),
        ("/personal/card_number", {"value": "6222020000000000000"}, (404,)),
        ("/consents/feed.personal", {**agreed, "income": "9"}, (422,)),
        ("/consents/feed.personal", {**agreed, "optional": ["income"]}, (422,)),
        ("/consents/feed.shopping", agreed, (403, 404)),
        ("/permissions/location", {**on, "accuracy": "fine"}, (422,)),
    )
    for path, body, statuses in wrong:
        status = who.call("PUT", path, body)
        must(status in statuses, f"{path} answers {status}")
    me = who.person
    must("email" not in stage.shown(me), "a value was kept")
    must(not stage.standing(me).decisions, "something was agreed to")
    must("location" not in stage.standing(me).permissions_on, "a permission was set")
    must(who.call("PUT", "/consents/feed.personal", agreed) == 200, "a proper body is refused")
