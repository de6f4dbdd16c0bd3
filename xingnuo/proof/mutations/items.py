"""Faults in what is declared of items, and in how the gate takes them."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.proof import _version
from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import drifted
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form, KeyClass, Mask

# promise → the item whose declaration drifts, what is wrong with it, in words
_DRIFTS: dict[str, tuple[str, dict[str, object], str]] = {
    "1.1.1": ("marital_status", {"sensitive": False}, "婚姻情况不再当作敏感信息"),
    "1.1.2": ("document_photo", {"sensitive": False}, "证件照片不再当作敏感信息"),
    "1.1.3": ("contact_phone", {"mask": Mask.NONE}, "联系人手机号不再遮挡"),
    "1.1.4": ("oaid", {"mask": Mask.NONE}, "OAID 不再遮挡"),
    "1.1.6": ("complaint_content", {"mask": Mask.NONE}, "投诉内容不再遮挡"),
    "1.1.7": ("browsing", {"sensitive": False}, "浏览记录不再当作敏感信息"),
    "1.1.8": ("location", {"mask": Mask.NONE}, "地理位置不再遮挡"),
    "1.1.9": ("bill_balance", {"mask": Mask.NONE}, "缴费账户余额不再遮挡"),
    "1.1.10": ("income", {"sensitive": False}, "个人年收入不再当作敏感信息"),
}


def _drift(promise: str, item: str, fields: dict[str, object], about: str) -> None:
    def faults() -> Mapping[str, object]:
        return drifted(items={item: fields})

    faults.__name__ = f"declaration_of_{item}_drifts"
    faults.__doc__ = about
    mutation(promise)(faults)


for _promise, (_item, _fields, _about) in _DRIFTS.items():
    _drift(_promise, _item, _fields, _about)


@mutation("1.1.5", "1.2.2")
def a_fingerprint_template_is_an_item() -> Mapping[str, object]:
    """指纹模板成了可以上传的项目。"""
    face = policy.declared().items["face_image"]
    template = _version.whole(face, id="fingerprint_template", name="指纹模板", form=Form.TRANSIENT)
    return drifted(items={"fingerprint_template": template})


@mutation("4.1.2")
def photos_share_a_key_with_text() -> Mapping[str, object]:
    """证件照片和普通资料用同一把密钥。"""
    return drifted(items={"document_photo": {"key_class": KeyClass.CONTACT}})
