"""The register of third-party links at the console: two officers in, one out, all on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.doors.console import crew
from xingnuo.kit import clock, ids
from xingnuo.services.bill_pay import queries
from xingnuo.services.bill_pay.contracts import LinkState
from xingnuo.services.bill_pay.models import LinkRow
from xingnuo.trust.evidence.models import LineRow

pytestmark = pytest.mark.promise("1.2.13b")
BYTES_MAX = 20 * 1024
HERE = "/ops/links/"


def told() -> dict[str, str]:
    """Give the form of a whole review of a new link."""
    today, end = clock.today(), clock.today() + timedelta(days=90)
    spans = {f"{span}_on": str(today) for span in ("qualified", "safe", "terms")}
    ends = {f"{span}_until": str(end) for span in ("qualified", "safe", "terms")}
    return {
        "code": f"film-{ids.uuid7().hex[-12:]}",
        "title": "电影票",
        "about": "选座买票",
        "firm": "星幕票务公司",
        "url": "https://tickets.example/",
        "policy_url": "https://tickets.example/privacy",
        "qualification": "增值电信业务许可证",
        **spans,
        **ends,
    }


def is_shown(code: str) -> bool:
    """Say whether customers see a link."""
    return code in [one.review.code for one in queries.links()]


def acts(ref: object) -> list[tuple[str, str]]:
    """Give what staff did about a link, as the record has it."""
    found = LineRow.objects.using("audit").filter(ref=ref, reason__startswith="link.")
    return [(line.reason, line.actor_ref) for line in found.order_by("at", "id")]


def test_a_link_goes_in_by_two_officers_and_out_by_one() -> None:
    """Proposed is not shown; the proposer's own release fails; another's counts; out at once."""
    chen, li = crew.hire(["compliance"]), crew.hire(["compliance"], name="李合规")
    form = told()
    assert chen.post(f"{HERE}new/", form).status_code == 303
    row = LinkRow.objects.get(code=form["code"])
    base, step = f"{HERE}{row.id}/", f"/ops/releases/links/{row.id}/"
    for page in (chen.get(HERE), chen.get(base), chen.get(f"{HERE}new/"), li.get(step)):
        assert page.status_code == 200 and len(page.content) <= BYTES_MAX
    assert "等另一位同事复核" in chen.get(HERE).content.decode()
    assert not is_shown(form["code"])
    assert chen.post(step, {"answer": "release"}).status_code in (403, 409)
    assert not is_shown(form["code"])
    assert li.post(step, {"answer": "release"}).status_code == 303
    assert is_shown(form["code"]) and "已上线" in li.get(base).content.decode()
    assert chen.post(f"{base}withdraw/").status_code == 303
    assert not is_shown(form["code"])
    mine, other = chen.member.code, li.member.code
    assert acts(row.id) == [
        ("link.proposed", mine),
        ("link.released", other),
        ("link.withdrawn", mine),
    ]


def test_a_proposal_is_given_back() -> None:
    """The second officer says no, and nothing is shown."""
    chen, li = crew.hire(["compliance"]), crew.hire(["compliance"])
    form = told()
    assert chen.post(f"{HERE}new/", form).status_code == 303
    row = LinkRow.objects.get(code=form["code"])
    assert li.post(f"/ops/releases/links/{row.id}/", {"answer": "refuse"}).status_code == 303
    row.refresh_from_db()
    assert row.state == LinkState.WITHDRAWN and not is_shown(form["code"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "http://tickets.example/"), ("safe_until", "明年"), ("terms_until", "2020-01-01")],
)
def test_a_review_that_is_not_whole_says_what_is_wrong(field: str, value: str) -> None:
    """What was typed stays; nothing is written."""
    chen, form = crew.hire(["compliance"]), told() | {field: value}
    page = chen.post(f"{HERE}new/", form)
    assert page.status_code == 422 and "星幕票务公司" in page.content.decode()
    assert not LinkRow.objects.filter(code=form["code"]).exists()


def test_only_cleared_officers_see_the_register() -> None:
    """Other roles find no page; an officer who did not sign is refused."""
    for role in ("agent", "reviewer", "funds"):
        assert crew.hire([role]).get(HERE).status_code == 404
    late = crew.hire(["compliance"], cleared=False)
    assert late.get(HERE).status_code == 403
    form = told()
    assert late.post(f"{HERE}new/", form).status_code == 403
    assert not LinkRow.objects.filter(code=form["code"]).exists()
