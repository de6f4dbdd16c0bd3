"""Every tidy rule is run on its own examples, and on the house."""

import pytest

from tools import tidy
from tools.tidy_dead import dead_modules
from tools.tidy_rule import Rule, Source

GOOD = [(rule, path, text) for rule in tidy.RULES for path, text in rule.good]
BAD = [(rule, path, text) for rule in tidy.RULES for path, text in rule.bad]


def title(value: object) -> str:
    """Name a case after its rule."""
    return value.name if isinstance(value, Rule) else ""


@pytest.mark.parametrize("rule", tidy.RULES, ids=title)
def test_each_rule_shows_what_is_good_and_what_is_bad(rule: Rule) -> None:
    """A rule without both examples could be blind or deaf."""
    assert rule.good and rule.bad
    assert rule.message


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=title)
def test_it_lets_the_good_example_pass(rule: Rule, path: str, text: str) -> None:
    """The right call is never refused."""
    assert not rule.applies(path) or not list(rule.find(Source(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=title)
def test_it_refuses_the_bad_example(rule: Rule, path: str, text: str) -> None:
    """The wrong call is found where it stands."""
    assert rule.applies(path)
    assert list(rule.find(Source(path, text)))


def test_it_finds_a_module_that_nobody_uses() -> None:
    """A module is alive when it is imported, named in a string, or loaded by convention."""
    sources = [
        Source("xingnuo/a/apps.py", '"""A."""\nfrom xingnuo.a import used\nx = "xingnuo.a.named"'),
        Source("xingnuo/a/used.py", '"""A."""\nfrom . import near\n'),
        Source("xingnuo/a/near.py", '"""A."""'),
        Source("xingnuo/a/named.py", '"""A."""'),
        Source("xingnuo/a/dead.py", '"""A."""'),
    ]
    assert [finding.path for finding in dead_modules(sources)] == ["xingnuo/a/dead.py"]


def test_the_house_is_tidy() -> None:
    """The whole tree keeps every rule."""
    found = list(tidy.check_tree(tidy.committed(tidy.ROOT), root=tidy.ROOT))
    assert not found, "\n".join(map(str, sorted(found)))
