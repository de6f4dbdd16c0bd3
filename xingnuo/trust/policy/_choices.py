"""Kinds that are a choice from a closed list, with the words that people choose from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sex": ("男", "女"),
        "marital": ("未婚", "已婚", "离异", "丧偶", "不便说明"),
        "housing": ("自有", "按揭", "租住", "单位宿舍", "与父母同住", "其他"),
        "education": ("初中及以下", "高中或中专", "大专", "本科", "硕士", "博士"),
        "employer_kind": ("机关", "事业单位", "国有企业", "民营企业", "外资企业", "个体", "其他"),
        "relation": ("配偶", "父母", "子女", "兄弟姐妹", "朋友", "同事", "其他"),
        "document_kind": (
            "居民身份证",
            "护照",
            "港澳居民来往内地通行证",
            "台湾居民来往大陆通行证",
            "港澳台居民居住证",
            "外国人永久居留身份证",
        ),
        "result": ("passed", "failed"),
    }
)
# Other spellings that mean one of the words.
SAME: Mapping[str, str] = MappingProxyType(
    {"male": "男", "female": "女", "m": "男", "f": "女", "身份证": "居民身份证"}
)
