"""Tidy rules that read Python, each with the call to use instead."""

from tools.tidy_finders import (
    FUNCTION_LINES,
    PARAMETERS,
    calls,
    check_then_act,
    dead_private,
    either,
    imports,
    long_function,
    many_parameters,
    money_by_float,
    no_docstring,
    objects,
    secret_compared,
    stub,
    swallowed,
    writing_query,
)
from tools.tidy_rule import Rule

HOUSE = ("xingnuo/*.py",)
ROOMS = "xingnuo/services/* xingnuo/duties/* xingnuo/money/* xingnuo/people/* xingnuo/trust/*"

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
            ("xingnuo/a.py", 'class A(B):\n    def f(self) -> None:\n        """Keep it."""'),
        ),
        bad=(
            ("xingnuo/a.py", "def f() -> int: ..."),
            ("xingnuo/a.py", 'def f() -> None:\n    """Do it."""'),
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
        (
            *(f"{band}.py" for band in ROOMS.split()),
            "xingnuo/kit/db/*",
            "xingnuo/doors/porch/idempotency.py",  # the porch keeps one table of its own
        ),
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
        (
            "xingnuo/kit/log.py",
            "xingnuo/doors/cli/*",
            "xingnuo/config/*",
            "xingnuo/proof/checks/evidence.py",  # it puts lines through the log to see them dropped
        ),
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
