"""Text to expression: a whitelist over Python's syntax, bounded in size before any work is done."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from landscape.errors import LandscapeError
from landscape.formula.grammar import (
    FUNCTIONS,
    MAX_ARGUMENTS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_EXPONENT,
    MAX_NODES,
    MAX_STATEMENTS,
    MAX_TOTAL_DEPTH,
)
from landscape.formula.hints import (
    augmented_cure,
    call_cure,
    condition_cure,
    cut,
    expression_cure,
    function_cure,
    is_nested,
    name_cure,
    product_cure,
    raised_function_cure,
    respell,
    syntax_cure,
)
from landscape.formula.nodes import (
    CONSTANTS,
    Node,
    call,
    constant_value,
    fold,
    name,
    number,
    postorder,
    tree_depth,
    tree_size,
)
from landscape.formula.nodes import names as names_of

__all__ = ["Limits", "Program", "free_names", "parse_expression", "parse_program"]

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes that a text may have; the defaults are those for what people type.

    `depth` is that of one statement as it stands, `total_depth` with its names written out.
    """

    characters: int = MAX_CHARACTERS
    nodes: int = MAX_NODES
    depth: int = MAX_DEPTH
    total_depth: int = MAX_TOTAL_DEPTH
    statements: int = MAX_STATEMENTS
    exponent: float = MAX_EXPONENT


@dataclass(frozen=True, slots=True)
class Program:
    """Statements `name = expression` in their order, and the closing expression if there is one."""

    statements: tuple[tuple[str, Node], ...]
    result: Node | None


def parse_expression(
    text: str, variables: Iterable[str], *, what: str = "formula", limits: Limits = Limits()
) -> Node:
    """Return the expression that `text` writes, with its own intermediate names filled in.

    Parameters: `text` such as "u = x - y; u**2 + y**2"; `variables` are the names that it may use
    (x, y and parameters); `what` names the thing in errors.

    Raises LandscapeError for anything that is not in the grammar, too large, or not finite.
    """
    program = parse_program(text, variables, what=what, limits=limits)
    if program.result is None:
        last = program.statements[-1][0] if program.statements else ""
        cure = f"leave {last + ' ='!r} away" if len(program.statements) == 1 else "end it with one"
        raise LandscapeError(
            f"{what} {cut(text)!r} has no value: {cure}, or write as in 'u = x - y; u**2'"
        )
    return program.result


def parse_program(
    text: str,
    variables: Iterable[str] | None,
    *,
    what: str = "formula",
    inline: bool = True,
    functions: Mapping[str, int] = MappingProxyType({}),
    limits: Limits = Limits(),
) -> Program:
    """Return the statements of `text`.

    Parameters: `variables` are the names that may be used before they are assigned, None for any;
    with `inline`, a name that was assigned stands for its expression, else it stays a name;
    `functions` are further functions with their arity, such as a rule's grad.

    Raises LandscapeError as `parse_expression` does.
    """
    tree = _syntax_tree(text, what, limits)
    reader = _Reader(text, what, variables, functions, limits)
    statements: list[tuple[str, Node]] = []
    result: Node | None = None
    if len(tree.body) > limits.statements:
        raise LandscapeError(
            f"{what} has {len(tree.body)} statements: {limits.statements} is the most"
        )
    for position, statement in enumerate(tree.body):
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            if len(statement.targets) != 1 or not isinstance(target, ast.Name):
                raise reader.error(statement, "an assignment is written 'name = expression'")
            reader.check_target(target)
            node = reader.read(statement.value)
            statements.append((target.id, node))
            reader.assigned[target.id] = node if inline else name(target.id)
            if not inline:
                reader.depths[target.id] = reader.depth
        elif isinstance(statement, ast.Expr) and position == len(tree.body) - 1:
            result = reader.read(statement.value)
        else:
            if isinstance(statement, ast.AugAssign):
                raise reader.error(statement, augmented_cure(statement))
            raise reader.error(
                statement, "only assignments 'name = expression' and a closing expression are read"
            )
    return Program(tuple(statements), result)


