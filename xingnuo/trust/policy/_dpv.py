"""The policy in the words of the W3C Data Privacy Vocabulary (DPV 2), as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from xingnuo.trust.policy.contracts import (
    Basis,
    Compiled,
    Form,
    Item,
    Purpose,
    Recipient,
    RetentionRule,
    Standing,
)

BASE = "urn:xingnuo:policy:"
CONTEXT = MappingProxyType(
    {
        "dpv": "https://w3id.org/dpv#",
        "loc": "https://w3id.org/dpv/loc#",
        "dct": "http://purl.org/dc/terms/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
_BASES: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.CONSENT: "dpv:ExpressedConsent",
        Basis.SEPARATE_CONSENT: "dpv:ExplicitlyExpressedConsent",
        Basis.CONTRACT: "dpv:Contract",
        Basis.LEGAL_DUTY: "dpv:LegalObligation",
        Basis.EMERGENCY: "dpv:VitalInterest",
        Basis.PUBLIC_SUPERVISION: "dpv:PublicInterest",
        Basis.LAWFULLY_PUBLIC: "dpv:LegalBasis",
        Basis.OTHER_LAW: "dpv:LegalBasis",
    }
)
_PARTIES: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.HANDLER: "dpv:ThirdParty",
        Standing.PROCESSOR: "dpv:DataProcessor",
        Standing.AUTHORITY: "dpv:Authority",
    }
)


def dpv(policy: Compiled) -> dict[str, Any]:
    """Give one JSON-LD graph: controllers, data, terms, recipients and a process per purpose."""
    graph: list[dict[str, Any]] = [
        {
            "@id": f"{BASE}{policy.version}",
            "@type": "dpv:PrivacyNotice",
            "dct:identifier": policy.hash,
            "dct:issued": {"@type": "xsd:date", "@value": policy.published_on.isoformat()},
            "dct:valid": {"@type": "xsd:date", "@value": policy.effective_on.isoformat()},
            "dct:language": "zh-Hans",
        }
    ]
    graph += [
        _thing(
            "controller", one.id, "dpv:DataController", one.name, {"dpv:hasContact": one.contact}
        )
        for one in policy.controllers.values()
    ]
    graph += [_item(one) for one in policy.items.values()]
    graph += [_term(one) for one in policy.retention.values()]
    graph += [_recipient(one) for one in policy.recipients.values()]
    graph += [_purpose(one) for one in policy.purposes.values()]
    graph += [_process(policy, one) for one in policy.purposes.values()]
    return {"@context": dict(CONTEXT), "@graph": graph}


def _thing(kind: str, one: str, type_: str, name: str, more: dict[str, Any]) -> dict[str, Any]:
    label = {"@language": "zh-Hans", "@value": name}
    return {"@id": f"{BASE}{kind}:{one}", "@type": type_, "skos:prefLabel": label, **more}


def _ref(kind: str, one: str) -> dict[str, str]:
    return {"@id": f"{BASE}{kind}:{one}"}


def _item(item: Item) -> dict[str, Any]:
    type_ = "dpv:SensitivePersonalData" if item.sensitive else "dpv:PersonalData"
    more: dict[str, Any] = {
        "dct:type": item.data_class.value,
        "dpv:hasStorageCondition": _ref("term", item.retention),
    }
    if item.form is Form.TRANSIENT:
        more["dct:description"] = "passes through and is never stored"
    return _thing("item", item.id, type_, item.name, more)


def _term(rule: RetentionRule) -> dict[str, Any]:
    duration = {"@type": "xsd:duration", "@value": f"P{rule.days}D"}
    more = {
        "dpv:hasDuration": {"@type": "dpv:TemporalDuration", "dct:extent": duration},
        "dpv:hasApplicableLaw": rule.law,
        "dct:description": f"from {rule.event}, then {rule.after.value}",
        "dpv:hasLocation": {"@id": "loc:CN"},
    }
    return _thing("term", rule.id, "dpv:StorageDuration", rule.name, more)


def _recipient(party: Recipient) -> dict[str, Any]:
    more = {
        "dpv:hasContact": party.contact,
        "dpv:hasLocation": {"@id": f"loc:{party.region}"},
        "dpv:hasPersonalData": [_ref("item", item) for item in party.items],
    }
    return _thing("recipient", party.id, _PARTIES[party.standing], party.name, more)


def _purpose(purpose: Purpose) -> dict[str, Any]:
    type_ = "dpv:Marketing" if purpose.marketing else "dpv:Purpose"
    return _thing(
        "purpose", purpose.id, type_, purpose.title, {"dct:description": purpose.sentence}
    )


def _process(policy: Compiled, purpose: Purpose) -> dict[str, Any]:
    function = policy.functions[purpose.function]
    process: dict[str, Any] = {
        "@id": f"{BASE}process:{purpose.id}",
        "@type": "dpv:Process",
        "dpv:hasPurpose": _ref("purpose", purpose.id),
        "dpv:hasDataController": _ref("controller", function.controller),
        "dpv:hasLegalBasis": {"@id": _BASES[purpose.basis]},
        "dpv:hasPersonalData": [_ref("item", item) for item in purpose.items + purpose.optional],
        "dpv:hasNecessity": [
            {
                "@type": "dpv:Required",
                "dpv:hasPersonalData": [_ref("item", i) for i in purpose.items],
            },
            {
                "@type": "dpv:Optional",
                "dpv:hasPersonalData": [_ref("item", i) for i in purpose.optional],
            },
        ],
        "dpv:hasRecipient": [_ref("recipient", r.id) for r in policy.recipients_of(purpose.id)],
    }
    if purpose.law:
        process["dpv:hasApplicableLaw"] = purpose.law
    if purpose.automated:
        process["dpv:hasProcessing"] = {"@id": "dpv:AutomatedDecisionMaking"}
    return process
