"""Authority, telecom, bank and face: what each says of a person, over real HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import time

import pytest
from PIL import Image

from tests.cast import document_number
from tests.partners import outer
from tests.partners.outer import Hooks
from tests.sandbox.outside import Process, get, post, script
from xingnuo.partners.authority import client as authority
from xingnuo.partners.authority import wire as authority_wire
from xingnuo.partners.authority.contracts import Answer as AuthorityAnswer
from xingnuo.partners.authority.contracts import DocumentState, Finding
from xingnuo.partners.authority.contracts import NotAuthentic as NotTheAuthority
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank import wire as bank_wire
from xingnuo.partners.bank.contracts import Answer as CardAnswer
from xingnuo.partners.bank.contracts import Outcome as Card
from xingnuo.partners.face import client as face
from xingnuo.partners.face import wire as face_wire
from xingnuo.partners.face.contracts import Answer as FaceAnswer
from xingnuo.partners.face.contracts import Outcome as Face
from xingnuo.partners.telecom import client as telecom
from xingnuo.partners.telecom.contracts import Finding as Telecom
from xingnuo.trust.sharing.contracts import NotSealed, Parcel, WrongRecipient


def ask(who: outer.Somebody, **changed: str) -> AuthorityAnswer:
    """Ask the authority about a person, with changes."""
    given = outer.parcel("population_service", who.values | changed)
    return authority.verify(given, key=outer.key())


@pytest.mark.promise("1.2.3c")
def test_the_authority_says_match_mismatch_or_unknown(sandbox: Process) -> None:
    """With the source and its number; of the document only with a match."""
    who = outer.somebody(sandbox)
    found = ask(who)
    assert (found.finding, found.document) == (Finding.MATCH, DocumentState.VALID)
    assert (found.deceased, found.adult) == (False, True)
    assert found.source == "population_service" and found.reference
    other = ask(who, name="别的人")
    assert (other.finding, other.document, other.adult) == (
        Finding.MISMATCH, DocumentState.UNKNOWN, None,
    )  # fmt: skip
    assert ask(who, document_number=document_number()).finding is Finding.NOT_FOUND


@pytest.mark.promise("1.2.3c")
def test_the_documented_people_are_there(sandbox: Process) -> None:
    """Minors, the dead, lapsed documents, and names that systems trip over."""
    told = get(sandbox, "/authority/people.json")["people"]
    listed = {one["phone"]: one for one in told if one["phone"] <= "19900000015"}
    assert len(listed) == 15

    def of(index: int) -> AuthorityAnswer:
        one = listed[f"199{index:08d}"]
        given = {"name": one["name"], "document_number": one["number"]}
        return authority.verify(outer.parcel("population_service", given), key=outer.key())

    assert all(of(index).finding is Finding.MATCH for index in range(1, 16))
    assert (of(5).adult, of(9).adult, of(10).deceased) == (False, False, True)
    assert of(11).document is DocumentState.EXPIRED and of(12).document is DocumentState.CANCELLED
    assert len(listed["19900000013"]["name"]) == 50 and "·" in listed["19900000007"]["name"]
    assert all(one["cards"] for one in listed.values())


def test_an_endless_name_is_a_refusal_or_a_mismatch(sandbox: Process) -> None:
    """Ten thousand characters harm nobody."""
    who = outer.somebody(sandbox)
    assert ask(who, name="长" * 10_000).finding is Finding.REFUSED
    assert ask(who, name="长" * 60).finding is Finding.MISMATCH


def test_only_what_is_asked_about_travels() -> None:
    """A name, a number and a key."""
    asked = authority_wire.question(key="k", name="n", document_number="d")
    assert asked == {"key": "k", "name": "n", "document_number": "d"}
    card = bank_wire.question(key="k", card_number="c", document_number="d", name="n", phone="p")
    assert set(card) == {"key", "card_number", "document_number", "name", "phone"}


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({}, Finding.MATCH),
        ({"finding": "probably"}, Finding.PENDING),
        ({"finding": None}, Finding.PENDING),
        ({"state": "pending"}, Finding.PENDING),
        ({"state": "?"}, Finding.PENDING),
        ({"key": "another-key"}, Finding.PENDING),
        ({"reference": ""}, Finding.PENDING),
    ],
)
def test_an_answer_that_contradicts_itself_is_pending(
    changed: dict[str, object], finding: Finding
) -> None:
    """Done without a finding, pending with one, or of another question."""
    told: dict[str, object] = {
        "key": "k" * 8, "state": "done", "reference": "r", "finding": "match", "document": "odd",
    }  # fmt: skip
    found = authority_wire.answer(200, told | changed, signed=True, key="k" * 8)
    assert found.finding is finding and found.document is DocumentState.UNKNOWN
    unsigned = authority_wire.answer(200, told, signed=False, key="k" * 8)
    assert unsigned.finding is Finding.PENDING


def test_an_error_is_never_a_mismatch() -> None:
    """Whatever the status, without a signature nothing is said of the person."""
    told: dict[str, object] = {
        "key": "k" * 8, "state": "done", "reference": "r", "finding": "mismatch",
    }  # fmt: skip
    for status in (0, 200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503):
        found = authority_wire.answer(status, told, signed=False, key="k" * 8)
        assert found.finding is Finding.PENDING


def test_a_late_result_comes_by_a_call(sandbox: Process, hooks: Hooks) -> None:
    """Twice with the same id, and believed by its signature alone."""
    who, key = outer.somebody(sandbox), outer.key()
    script(sandbox, "authority", "verify", "duplicate", match=key)
    given = outer.parcel("population_service", who.values)
    assert authority.verify(given, key=key).finding is Finding.PENDING
    calls = hooks.wait(key, 2)
    notices = [authority.receive(call.headers, call.body) for call in calls]
    assert len(notices) == 2 and notices[0] == notices[1]
    assert (notices[0].key, notices[0].answer.finding) == (key, Finding.MATCH)
    spoiled = calls[0].body.replace(b'"match"', b'"mismatch"')
    with pytest.raises(NotTheAuthority):
        authority.receive(calls[0].headers, spoiled)


@pytest.mark.parametrize("fault", ["bad_signature", "stale"])
def test_a_forged_or_old_call_is_not_believed(sandbox: Process, hooks: Hooks, fault: str) -> None:
    """The hook's caller gets `NotAuthentic`; the record still decides."""
    who, key = outer.somebody(sandbox), outer.key()
    script(sandbox, "authority", "verify", "late(50)", match=key)
    script(sandbox, "authority", "result", fault, match=key)
    authority.verify(outer.parcel("population_service", who.values), key=key)
    call = hooks.wait(key)[0]
    with pytest.raises(NotTheAuthority):
        authority.receive(call.headers, call.body)
    assert authority.status(key).finding is Finding.MATCH


