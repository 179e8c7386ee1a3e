"""The source of one step on arrays: NumPy calls into buffers that are kept and used again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from landscape.formula.emit import Entry, Target
from landscape.formula.grammar import FUNCTIONS
from landscape.formula.nodes import COMPARISONS, CONSTANTS
from landscape.optimizers.vector_code import ASKED, SUMS, VectorCode

__all__ = ["VectorSource"]

_UFUNCS = {
    "+": "_np.add",
    "-": "_np.subtract",
    "*": "_np.multiply",
    "/": "_np.divide",
    "%": "_np.remainder",
    "**": "_np.power",
    "neg": "_np.negative",
    "<": "_np.less",
    "<=": "_np.less_equal",
    ">": "_np.greater",
    ">=": "_np.greater_equal",
    "==": "_np.equal",
    "!=": "_np.not_equal",
}
# A function of the grammar that is one call of NumPy's, which can be told where to write.
_ONE_CALL = re.compile(r"(_np\.\w+)\(\{0\}(, \{1\})?\)")
_END = 1 << 60  # a time after the last operation


class VectorSource:
    """Writes `prelude`, the numbers that no array is needed for, and `main`, everything else.

    prelude(t, lr, numbers…) returns what main needs of it; its source is written for Python's
    floats and for NumPy's, which give inf and NaN where Python raises. bind(…), given what is asked
    for, the buffers and the constants, returns main as step(p, g, arrays…, t, lr, numbers…,
    prelude's results…), which changes p and the arrays in place and returns the new numbers.

    Attributes: `prelude` and `careful_prelude`, `main`, the sources; `constants`, the numbers that
    meet arrays; `buffers`, how many arrays of p's kind are needed.
    """

    def __init__(self, code: VectorCode) -> None:
        self._code = code
        self._entries = code.listing.entries
        self.constants: list[float] = []
        self.buffers = 0
        self._texts: dict[int, str] = {}
        self._lines: list[str] = []
        self._free: list[str] = []
        early = self._early()
        every = code.needed_by([*code.roots.values(), *self._arguments()])
        later = [k for k in every if k not in early]
        wanted = {arg for k in later for arg in self._entries[k].args}
        wanted |= {*code.roots.values(), *self._arguments()}
        handed = [k for k in early if k in wanted]
        self.prelude = self._prelude(early, handed, careful=False)
        self.careful_prelude = self._prelude(early, handed, careful=True)
        self._texts.update({k: f"_s{k}" for k in early})
        self.main = self._main(handed)

    def _arguments(self) -> list[int]:
        return [position for _, position in self._code.questions if position is not None]

    # -- numbers -----------------------------------------------------------------------------

    def _early(self) -> list[int]:
        """Return the operations whose result needs no array."""
        found: list[bool] = []
        for k, entry in enumerate(self._entries):
            ready = all(found[arg] for arg in entry.args) and entry.op not in SUMS
            found.append(ready and not self._code.is_array[k])
        return [k for k, entry in enumerate(self._entries) if found[k] and entry.args]

    def _prelude(self, early: Sequence[int], handed: Sequence[int], *, careful: bool) -> str:
        named = {
            k: f"_v_{entry.value}"
            for k, entry in enumerate(self._entries)
            if entry.op == "name" and entry.value in self._code.numbers
        }
        lines: list[str] = []
        for k in early:
            lines += self._number(k, named, careful=careful)
            named[k] = f"_s{k}"
        if careful:
            lines += [f"_s{k} = float(_s{k})" for k in handed if not self._is_condition(k)]
        lines.append(f"return ({''.join(f'_s{k}, ' for k in handed)})")
        return _function("prelude", ["t", "lr", *self._number_names()], lines)

    def _number_names(self) -> list[str]:
        # No text can write a leading underscore: what a formula names meets no name of ours.
        return [f"_v_{found}" for found in self._code.numbers]

    def _number(self, k: int, named: dict[int, str], *, careful: bool) -> list[str]:
        """Return the lines that compute one number from named ones."""
        target: Target = "numpy" if careful else "scalar"
        lines, texts = self._code.listing.write(target, [k], dict(named), prefix="_s")
        return lines if texts[k] == f"_s{k}" else [*lines, f"_s{k} = {texts[k]}"]

    def _is_condition(self, k: int) -> bool:
        return self._entries[k].op in COMPARISONS

    def _late_number(self, k: int) -> None:
        """Write a number that is made of arrays: IEEE results, and a plain float of them."""
        entry = self._entries[k]
        if entry.op in SUMS:
            total = f"_dot({self._text(entry.args[0])}, {self._text(entry.args[-1])})"
            self._lines.append(
                f"_s{k} = float(_np.sqrt({total}))" if entry.op == "norm" else f"_s{k} = {total}"
            )
        else:
            plain = {arg: self._text(arg) for arg in entry.args}
            named = {
                arg: text if self._is_condition(arg) else f"_np.float64({text})"
                for arg, text in plain.items()
            }
            self._lines += self._number(k, named, careful=True)
            if not self._is_condition(k):
                self._lines.append(f"_s{k} = float(_s{k})")
        self._texts[k] = f"_s{k}"

    # -- arrays ------------------------------------------------------------------------------

    def _main(self, handed: Sequence[int]) -> str:
        code = self._code
        self._owners = {found: f"_v_{found}" for found in ["p", *code.arrays]}
        order = self._order()
        self._last = self._last_uses(order)
        for now, (question, k) in enumerate(order):
            if question is not None:
                what, argument = code.questions[question]
                given = "" if argument is None else self._argument(argument)
                self._lines.append(f"__asked{question} = {ASKED[what]}({given})")
                self._release([] if argument is None else [argument], now)
                continue
            entry = self._entries[k]
            if code.is_array[k]:
                self._texts[k] = self._array(k, entry, now)
            else:
                self._late_number(k)
            self._release(entry.args, now)
        self._store()
        head = ["_v_p", "_v_g", *list(self._owners.values())[1:], "t", "lr", *self._number_names()]
        step = _function("step", [*head, *(f"_s{k}" for k in handed)], self._lines)
        # NumPy's functions become names of the closure, which are found sooner than attributes.
        used = sorted(set(re.findall(r"_np\.(\w+)", step)))
        step = re.sub(r"_np\.(\w+)", r"_np_\1", step)
        bound = [f"_np_{found} = _np.{found}" for found in used]
        outside = [*ASKED.values(), "_dot", "_full"]
        outside += [f"_b{k}" for k in range(self.buffers)]
        outside += [f"_c{k}" for k in range(len(self.constants))]
        return _function("bind", outside, [*bound, *step.splitlines(), "return step"])

    def _order(self) -> list[tuple[int | None, int]]:
        """Return (question, 0) or (None, operation) in the order in which they are done."""
        code = self._code
        order: list[tuple[int | None, int]] = []
        done = set(self._texts)

        def add(positions: Sequence[int]) -> None:
            for k in code.needed_by(positions):
                if self._entries[k].args and k not in done:
                    done.add(k)
                    order.append((None, k))

        for question, (_, argument) in enumerate(code.questions):
            add([] if argument is None else [argument])
            order.append((question, 0))
        add(list(code.roots.values()))
        return order

    def _last_uses(self, order: Sequence[tuple[int | None, int]]) -> dict[int, int]:
        """Return when each operation's result is read for the last time."""
        last: dict[int, int] = {}
        for now, (question, k) in enumerate(order):
            if question is None:
                last.update(dict.fromkeys(self._entries[k].args, now))
            elif (argument := self._code.questions[question][1]) is not None:
                last[argument] = now
        last.update(dict.fromkeys(self._code.roots.values(), _END))
        return last

    def _array(self, k: int, entry: Entry, now: int) -> str:
        """Write one operation of arrays and return the name of its result."""
        if entry.op in COMPARISONS:
            self._lines.append(f"_t{k} = {_UFUNCS[entry.op]}({self._operands(entry)})")
            return f"_t{k}"
        if entry.op == "where":
            return self._choice(k, entry, now)
        call = _UFUNCS.get(entry.op, "")
        if not call:
            template = FUNCTIONS[entry.op].numpy
            one = _ONE_CALL.fullmatch(template)
            if one is None:
                value = template.format(*(self._operand(arg) for arg in entry.args))
                out = self._output(k, entry.args, now)
                self._lines.append(f"_np.copyto({out}, {value})")
                return out
            call = one[1]
        operands = self._operands(entry)
        out = self._output(k, entry.args, now)
        # NumPy will not have a third argument by position for these two; it is a little quicker.
        key = "out=" if call in ("_np.maximum", "_np.minimum") else ""
        self._lines.append(f"{call}({operands}, {key}{out})")
        return out

    def _choice(self, k: int, entry: Entry, now: int) -> str:
        condition, yes, no = (self._operand(arg) for arg in entry.args)
        if not self._code.is_array[entry.args[0]]:
            out = self._output(k, entry.args, now)
            self._lines.append(f"_np.copyto({out}, {yes} if {condition} else {no})")
            return out
        # Written in two goes: of what the second one reads nothing may be overwritten.
        out = self._output(k, entry.args[2:], now)
        if out != no:
            self._lines.append(f"_np.copyto({out}, {no})")
        self._lines.append(f"_np.copyto({out}, {yes}, where={condition})")
        return out

    def _operands(self, entry: Entry) -> str:
        return ", ".join(self._operand(arg) for arg in entry.args)

    def _operand(self, position: int) -> str:
        """Return an operand of an array operation: a constant as an array without axes."""
        text = self._text(position)
        if self._entries[position].args or not re.match(r"\d", text):
            return text
        if float(text) not in self.constants:
            self.constants.append(float(text))
        return f"_c{self.constants.index(float(text))}"

    def _argument(self, position: int) -> str:
        """Return what grad(…) or hess(…) is asked at, which is an array."""
        text = self._text(position)
        return text if self._code.is_array[position] else f"_full({text})"

    def _text(self, position: int) -> str:
        """Return the name of a result, or the text of a leaf."""
        if position in self._texts:
            return self._texts[position]
        entry = self._entries[position]
        text = str(entry.value)
        if entry.op == "number" or text in CONSTANTS:
            return repr(float(CONSTANTS.get(text, entry.value)))
        given = text in ("g", *self._owners, *self._code.numbers)
        return f"_v_{text}" if given else text

    def _output(self, k: int, args: Sequence[int], now: int) -> str:
        """Return where the result of operation `k` goes, which may be where one of `args` is.

        A new state goes to its own array once nothing more will read the old values; else the place
        of an operand that is read here for the last time is taken, or a free one.
        """
        for owner, text in self._owners.items():
            if self._code.roots[owner] == k and self._is_over(owner, args, now):
                return text
        for arg in args:
            text = self._texts.get(arg, "")
            if text.startswith("_b") and self._last[arg] == now:
                self._texts[arg] = ""  # so that it is not given free as well
                return text
        if self._free:
            return self._free.pop()
        self.buffers += 1
        return f"_b{self.buffers - 1}"

    def _is_over(self, owner: str, args: Sequence[int], now: int) -> bool:
        """Return whether nothing but this operation's `args` still reads p or a state as it was."""
        for k, entry in enumerate(self._entries):
            if entry.op == "name" and entry.value == owner:
                last = self._last.get(k, -1)
                return last < now or (last == now and k in args)
        return True

    def _release(self, args: Sequence[int], now: int) -> None:
        """Give free the buffers of what has been read for the last time."""
        for arg in set(args):
            text = self._texts.get(arg, "")
            if text.startswith("_b") and self._last[arg] == now:
                self._free.append(text)

    def _store(self) -> None:
        """Bring each new state that is elsewhere into its array, and return the new numbers."""
        roots = self._code.roots
        moves = [(own, self._text(roots[owner])) for owner, own in self._owners.items()]
        moves = [(own, text) for own, text in moves if own != text]
        overwritten = {own for own, _ in moves}
        for k, (own, text) in enumerate(moves):
            if text in overwritten:
                self._lines.append(f"_m{k} = {text}.copy()")
                moves[k] = own, f"_m{k}"
        self._lines += [f"_np.copyto({own}, {text})" for own, text in moves]
        new = "".join(f"{self._text(roots[found])}, " for found in self._code.numbers)
        self._lines.append(f"return ({new})")


def _function(name: str, arguments: Sequence[str], lines: Sequence[str]) -> str:
    return f"def {name}({', '.join(arguments)}):\n" + "".join(f"    {line}\n" for line in lines)
