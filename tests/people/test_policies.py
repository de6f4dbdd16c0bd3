"""What the rooms about people declare, held against the policy they were conceived from."""

from __future__ import annotations

import pytest

from xingnuo.trust.policy import queries
from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Bound,
    Category,
    DataClass,
    Shows,
    Standing,
    SubjectState,
)

POLICY = queries.in_force()
GONE = {SubjectState.ERASING, SubjectState.ERASED}
ITEMS = {
    Category.BASIC: "name home_address usual_address work_address delivery_address housing_type "
    "phone sex age nationality account_id nickname avatar email marital_status",
    Category.IDENTITY_DOCUMENT: "document_kind document_number document_validity document_photo",
    Category.CONTACT_PERSON: "contact_name contact_phone contact_relation",
    Category.DEVICE: "imei serial_number oaid idfa device_uuid device_model app_list "
    "device_accounts push_subscription",  # the address of a browser's own push service is ours
    Category.BIOMETRIC: "face_image face_result fingerprint_result",
    Category.CONTENT: "uploaded_photo complaint_content voice_recording",
    Category.USAGE: "usage_frequency app_events usage_total performance browsing crash_record "
    "internet_use internet_behaviour ip_address",
    Category.LOCATION: "location",
    Category.FINANCE: "card_number card_reserved_phone card_validity opening_bank transaction "
    "transfer asset_income payment_password unlock_password unlock_pattern sms_code order "
    "credit_record policy_record policyholder insured renewal enterprise_name enterprise_code "
    "enterprise_income topup_phone topup_time topup_amount bill_account bill_name bill_address "
    "bill_amount bill_balance bill_record card_balance",
    Category.EDUCATION_WORK: "education employer employer_kind industry position income "
    "work_years occupation employer_phone",
}
ANDROID, IOS, WEB = Bound(os="android"), Bound(os="ios"), Bound(os="web")
PERMISSIONS = {
    "phone_state": {ANDROID},
    "account_list": {
        Bound(os="android", min_version="6.0", below_version="8.1", vendor="miui"),
    },
    "storage": {ANDROID},
    "calendar": {ANDROID, IOS},
    "microphone": {ANDROID, IOS, WEB},
    "camera": {ANDROID, IOS, WEB},
    "photos": {Bound(os="ios", below_version="11.0")},
    "face_id": {IOS},
    "location": {ANDROID, IOS, WEB},
    "contacts": {ANDROID, IOS},
    "call_phone": {ANDROID},
}
FIRST_PART = (
    "accounts.sign_in accounts.security accounts.sync_suixingjie accounts.sync_xingnuo_wallet "
    "unlock.biometric unlock.password unlock.pattern profile.manage rights.copy rights.plain_view "
    "rights.correct rights.erase permissions.manage notices.service notices.promotion feed.personal"
)


@pytest.mark.promise(*(f"1.1.{number}" for number in range(1, 11)))
@pytest.mark.parametrize("category", list(Category))
def test_all_items_of_the_source_are_declared(category: Category) -> None:
    """Each of the ten groups has exactly its items."""
    declared = {one.id for one in POLICY.items.values() if one.category is category}
    assert declared == set(ITEMS[category].split())


@pytest.mark.promise(*(f"1.3.{number}" for number in range(1, 12)))
def test_all_eleven_permissions_stand_in_their_bounds() -> None:
    """Each applies where the source says, and the web page only where a browser can ask."""
    assert {one.id: set(one.bounds) for one in POLICY.permissions.values()} == PERMISSIONS


@pytest.mark.promise("1.1.4", "1.2.14")
@pytest.mark.parametrize(
    ("item", "bounds"),
    [
        ("imei", {Bound(os="android", below_version="10")}),
        ("serial_number", {Bound(os="android", below_version="10")}),
        ("oaid", {Bound(os="android", min_version="10")}),
        ("idfa", {IOS}),
        ("device_uuid", {IOS}),
        ("app_list", {ANDROID}),
    ],
)
def test_device_items_stand_in_their_bounds(item: str, bounds: set[Bound]) -> None:
    """An identifier is declared for its platform and versions alone; the web has none."""
    assert set(POLICY.items[item].bounds) == bounds


def test_purposes_of_the_first_part_are_declared() -> None:
    """Each id that the rooms use is there."""
    assert set(FIRST_PART.split()) <= set(POLICY.purposes)


@pytest.mark.promise("1.2.1a")
def test_sign_in_takes_four_items() -> None:
    """Account, phone, nickname and avatar, by contract."""
    purpose = POLICY.purposes["accounts.sign_in"]
    assert purpose.basis is Basis.CONTRACT
    assert set(purpose.items) == {"account_id", "phone", "nickname", "avatar"}


@pytest.mark.promise("1.2.1b")
def test_sibling_apps_are_uses_and_no_recipients() -> None:
    """The controller stays the same, each app is asked for on its own, and neither is outside."""
    for app in ("suixingjie", "xingnuo_wallet"):
        purpose = POLICY.purposes[f"accounts.sync_{app}"]
        assert POLICY.controller_of(purpose.id).id == "operator"
        assert purpose.own_consent and ActorKind.SIBLING in purpose.actors
        assert app not in POLICY.recipients
        assert POLICY.recipients_of(purpose.id) == ()


@pytest.mark.promise("5.2.1a", "5.2.1b", "5.2.2a")
def test_rights_hold_in_every_state_but_erased() -> None:
    """A person's rights rest on law, cost nothing to refuse, and end only with the data."""
    for one in ("copy", "plain_view", "correct", "erase"):
        purpose = POLICY.purposes[f"rights.{one}"]
        assert purpose.basis is Basis.LEGAL_DUTY
        assert set(purpose.in_states) == set(SubjectState) - GONE
    assert POLICY.purposes["rights.copy"].shows is Shows.MASKED
    assert POLICY.purposes["rights.plain_view"].shows is Shows.REVERIFIED
    editable = {one.id for one in POLICY.items.values() if one.editable}
    assert set(POLICY.items_of("rights.correct")) == editable


@pytest.mark.promise("1.6.1")
def test_marketing_reaches_no_recipient() -> None:
    """Nothing goes to partners for promotion or recommendation."""
    marketing = {one.id for one in POLICY.purposes.values() if one.marketing}
    assert marketing == {"notices.promotion", "feed.personal"}
    for party in POLICY.recipients.values():
        assert not marketing & set(party.purposes)


@pytest.mark.promise("4.1.2", "3.1.2", "4.3.3")
def test_recipients_of_close_items_are_licensed_and_in_the_country() -> None:
    """Who gets C2 or C3 items has a licence on file; everybody is on the mainland."""
    for party in POLICY.recipients.values():
        close = {POLICY.items[item].data_class for item in party.items} - {DataClass.C1}
        assert party.region == "CN"
        assert not close or party.licence_no, party.id
        assert party.standing is not Standing.PROCESSOR or party.agreement


@pytest.mark.promise("5.2.2d")
def test_only_legal_purposes_run_when_sealed() -> None:
    """What the law alone keeps opens for law, and for a person's own rights, and nothing else."""
    for purpose in POLICY.purposes.values():
        if SubjectState.SEALED in purpose.in_states:
            assert purpose.basis is Basis.LEGAL_DUTY, purpose.id
