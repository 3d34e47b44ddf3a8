"""Every small change of a module that its tests should notice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SWAPPED: dict[type, type[Any]] = {
    old: new
    for pair in (
        (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot),
        (ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitOr, ast.BitAnd),
    )
    for old, new in (pair, pair[::-1])
}  # fmt: skip
RENAMED = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = {"annotation", "returns", "decorator_list", "type_params"}
DRAWN = {"repr", "compare"}
NONE = ast.Constant(None)


@dataclass(frozen=True)
class Mutant:
    """A module with one change, and the lines of the statement that is changed."""

    line: int
    lines: range
    kind: str
    text: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Make every mutant of a module, one after the other."""
    tree = ast.parse(source)
    for place, statement in _places(tree, tree):
        node = place.get()
        body = getattr(statement, "body", None)
        end = body[0].lineno if isinstance(body, list) else (statement.end_lineno or 0) + 1
        lines = range(statement.lineno, max(end, statement.lineno + 1))
        for kind, new in _variants(node, place.parent):
            text = " → ".join(" ".join(ast.unparse(each).split())[:90] for each in (node, new))
            place.put(new)
            yield Mutant(getattr(node, "lineno", statement.lineno), lines, kind, text, ast.unparse(tree))
            place.put(node)


@dataclass(frozen=True)
class Place:
    """Where a node hangs."""

    parent: ast.AST
    field: str
    position: int | None

    def get(self) -> Any:
        """Return the node."""
        value = getattr(self.parent, self.field)
        return value if self.position is None else value[self.position]

    def put(self, node: ast.AST) -> None:
        """Hang another node there."""
        if self.position is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.position] = node


def _places(node: ast.AST, statement: Any) -> Iterator[tuple[Place, Any]]:
    """Walk to every node that may change, with the statement that it is in."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED:
            continue
        for position, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and getattr(child, "arg", "") not in DRAWN and not _is_all(child):
                own = child if isinstance(child, ast.stmt | ast.excepthandler) else statement
                if isinstance(child, ast.stmt | ast.expr | ast.comprehension):
                    yield Place(node, field, position), own
                yield from _places(child, own)


def _is_all(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _variants(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:  # noqa: C901 - a table
    match node:
        case ast.Constant(value=bool(value)):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield "constant", ast.Constant(value + 1)
        case ast.Constant(value=str(value)) if not isinstance(parent, ast.Expr):
            yield "text", ast.Constant(f"XX{value}")
        case ast.Name(id=name) if name in RENAMED:
            yield "logic", ast.Name(RENAMED[name])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "logic", operand
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SWAPPED:
            yield "logic", ast.BinOp(left, SWAPPED[type(op)](), right)
        case ast.Compare(left=left, ops=ops, comparators=others):
            for i, each in enumerate(ops):
                yield "logic", ast.Compare(left, [*ops[:i], SWAPPED[type(each)](), *ops[i + 1 :]], others)
        case ast.BoolOp(op=either, values=values):
            for fewer in _without_each(values):
                yield "logic", ast.BoolOp(either, fewer)
        case ast.IfExp(body=one, orelse=other):
            yield "logic", one
            yield "logic", other
        case ast.If(body=then, orelse=otherwise):
            yield "logic", ast.If(ast.Constant(True), then, otherwise)
            yield "logic", ast.If(ast.Constant(False), then, otherwise)
        case ast.Call(func=func, args=args, keywords=keywords) if ast.unparse(func) not in {
            "isinstance",
            "len",
        }:
            for i in range(len(args)):
                yield "argument", ast.Call(func, [*args[:i], NONE, *args[i + 1 :]], keywords)
            if args:
                yield "argument", ast.Call(func, args[:-1], keywords)
            for named in _without_each(keywords):
                yield "argument", ast.Call(func, args, named)
        case ast.Dict(keys=keys, values=values):
            for some, theirs in zip(_without_each(keys), _without_each(values), strict=True):
                yield "entry", ast.Dict(some, theirs)
        case ast.Set(elts=[_, _, *_]) | ast.List() | ast.Tuple(ctx=ast.Load()) if not isinstance(
            parent, ast.Subscript
        ):
            for fewer in _without_each(node.elts):
                yield "entry", ast.Set(fewer) if isinstance(node, ast.Set) else type(node)(fewer, ast.Load())
        case ast.comprehension(target=target, iter=source, ifs=conditions):
            for fewer in _without_each(conditions):
                yield "logic", ast.comprehension(target, source, fewer, node.is_async)
        case ast.Match(subject=subject, cases=[_, _, *_] as cases):
            for fewer in _without_each(cases):
                yield "logic", ast.Match(subject, fewer)
        case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()):
            yield "statement", ast.Pass()
        case ast.Raise() | ast.AugAssign() | ast.Continue() | ast.Break():
            yield "statement", ast.Pass()
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "statement", ast.Return(NONE)
        case ast.Assign(targets=targets, value=value) if not isinstance(value, ast.Constant):
            yield "statement", ast.Assign(targets, NONE, lineno=node.lineno)


def _without_each(items: list[Any]) -> Iterator[list[Any]]:
    return (items[:i] + items[i + 1 :] for i in range(len(items)))
