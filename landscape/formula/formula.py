"""A formula in two variables and everything that is derived from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.formula import cache
from landscape.formula.compile import array_function, scalar_function
from landscape.formula.emit import text_source
from landscape.formula.latex import latex
from landscape.formula.nodes import Node, fold, names, number, substitute
from landscape.formula.parse import Limits, parse_expression, parse_program
from landscape.formula.shipped import shipped

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["Formula"]

# What SymPy wrote is longer and deeper than what people type.
_DERIVED = Limits(
    characters=4_000_000, nodes=400_000, total_depth=5_000, statements=100_000, exponent=math.inf
)
_DERIVATIVES = ("dx", "dy", "dxx", "dxy", "dyy")


class Formula:
    """A function of x and y written as text, with its exact derivatives.

    Parameters: `text` such as "u = x - y; u**2 + kappa*y**2"; `parameters` are further names with
    their values.

    Values and derivatives follow IEEE arithmetic: 1/x is inf at 0, log(x) is NaN below 0. Where
    that gives NaN and there is a finite limit, it is the limit: sin(x)/x is 1 at 0, and so are its
    derivatives there those of its series, to rounding. The limit is that over the points around
    where the formula has a value (x*log(x) is 0 at 0). It must be the same from every side, so
    poles (x/x**2) and jumps (abs(x)/x) stay NaN; a derivative is filled only where the value is
    finite. At a kink the derivative is the one that `formula.derive` names.

    Raises LandscapeError if the text is not a formula.
    """

    variables = ("x", "y")

    def __init__(self, text: str, parameters: Mapping[str, float] | None = None) -> None:
        self.text = text
        self.parameters = {
            name: _parameter(name, value) for name, value in (parameters or {}).items()
        }
        self.written = parse_expression(text, self._names)
        self._bound = self._bind(self.written)

    def __repr__(self) -> str:
        values = "".join(f", {name}={value:g}" for name, value in self.parameters.items())
        return f"Formula({self.text!r}{values})"

    def _bind(self, node: Node, free: Collection[str] = ()) -> Node:
        values = {
            name: number(value) for name, value in self.parameters.items() if name not in free
        }
        try:
            return fold(substitute(node, values))
        except (ArithmeticError, ValueError):
            shown = ", ".join(f"{name}={value:g}" for name, value in self.parameters.items())
            raise LandscapeError(
                f"formula {self.text!r} has no finite value with {shown}"
            ) from None

    @cached_property
    def node(self) -> Node:
        """The expression with its parameters' values put in."""
        return self._bound

    @cached_property
    def latex(self) -> str:
        """The formula as LaTeX, as written, parameters filled in."""
        values = {name: number(value) for name, value in self.parameters.items()}
        # Only what a parameter's value changes is computed: 1/2 stays 1/2.
        return latex(fold(substitute(self.written, values), keep=self.written))

    # -- derivatives -------------------------------------------------------------------------

    @property
    def _names(self) -> list[str]:
        return [*self.variables, *self.parameters]

    @property
    def _unused(self) -> str:
        """Letters with which no name of this formula begins."""
        letters = "d"
        while any(found.startswith(letters) for found in self._names):
            letters += "d"
        return letters

    @cached_property
    def _derived(self) -> dict[str, Any]:
        """The derivatives of the formula with its parameters as names, from the cache or SymPy."""
        ready = shipped(self.text, self.parameters)
        if ready is None:
            key = cache.versioned_key(self.text, *sorted(self.parameters), library="sympy")
            ready = cache.load(key)
        if ready is not None:
            try:
                return self._read(ready)
            except (LandscapeError, KeyError):
                pass  # a damaged entry: derive again
        nodes, ready = self._differentiate()
        cache.store(
            cache.versioned_key(self.text, *sorted(self.parameters), library="sympy"), ready
        )
        return {"nodes": nodes, "latex": [ready["dx"], ready["dy"]]}

    def _differentiate(self) -> tuple[dict[str, Node], dict[str, str]]:
        """Return the derivatives as nodes, and as the texts that are stored."""
        from landscape.formula.derive import differentiate

        (gradient, hessian), shown = differentiate(self.written, self.variables)
        nodes = dict(zip(_DERIVATIVES, [*gradient, *hessian], strict=True))
        text = text_source({self._unused + name: nodes[name] for name in nodes}, self._unused)
        return nodes, {"nodes": text, "dx": shown[0], "dy": shown[1]}

    def derive(self) -> dict[str, str]:
        """Return the derivatives as SymPy finds them: formula text, and the gradient's LaTeX."""
        return self._differentiate()[1]

    def _read(self, ready: dict[str, str]) -> dict[str, Any]:
        nodes = _read_derived(ready["nodes"], self._unused, set(self._names))
        return {"nodes": nodes, "latex": [ready["dx"], ready["dy"]]}

    def derivative(self, which: str) -> Node:
        """Return one derivative, parameters filled in: dx, dy, dxx, dxy or dyy."""
        return self._bind(self._derived["nodes"][which])

    def expression(self, which: str, free: Collection[str]) -> Node:
        """Return "value" or a derivative (dx, …), parameters filled in except those in `free`."""
        if which == "value":
            return self._bind(self.written, free)
        return self._bind(self._derived["nodes"][which], free)

    @property
    def gradient_latex(self) -> list[str]:
        """The partial derivatives as LaTeX, parameters by name."""
        return list(self._derived["latex"])

    @cached_property
    def gradient_nodes(self) -> tuple[Node, Node]:
        """The partial derivatives by x and by y."""
        return self.derivative("dx"), self.derivative("dy")

    @cached_property
    def hessian_nodes(self) -> tuple[Node, Node, Node]:
        """The second derivatives by xx, xy and yy."""
        return self.derivative("dxx"), self.derivative("dxy"), self.derivative("dyy")

    # -- values on arrays --------------------------------------------------------------------

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return f(x, y); `x` and `y` broadcast."""
        return self._evaluate((self._bound,), x, y)[0]

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""
        import numpy as np

        return np.stack(self._evaluate(self.gradient_nodes, x, y))

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives as an array of shape (2, 2, …)."""
        import numpy as np

        xx, xy, yy = self._evaluate(self.hessian_nodes, x, y)
        return np.stack([np.stack([xx, xy]), np.stack([xy, yy])])

    def grid(self, xs: ArrayLike, ys: ArrayLike) -> Array:
        """Return f where the lines xs (columns) and ys (rows) cross, by a compiled kernel."""
        import numpy as np

        from landscape.formula.kernels import grid_kernel

        columns, rows = (np.ascontiguousarray(line, dtype=np.float64) for line in (xs, ys))
        result = np.empty((rows.size, columns.size))
        grid_kernel(self._bound)(columns, rows, result)
        if np.isnan(result).any():
            i, j = np.nonzero(np.isnan(result))
            result[i, j] = self.value(columns[j], rows[i])
        return result

    @cached_property
    def _functions(self) -> dict[int, Callable[..., Any]]:
        """The functions of arrays that have been asked for."""
        return {}

    def _evaluate(self, outputs: tuple[Node, ...], x: ArrayLike, y: ArrayLike) -> list[Array]:
        import numpy as np

        xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        shape = np.broadcast_shapes(xs.shape, ys.shape)
        # The value, the gradient and the Hessian: that many outputs each.
        if len(outputs) not in self._functions:
            self._functions[len(outputs)] = array_function(self.variables, outputs)
        function = self._functions[len(outputs)]
        results = function(xs, ys)
        results = results if len(outputs) > 1 else (results,)
        full = [np.array(np.broadcast_to(result, shape), dtype=np.float64) for result in results]
        for array in full:
            if np.isnan(array).any():
                self._fill(outputs, function, full, *np.broadcast_arrays(xs, ys))
                break
        return full

    def _fill(
        self,
        outputs: tuple[Node, ...],
        function: Callable[..., Any],
        full: list[Array],
        x: Array,
        y: Array,
    ) -> None:
        """Replace NaN by the limit where there is one."""
        import numpy as np

        from landscape.formula.limits import limits

        missing = np.any([np.isnan(array) for array in full], axis=0)
        where = np.asarray(missing & np.isfinite(x) & np.isfinite(y))
        if outputs != (self._bound,):
            where[where] = np.isfinite(self.value(x[where], y[where]))
        for array, found in zip(full, limits(outputs, function, x[where], y[where]), strict=True):
            kept = array[where]
            array[where] = np.where(np.isnan(kept), found, kept)

    # -- values at one point -----------------------------------------------------------------

    @cached_property
    def value_at(self) -> Callable[[float, float], float]:
        """f(x, y) of two Python floats, quicker than through arrays."""
        fast = scalar_function(self.variables, (self._bound,))

        # A descent that stands on such a point asks again and again.
        @lru_cache(maxsize=16)
        def careful(x: float, y: float) -> float:
            return float(self.value(x, y))

        def value(x: float, y: float) -> float:
            result: float = fast(x, y)
            return careful(x, y) if math.isnan(result) else result

        return value

    @cached_property
    def gradient_at(self) -> Callable[[float, float], tuple[float, float]]:
        """(df/dx, df/dy) of two Python floats, quicker than through arrays."""
        fast = scalar_function(self.variables, self.gradient_nodes)

        @lru_cache(maxsize=16)
        def careful(x: float, y: float) -> tuple[float, float]:
            dx, dy = self.gradient(x, y)
            return float(dx), float(dy)

        def gradient(x: float, y: float) -> tuple[float, float]:
            dx, dy = fast(x, y)
            return careful(x, y) if math.isnan(dx) or math.isnan(dy) else (dx, dy)

        return gradient


def _parameter(name: str, value: object) -> float:
    """Return a parameter's value as a finite float."""
    try:
        number_ = float(value)  # type: ignore[arg-type]  # whatever it is: what fails is refused
    except (TypeError, ValueError, OverflowError):
        raise LandscapeError(f"parameter {name!r} must be a number: {value!r} came") from None
    if not math.isfinite(number_):
        raise LandscapeError(f"parameter {name!r} must be finite: {number_:g} came")
    if name in Formula.variables:
        raise LandscapeError(f"{name!r} is a variable: give the parameter another name")
    return number_


def _read_derived(text: str, prefix: str, known: set[str]) -> dict[str, Node]:
    """Return the derivatives from the text in which the cache keeps them, under `prefix`."""
    program = parse_program(text, None, inline=False, limits=_DERIVED)
    values: dict[str, Node] = {}
    for name, node in program.statements:
        values[name] = substitute(node, values)
    nodes = {name: values[prefix + name] for name in _DERIVATIVES}
    if set(names(*nodes.values())) - known:
        raise LandscapeError("the cached derivative uses unknown names")
    return nodes
