"""import-linter contract: a room is entered only through its public drawers."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

PUBLIC = frozenset({"actions", "queries", "contracts"})
PARTNER = frozenset({"client", "contracts"})
WITHOUT_ROOMS = frozenset({"config", "doors", "kit", "proof"})


class RoomsContract(Contract):
    """Imports that cross from one room to another must land on a public drawer."""

    type_name = "rooms"

    root = fields.StringField()
    open_to = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect each import that lands behind a room's public drawers."""
        bad = [
            (importer, module)
            for module in sorted(graph.modules)
            if room_of(module, root=str(self.root)) and not self._is_public(module)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not self._may_enter(importer, module=module)
        ]
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each broken import with the call to use instead."""
        for importer, imported in check.metadata["bad"]:
            output.print_error(f"{importer} reaches into {imported}; {remedy(imported)}")

    def _is_public(self, module: str) -> bool:
        parts = module.split(".")
        public = PARTNER if parts[1] == "partners" else PUBLIC
        return len(parts) > 3 and parts[3] in public

    def _may_enter(self, importer: str, *, module: str) -> bool:
        root = str(self.root)
        if room_of(importer, root=root) == room_of(module, root=root):
            return True
        if is_floor(module) and inside(importer, package=module.rpartition(".")[0]):
            return True
        open_to: list[str] = self.open_to or []  # type: ignore[assignment]
        return any(inside(importer, package=name) for name in open_to)


def room_of(module: str, *, root: str) -> str | None:
    """Name the room that a module stands in, or None outside the rooms."""
    parts = module.split(".")
    if parts[0] != root or len(parts) < 3 or parts[1] in WITHOUT_ROOMS:
        return None
    return ".".join(parts[:3])


def is_floor(module: str) -> bool:
    """Tell whether a module is the partners' own floor: private to them, stood on by each."""
    parts = module.split(".")
    return len(parts) == 3 and parts[1] == "partners" and parts[2].startswith("_")


def inside(module: str, *, package: str) -> bool:
    """Tell whether a module is the package or stands in it."""
    return module == package or module.startswith(package + ".")


def remedy(imported: str) -> str:
    """Say which drawers the importer may use."""
    drawers = "client" if imported.split(".")[1] == "partners" else "actions, queries or contracts"
    return f"use its {drawers}"
