"""scipy's minimizers on functions of the other side: the peer of `Thalweg.Bench minimizers`.

Each line of standard input is a task, `METHOD x1 x2 ...`; while it runs, each evaluation is asked for by a line `x1 x2 ...` on standard output and
answered by `f g1 g2 ...`. `done MESSAGE` ends it. Numbers are written so that none loses a digit.
Second derivatives, where a method wants them, are forward differences of gradients, as on the other side.
"""
import sys

import numpy as np
import scipy
from scipy.optimize import minimize

OPTIONS = {
    "BFGS": {"gtol": 1e-8, "maxiter": 20000},
    "L-BFGS-B": {"gtol": 1e-8, "ftol": 0, "maxiter": 20000, "maxfun": 20000, "maxcor": 10, "maxls": 40},
    "CG": {"gtol": 1e-8, "maxiter": 20000},
    "Newton-CG": {"xtol": 1e-12, "maxiter": 5000},
    "trust-ncg": {"gtol": 1e-8, "maxiter": 20000, "max_trust_radius": 1e10},
    "trust-exact": {"gtol": 1e-8, "maxiter": 20000, "max_trust_radius": 1e10},
    "dogleg": {"gtol": 1e-8, "maxiter": 20000, "max_trust_radius": 1e10},
}


def ask(x):
    print(" ".join(repr(float(v)) for v in x), flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit(1)
    numbers = [float(v) for v in line.split()]
    return numbers[0], np.array(numbers[1:])


def difference(x, gradient, vector):
    """H v from the gradient at x and one more; returns zeros for a zero vector."""
    length = np.linalg.norm(vector)
    if length == 0:
        return np.zeros_like(vector)
    step = np.sqrt(np.finfo(float).eps) * (1 + np.linalg.norm(x)) / length
    return (ask(x + step * vector)[1] - gradient) / step


class Memory:
    """The gradient at the last point, which methods ask for again when they want second derivatives."""

    def __init__(self):
        self.x = None

    def value(self, x):
        self.x, (value, self.gradient) = np.array(x), ask(x)
        return value, self.gradient

    def at(self, x):
        if self.x is None or not np.array_equal(self.x, x):
            self.value(x)
        return self.gradient


def run(method, start):
    memory = Memory()
    extra = {}
    if method in ("trust-ncg", "Newton-CG"):
        extra["hessp"] = lambda x, v: difference(x, memory.at(x), v)
    elif method in ("trust-exact", "dogleg"):
        def hessian(x):
            columns = [difference(x, memory.at(x), unit) for unit in np.eye(len(x))]
            matrix = np.array(columns)
            return (matrix + matrix.T) / 2
        extra["hess"] = hessian
    result = minimize(memory.value, start, jac=True, method=method, options=OPTIONS[method], **extra)
    return str(result.message).replace("\n", " ")


def main():
    print(f"ready scipy {scipy.__version__}, numpy {np.__version__}", flush=True)
    np.seterr(all="ignore")
    for line in iter(sys.stdin.readline, ""):
        method, *numbers = line.split()
        try:
            message = run(method, np.array([float(v) for v in numbers]))
        except Exception as error:  # a method that gives up says why
            message = f"{type(error).__name__}: {error}".replace("\n", " ")
        print(f"done {message}", flush=True)


main()
