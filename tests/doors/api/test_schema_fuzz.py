"""Whatever is sent that the OpenAPI document allows, the API answers as it says it does."""

from __future__ import annotations

import warnings
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import cast
from tests.house import sweep
from xingnuo.kit import ids

HOST = {"Host": "localhost"}
# They end the session, or talk to a provider that this test does not run.
LEFT_OUT = r"/(closure|session.*|unlock.*|withdrawal)$"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def document() -> Any:
    """Give the API's document, with the API behind it in this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", get_wsgi_application(), headers=HOST
        ).exclude(path_regex=LEFT_OUT)


def test_every_answer_is_as_the_document_says() -> None:
    """No fault of ours, no status, type or shape that the document does not tell."""
    alice = sweep.session_for(cast.make_person().subject_id, "alice")
    wrong: dict[str, str] = {}
    seen = 0
    for result in document().get_all_operations():
        operation = result.ok()
        seen += 1
        try:
            _tried(operation, alice.token)
        except (
            Exception,
            BaseExceptionGroup,
        ) as fault:  # every operation is tried before any is told
            wrong[operation.label] = _words(fault)
    assert seen >= 15, seen
    assert not wrong, "\n\n".join(f"{label}: {fault}" for label, fault in wrong.items())


def _words(fault: BaseException) -> str:
    inner = getattr(fault, "exceptions", None) or (fault,)
    return "; ".join(f"{type(one).__name__} {str(one)[:400]}" for one in inner)


def _tried(operation: Any, token: str) -> None:
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def tries(case: Any) -> None:
        key = str(ids.uuid7())
        headers = HOST | {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        case.call_and_validate(headers=headers, checks=CHECKS)

    tries()