def test_a_held_call_comes_after_the_next(sandbox: Process, hooks: Hooks) -> None:
    """Out of order, each still names its own key."""
    who, keys = outer.somebody(sandbox), [outer.key(), outer.key()]
    script(sandbox, "authority", "verify", "reordered", match=keys[0])
    script(sandbox, "authority", "verify", "late(100)", match=keys[1])
    for key in keys:
        authority.verify(outer.parcel("population_service", who.values), key=key)
    hooks.wait(keys[0])
    seen = [authority.receive(call.headers, call.body).key for call in hooks.calls
            if any(key.encode() in call.body for key in keys)]  # fmt: skip
    assert seen == [keys[1], keys[0]]


def test_a_call_that_tells_nothing_is_not_authentic() -> None:
    """Signed well, but without an id, a key or a finding."""
    told = {"id": "note_1", "key": "k" * 8, "state": "done", "reference": "r", "finding": "match"}
    assert authority_wire.notice(told).id == "note_1"
    for spoiled in ({"id": ""}, {"key": "k"}, {"finding": "?"}, {"state": "pending"}):
        with pytest.raises(NotTheAuthority):
            authority_wire.notice(told | spoiled)


def test_telecom_names_all_three_or_none(sandbox: Process) -> None:
    """It never says which of the three is wrong."""
    who = outer.somebody(sandbox)

    def found(**changed: str) -> Telecom:
        given = outer.parcel("telecom_check", who.values | changed)
        return telecom.verify(given, key=outer.key()).finding

    assert found() is Telecom.MATCH
    assert found(name="别的人") is found(document_number="x") is Telecom.MISMATCH
    assert found(phone="19912345678") is Telecom.NOT_FOUND


