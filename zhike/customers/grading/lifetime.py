"""What a customer is likely to buy: published models of buying by customers who may leave without saying so.

How often: BG/NBD (Fader, Hardie, Lee: "Counting Your Customers" the Easy Way, Marketing Science 24, 2005).
For how much: Gamma-Gamma (Fader, Hardie, Lee: RFM and CLV, Journal of Marketing Research 42, 2005; Fader, Hardie: The
Gamma-Gamma Model of Monetary Value, 2013). Pure arithmetic over arrays; time is in weeks, money in any unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any  # one figure for each customer
LEAST = 30  # customers who came back, below which nothing is estimated
MOST = 20_000  # customers that an estimate is made from


class TooFew(ValueError):
    """Too few customers have bought more than once."""


@dataclass(frozen=True)
class Buying:
    """How often customers buy: rates are gamma (r, alpha), the chance of leaving after an order is beta (a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, repeats: Array, last: Array, age: Array) -> Array:
        """The chance that the customer has not left."""
        gone = self.a / (self.b + np.maximum(repeats, 1) - 1)
        odds = gone * ((self.alpha + age) / (self.alpha + last)) ** (self.r + repeats)
        return np.where(repeats > 0, 1 / (1 + odds), 1.0)

    def orders(self, weeks: float, repeats: Array, last: Array, age: Array) -> Array:
        """Orders expected in the coming weeks (equation 10 of the paper)."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        series = hyp2f1(r + repeats, b + repeats, a + b + repeats - 1, weeks / (alpha + age + weeks))
        shrunk = 1 - ((alpha + age) / (alpha + age + weeks)) ** (r + repeats) * series
        return (a + b + repeats - 1) / (a - 1) * shrunk * self.alive(repeats, last, age)


@dataclass(frozen=True)
class Spending:
    """For how much customers buy at a time: p, q and gamma of the Gamma-Gamma model."""

    p: float
    q: float
    gamma: float

    def mean(self, repeats: Array, average: Array) -> Array:
        """The amount of an order; who has not come back is expected to spend what customers usually do."""
        known = self.p * repeats
        return (self.gamma * self.p + known * average) / (known + self.q - 1)


def fit_buying(repeats: Array, last: Array, age: Array) -> Buying:
    """The most likely parameters. `repeats` orders after the first, the last of them after `last` weeks of `age`."""
    from scipy.special import betaln, gammaln

    if int((repeats > 0).sum()) < LEAST:
        raise TooFew
    repeats, last, age = _sample(repeats, last, age)

    def unlikely(logs: Array) -> float:
        r, alpha, a, b = np.exp(logs)
        back = repeats > 0
        each = (
            gammaln(r + repeats)
            - gammaln(r)
            + r * np.log(alpha)
            + betaln(a, b + repeats)
            - betaln(a, b)
            - (r + repeats) * np.log(alpha + age)
        )
        # the second term of equation 6, for customers who came back: gone after the last order
        gone = np.log(a) - np.log(b + np.maximum(repeats, 1) - 1)
        gone = gone + (r + repeats) * (np.log(alpha + age) - np.log(alpha + last))
        each = each + np.where(back, np.logaddexp(0, np.where(back, gone, 0)), 0)
        return float(-each.mean())

    return Buying(*np.exp(_minimised(unlikely, np.log([0.5, float(age.mean()) / 4, 0.7, 2.0]))).tolist())


def fit_spending(repeats: Array, average: Array) -> Spending:
    """The most likely parameters, from customers who came back; `average` is the mean amount of their repeat orders."""
    from scipy.special import gammaln

    back = (repeats > 0) & (average > 0)
    if int(back.sum()) < LEAST:
        raise TooFew
    x, m = _sample(repeats[back], average[back])

    def unlikely(logs: Array) -> float:
        p, q, gamma = np.exp(logs)
        each = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(gamma)
            + (p * x - 1) * np.log(m)
            + p * x * np.log(x)
            - (p * x + q) * np.log(gamma + m * x)
        )
        return float(-each.mean())

    p, q, gamma = np.exp(_minimised(unlikely, np.log([6.0, 4.0, float(m.mean())]))).tolist()
    # the mean amount of all customers exists for q > 1 only
    return Spending(p, max(q, 1.05), gamma)


def _sample(*arrays: Array) -> tuple[Array, ...]:
    """Every so-manieth customer, so that a million takes no longer than some thousands."""
    step = max(1, -(-len(arrays[0]) // MOST))
    return tuple(array[::step] for array in arrays)


def _minimised(function: Callable[[Array], float], start: Array) -> Array:
    from scipy.optimize import minimize

    bounds = [(-8.0, 20.0)] * len(start)
    return minimize(function, start, method="L-BFGS-B", bounds=bounds).x
