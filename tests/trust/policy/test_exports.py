"""The exports: every item and purpose is there, and every reference resolves."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from xingnuo.doors.cli.policy import command
from xingnuo.kit import clock
from xingnuo.trust.policy import queries
from xingnuo.trust.policy.contracts import Compiled

VERSIONS = queries.versions()
FIDES_KEY = re.compile(r"[a-zA-Z0-9_.<>-]+")
FIDES_BASES = {
    "Consent",
    "Contract",
    "Legal obligations",
    "Vital interests",
    "Public interest",
    "Legitimate interests",
}


def _ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one for each in value for one in _ids(each)]
    if isinstance(value, dict):
        own = [value["@id"]] if set(value) == {"@id"} else []
        return own + [one for each in value.values() for one in _ids(each)]
    return []


@pytest.mark.parametrize("policy", VERSIONS, ids=lambda one: one.version)
def test_dpv_is_one_closed_graph(policy: Compiled) -> None:
    """JSON-LD: unique nodes, known prefixes, references that resolve, all items and purposes."""
    made = json.loads(json.dumps(queries.dpv(policy)))
    nodes = {node["@id"]: node for node in made["@graph"]}
    assert len(nodes) == len(made["@graph"])
    prefixes = tuple(f"{prefix}:" for prefix in made["@context"])
    for node in nodes.values():
        assert node["@type"].startswith(prefixes)
        assert all(key.startswith(("@", *prefixes)) for key in node)
    for one in _ids(made["@graph"]):
        assert one in nodes or one.startswith(("dpv:", "loc:")), one
    kinds = {one.removeprefix("urn:xingnuo:policy:") for one in nodes}
    assert {f"item:{one}" for one in policy.items} <= kinds
    assert {f"process:{one}" for one in policy.purposes} <= kinds
    assert {f"recipient:{one}" for one in policy.recipients} <= kinds
    process = nodes["urn:xingnuo:policy:process:loans.assess"]
    assert process["dpv:hasProcessing"] == {"@id": "dpv:AutomatedDecisionMaking"}
    assert process["dpv:hasDataController"] == {"@id": "urn:xingnuo:policy:controller:lender"}


@pytest.mark.parametrize("policy", VERSIONS, ids=lambda one: one.version)
def test_fideslang_manifest_resolves(policy: Compiled) -> None:
    """Keys are unique and well formed; each declaration names known categories and uses."""
    made = queries.fideslang(policy)
    for resources in made.values():
        keys = [one["fides_key"] for one in resources]
        assert len(set(keys)) == len(keys)
        assert all(FIDES_KEY.fullmatch(key) for key in keys)
    categories = {one["fides_key"] for one in made["data_category"]}
    uses = {one["fides_key"] for one in made["data_use"]}
    assert {key.rpartition(".")[2] for key in categories} >= set(policy.items)
    assert uses == set(policy.purposes)
    declared = [one for system in made["system"] for one in system["privacy_declarations"]]
    assert {one["data_use"] for one in declared} == uses
    for one in declared:
        assert set(one["data_categories"]) <= categories
        assert set(one["shared_categories"]) <= set(one["data_categories"])
        assert one["legal_basis_for_processing"] in FIDES_BASES
        assert one["data_shared_with_third_parties"] is bool(one["third_parties"])


def _run(*args: str) -> Any:
    return CliRunner().invoke(command, list(args), catch_exceptions=False)


def test_the_command_lists_and_compares() -> None:
    """`policy list` marks the version in force; `policy diff A B` counts by direction."""
    listed = _run("list")
    assert listed.exit_code == 0 and "生效中" in listed.output
    told = json.loads(_run("diff", "1.0", "2.0", "--json").output)
    assert (told["old"], told["new"], told["material"]) == ("1.0", "2.0", True)
    assert {tuple(pair) for pair in told["due"]} == {
        (pair.purpose, pair.item, pair.recipient)
        for pair in queries.due_pairs(queries.version("1.0"), queries.version("2.0"))
    }
    assert "变宽" in _run("diff", "1.0", "2.0").output


def test_the_command_finds_code_and_publication_equal() -> None:
    """Nothing is unpublished and nothing is faulty, so both exit with 0."""
    with clock.frozen(datetime(2026, 11, 23, tzinfo=UTC)):
        assert _run("diff").exit_code == 0
        lint = _run("lint")
    assert (lint.exit_code, lint.output.strip()) == (0, "没有发现问题。")


@pytest.mark.parametrize("form", ["dpv", "fides", "json"])
def test_the_command_exports(form: str, tmp_path: Any) -> None:
    """Each format is JSON, to the screen or to a file."""
    path = tmp_path / "policy.json"
    assert _run("export", "--format", form, "--output", str(path)).exit_code == 0
    printed = _run("export", "--format", form, "--version", "2.0").output
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(printed)


def test_the_command_exports_the_text() -> None:
    """The Chinese policy can be saved."""
    assert _run("export", "--format", "text", "--version", "1.0").output.startswith("星诺隐私政策")
