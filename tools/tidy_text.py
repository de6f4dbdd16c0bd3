"""Tidy rules that read any file by its lines."""

import re
from collections.abc import Callable, Iterator

from tools.tidy_rule import Rule, Source

FILE_LINES = 400
LINE_LENGTH = 100
CODE = ("*.py", "*.js", "*.css", "*.sql", "*.html")
EVERY = ("*",)
PAGES = ("*.html", "*.svg")
BANNED_PLACES = ("utils", "util", "helpers", "helper", "common", "misc", "lib", "shared", "core")


def lines_like(pattern: str, flags: int = 0) -> Callable[[Source], Iterator[int]]:
    """Find lines that match a pattern."""
    compiled = re.compile(pattern, flags)

    def find(source: Source) -> Iterator[int]:
        for number, line in enumerate(source.lines, 1):
            if compiled.search(line):
                yield number

    return find


def text_like(pattern: str) -> Callable[[Source], Iterator[int]]:
    """Find places in the whole text, for tags that run over several lines."""
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)

    def find(source: Source) -> Iterator[int]:
        for match in compiled.finditer(source.text):
            yield source.text.count("\n", 0, match.start()) + 1

    return find


def long_file(source: Source) -> Iterator[int]:
    """Find files over the limit."""
    if len(source.lines) > FILE_LINES:
        yield FILE_LINES + 1


def long_line(source: Source) -> Iterator[int]:
    """Find lines over the limit."""
    for number, line in enumerate(source.lines, 1):
        if len(line) > LINE_LENGTH:
            yield number


def banned_place(source: Source) -> Iterator[int]:
    """Find modules and folders with a name that says nothing."""
    parts = source.path.removesuffix(".py").split("/")
    if any(part in BANNED_PLACES for part in parts):
        yield 1


# Built from halves, so that this file does not trip over itself.
REGISTRIES = "|".join(
    re.escape(host)
    for host in (
        "pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "unpkg" + ".com",
        "jsdelivr" + ".net", "cdnjs" + ".cloudflare", "deb." + "debian.org", "proxy." + "golang",
        "googleapis" + ".com", "gstatic" + ".com", "crates" + ".io",
    )
)  # fmt: skip
MACHINE_PATH = r"(?<![\w.>}-])/(?:(?:root|work|tmp)/\w|(?:home|Users)/\w+/\w)"

