"""The named surfaces: facts only. Critical points are recomputed and compared by the tests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["SURFACES", "SurfaceEntry"]

Point = tuple[float, float, float, str]  # x, y, value, kind


@dataclass(frozen=True)
class SurfaceEntry:
    """One surface of the catalogue.

    Attributes: `phenomenon` (a word or two), `formula`, `bounds` (x0, x1, y0, y1), `start`,
    `points` as (x, y, value, kind) at the parameters' defaults, `teaches` in one line, `source`,
    `parameters` with their defaults, `scale` of the contour levels.
    """

    phenomenon: str
    formula: str
    bounds: tuple[float, float, float, float]
    start: tuple[float, float]
    points: tuple[Point, ...]
    teaches: str
    source: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    scale: Literal["auto", "log", "linear"] = "auto"


def _square(half: float) -> tuple[float, float, float, float]:
    return (-half, half, -half, half)


_SURVEY = "Jamil, Yang 2013, A literature survey of benchmark functions, arXiv:1308.4008"

SURFACES: dict[str, SurfaceEntry] = {
    "sphere": SurfaceEntry(
        "bowl",
        "x**2 + y**2",
        _square(3),
        (-2.5, 1.5),
        ((0, 0, 0, "minimum"),),
        "A round bowl: every gradient points at the minimum, and only the step size matters.",
        "De Jong 1975, An analysis of the behavior of a class of genetic adaptive systems, F1",
    ),
    "ravine": SurfaceEntry(
        "ravine",
        "a = rotation*pi/180; u = cos(a)*x + sin(a)*y; v = cos(a)*y - sin(a)*x; "
        "1/2*(u**2 + kappa*v**2)",
        _square(5),
        (-4, 1.5),
        ((0, 0, 0, "minimum"),),
        "Steep walls and a flat floor: gradient descent zig-zags, momentum damps it.",
        "quadratic form with condition number kappa, turned by rotation degrees",
        {"kappa": 20, "rotation": 0},
    ),
    "d2l": SurfaceEntry(
        "ravine",
        "0.1*x**2 + 2*y**2",
        _square(5),
        (-5, -2),
        ((0, 0, 0, "minimum"),),
        "A rate that suits the steep coordinate crawls along the flat one.",
        "Zhang, Lipton, Li, Smola 2021, Dive into Deep Learning, momentum, arXiv:2106.11342",
    ),
    "matyas": SurfaceEntry(
        "ravine",
        "0.26*(x**2 + y**2) - 0.48*x*y",
        _square(10),
        (-9.08, -7.83),
        ((0, 0, 0, "minimum"),),
        "A ravine along the diagonal: a rate of its own for each coordinate is no help.",
        _SURVEY,
    ),
    "booth": SurfaceEntry(
        "ravine",
        "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
        _square(10),
        (-8, 7),
        ((1, 3, 0, "minimum"),),
        "A mild ravine (condition number 9): everything arrives, some zig-zag on the way.",
        _SURVEY,
    ),
    "rosenbrock": SurfaceEntry(
        "bent valley",
        "(1 - x)**2 + 100*(y - x**2)**2",
        (-2, 2, -1, 3),
        (-1.2, 1),
        ((1, 1, 0, "minimum"),),
        "Finding the bent valley is easy, following its nearly flat floor is not.",
        "Rosenbrock 1960, doi:10.1093/comjnl/3.3.175",
        scale="log",
    ),
    "beale": SurfaceEntry(
        "bent valley",
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        _square(4.5),
        (1, 1.6),
        (
            (3, 0.5, 0, "minimum"),
            (0.1005379373242, -2.644513585023, 9.864512284756, "saddle"),
            (0, 1, 14.203125, "saddle"),
        ),
        "A flat bent valley between walls that rise by powers: one learning rate fits nowhere.",
        "Beale 1958, Princeton technical report 25; "
        "Moré, Garbow, Hillstrom 1981, doi:10.1145/355934.355936; the cs231n animation",
        scale="log",
    ),
    "freudenstein_roth": SurfaceEntry(
        "bent valley",
        "(x - 13 + ((5 - y)*y - 2)*y)**2 + (x - 29 + ((y + 1)*y - 14)*y)**2",
        _square(15),
        (0.5, -2),
        (  # the saddle between them lies outside, at (23.9, 2.23)
            (5, 4, 0, "minimum"),
            (11.4127789869, -0.8968052532745, 48.98425367924, "minimum"),
        ),
        "Two curved valleys: from the usual start every method ends in the worse one.",
        "Freudenstein, Roth 1963, J. ACM 10(4):550-556; "
        "Moré, Garbow, Hillstrom 1981, doi:10.1145/355934.355936",
        scale="log",
    ),
    "muller_brown": SurfaceEntry(
        "chemistry",
        "-200*exp(-(x - 1)**2 - 10*y**2) - 100*exp(-x**2 - 10*(y - 0.5)**2) "
        "- 170*exp(-6.5*(x + 0.5)**2 + 11*(x + 0.5)*(y - 1.5) - 6.5*(y - 1.5)**2) "
        "+ 15*exp(0.7*(x + 1)**2 + 0.6*(x + 1)*(y - 1) + 0.7*(y - 1)**2)",
        (-1.5, 1.2, -0.5, 2),
        (-1.2, 0.5),
        (
            (-0.558223634633, 1.441725841805, -146.69951721, "minimum"),
            (0.6234994049309, 0.02803775852869, -108.1667241169, "minimum"),
            (-0.05001082299821, 0.466694104872, -80.76781812966, "minimum"),
            (0.2124865820007, 0.2929883251074, -72.24894011233, "saddle"),
            (-0.8220015587327, 0.6243128028149, -40.66484350866, "saddle"),
        ),
        "Wells joined by mountain passes, as between molecules: which one is a matter of speed.",
        "Müller, Brown 1979, doi:10.1007/BF00547608",
    ),
    "saddle": SurfaceEntry(
        "saddle",
        "x**2 - y**2",
        _square(1.5),
        (0.8, 1e-3),
        ((0, 0, 0, "saddle"),),
        "Down into the saddle, then out along the slope that is hardly there.",
        "Dauphin et al. 2014, arXiv:1406.2572; the cs231n animation",
    ),
    "bounded_saddle": SurfaceEntry(
        "saddle",
        "x**2 - y**2 + y**4/4",
        _square(2),
        (1.5, 1e-3),
        (
            (0, -math.sqrt(2), -1, "minimum"),
            (0, math.sqrt(2), -1, "minimum"),
            (0, 0, 0, "saddle"),
        ),
        "A saddle between two wells: all leave it in the end, the question is when.",
        "after Nesterov 2004, Introductory lectures on convex optimization, section 1.2.3; "
        "Lee et al. 2016, arXiv:1602.04915",
    ),
    "periodic_saddle": SurfaceEntry(
        "saddle",
        "sin(x) + y**2",
        _square(5),
        (1.6, 2),
        (
            (-math.pi / 2, 0, -1, "minimum"),
            (1.5 * math.pi, 0, -1, "minimum"),
            (-1.5 * math.pi, 0, 1, "saddle"),
            (math.pi / 2, 0, 1, "saddle"),
        ),
        "A ridge between valleys: a start beside the crest decides which valley it is.",
        "the simplest surface with a row of saddles and minima",
    ),
    "two_layer_linear": SurfaceEntry(
        "symmetry",
        "1/2*(x*y - 1)**2",
        _square(3),
        (0.1, 0.05),
        ((0, 0, 0.5, "saddle"),),  # the minima fill the line x*y = 1
        "Two weights in a row, both near zero: learning stands still until they differ from it.",
        "Saxe, McClelland, Ganguli 2014, arXiv:1312.6120",
    ),
    "monkey_saddle": SurfaceEntry(
        "monkey saddle",
        "x**3 - 3*x*y**2 + 1/4*(x**2 + y**2)**2",
        _square(4),
        (0.3, 0.4),
        (
            (-3, 0, -6.75, "minimum"),
            (1.5, -1.5 * math.sqrt(3), -6.75, "minimum"),
            (1.5, 1.5 * math.sqrt(3), -6.75, "minimum"),
            (0, 0, 0, "degenerate"),
        ),
        "Three ways down (for two legs and a tail), and no curvature at all in the middle.",
        "Hilbert, Cohn-Vossen 1932, Anschauliche Geometrie; a quartic bowl keeps it bounded",
    ),
    "plateau": SurfaceEntry(
        "plateau",
        "1 - exp(-((x**2 + y**2)/2))",
        _square(4),
        (3, 1),
        ((0, 0, 0, "minimum"),),
        "Almost no slope around the hole: gradient descent stands still, adaptive steps do not.",
        "an upturned Gaussian bell",
    ),
    "easom": SurfaceEntry(
        "hidden minimum",
        "-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)",
        _square(10),
        (1, 1),
        (
            (math.pi, math.pi, -1, "minimum"),
            (1.304995450438, 1.304995450438, -8.11022389157e-05, "minimum"),
            (1.304995450438, 4.978189856742, -8.11022389157e-05, "minimum"),
            (4.978189856742, 1.304995450438, -8.11022389157e-05, "minimum"),
            (4.978189856742, 4.978189856742, -8.11022389157e-05, "minimum"),
        ),
        "A needle's hole in a plain: what the gradient cannot feel it cannot find.",
        "Easom 1990, A survey of global optimization techniques; " + _SURVEY,
    ),
    "himmelblau": SurfaceEntry(
        "local minima",
        "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        _square(6),
        (-0.15, 0.67),
        (
            (3, 2, 0, "minimum"),
            (3.58442834033, -1.848126526964, 0, "minimum"),
            (-3.779310253378, -3.283185991286, 0, "minimum"),
            (-2.805118086953, 3.131312518251, 0, "minimum"),
            (3.385154183607, 0.07385187983775, 13.31192627041, "saddle"),
            (0.0866775045554, 2.884254701175, 67.71915008753, "saddle"),
            (-3.073025750764, -0.08135304428797, 104.0151629176, "saddle"),
            (-0.1279613467307, -1.953714980245, 178.3372392019, "saddle"),
            (-0.2708445906673, -0.92303855648, 181.6165215226, "maximum"),
        ),
        "Four minima, all as good: the rule and its rate choose among them.",
        "Himmelblau 1972, Applied nonlinear programming",
        scale="log",
    ),
    "two_wells": SurfaceEntry(
        "local minima",
        "-2*exp(-(((x - 1)**2 + y**2)/0.2)) - 3*exp(-(((x + 1)**2 + y**2)/0.2)) + x**2 + y**2",
        _square(2),
        (1.2, 1.2),
        (
            (-0.9363006340109, 0, -2.063090251768, "minimum"),
            (0.9053178991601, 0, -1.092731999202, "minimum"),
            (0.0686024367081, 0, -0.03137427327005, "saddle"),
        ),
        "A ditch on the way: gradient descent stops in it, momentum rolls on to the deeper well.",
        "two Gaussian wells in a bowl",
    ),
    "six_hump_camel": SurfaceEntry(
        "local minima",
        "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + 4*(y**2 - 1)*y**2",
        (-2, 2, -1.2, 1.2),
        (1.3, -1.1),
        (
            (-0.08984201310032, 0.7126564030207, -1.03162845349, "minimum"),
            (0.08984201310032, -0.7126564030207, -1.03162845349, "minimum"),
            (-1.70360671497, 0.7960835686726, -0.2154638243837, "minimum"),
            (1.70360671497, -0.7960835686726, -0.2154638243837, "minimum"),
            (0, 0, 0, "saddle"),
            (-1.109205336805, 0.7682680925095, 0.5437186009782, "saddle"),
            (1.109205336805, -0.7682680925095, 0.5437186009782, "saddle"),
            (-1.60710475292, -0.5686514548841, 2.104250310311, "minimum"),
            (1.60710475292, 0.5686514548841, 2.104250310311, "minimum"),
            (-1.63806798419, -0.2286740690444, 2.229357197531, "saddle"),
            (1.63806798419, 0.2286740690444, 2.229357197531, "saddle"),
            (-1.296070267167, -0.6050843880387, 2.22947081803, "saddle"),
            (1.296070267167, 0.6050843880387, 2.22947081803, "saddle"),
            (-1.230229876517, -0.162334584459, 2.496295351024, "maximum"),
            (1.230229876517, 0.162334584459, 2.496295351024, "maximum"),
        ),
        "Six minima in three pairs: only one pair is the best.",
        "Dixon, Szegő 1978, Towards global optimisation 2",
    ),
    "three_hump_camel": SurfaceEntry(
        "local minima",
        "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
        _square(2.5),
        (2, 1),
        (
            (0, 0, 0, "minimum"),
            (-1.74755234583, 0.8737761729151, 0.2986384422369, "minimum"),
            (1.74755234583, -0.8737761729151, 0.2986384422369, "minimum"),
            (-1.070542291824, 0.5352711459118, 0.8773615577631, "saddle"),
            (1.070542291824, -0.5352711459118, 0.8773615577631, "saddle"),
        ),
        "Three minima in a row: one must roll over a saddle to reach the best.",
        "Dixon, Szegő 1978, Towards global optimisation 2; " + _SURVEY,
    ),
    "styblinski_tang": SurfaceEntry(
        "local minima",
        "1/2*sum(u**4 - 16*u**2 + 5*u for u in (x, y))",
        _square(5),
        (0, 0),
        (
            (-2.903534027771, -2.903534027771, -78.33233140754, "minimum"),
            (-2.903534027771, 2.746802770991, -64.19561235906, "minimum"),
            (2.746802770991, -2.903534027771, -64.19561235906, "minimum"),
            (2.746802770991, 2.746802770991, -50.05889331057, "minimum"),
            (-2.903534027771, 0.1567312567803, -38.97055334472, "saddle"),
            (0.1567312567803, -2.903534027771, -38.97055334472, "saddle"),
            (0.1567312567803, 2.746802770991, -24.83383429623, "saddle"),
            (2.746802770991, 0.1567312567803, -24.83383429623, "saddle"),
            (0.1567312567803, 0.1567312567803, 0.3912247181107, "maximum"),
        ),
        "Four wells of three depths, and the steepest way down leads to the deepest.",
        "Styblinski, Tang 1990, doi:10.1016/0893-6080(90)90029-K",
    ),
    "goldstein_price": SurfaceEntry(
        "local minima",
        "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
        _square(2),
        (-1.5, 1.5),
        (
            (0, -1, 3, "minimum"),
            (-0.6, -0.4, 30, "minimum"),
            (-0.4, -0.6, 35, "saddle"),
            (1.8, 0.2, 84, "minimum"),
            (1.2, -0.2, 99, "saddle"),
            (1.2, 0.8, 840, "minimum"),
            (1.4, 0.6, 980, "saddle"),
            (0.6, 0.4, 990, "saddle"),
            (0.8, 0.2, 1155, "maximum"),
        ),
        "Values from 3 to a million: gradients that no single learning rate fits.",
        "Goldstein, Price 1971, On descent from local minima, Math. Comp. 25:569-574",
        scale="log",
    ),
    "sharp_flat": SurfaceEntry(
        "sharp against flat",
        "0.05*(x**2 + y**2) - exp(-(((x + 1.5)**2 + y**2)/1.28)) "
        "- 1.2*exp(-(((x - 1.5)**2 + y**2)/0.08))",
        _square(3),
        (0.9, 1.5),
        (
            (1.494874191305, 0, -1.088778814393, "minimum"),
            (-1.409227015465, 0, -0.8942873431747, "minimum"),
            (0.8703240741003, 0, 0.01701706899104, "saddle"),
        ),
        "A sharp minimum that is deeper and a flat one that is wider: large steps find the wide.",
        "after Hochreiter, Schmidhuber 1997, doi:10.1162/neco.1997.9.1.1; "
        "Keskar et al. 2017, arXiv:1609.04836",
    ),
    "rastrigin": SurfaceEntry(
        "many minima",
        "20 + sum(u**2 - 10*cos(2*pi*u) for u in (x, y))",
        _square(5.12),
        (-2, 3.5),
        (  # the lowest nine of 121 minima
            (0, 0, 0, "minimum"),
            (-0.9949586376523, 0, 0.9949590570933, "minimum"),
            (0, -0.9949586376523, 0.9949590570933, "minimum"),
            (0, 0.9949586376523, 0.9949590570933, "minimum"),
            (0.9949586376523, 0, 0.9949590570933, "minimum"),
            (-0.9949586376523, -0.9949586376523, 1.989918114187, "minimum"),
            (-0.9949586376523, 0.9949586376523, 1.989918114187, "minimum"),
            (0.9949586376523, -0.9949586376523, 1.989918114187, "minimum"),
            (0.9949586376523, 0.9949586376523, 1.989918114187, "minimum"),
        ),
        "A bowl full of dents: plain descent stays in the first.",
        "Rastrigin 1974; Mühlenbein, Schomisch, Born 1991, doi:10.1016/S0167-8191(05)80052-3",
    ),
    "ackley": SurfaceEntry(
        "many minima",
        "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
        _square(5),
        (2.5, 2),
        (  # the lowest nine minima; (0, 0) is the tip
            (0, 0, 0, "minimum"),
            (-0.9521665459502, 0, 2.57992755703, "minimum"),
            (0, -0.9521665459502, 2.57992755703, "minimum"),
            (0, 0.9521665459502, 2.57992755703, "minimum"),
            (0.9521665459502, 0, 2.57992755703, "minimum"),
            (-0.9684776587077, -0.9684776587077, 3.574451877258, "minimum"),
            (-0.9684776587077, 0.9684776587077, 3.574451877258, "minimum"),
            (0.9684776587077, -0.9684776587077, 3.574451877258, "minimum"),
            (0.9684776587077, 0.9684776587077, 3.574451877258, "minimum"),
        ),
        "A cone full of dents, with a tip where the gradient has no limit.",
        "Ackley 1987, doi:10.1007/978-1-4613-1997-9",
    ),
    "nesterov_chebyshev": SurfaceEntry(
        "not smooth",
        "1/4*(x - 1)**2 + abs(y - 2*x**2 + 1)",
        _square(2),
        (-1, 1),
        ((1, 1, 0, "minimum"),),
        "A valley with a kink for its floor: steps of a fixed size bounce between the walls.",
        "Gürbüzbalaban, Overton 2012, On Nesterov's nonsmooth Chebyshev-Rosenbrock functions, "
        "Nonlinear Analysis 75(3):1282-1289",
    ),
}
