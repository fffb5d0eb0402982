"""How released numbers are written; the same digits in both languages.

A number that is not there is `[c]`, the Analysis Function's sign for 'withheld'.
"""

from __future__ import annotations

WITHHELD = "[c]"
_NEAREST, _FARTHEST = 1e-4, 1e9
"""Nearer to zero, or farther from it, a figure is told as a bound: never as 2.8e−275."""


def count(value: float | None) -> str:
    """A count with its thousands marked: 1,250."""
    return WITHHELD if value is None else f"{value:,.0f}"


def percent(share: float | None) -> str:
    """A share of 0 to 1 as whole per cent."""
    return WITHHELD if share is None else f"{share * 100:.0f}%"


def confidence(share: float) -> str:
    """That of an interval: 95%, and with as many decimals as a stricter test needs: 99.7%."""
    for decimals_of in range(4):
        written = f"{share * 100:.{decimals_of}f}"
        if float(written) < 100 and abs(float(written) - share * 100) <= (100 - share * 100) / 20:
            return f"{written}%"
    return "99.999%"


def points(difference: float | None) -> str:
    """A difference of shares in whole percentage points, with its sign."""
    return WITHHELD if difference is None else signed(f"{difference * 100:+.0f}")


def two_figures(value: float | None) -> str:
    """Two significant figures, and hundredths from 1 to 2: 0.58, 1.03, 3.4, 120; <0.0001 below."""
    return _significant(value, 3 if value is not None and 1 <= abs(value) < 2 else 2)


def three_figures(value: float | None) -> str:
    """Three significant figures, as internal releases have them: 1.00, 0.583, 34.2, 120."""
    return _significant(value, 3)


def _significant(value: float | None, figures: int) -> str:
    if value is None:
        return WITHHELD
    if 0 < abs(value) < _NEAREST:
        return "<0.0001" if value > 0 else ">−0.0001"
    if abs(value) > _FARTHEST:
        return ">1,000,000,000" if value > 0 else "<−1,000,000,000"
    written = f"{value:#.{figures}g}"
    whole = abs(float(written)) >= 10 ** (figures - 1)
    return signed(f"{float(written):,.0f}" if whole else written)


def decimals(value: float | None) -> str:
    """Two decimals, for measures of likeness."""
    return WITHHELD if value is None else signed(f"{value:.2f}")


def signed(written: str) -> str:
    """With a true minus sign, and none before zero."""
    return written.lstrip("+-") if not written.strip("+-0.") else written.replace("-", "−")
