"""Finders of the tidy rules that read Python by its syntax tree."""

import ast
import re
from collections.abc import Callable, Iterator

from tools.tidy_rule import Source, dotted, imported

FUNCTION_LINES = 50
PARAMETERS = 5
Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_function(source: Source) -> Iterator[int]:
    """Find functions over the limit, counted from `def` to the last line."""
    for node in source.nodes:
        if isinstance(node, Function) and len_of(node) > FUNCTION_LINES:
            yield node.lineno


def len_of(node: Function) -> int:
    """Count a function's lines."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def many_parameters(source: Source) -> Iterator[int]:
    """Find functions that take too many values by position."""
    for node in source.nodes:
        if isinstance(node, Function):
            names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
            many = len([name for name in names if name not in ("self", "cls")]) > PARAMETERS
            # A test's parameters are its fixtures and cases, given by name.
            if many and not node.name.startswith("test_"):
                yield node.lineno


def no_docstring(source: Source) -> Iterator[int]:
    """Find modules, and public actions and queries, that do not say what they are."""
    if source.text.strip() and not ast.get_docstring(source.tree):
        yield 1
    if source.path.endswith(("/actions.py", "/queries.py", "/client.py")):
        for node in source.tree.body:
            public = isinstance(node, Function) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                yield node.lineno


def stub(source: Source) -> Iterator[int]:
    """Find functions that do nothing yet, outside protocols and abstract methods.

    An override may do nothing on purpose: its docstring then says so.
    """
    open_ended = {
        child
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and node.bases
        for child in node.body
        if "Protocol" in ast.unparse(node.bases[0])
        or (isinstance(child, Function) and len(child.body) == 1 and ast.get_docstring(child))
    }
    for node in source.nodes:
        if isinstance(node, ast.Raise) and node.exc and "NotImplemented" in ast.unparse(node.exc):
            yield node.lineno
        if not isinstance(node, Function) or node in open_ended or node.name.startswith("__"):
            continue
        marks = {dotted(each).split(".")[-1] for each in node.decorator_list}
        if not marks & {"abstractmethod", "overload"} and all(map(_empty, node.body)):
            yield node.lineno


def _empty(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass) or constant


def calls(*names: str) -> Callable[[Source], Iterator[int]]:
    """Find calls whose dotted name is, or ends in, one of the names."""

    def find(source: Source) -> Iterator[int]:
        for node in source.nodes:
            if isinstance(node, ast.Call):
                called = dotted(node.func)
                if any(called == name or called.endswith("." + name) for name in names):
                    yield node.lineno

    return find


def imports(*names: str) -> Callable[[Source], Iterator[int]]:
    """Find imports of one of the names or of anything under it."""

    def find(source: Source) -> Iterator[int]:
        for node in source.nodes:
            got = imported(node)
            if any(have == name or have.startswith(name + ".") for have in got for name in names):
                yield node.lineno  # type: ignore[attr-defined]

    return find


def either(*finders: Callable[[Source], Iterator[int]]) -> Callable[[Source], Iterator[int]]:
    """Join finders into one."""

    def find(source: Source) -> Iterator[int]:
        for finder in finders:
            yield from finder(source)

    return find


def money_by_float(source: Source) -> Iterator[int]:
    """Find money that is divided by `/` or turned into a float."""
    for node in source.nodes:
        inside: list[ast.AST] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            inside = [node.left, node.right]
        elif isinstance(node, ast.Call) and dotted(node.func) == "float":
            inside = list(node.args)
        if any(re.search(r"\b\w*(fen|amount)\b", ast.unparse(each)) for each in inside):
            yield node.lineno  # type: ignore[attr-defined]


def objects(source: Source) -> Iterator[int]:
    """Find model managers."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            yield node.lineno


WRITES = {
    "create", "acreate", "save", "update", "delete", "bulk_create", "bulk_update",
    "get_or_create", "update_or_create", "select_for_update",
}  # fmt: skip


def writing_query(source: Source) -> Iterator[int]:
    """Find writes through a model in a room's reads."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            through = ".objects" in ast.unparse(node.func.value)
            if node.func.attr in WRITES and (through or node.func.attr == "save"):
                yield node.lineno


def check_then_act(source: Source) -> Iterator[int]:
    """Find functions that ask whether a row exists and then create it."""
    for node in source.nodes:
        if isinstance(node, Function):
            text = ast.unparse(node)
            asked = set(re.findall(r"(\w+)\.objects\b[^\n]*\.exists\(\)", text))
            if asked & set(re.findall(r"(\w+)\.objects\.(?:bulk_)?create\(", text)):
                yield node.lineno


SECRET = re.compile(r"(^|_)(secret|token|mac|signature|password|otp|pin)$")


def secret_compared(source: Source) -> Iterator[int]:
    """Find secrets compared by `==`, which tells an attacker how much was right."""
    for node in source.nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = [node.left, *node.comparators]
            named = any(SECRET.search(dotted(side).split(".")[-1].lower()) for side in sides)
            if named and not any(isinstance(side, ast.Constant) for side in sides):
                yield node.lineno


def swallowed(source: Source) -> Iterator[int]:
    """Find handlers that catch everything and say nothing."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or dotted(node.type) in ("Exception", "BaseException")
            if broad and all(isinstance(each, ast.Pass | ast.Continue) for each in node.body):
                yield node.lineno


def dead_private(source: Source) -> Iterator[int]:
    """Find private functions and classes that their module never names."""
    for node in source.tree.body:
        name = node.name if isinstance(node, Function | ast.ClassDef) else ""
        if name.startswith("_") and len(re.findall(rf"\b{name}\b", source.text)) == 1:
            yield node.lineno