def _syntax_tree(text: str, what: str, limits: Limits) -> ast.Module:
    """Return Python's syntax tree of `text`, once its size is known to be harmless."""
    if not isinstance(text, str):
        raise LandscapeError(f"{what} must be text such as 'x**2 + y**2': {cut(repr(text))} came")
    if len(text) > limits.characters:
        raise LandscapeError(
            f"{what} has {len(text)} characters: {limits.characters} is the most that is read"
        )
    spelled = "\n".join(line.strip() for line in respell(text).splitlines()).strip()
    if not spelled:
        raise LandscapeError(f"{what} is empty: write one such as 'x**2 + y**2'")
    nested = LandscapeError(
        f"{what} {cut(text)!r} is nested deeper than {limits.depth} levels: split it by ';' "
        "into statements such as 'u = x - y; u**2'"
    )
    if is_nested(spelled, limits.depth):
        raise nested
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's hints on spelling are not for our users
            tree = ast.parse(spelled)
    except (RecursionError, MemoryError):
        raise nested from None
    except (SyntaxError, ValueError) as problem:
        reason = syntax_cure(spelled) or getattr(problem, "msg", None) or str(problem)
        raise LandscapeError(f"cannot read {what} {cut(text)!r}: {reason}") from None
    count = 0
    level: list[ast.AST] = [tree]
    for _ in range(limits.depth + 2):
        count += len(level)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            break
        if count > 4 * limits.nodes:
            raise LandscapeError(
                f"{what} {cut(text)!r} is too large: {limits.nodes} terms is the most"
            )
    else:
        raise nested
    return tree


