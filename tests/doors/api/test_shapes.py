"""The document's shapes: a name stands for one shape, whichever operation tells of it."""

from __future__ import annotations

from typing import Any

import pytest
from ninja.openapi.schema import OpenAPISchema

from tests.house import sweep


def test_a_name_stands_for_one_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes are gathered by name: of two with one name, one would be told for both."""
    add, known, told_twice = OpenAPISchema.add_schema_definitions, dict[str, Any](), set[str]()

    def watched(self: OpenAPISchema, definitions: dict[str, Any]) -> None:
        for name, shape in definitions.items():
            if known.setdefault(name, shape) != shape:
                told_twice.add(name)
        add(self, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", watched)
    assert sweep.document()["components"]["schemas"]
    assert known
    assert told_twice == set()
