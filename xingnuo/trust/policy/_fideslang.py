"""The policy as a Fideslang manifest: taxonomies of our own, and one system per function."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from xingnuo.trust.policy.contracts import Basis, Category, Compiled, Function, Item, Purpose

ORGANIZATION = "xingnuo"
SUBJECT = "customer"
_BASES: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.CONSENT: "Consent",
        Basis.SEPARATE_CONSENT: "Consent",
        Basis.CONTRACT: "Contract",
        Basis.LEGAL_DUTY: "Legal obligations",
        Basis.EMERGENCY: "Vital interests",
        Basis.PUBLIC_SUPERVISION: "Public interest",
        Basis.LAWFULLY_PUBLIC: "Public interest",
        Basis.OTHER_LAW: "Legal obligations",
    }
)


def fideslang(policy: Compiled) -> dict[str, Any]:
    """Give the manifest as plain data; written as JSON it is YAML too."""
    operator = policy.controllers["operator"]
    return {
        "organization": [
            {
                "fides_key": ORGANIZATION,
                "name": operator.name,
                "description": f"policy {policy.version} {policy.hash}",
                "controller": _contact(operator.name, operator.address, operator.contact),
            }
        ],
        "data_category": [
            *(_category(category) for category in Category),
            *(_item(item) for item in policy.items.values()),
        ],
        "data_use": [_use(purpose) for purpose in policy.purposes.values()],
        "data_subject": [
            {"fides_key": SUBJECT, "name": "用户", "organization_fides_key": ORGANIZATION}
        ],
        "system": [_system(policy, function) for function in policy.functions.values()],
    }


def _contact(name: str, address: str, contact: str) -> dict[str, str]:
    return {"name": name, "address": address, "email": contact.partition(" ")[0]}


def _category(category: Category) -> dict[str, Any]:
    return {
        "fides_key": f"user.{category.value}",
        "parent_key": "user",
        "name": category.value,
        "organization_fides_key": ORGANIZATION,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "fides_key": _item_key(item),
        "parent_key": f"user.{item.category.value}",
        "name": item.name,
        "tags": [item.data_class.value, "sensitive" if item.sensitive else "ordinary"],
        "organization_fides_key": ORGANIZATION,
    }


def _item_key(item: Item) -> str:
    return f"user.{item.category.value}.{item.id}"


def _use(purpose: Purpose) -> dict[str, Any]:
    return {
        "fides_key": purpose.id,
        "name": purpose.title,
        "description": purpose.sentence,
        "organization_fides_key": ORGANIZATION,
    }


def _system(policy: Compiled, function: Function) -> dict[str, Any]:
    controller = policy.controllers[function.controller]
    return {
        "fides_key": f"system.{function.id}",
        "name": function.name,
        "description": function.text,
        "system_type": "Service",
        "organization_fides_key": ORGANIZATION,
        "legal_name": controller.name,
        "legal_address": controller.address,
        "privacy_declarations": [
            _declaration(policy, purpose)
            for purpose in policy.purposes.values()
            if purpose.function == function.id
        ],
    }


def _declaration(policy: Compiled, purpose: Purpose) -> dict[str, Any]:
    items = [policy.items[item] for item in purpose.items + purpose.optional]
    parties = policy.recipients_of(purpose.id)
    shared = {item for party in parties for item in party.items}
    terms = dict.fromkeys(policy.retention[item.retention].name for item in items)
    return {
        "name": purpose.title,
        "data_categories": [_item_key(item) for item in items],
        "data_use": purpose.id,
        "data_subjects": [SUBJECT],
        "legal_basis_for_processing": _BASES[purpose.basis],
        "processes_special_category_data": any(item.sensitive for item in items),
        "retention_period": "；".join(terms),
        "data_shared_with_third_parties": bool(parties),
        "third_parties": "、".join(party.name for party in parties),
        "shared_categories": [_item_key(item) for item in items if item.id in shared],
        "features": ["automated decision"] if purpose.automated else [],
    }