TEXT_RULES: tuple[Rule, ...] = (
    Rule(
        "file-lines",
        f"a file has at most {FILE_LINES} lines; move pure parts to `_name.py`",
        long_file,
        CODE,
        good=(("xingnuo/a.py", "x = 1\n" * 400),),
        bad=(("xingnuo/a.py", "x = 1\n" * 401),),
    ),
    Rule(
        "line-length",
        f"a line has at most {LINE_LENGTH} characters",
        long_line,
        ("*.py", "*.js", "*.sql"),
        ("*/migrations/*",),
        good=(("xingnuo/a.py", "x" * 100),),
        bad=(("xingnuo/a.py", "x" * 101),),
    ),
    Rule(
        "banned-place",
        "a name that says nothing becomes a junk drawer: name what it does",
        banned_place,
        ("xingnuo/*", "sandbox/*", "tests/*", "tools/*", "bench/*"),
        good=(("xingnuo/kit/clock.py", ""),),
        bad=(("xingnuo/kit/utils.py", ""), ("xingnuo/services/common/actions.py", "")),
    ),
    Rule(
        "banned-word",
        "finish it, or write an issue; the tree holds no promise to itself",
        lines_like(r"\b(TODO|FIXME|XXX|HACK|WIP|TBD)\b"),
        EVERY,
        ("docs/style.md",),
        good=(("xingnuo/a.py", "# Held until the bank's own record decides."),),
        bad=(("xingnuo/a.py", "# TODO: later"), ("docs/map.md", "FIXME")),
    ),
    Rule(
        "registry",
        "no registry or delivery-network host in the tree; clients know their own",
        lines_like(REGISTRIES, re.IGNORECASE),
        EVERY,
        good=(("requirements/run.txt", "django==6.1.3 \\"),),
        bad=(
            ("requirements/run.txt", "--index-url https://" + "pypi" + ".org/simple"),
            ("a.html", '<script src="https://cdn.' + "jsdelivr" + '.net/x.js"></script>'),
        ),
    ),
    Rule(
        "machine-path",
        "no path of one machine: use the repository root, XN_DATA_DIR or tempfile",
        lines_like(MACHINE_PATH),
        EVERY,
        good=(
            ("xingnuo/a.py", 'path = data_dir() / "secrets"\nurl = "/me/home/"'),
            ("docs/map.md", "See xingnuo/services/loans."),
        ),
        bad=(
            ("xingnuo/a.py", 'path = "' + "/tmp" + '/socket"'),
            ("docs/map.md", "cd " + "/home" + "/anna/xingnuo"),
        ),
    ),
    Rule(
        "subject-setting",
        "the subject, permit and role are set in kit.db.session alone (SET LOCAL, never set_config)",
        lines_like(r"set_config\s*\(|\bSET\s+(?:SESSION\s+)?xn\.|\bSET\s+LOCAL\s+xn\.", re.I),
        ("*.py", "*.sql"),
        ("xingnuo/kit/db/session.py", "tests/*", "bench/*"),
        good=(("xingnuo/a.py", "set_subject(subject_id)"),),
        bad=(
            ("xingnuo/a.py", "cursor.execute(\"SELECT set_config('xn.subject', %s, true)\")"),
            ("xingnuo/a.py", "cursor.execute(\"SET LOCAL xn.subject = '…'\")"),
            ("xingnuo/a.py", "cursor.execute(\"SET xn.subject = '…'\")"),
        ),
    ),
    Rule(
        "role-setting",
        "the role is changed in kit.db alone: kit.db.session",
        lines_like(r"[\"'(;]\s*(?:RESET|SET)\s+(?:LOCAL\s+|SESSION\s+)?ROLE\b", re.I),
        ("xingnuo/*.py", "xingnuo/*.sql"),
        ("xingnuo/kit/db/*",),
        good=(("xingnuo/a.py", 'role = "reader"'),),
        bad=(("xingnuo/doors/web/a.py", 'cursor.execute("SET LOCAL ROLE xn_read")'),),
    ),
    Rule(
        "inline-script",
        "scripts and handlers stand in files under static: no hx-on, on…=, <script> text",
        text_like(
            r"<script(?![^>]*\bsrc=)[^>]*>|<[a-z][^>]*\s(?:hx-on|on(?:click|submit|load|change|input"
            r"|error|focus|blur|key\w+|mouse\w+|touch\w+))[\w:.-]*\s*=|javascript:"
        ),
        PAGES,
        good=(("a.html", '<script src="{% static \'a.js\' %}" defer></script><p hx-get="/a">'),),
        bad=(
            ("a.html", "<script>go()</script>"),
            ("a.html", '<button hx-on:click="go()">'),
            ("a.html", '<button\n  onclick="go()">'),
            ("a.html", '<a href="javascript:go()">'),
        ),
    ),
    Rule(
        "inline-style",
        "styles stand in the style sheet: a class or a data- attribute",
        text_like(r"<style\b|<[a-z][^>]*\sstyle\s*="),
        ("*.html",),
        ("xingnuo/doors/cli/_prove.html",),  # a report that is read as one file, from a disk
        good=(("a.html", '<p class="quiet">'),),
        bad=(("a.html", "<style>p{}</style>"), ("a.html", '<p style="color:red">')),
    ),
    Rule(
        "unescaped",
        "pages escape everything: no |safe, no autoescape off",
        lines_like(r"\|\s*safe(seq)?\b|autoescape\s+off"),
        ("*.html", "*.txt"),
        good=(("a.html", "{{ name }}"),),
        bad=(("a.html", "{{ name|safe }}"), ("a.html", "{% autoescape off %}")),
    ),
    Rule(
        "outside-file",
        "pages load only our own files: {% static %}",
        text_like(
            r"<(?:script|img|link|iframe|source|video|audio)\b[^>]*"
            r"(?:src|href)=[\"'](?:https?:)?//"
        ),
        ("*.html",),
        good=(("a.html", '<link rel="stylesheet" href="{% static \'a.css\' %}">'),),
        bad=(("a.html", '<img src="https://example.com/a.png">'),),
    ),
    Rule(
        "script-html",
        "scripts set textContent or swap server HTML by htmx: no innerHTML, eval, document.write",
        lines_like(
            r"\.(inner|outer)HTML\s*=|insertAdjacentHTML|\beval\(|document\.write|new Function"
        ),
        ("*.js",),
        good=(("a.js", "node.textContent = text;"),),
        bad=(("a.js", "node.innerHTML = text;"),),
    ),
)
