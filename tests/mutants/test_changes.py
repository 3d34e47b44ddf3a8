"""A mutant is the module with one change; what is no behavior isn't changed."""

from pathlib import Path

import pytest

from tests.mutants.changes import mutants


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a < b", ["a <= b"]),
        ("a <= b < c", ["a < b < c", "a <= b <= c"]),
        ("a and b", ["b", "a"]),
        ("not a", ["a"]),
        ("a + 1", ["a - 1", "a + 2"]),
        ("a if b else c", ["a", "c"]),
        ("x = {1, f}", ["x = None", "x = {f}", "x = {1}", "x = {2, f}"]),
        ("x = {'a': b}", ["x = None", "x = {}", "x = {'XXa': b}"]),
        ("f(a, b=c)", ["pass", "f(None, b=c)", "f(b=c)", "f(a)"]),
        ("[a for a in b if a if c]", ["[a for a in b if c]", "[a for a in b if a]"]),
        ("if a:\n    b += c", ["if True:\n    b += c", "if False:\n    b += c", "if a:\n    pass"]),
        ("raise a", ["pass"]),
        ("min(a, b)", ["pass", "min(None, b)", "min(a, None)", "min(a)", "max(a, b)"]),
        ('"""What it does."""', []),
        ("x: dict[str, int] = y", []),
        ("__all__ = ['a']", []),
        ("x = field(repr=False)", ["x = None", "x = field()"]),
    ],
)
def test_a_module_is_changed_in_one_place_at_a_time(source: str, changed: list[str]) -> None:
    assert [mutant.source for mutant in mutants(source)] == changed


def test_every_mutant_is_a_module_that_differs() -> None:
    source = Path("bot/policy/evaluate.py").read_text()
    made = [mutant.source for mutant in mutants(source)]
    assert all(compile(each, "mutant", "exec") for each in made)
    assert len(set(made)) > 100
