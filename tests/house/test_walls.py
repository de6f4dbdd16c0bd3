"""The import contract holds on the house as it stands, and refuses each way to break it."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
from grimp import ImportGraph
from importlinter import configuration
from importlinter.application import use_cases
from importlinter.domain.contract import registry

ROOT = Path(__file__).resolve().parents[2]
DRAWERS = ("policy", "contracts", "models", "actions", "queries")
OUTSIDE = ("django", "httpx", "requests", "urllib3", "psycopg", "socket", "smtplib")

# (what was planted, importer, imported, the contract that must turn red)
PLANTED = [
    ("a sibling service", "services.loans.actions", "services.wealth.actions", "services"),
    ("a service above people", "people.identity.actions", "services.loans.actions", "house"),
    ("identity above accounts", "people.accounts.actions", "people.identity.actions", "people"),
    ("the vault from a service", "services.loans.actions", "trust.vault.actions", "vault"),
    ("the vault from a door", "doors.web.loans", "trust.vault.queries", "vault"),
    ("the vault from sharing", "trust.sharing.actions", "trust.vault.actions", "vault"),
    ("models from a door", "doors.web.loans", "services.loans.models", "rooms"),
    ("a sibling's models", "people.support.actions", "people.accounts.models", "rooms"),
    ("a room's own package", "doors.web.loans", "services.loans", "rooms"),
    ("a private drawer", "doors.web.loans", "services.loans._scoring", "rooms"),
    ("a partner's wire", "services.loans.actions", "partners.bank.wire", "rooms"),
    ("models from proof", "proof.live", "trust.evidence.models", "rooms"),
    ("Django in a policy", "services.loans.policy", "django", "pure"),
    ("Django in a contract", "trust.gate.contracts", "django", "pure"),
    ("Django in a wire", "partners.bank.wire", "django", "pure"),
    ("Django under the clock", "kit.clock", "django", "pure"),
    ("the network in a service", "services.loans.actions", "httpx", "wire"),
    ("a socket in people", "people.accounts.actions", "socket", "wire"),
    ("mail from a duty", "duties.rights.actions", "smtplib", "wire"),
    ("the sandbox from a partner", "partners.bank.client", "sandbox", "sandbox"),
    ("a service from a duty", "duties.rights.actions", "services.loans.queries", "house"),
    ("a duty from a duty", "duties.rights.actions", "duties.retention.actions", "duties"),
    ("payments from the ledger", "money.ledger.actions", "money.payments.actions", "money"),
    ("a door from proof", "proof.live", "doors.porch.session", "house"),
    ("proof from a service", "services.loans.actions", "proof.register", "house"),
    ("people from a partner", "partners.bank.client", "people.accounts.queries", "house"),
    ("a partner from a partner", "partners.bank.client", "partners.sms.client", "partners"),
    ("sharing from the gate", "trust.gate.actions", "trust.sharing.actions", "trust"),
    ("evidence from consent", "trust.consent.actions", "trust.evidence.actions", "trust"),
    ("trust from kit", "kit.db.session", "trust.gate.contracts", "house"),
    ("config from a door", "doors.web.loans", "config.settings", "house"),
    ("a door from a door", "doors.web.loans", "doors.api.loans", "doors"),
    ("a door from the porch", "doors.porch.session", "doors.web.loans", "doors"),
]
UNDECLARED = [
    ("xingnuo.utils", "house"),
    ("xingnuo.trust.lobby", "trust"),
    ("xingnuo.people.pets", "people"),
    ("xingnuo.money.coupons", "money"),
    ("xingnuo.doors.fax", "doors"),
]
ALLOWED = [
    ("config.wiring", "services.loans.apps"),
    ("doors.web.loans", "services.loans.actions"),
    ("doors.web.loans", "trust.gate.contracts"),
    ("services.loans.actions", "partners.bank.client"),
    ("money.payments.actions", "people.antifraud.actions"),
    ("trust.gate.actions", "trust.vault.actions"),
    ("services.loans.actions", "services.loans.models"),
    ("proof.live", "services.loans.queries"),
    ("partners.bank.client", "httpx"),
]


def test_it_keeps_every_wall_of_the_house_as_it_stands() -> None:
    """The whole tree passes the contract through the command that people run."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_it_keeps_the_bare_house(bare: ImportGraph) -> None:
    """Planting below starts from green, so a red contract is red for what was planted."""
    assert broken(bare) == set()


@pytest.mark.parametrize(("what", "importer", "imported", "contract"), PLANTED)
def test_it_refuses_to_import(
    bare: ImportGraph, what: str, importer: str, imported: str, contract: str
) -> None:
    """Each planted import turns the contract named for it red."""
    assert contract in broken(planted(bare, importer, imported)), what


@pytest.mark.parametrize(("importer", "imported"), ALLOWED)
def test_it_lets_a_proper_import_pass(bare: ImportGraph, importer: str, imported: str) -> None:
    """The ways that rooms are meant to be entered stay open."""
    assert broken(planted(bare, importer, imported)) == set()


@pytest.mark.parametrize(("module", "contract"), UNDECLARED)
def test_it_refuses_an_undeclared_place(bare: ImportGraph, module: str, contract: str) -> None:
    """A new band or room is refused until it is declared in the contract."""
    graph = copy.deepcopy(bare)
    graph.add_module(module)
    assert contract in broken(graph)


def test_it_refuses_the_house_from_the_sandbox(bare: ImportGraph) -> None:
    """The outside world may not look inside."""
    graph = copy.deepcopy(bare)
    graph.add_import(importer="sandbox", imported="xingnuo.kit.clock")
    assert "sandbox" in broken(graph)


@pytest.fixture(scope="module")
def bare() -> ImportGraph:
    """Build the graph of the real rooms with all drawers and no import at all."""
    graph = ImportGraph()
    for package in sorted(ROOT.glob("xingnuo/**/__init__.py")):
        parts = package.parent.relative_to(ROOT).parts
        if "migrations" not in parts and len(parts) <= 3:
            graph.add_module(".".join(parts))
            if len(parts) == 3 and parts[1] not in ("kit", "config", "doors"):
                for drawer in (*DRAWERS, "apps", "client", "wire", "_scoring"):
                    graph.add_module(".".join((*parts, drawer)))
    for module in ("kit.amount", "kit.clock", "kit.ids", "kit.errors"):
        graph.add_module(f"xingnuo.{module}")
    for module in OUTSIDE:
        graph.add_module(module, is_squashed=True)
    graph.add_module("sandbox")
    return graph


def planted(bare: ImportGraph, importer: str, imported: str) -> ImportGraph:
    """Copy the bare house and plant one import in it."""
    graph = copy.deepcopy(bare)
    outside = imported in (*OUTSIDE, "sandbox")
    graph.add_import(
        importer=f"xingnuo.{importer}",
        imported=imported if outside else f"xingnuo.{imported}",
    )
    return graph


def broken(graph: ImportGraph) -> set[str]:
    """Name the contracts that a graph breaks; a contract that refuses to run counts as broken."""
    configuration.configure()
    options = use_cases.read_user_options(config_filename=str(ROOT / ".importlinter"))
    use_cases._register_contract_types(options)
    red = set()
    for each in options.contracts_options:
        contract = registry.get_contract_class(each["type"])(
            name=each["name"], session_options=options.session_options, contract_options=each
        )
        try:
            kept = contract.check(copy.deepcopy(graph), verbose=False).kept
        except ValueError:
            kept = False
        if not kept:
            red.add(each["id"])
    return red