def begin(who: outer.Somebody, key: str, **changed: str) -> CardAnswer:
    """Begin a card check, with changes."""
    return bank.begin(outer.parcel("card_check", who.values | changed), key=key)


def confirm(key: str, code: str) -> CardAnswer:
    """Confirm a card check."""
    return bank.confirm(outer.parcel("card_check", {"sms_code": code}), key=key)


@pytest.mark.promise("1.2.3b")
def test_a_card_is_checked_by_four_elements_and_a_code(sandbox: Process) -> None:
    """The bank texts the code to the reserved phone; it is good for the one check."""
    who, key = outer.somebody(sandbox), outer.key()
    found = begin(who, key)
    assert (found.outcome, found.bank) == (Card.CODE_SENT, "星海银行")
    code = outer.code(sandbox, who.phone)
    wrong = confirm(key, "000000")
    assert (wrong.outcome, wrong.tries_left) == (Card.CODE_WRONG, 4)
    assert confirm(key, code).outcome is Card.CONFIRMED
    assert confirm(key, code).outcome is bank.status(key).outcome is Card.CONFIRMED
    assert begin(who, key).outcome is Card.PENDING  # what it says now is no answer to this step


@pytest.mark.promise("1.2.3b")
def test_each_element_counts_and_nobody_learns_which(sandbox: Process) -> None:
    """Another person's card, name, number or phone."""
    who, other = outer.somebody(sandbox), outer.somebody(sandbox)
    for changed in (
        {"card_number": other.card}, {"document_number": other.number},
        {"name": "别的人"}, {"card_reserved_phone": other.phone},
    ):  # fmt: skip
        assert begin(who, outer.key(), **changed).outcome is Card.MISMATCH
    assert begin(who, outer.key(), card_number="4000000000000002").outcome is Card.UNSUPPORTED


@pytest.mark.parametrize(
    ("state", "outcome"), [("lost", Card.CARD_LOST), ("closed", Card.CARD_CLOSED)]
)
def test_a_lost_or_closed_card_gets_no_code(sandbox: Process, state: str, outcome: Card) -> None:
    """Said only to who knows the other three."""
    who = outer.somebody(sandbox, card_state=state)
    assert begin(who, outer.key()).outcome is outcome
    assert begin(who, outer.key(), name="别的人").outcome is Card.MISMATCH
    assert get(sandbox, f"/sms/inbox.json?phone={who.phone}")["messages"] == []


