"""The person's own two lists and the record of who looked, in rows from the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from xingnuo.doors.web import _words
from xingnuo.doors.web._pages import with_query
from xingnuo.doors.web._when import exact, moment
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions.queries import REASONS
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Collected, Entry, Kind, Look, Shared
from xingnuo.trust.gate.contracts import Standing
from xingnuo.trust.policy.contracts import Compiled, Recipient
from xingnuo.trust.policy.contracts import Standing as Position

PAGE_ROWS = 20
MARK_CHARS = 8
STAFF = frozenset({"agent", "reviewer", "risk", "compliance", "auditor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item that was really collected, with each use of it."""

    name: str
    sensitive: bool
    category: str
    count: int
    last: str
    uses: tuple[dict[str, str], ...]


def collected(compiled: Compiled, rows: list[Collected]) -> list[dict[str, object]]:
    """Group what was collected by category, one row an item, newest first."""
    by_item: dict[str, list[Collected]] = {}
    for row in rows:
        by_item.setdefault(row.item, []).append(row)
    # Categories stand in the policy's order.
    by_category: dict[str, list[ItemRow]] = {name: [] for name in _words.CATEGORIES.values()}
    for item, uses in by_item.items():
        made = _item_row(compiled, item, uses)
        by_category.setdefault(made.category, []).append(made)
    return [{"title": name, "rows": found} for name, found in by_category.items() if found]


def _item_row(compiled: Compiled, item: str, uses: list[Collected]) -> ItemRow:
    known = compiled.items.get(item)
    return ItemRow(
        name=known.name if known else item,
        sensitive=bool(known and known.sensitive),
        category=_words.CATEGORIES[known.category] if known else "以前的项目",
        count=sum(use.count for use in uses),
        last=moment(max(use.last_at for use in uses)),
        uses=tuple(_use(compiled, use) for use in uses),
    )


def _use(compiled: Compiled, use: Collected) -> dict[str, str]:
    known = compiled.purposes.get(use.purpose)
    return {
        "title": _words.purpose_title(compiled, use.purpose),
        "scene": known.scene if known else "",
        "count": str(use.count),
        "span": f"{moment(use.first_at)} 到 {moment(use.last_at)}",
        "grant": reverse("grant", args=[use.purpose]) if known else "",
        "log": with_query(reverse("looked"), purpose=use.purpose),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """One party that received something, or may."""

    id: str
    name: str
    contact: str
    standing: str
    method: str
    count: int
    last: str
    stopped: bool
    may_stop: bool
    shares: tuple[dict[str, str], ...]


def shared(compiled: Compiled, rows: list[Shared], standing: Standing) -> list[PartyRow]:
    """Give the parties that really received something, newest first."""
    by_party: dict[str, list[Shared]] = {}
    for row in rows:
        by_party.setdefault(row.recipient, []).append(row)
    return [_party(compiled, party, found, standing) for party, found in by_party.items()]


def others(compiled: Compiled, rows: list[Shared], standing: Standing) -> list[PartyRow]:
    """Give the published parties that received nothing so far."""
    given = {row.recipient for row in rows}
    return [_party(compiled, one, [], standing) for one in compiled.recipients if one not in given]


def _party(compiled: Compiled, party: str, found: list[Shared], standing: Standing) -> PartyRow:
    known = compiled.recipients.get(party)
    last = max((row.last_at for row in found), default=None)
    return PartyRow(
        id=party,
        name=_words.recipient_name(compiled, party),
        contact=known.contact if known else "",
        standing=_standing(known),
        method=known.method if known else "",
        count=sum(row.count for row in found),
        last=moment(last),
        stopped=party in standing.sharing_stopped,
        may_stop=known is not None and known.standing is not Position.AUTHORITY,
        shares=tuple(_share(compiled, row) for row in found),
    )


def _standing(known: Recipient | None) -> str:
    if known is None:
        return "不再合作"
    words = {
        Position.HANDLER: "自己负责怎么用",
        Position.PROCESSOR: "受我们委托",
        Position.AUTHORITY: "依法要求",
    }
    return words[known.standing]


def _share(compiled: Compiled, row: Shared) -> dict[str, str]:
    known = row.purpose in compiled.purposes
    own = with_query(reverse("grant", args=[row.purpose]), recipient=row.recipient)
    return {
        "items": _words.item_names(compiled, row.items),
        "title": _words.purpose_title(compiled, row.purpose),
        "count": str(row.count),
        "span": f"{moment(row.first_at)} 到 {moment(row.last_at)}",
        "grant": own if known else "",
        "log": with_query(reverse("looked"), purpose=row.purpose),
        "law": _words.law_of(compiled, row.purpose),
    }


def looks(compiled: Compiled, rows: list[Look]) -> list[dict[str, str]]:
    """Give looks for the timeline part."""
    return [
        {
            "time": exact(look.at),
            "mark": look.id.hex[-MARK_CHARS:],
            "title": f"{_words.who_looked(compiled, look)}：{_items(compiled, look)}",
            "sub": _look_line(compiled, look),
            "word": "拿到明文" if look.plain else "只看到遮挡后的",
            "tone": "warn" if look.plain and look.actor_kind != "self" else "",
            "href": _grant_link(compiled, look.purpose),
            "link": "查看这项授权",
        }
        for look in rows
    ]


def _items(compiled: Compiled, look: Look) -> str:
    return _words.item_names(compiled, look.items, most=4) or "没有具体项目"


def _look_line(compiled: Compiled, look: Look) -> str:
    title = _words.purpose_title(compiled, look.purpose)
    where = _words.CHANNELS.get(look.channel, "")
    why = REASONS.get(look.reason, "") if look.actor_kind in STAFF else ""
    said = (f"用途：{title}" if title else "", f"理由：{why}" if why else "", where)
    return "，".join(part for part in said if part)


def entries(compiled: Compiled, rows: list[Entry]) -> list[dict[str, str]]:
    """Give lines of the record for the timeline part."""
    bad = (Kind.REFUSAL, Kind.ACCESS_DENIED)
    return [
        {
            "time": exact(entry.at),
            "mark": entry.id.hex[-MARK_CHARS:],
            "title": _words.of_entry(compiled, entry),
            "sub": _words.item_names(compiled, entry.items, most=6),
            "word": "已拦下" if entry.kind in bad else "",
            "tone": "warn" if entry.kind in bad else "",
            "href": _grant_link(compiled, entry.purpose),
            "link": "查看这项授权",
        }
        for entry in rows
    ]


def _grant_link(compiled: Compiled, purpose: str) -> str:
    return reverse("grant", args=[purpose]) if purpose in compiled.purposes else ""


def of_purpose(subject_id: UUID, purpose: str, *, before: UUID | None) -> list[Entry]:
    """Give a page of one purpose's lines; reads a bounded stretch of the record."""
    found: list[Entry] = []
    for _ in range(STRETCHES_MAX):
        rows = evidence.of_subject(subject_id, limit=STRETCH_LINES, before=before)
        found += [row for row in rows if row.purpose == purpose]
        if len(found) > PAGE_ROWS or len(rows) < STRETCH_LINES:
            break
        before = rows[-1].id
    return found[: PAGE_ROWS + 1]


STRETCH_LINES = 200
STRETCHES_MAX = 5


def cursor(text: str) -> UUID | None:
    """Read the place in the record from which a page goes on; a broken one is a missing page."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
