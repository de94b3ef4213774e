"""The tables of the study of defaults: files that --data-dir may hold, and tables that are drawn here."""
import csv
import gzip
import os

import numpy as np

REGRESSION, CLASSES = "regression", "classes"

# name: (file below --data-dir, kind, target column, columns left out, first lines passed over)
FILES = {
    "iris": ("tabular/iris.csv", CLASSES, -1, (), 0),
    "wine": ("tabular/wine.csv", CLASSES, -1, (), 0),
    "wheat-seeds": ("tabular/wheat-seeds.csv", CLASSES, -1, (), 0),
    "sonar": ("tabular/sonar.csv", CLASSES, -1, (), 0),
    "pima-diabetes": ("tabular/pima-indians-diabetes.csv", CLASSES, -1, (), 0),
    "breast-cancer-original": ("tabular/breast-cancer-wisconsin.csv", CLASSES, -1, (), 0),
    "breast-cancer": ("sklearn/breast_cancer.csv", CLASSES, -1, (), 1),
    "digits": ("sklearn/digits.csv.gz", CLASSES, -1, (), 0),
    "boston-housing": ("tabular/boston-housing.csv", REGRESSION, -1, (), 0),
    "energy-heating": ("tabular/energy-efficiency-enb2012.csv", REGRESSION, 8, (9,), 1),
    "bike-sharing-day": ("tabular/bike-sharing-day.csv", REGRESSION, 15, (0, 1, 13, 14), 1),
    "abalone": ("tabular/abalone.csv", REGRESSION, -1, (), 0),
    "winequality-red": ("tabular/winequality-red.csv", REGRESSION, -1, (), 0),
    "winequality-white": ("tabular/winequality-white.csv", REGRESSION, -1, (), 0),
}


def read(path, skipped):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as text:
        return [row for row in csv.reader(text) if row][skipped:]


def from_file(directory, name):
    """(kind, rows), the target last; None where the file is missing."""
    place, kind, target, ignored, skipped = FILES[name]
    path = os.path.join(directory, place)
    if not os.path.exists(path):
        return None
    rows = read(path, skipped)
    target %= len(rows[0])
    kept = [i for i in range(len(rows[0])) if i != target and i not in ignored]
    return kind, [[row[i].strip() for i in kept] + [row[target].strip()] for row in rows]


def cells(features, target):
    return [[f"{v:.6g}" if isinstance(v, float) else str(v) for v in row] + [str(t)] for row, t in zip(features, target)]


def friedman(random, rows=400):
    """Friedman (1991), equation 56: ten uniform features of which five count."""
    x = random.uniform(size=(rows, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4] + random.normal(size=rows)
    return REGRESSION, cells(x.tolist(), [f"{v:.6g}" for v in y])


def sparse_linear(random, rows=200):
    """Sixty features of which five count, linearly."""
    x = random.normal(size=(rows, 60))
    y = x[:, :5] @ [3, -2, 2, 1, -1] + random.normal(size=rows)
    return REGRESSION, cells(x.tolist(), [f"{v:.6g}" for v in y])


def mixed_prices(random, rows=205):
    """Few rows, a skewed price, three categories of up to 20 values, cells without a value."""
    brand, body, fuel = random.integers(0, 20, rows), random.integers(0, 5, rows), random.integers(0, 2, rows)
    worth = random.normal(0, 0.3, 20)
    size, power = random.normal(170, 12, rows), np.exp(random.normal(4.6, 0.35, rows))
    price = np.exp(9 + worth[brand] + 0.01 * (size - 170) + 0.8 * np.log(power / 100) + 0.1 * fuel + random.normal(0, 0.12, rows))
    noise = random.normal(size=(rows, 6))
    table = []
    for i in range(rows):
        row = [f"brand{brand[i]}", f"body{body[i]}", f"fuel{fuel[i]}", f"{size[i]:.1f}", f"{power[i]:.0f}"]
        row += [f"{v:.3f}" for v in noise[i]]
        if random.random() < 0.1:
            row[random.integers(3, 6)] = ""
        table.append(row + [f"{price[i]:.0f}"])
    return REGRESSION, table


def credit(random, rows=1000):
    """Thirty in a hundred are bad; seven categories and five numbers that say little each."""
    groups = [random.integers(0, n, rows) for n in (4, 5, 10, 5, 5, 3, 2)]
    numbers = random.gamma(2, 1, size=(rows, 5))
    weights = [random.normal(0, 0.45, n) for n in (4, 5, 10, 5, 5, 3, 2)]
    score = sum(w[g] for w, g in zip(weights, groups)) + numbers @ random.normal(0, 0.25, 5)
    score -= np.quantile(score, 0.7)
    bad = random.random(rows) < 1 / (1 + np.exp(-1.5 * score))
    table = [[f"A{k}{g[i]}" for k, g in enumerate(groups)] + [f"{v:.2f}" for v in numbers[i]] + ["bad" if bad[i] else "good"] for i in range(rows)]
    return CLASSES, table


def interactions(random, rows=600):
    """Two classes by the sign of a product, with ten features of noise: no line parts them."""
    x = random.normal(size=(rows, 12))
    return CLASSES, cells(x.tolist(), np.where(x[:, 0] * x[:, 1] + 0.3 * random.normal(size=rows) > 0, "yes", "no"))


def rare(random, rows=800):
    """One in twelve is of the class that counts."""
    x = random.normal(size=(rows, 8))
    score = x[:, 0] + x[:, 1] ** 2 + 0.5 * random.normal(size=rows)
    return CLASSES, cells(x.tolist(), np.where(score > np.quantile(score, 1 - 1 / 12), "rare", "usual"))


DRAWN = {"friedman": friedman, "sparse-linear": sparse_linear, "mixed-prices": mixed_prices, "credit": credit, "interactions": interactions, "rare": rare}


def load(directory):
    """All tables as name: (kind, rows), and the names of the files that are missing."""
    tables, missing = {}, []
    for name in FILES:
        table = from_file(directory, name) if directory else None
        if table is None:
            missing.append(FILES[name][0])
        else:
            tables[name] = table
    for index, (name, draw) in enumerate(DRAWN.items()):
        tables[name] = draw(np.random.default_rng(100 + index))
    return tables, missing