class _Reader:
    """Turns whitelisted syntax into nodes; everything else is an error that says what is read."""

    def __init__(
        self,
        text: str,
        what: str,
        variables: Iterable[str] | None,
        functions: Mapping[str, int],
        limits: Limits,
    ) -> None:
        self.text, self.what = text, what
        self.limits = limits
        self.depth = 0  # of the expression that was read last
        self.depths: dict[str, int] = {}  # of names that stay names
        self.variables = None if variables is None else list(variables)
        self.functions = functions
        self.assigned: dict[str, Node] = {}
        self.summed = 0

    def error(self, part: ast.AST, cure: str) -> LandscapeError:
        try:
            written = ast.unparse(part)
        except (RecursionError, ValueError):
            written = self.text
        return LandscapeError(f"cannot read {cut(written)!r} in {self.what}: {cure}")

    def check_target(self, target: ast.Name) -> None:
        taken = {**FUNCTIONS, **self.functions, **CONSTANTS, "sum": None}
        if target.id in taken:
            raise self.error(target, f"{target.id!r} has a meaning of its own: use another name")
        self._check_name(target)

    def read(self, part: ast.AST) -> Node:
        """Return the node of one expression."""
        node = self._read(part)
        self.depth = tree_depth(node, self.depths)
        if self.depth > self.limits.total_depth:
            raise self.error(
                part,
                f"with its names written out it has more than {self.limits.total_depth} levels",
            )
        try:
            folded = fold(node)
        except (ArithmeticError, ValueError, TypeError):
            raise self.error(part, "a constant part of it has no finite value") from None
        self._check_exponents(part, folded)
        # Names stand for expressions, so a short text can write an endless one.
        largest = 4 * self.limits.nodes
        if tree_size(node) > largest:
            raise self.error(part, f"written out it has more than {largest} terms")
        # The written form is kept (the slide shows it); what is computed from it is folded later.
        return node

    def _read(self, part: ast.AST) -> Node:
        match part:
            case ast.Constant(value=int() | float()) if not isinstance(part.value, bool):
                return self._number(part)
            case ast.Name():
                return self._name(part)
            case ast.UnaryOp(op=ast.USub()):
                return call("neg", self._read(part.operand))
            case ast.UnaryOp(op=ast.UAdd()):
                return self._read(part.operand)
            case ast.BinOp() if type(part.op) in _OPERATORS:
                if cure := raised_function_cure(part):
                    raise self.error(part, cure)
                return call(
                    _OPERATORS[type(part.op)], self._read(part.left), self._read(part.right)
                )
            case ast.IfExp():
                return call(
                    "where",
                    self._condition(part.test),
                    self._read(part.body),
                    self._read(part.orelse),
                )
            case ast.Call():
                return self._call(part)
        raise self.error(part, expression_cure(part))

    def _number(self, part: ast.Constant) -> Node:
        try:
            value = float(part.value)  # type: ignore[arg-type]  # int or float, as matched
        except OverflowError:
            value = float("inf")
        if value in (float("inf"), float("-inf")):
            raise self.error(part, "the number is too large")
        return number(value)

    def _check_name(self, part: ast.Name) -> None:
        if part.id.startswith("_") or len(part.id) > 40:
            raise self.error(part, "names are letters and digits, at most 40, with no leading _")

    def _name(self, part: ast.Name) -> Node:
        self._check_name(part)
        if part.id in self.assigned:
            return self.assigned[part.id]
        known = part.id in CONSTANTS or self.variables is None or part.id in self.variables
        if known and part.id not in FUNCTIONS and part.id not in self.functions:
            return name(part.id)
        if part.id in FUNCTIONS or part.id in self.functions:
            raise self.error(part, f"{part.id} is a function: write {part.id}(…)")
        known_names = [*(self.variables or []), *self.assigned, *CONSTANTS]
        hint = name_cure(part.id, known_names)
        raise LandscapeError(f"unknown name {part.id!r} in {self.what} {cut(self.text)!r}: {hint}")

    def _condition(self, part: ast.AST) -> Node:
        if isinstance(part, ast.Compare) and len(part.ops) == 1 and type(part.ops[0]) in _OPERATORS:
            sides = self._read(part.left), self._read(part.comparators[0])
            return call(_OPERATORS[type(part.ops[0])], *sides)
        raise self.error(part, condition_cure(part))

    def _call(self, part: ast.Call) -> Node:
        if not isinstance(part.func, ast.Name):
            raise self.error(part, call_cure(part))
        function = part.func.id
        if function == "sum":
            return self._sum(part)
        arity = self.functions.get(function)
        if arity is None and function in FUNCTIONS:
            arity = FUNCTIONS[function].arity
        if arity is None:
            known = function in CONSTANTS or function in self.assigned
            if (known or function in (self.variables or ())) and (cure := product_cure(part)):
                raise self.error(part, cure)
            cure = function_cure(function, part.args, [*FUNCTIONS, "sum", *self.functions])
            raise LandscapeError(f"unknown function {cut(function)!r} in {self.what}: {cure}")
        if part.keywords or any(isinstance(arg, ast.Starred) for arg in part.args):
            raise self.error(part, "arguments are plain expressions")
        if len(part.args) > MAX_ARGUMENTS:
            raise self.error(part, f"{function} takes at most {MAX_ARGUMENTS} arguments")
        if function in ("min", "max") and len(part.args) > 2:
            return call(function, *map(self._read, part.args))
        if len(part.args) != arity:
            more = " or more" if function in ("min", "max") else ""
            raise self.error(part, f"{function} takes {arity}{more} argument{'s' * (arity > 1)}")
        if function == "where":
            condition = self._condition(part.args[0])
            return call("where", condition, *(self._read(arg) for arg in part.args[1:]))
        return call(function, *(self._read(arg) for arg in part.args))

    def _sum(self, part: ast.Call) -> Node:
        """Read a sum over a pair: sum(u**2 for u in (x, y))."""
        cure = "a sum is written sum(u**2 for u in (x, y))"
        if len(part.args) != 1 or part.keywords or not isinstance(part.args[0], ast.GeneratorExp):
            raise self.error(part, cure)
        generator = part.args[0]
        loop = generator.generators[0]
        if (
            len(generator.generators) != 1
            or loop.ifs
            or loop.is_async
            or not isinstance(loop.target, ast.Name)
            or not isinstance(loop.iter, ast.Tuple | ast.List)
            or not 1 <= len(loop.iter.elts) <= MAX_ARGUMENTS
        ):
            raise self.error(part, cure)
        self.check_target(loop.target)
        outer = self.assigned.get(loop.target.id)
        total: Node | None = None
        for element in loop.iter.elts:
            value = self._read(element)
            if outer is None:
                self.assigned.pop(loop.target.id, None)
            self.assigned[loop.target.id] = value
            term = self._read(generator.elt)
            self._grow(part)
            total = term if total is None else call("+", total, term)
            if outer is None:
                del self.assigned[loop.target.id]
            else:
                self.assigned[loop.target.id] = outer
        assert total is not None  # the tuple has at least one element
        return total

    def _grow(self, part: ast.AST) -> None:
        """Bound what nested sums multiply out to."""
        self.summed += sum(1 for _ in ast.walk(part))
        if self.summed > 4 * MAX_NODES:
            raise self.error(part, "the sum is too large")

    def _check_exponents(self, part: ast.AST, node: Node) -> None:
        largest = self.limits.exponent
        for here in postorder(node):
            if here.op == "**":
                exponent = constant_value(here.args[1])
                if exponent is not None and abs(exponent) > largest:
                    raise self.error(part, f"the largest exponent that is read is {largest}")


def free_names(program: Program) -> list[str]:
    """Return the names that `program` reads before it assigns them, in order of first use."""
    assigned: set[str] = set()
    free: dict[str, None] = {}
    for target, node in program.statements:
        free.update({found: None for found in names_of(node) if found not in assigned})
        assigned.add(target)
    if program.result is not None:
        free.update({n: None for n in names_of(program.result) if n not in assigned})
    return list(free)
