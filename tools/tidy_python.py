"""Tidy rules that read Python by its syntax tree."""

import ast
import re
from collections.abc import Callable, Iterator

from tools.tidy_rule import Rule, Source, dotted, imported

FUNCTION_LINES = 50
PARAMETERS = 5
HOUSE = ("xingnuo/*.py",)
ROOMS = "xingnuo/services/* xingnuo/duties/* xingnuo/money/* xingnuo/people/* xingnuo/trust/*"
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
    """Find functions that do nothing yet, outside protocols and abstract methods."""
    open_ended = {
        child
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(b) for b in node.bases)
        for child in node.body
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
        private = isinstance(node, Function | ast.ClassDef) and node.name.startswith("_")
        if private and len(re.findall(rf"\b{node.name}\b", source.text)) == 1:  # type: ignore[attr-defined]
            yield node.lineno


PYTHON_RULES: tuple[Rule, ...] = (
    Rule(
        "function-lines",
        f"a function has at most {FUNCTION_LINES} lines; give a step its own name",
        long_function,
        good=(("xingnuo/a.py", "def f() -> None:\n" + "    g()\n" * 49),),
        bad=(("xingnuo/a.py", "def f() -> None:\n" + "    g()\n" * 50),),
    ),
    Rule(
        "parameters",
        f"at most {PARAMETERS} values by position; put `*` after the permit or actor",
        many_parameters,
        ("*.py",),
        # A template names its tag's values.
        ("*/templatetags/*",),
        good=(("xingnuo/a.py", "def f(self, permit, *, a, b, c, d, e, g): g()"),),
        bad=(("xingnuo/a.py", "def f(a, b, c, d, e, g): g()"),),
    ),
    Rule(
        "docstring",
        "say in one indicative sentence what this is",
        no_docstring,
        ("xingnuo/*.py", "sandbox/*.py", "tools/*.py", "tests/*.py", "bench/*.py"),
        ("*/migrations/*",),
        good=(("xingnuo/x/actions.py", '"""A."""\ndef pay() -> None:\n    """Pay it."""\n'),),
        bad=(
            ("xingnuo/x/a.py", "import os\n"),
            ("xingnuo/x/actions.py", '"""A."""\ndef pay() -> None:\n    go()\n'),
        ),
    ),
    Rule(
        "stub",
        "nothing that does nothing: write it or leave it out",
        stub,
        ("xingnuo/*.py", "sandbox/*.py", "tools/*.py"),
        good=(
            ("xingnuo/a.py", "class P(Protocol):\n    def f(self) -> int: ..."),
            ("xingnuo/a.py", "class P(ABC):\n    @abstractmethod\n    def f(self) -> int: ..."),
        ),
        bad=(
            ("xingnuo/a.py", "def f() -> int: ..."),
            ("xingnuo/a.py", "def f() -> int:\n    raise NotImplementedError"),
        ),
    ),
    Rule(
        "clock",
        "the time comes from kit.clock: clock.now(), clock.today()",
        either(
            calls("datetime.now", "datetime.utcnow", "date.today", "timezone.now", "time.time"),
            calls("timezone.localtime", "datetime.today", "localdate"),
        ),
        HOUSE,
        ("xingnuo/kit/clock.py", "xingnuo/kit/ids.py"),
        good=(
            ("xingnuo/a.py", "at = clock.now()"),
            ("xingnuo/a.py", "t = time.monotonic()"),
            ("xingnuo/kit/clock.py", "at = datetime.now(UTC)"),
        ),
        bad=(
            ("xingnuo/a.py", "at = datetime.now(UTC)"),
            ("xingnuo/a.py", "at = timezone.now()"),
            ("xingnuo/a.py", "at = datetime.datetime.utcnow()"),
            ("xingnuo/a.py", "at = time.time()"),
        ),
    ),
    Rule(
        "chance",
        "ids and randomness come from kit.ids: uuid7(), token(), digits(), random_bytes()",
        either(imports("random", "uuid.uuid1", "uuid.uuid4"), calls("uuid1", "uuid4")),
        HOUSE,
        ("xingnuo/kit/ids.py",),
        good=(("xingnuo/a.py", "from uuid import UUID\nnew = ids.uuid7()"),),
        bad=(
            ("xingnuo/a.py", "import random"),
            ("xingnuo/a.py", "from uuid import uuid4"),
            ("xingnuo/a.py", "import uuid\nnew = uuid.uuid4()"),
        ),
    ),
    Rule(
        "money",
        "money is integer fen: kit.amount split_evenly, floor_div; never float or `/`",
        money_by_float,
        HOUSE,
        ("xingnuo/kit/amount.py",),
        good=(("xingnuo/a.py", "part = split_evenly(amount_fen, 3)\nms = spent / 1000"),),
        bad=(
            ("xingnuo/a.py", "part = amount_fen / 3"),
            ("xingnuo/a.py", "part = float(loan.amount)"),
        ),
    ),
    Rule(
        "objects",
        "rows are reached inside their own room; call the room's actions or queries",
        objects,
        HOUSE,
        (*(f"{band}.py" for band in ROOMS.split()), "xingnuo/kit/db/*"),
        good=(("xingnuo/services/loans/queries.py", "Loan.objects.of(subject_id)"),),
        bad=(("xingnuo/doors/web/loans.py", "Loan.objects.of(subject_id)"),),
    ),
    Rule(
        "reads-only",
        "queries only read; a change is a verb in actions",
        writing_query,
        ("xingnuo/*/queries.py",),
        good=(("xingnuo/services/loans/queries.py", "seen.update(x)\nLoan.objects.filter(a=1)"),),
        bad=(
            ("xingnuo/services/loans/queries.py", "Loan.objects.filter(a=1).update(b=2)"),
            ("xingnuo/services/loans/queries.py", "loan.save()"),
        ),
    ),
    Rule(
        "check-then-act",
        "no exists() then create(): let a unique key decide (kit.db.faults.told_plainly)",
        check_then_act,
        HOUSE,
        good=(("xingnuo/a.py", "def f():\n    with told_plainly():\n        A.objects.create()"),),
        bad=(
            (
                "xingnuo/a.py",
                "def f():\n    if not A.objects.filter(k=1).exists():\n        A.objects.create(k=1)",
            ),
        ),
    ),
    Rule(
        "secret-compared",
        "secrets are compared in constant time: hmac.compare_digest",
        secret_compared,
        HOUSE,
        good=(("xingnuo/a.py", 'ok = compare_digest(token, given)\nb = kind.token == "id"'),),
        bad=(("xingnuo/a.py", "ok = session.token == given"),),
    ),
    Rule(
        "logging",
        "log through kit.log.get(room), which lets only known keys pass",
        either(imports("logging", "structlog", "warnings"), calls("print")),
        HOUSE,
        ("xingnuo/kit/log.py", "xingnuo/doors/cli/*", "xingnuo/config/*"),
        good=(
            ("xingnuo/a.py", 'log = log.get("loans")'),
            ("xingnuo/doors/cli/up.py", "print(address)"),
        ),
        bad=(
            ("xingnuo/a.py", "import logging"),
            ("xingnuo/a.py", "from structlog import get_logger"),
            ("xingnuo/a.py", "print(name)"),
        ),
    ),
    Rule(
        "swallowed",
        "catch what you expect by name, and say what happened",
        swallowed,
        ("xingnuo/*.py", "sandbox/*.py", "tools/*.py"),
        good=(("xingnuo/a.py", "try:\n    f()\nexcept KeyError:\n    pass"),),
        bad=(
            ("xingnuo/a.py", "try:\n    f()\nexcept Exception:\n    pass"),
            ("xingnuo/a.py", "for x in y:\n    try:\n        f()\n    except:\n        continue"),
        ),
    ),
    Rule(
        "signals",
        "no signals: call the action, or hand a hook to the registry in trust.policy",
        imports("django.dispatch", "django.db.models.signals", "django.core.signals"),
        HOUSE,
        ("xingnuo/kit/db/*",),
        good=(("xingnuo/a.py", "from django.db import models"),),
        bad=(("xingnuo/a.py", "from django.db.models.signals import post_save"),),
    ),
    Rule(
        "commit",
        "nobody commits by hand: one action is one atomic()",
        calls("connection.commit", "transaction.commit", "set_autocommit", "connection.rollback"),
        HOUSE,
        ("xingnuo/kit/db/*",),
        good=(("xingnuo/a.py", "with transaction.atomic():\n    pass"),),
        bad=(("xingnuo/a.py", "transaction.commit()"),),
    ),
    Rule(
        "no-admin",
        "django.contrib.admin walks past the gate; the console is our own door",
        imports("django.contrib.admin"),
        HOUSE,
        good=(("xingnuo/a.py", "from django.contrib import messages"),),
        bad=(("xingnuo/a.py", "from django.contrib import admin"),),
    ),
    Rule(
        "danger",
        "no eval, exec, pickle, mark_safe: parse with a schema, build pages with format_html",
        either(imports("pickle", "marshal", "shelve"), calls("eval", "exec", "mark_safe")),
        HOUSE,
        good=(("xingnuo/a.py", "literal = json.loads(text)"),),
        bad=(
            ("xingnuo/a.py", "import pickle"),
            ("xingnuo/a.py", "eval(text)"),
            ("xingnuo/a.py", "html = mark_safe(text)"),
        ),
    ),
    Rule(
        "dead-private",
        "nobody in this module names it; take it out",
        dead_private,
        ("xingnuo/*.py", "sandbox/*.py", "tools/*.py"),
        good=(("xingnuo/a.py", "def _f() -> int:\n    return 1\n\n\nx = _f()"),),
        bad=(("xingnuo/a.py", "def _f() -> int:\n    return 1"),),
    ),
)