def test_a_code_may_be_tried_five_times(sandbox: Process) -> None:
    """Then not even the right one is taken; a repeat of the check texts no second code."""
    who, key = outer.somebody(sandbox), outer.key()
    begin(who, key)
    begin(who, key)
    assert len(get(sandbox, f"/sms/inbox.json?phone={who.phone}")["messages"]) == 1
    code = outer.code(sandbox, who.phone)
    left = [confirm(key, "111111" if code != "111111" else "222222").tries_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert confirm(key, code).outcome is Card.TOO_MANY


def test_a_confirmation_is_pending_until_the_record_says_it(sandbox: Process, hasty: None) -> None:
    """A lost answer, a forged one, a contradicting one: the record decides."""
    for fault in ("timeout_after(2000)", "bad_signature", "contradiction"):
        who, key = outer.somebody(sandbox), outer.key()
        begin(who, key)
        script(sandbox, "bank", "confirm", fault, match=key)
        assert confirm(key, outer.code(sandbox, who.phone)).outcome is Card.PENDING
        assert bank.status(key).outcome is Card.CONFIRMED


def look(who: outer.Somebody, image: bytes) -> FaceAnswer:
    """Compare a picture with a person."""
    given = outer.parcel("face_service", who.values, {"face_image": image})
    return face.compare(given, key=outer.key())


@pytest.mark.promise("1.2.3b")
@pytest.mark.parametrize(
    ("sample", "outcome"),
    [
        ("match", Face.MATCH),
        ("no-match", Face.NO_MATCH),
        ("not-live", Face.NOT_LIVE),
        ("unclear", Face.UNCLEAR),
        ("pending", Face.PENDING),
    ],
)
def test_a_face_is_compared_and_no_picture_stays(
    sandbox: Process, sample: str, outcome: Face
) -> None:
    """Recoding a picture changes nothing; the books hold a hash."""
    who, image = outer.somebody(sandbox), outer.picture(sandbox, sample)
    recoded = io.BytesIO()
    Image.open(io.BytesIO(image)).resize((240, 320)).save(recoded, "JPEG", quality=60)
    assert look(who, image).outcome is look(who, recoded.getvalue()).outcome is outcome
    books = json.dumps(get(sandbox, "/books/face.json"))
    assert "sha256:" in books and "iVBOR" not in books and "/9j/" not in books


def test_a_face_without_a_reference_or_a_picture(sandbox: Process) -> None:
    """Nobody to compare with; no picture at all; a picture that is none."""
    who, image = outer.somebody(sandbox), outer.picture(sandbox, "match")
    stranger = outer.Somebody("没有登记", document_number(), who.phone, "")
    assert look(stranger, image).outcome is Face.NO_REFERENCE
    assert look(who, b"").outcome is Face.REFUSED
    assert look(who, b"no picture" * 100).outcome is Face.UNCLEAR


def test_a_picture_can_be_registered_by_its_hash(sandbox: Process) -> None:
    """For a test that must use a picture of its own."""
    who, image = outer.somebody(sandbox), outer.key().encode()
    told = {"sha256": hashlib.sha256(image).hexdigest(), "outcome": "match"}
    post(sandbox, "/face/test/images", told, status=201)
    assert look(who, image).outcome is Face.MATCH


def test_a_later_result_of_a_face(sandbox: Process, hooks: Hooks) -> None:
    """Pending, then told at the hook."""
    who, key = outer.somebody(sandbox), outer.key()
    image = outer.picture(sandbox, "pending")
    given = outer.parcel("face_service", who.values, {"face_image": image})
    assert face.compare(given, key=key).outcome is Face.PENDING
    call = hooks.wait(key)[0]
    assert face.receive(call.headers, call.body).answer.outcome is Face.MATCH


def test_doubt_is_not_a_match() -> None:
    """A match without liveness, or with little of it, is unclear."""
    told: dict[str, object] = {
        "key": "k" * 8, "state": "done", "reference": "r", "outcome": "match",
    }  # fmt: skip
    for liveness, outcome in ((98, Face.MATCH), (59, Face.UNCLEAR), (None, Face.UNCLEAR),
                              (101, Face.UNCLEAR), ("98", Face.UNCLEAR)):  # fmt: skip
        found = face_wire.answer(200, {**told, "liveness": liveness}, signed=True, key="k" * 8)
        assert found.outcome is outcome


def test_another_parties_parcel_does_not_open() -> None:
    """Nor one that was not committed; nothing of it is printed."""
    given = outer.parcel(
        "sms_gateway", {"name": "张三", "document_number": "1"}, {"face_image": b"x"}
    )
    for call in (authority.verify, telecom.verify, bank.begin, bank.confirm, face.compare):
        with pytest.raises(WrongRecipient):
            call(given, key=outer.key())
    forged = Parcel(
        id=given.id, recipient="face_service", purpose="p", subject_id=given.subject_id,
        items=(), values={"name": "张三"}, files={"face_image": b"secret"},
    )  # fmt: skip
    with pytest.raises(NotSealed):
        face.compare(forged, key=outer.key())
    assert "张三" not in repr(forged) and "secret" not in repr(forged)


def test_a_partner_that_is_away_is_pending(monkeypatch: pytest.MonkeyPatch, hasty: None) -> None:
    """Nothing listens there, or the address is none."""
    for address in ("http://127.0.0.1:1", "nonsense", "http://[", "http://localhost:99999"):
        monkeypatch.setenv("XN_AUTHORITY_URL", address)
        began = time.monotonic()
        given = outer.parcel("population_service", {"name": "n", "document_number": "d"})
        assert authority.verify(given, key=outer.key()).finding is Finding.PENDING
        assert time.monotonic() - began < 3
