from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.specs import format_spec, parse_number, split_spec


@pytest.mark.parametrize(
    ("text", "head", "options"),
    [
        ("momentum", "momentum", {}),
        ("momentum:lr=0.02,mu=0.9", "momentum", {"lr": "0.02", "mu": "0.9"}),
        ("  momentum : lr = 0.02 , mu = 0.9 ", "momentum", {"lr": "0.02", "mu": "0.9"}),
        ("v = mu*v - g; p = p + v:mu=0.9", "v = mu*v - g; p = p + v", {"mu": "0.9"}),
        ("x**2 + y**2", "x**2 + y**2", {}),
        ("gd:label=a=b", "gd", {"label": "a=b"}),
        ("gd:label=half: two", "gd", {"label": "half: two"}),
        (r"gd:label=one\, two,lr=1", "gd", {"label": "one, two", "lr": "1"}),
        (r"gd:label=$\alpha$", "gd", {"label": r"$\alpha$"}),
    ],
)
def test_splits(text: str, head: str, options: dict[str, str]) -> None:
    assert split_spec(text) == (head, options)
    assert split_spec(format_spec(head, options)) == (head, options)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gd:", "ends in a colon"),
        ("gd:  ", "ends in a colon"),
        ("gd:lr", "write key=value"),
        ("gd:lr=", "write key=value"),
        ("gd:=1", "write key=value"),
        ("gd:lr=1,", "write key=value"),
        ("gd:,lr=1", "write key=value"),
        ("gd:lr=1,mu", "cannot read 'mu'"),
        ("gd:lr=1,lr=2", "'lr' stands twice"),
        (":lr=1", "no name"),
        ("", "a name or a formula was wanted"),
        (" ", "a name or a formula was wanted"),
        ("lambda x: x", "written without 'lambda'"),
        (None, "a name or a formula was wanted: None came"),
        (5, "a name or a formula was wanted"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason) as caught:
        split_spec(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1.0), ("-2.5e-3", -0.0025), (" 7 ", 7.0), (3, 3.0), (0.5, 0.5)]
)
def test_numbers(text: str | float, value: float) -> None:
    assert parse_number(text, "it") == value


@pytest.mark.parametrize("text", ["", "a", "1,5", "0x10", "nan", "inf", "-inf", "1e999", None, []])
def test_refuses_what_is_no_finite_number(text: str) -> None:
    with pytest.raises(LandscapeError, match="the rate must be"):
        parse_number(text, "the rate")


KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
HEADS = st.from_regex(r"[a-z*+ =;()]{1,12}", fullmatch=True)


@given(HEADS, st.dictionaries(KEYS, st.text(min_size=1, max_size=8), max_size=4))
def test_what_is_written_is_read(head: str, options: dict[str, str]) -> None:
    try:
        text = format_spec(head, options)
    except LandscapeError:
        # Only a value that begins or ends in blanks or ends in a backslash has no notation.
        odd = [v for v in options.values() if v != v.strip() or v.endswith("\\")]
        assert odd or not head.strip()
        return
    assert split_spec(text) == (head.strip(), options)


@given(st.text(max_size=30))
def test_any_text_is_split_or_refused(text: str) -> None:
    try:
        head, options = split_spec(text)
    except LandscapeError:
        return
    assert head
    assert all(options)
