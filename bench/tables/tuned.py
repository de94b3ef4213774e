"""`thalweg tune` on tables beside its defaults and beside a linear model that is tuned at the same budget.

python3 bench/tables/tuned.py --data-dir DIR --command publish/thalweg --cache FILE [--trials 60] [--splits 5] [--only NAMES] [--workers 2]

Each split trains on four fifths of a table and judges once on the rest; the divisions are not those of study.py, by which the defaults were chosen.
Thalweg searches on the training rows alone and opens the judged rows for the winner. The linear model is ridge or logistic regression with 60 strengths,
from 1e-4 to 1e4, judged by five folds of the training rows. Figures: accuracy or R2. Means over all splits of all tables have 95 % intervals by a
bootstrap that draws tables, and splits within them. An interval that a study states for the judged rows covers where the winner's figure lies in it.
"""
import argparse
import json
import os
import shlex
import subprocess
import tempfile
import warnings

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import study
import tables as source

TABLES = ["iris", "wine", "wheat-seeds", "sonar", "pima-diabetes", "breast-cancer-original", "breast-cancer", "boston-housing", "energy-heating",
          "bike-sharing-day", "winequality-red", "friedman", "sparse-linear", "mixed-prices", "diabetes"]


def diabetes(directory):
    """The table that study.py does not have: ten measurements, the progression after a year."""
    paths = [os.path.join(directory, "sklearn", name) for name in ("diabetes_data_raw.csv.gz", "diabetes_target.csv.gz")]
    if not all(os.path.exists(path) for path in paths):
        return None
    features, target = (np.loadtxt(path) for path in paths)
    return source.REGRESSION, source.cells(features.tolist(), target.tolist())


def linear(kind, train, judge, trials):
    numeric, columns = study.encoder(train)
    strengths = np.logspace(-4, 4, trials)
    model, name = (LogisticRegression(max_iter=2000), "C") if kind == source.CLASSES else (Ridge(), "alpha")
    target, truth = [row[-1] for row in train], [row[-1] for row in judge]
    features, judged = study.matrix(train, numeric), study.matrix(judge, numeric)
    pipeline, parameter = make_pipeline(columns, model), f"{type(model).__name__.lower()}__{name}"
    if kind == source.REGRESSION:
        pipeline, parameter = TransformedTargetRegressor(pipeline, transformer=StandardScaler()), f"regressor__{parameter}"
        target, truth = np.array(target, dtype=float), np.array(truth, dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = GridSearchCV(pipeline, {parameter: strengths}, cv=5).fit(features, target)
        predicted = search.predict(judged)
    return {"metric": accuracy_score(truth, predicted) if kind == source.CLASSES else r2_score(truth, predicted)}


def tuned(command, options, kind, train, judge, seed, trials, workers):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("train.csv", "judge.csv")]
        study.write(paths[0], train)
        study.write(paths[1], judge)
        call = [command, "tune", "--data", paths[0], "--test", paths[1], "--open-test", "--target", "target", "--seed", str(seed), "--trials", str(trials),
                "--workers", str(workers), "--keep-trials", "3", "--index", "none", "--out", os.path.join(folder, "study"), "--json",
                "--task", "classification" if kind == source.CLASSES else "regression", *shlex.split(options)]
        done = subprocess.run(call, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(call)} ended with {done.returncode}: {done.stderr.strip()}")
        result = json.loads(done.stdout.strip().splitlines()[-1])
        finalist = next(item for item in result["finalists"] if item["trial"] == result["winner"])
        figure = next(value for name, value in result["test"].items() if name not in ("loss", "samples"))
        return {"metric": figure, "low": finalist["testLow"], "high": finalist["testHigh"], "best": result["bestScore"], "point": result["point"]}


def bootstrap(differences, random):
    """Mean of a list of lists, with a 95 % interval: tables are drawn, then splits within them."""
    draws = [np.mean([np.mean(random.choice(row, len(row))) for row in (differences[i] for i in random.integers(0, len(differences), len(differences)))])
             for _ in range(2000)]
    return np.mean([np.mean(row) for row in differences]), *np.quantile(draws, (0.025, 0.975))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", default="")
    parser.add_argument("--command", default="publish/thalweg")
    parser.add_argument("--options", default="", help="more options of `thalweg tune`")
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="names of tables, separated by commas")
    parser.add_argument("--cache", required=True, help="a JSON file that keeps figures between calls; each call adds what is new")
    arguments = parser.parse_args()
    found, _ = source.load(arguments.data_dir)
    if (extra := diabetes(arguments.data_dir)) is not None:
        found["diabetes"] = extra
    names = [name for name in (arguments.only.split(",") if arguments.only else TABLES) if name in found]
    cache = json.load(open(arguments.cache)) if os.path.exists(arguments.cache) else {}
    gains, against, covered, widths = [], [], [], []
    print(f"{arguments.trials} trials, {arguments.splits} splits: mean accuracy or R2 on the judged rows")
    print("| table | rows | defaults | tuned | linear, tuned | stated interval covers | its mean width |\n|---|---|---|---|---|---|---|")
    for name in names:
        kind, rows = found[name]
        results = []
        for split in range(arguments.splits):
            train, judge = study.divide(rows, kind, 0.2, np.random.default_rng(3000 + split))
            key = f"{name} {split} {arguments.trials} {arguments.options}"
            if key not in cache:
                cache[key] = {
                    "defaults": study.ours(arguments.command, "", kind, train, judge, split + 1),
                    "linear": linear(kind, train, judge, arguments.trials),
                    "tuned": tuned(arguments.command, arguments.options, kind, train, judge, split + 1, arguments.trials, arguments.workers),
                }
                json.dump(cache, open(arguments.cache, "w"))
            results.append(cache[key])
        gains.append([item["tuned"]["metric"] - item["defaults"]["metric"] for item in results])
        against.append([item["tuned"]["metric"] - item["linear"]["metric"] for item in results])
        hits = [item["tuned"]["low"] <= item["tuned"]["metric"] <= item["tuned"]["high"] for item in results]
        width = [item["tuned"]["high"] - item["tuned"]["low"] for item in results]
        covered += hits
        widths += width
        mean = {key: np.mean([item[key]["metric"] for item in results]) for key in ("defaults", "tuned", "linear")}
        print(f"| {name} | {len(rows)} | {mean['defaults']:.3f} | {mean['tuned']:.3f} | {mean['linear']:.3f} | {sum(hits)} of {len(hits)} "
              f"| {np.mean(width):.3f} |", flush=True)
    random = np.random.default_rng(1)
    for label, differences in (("over the defaults", gains), ("over the tuned linear model", against)):
        mean, low, high = bootstrap(differences, random)
        print(f"{label}: {mean:+.4f} ({low:+.4f} to {high:+.4f})")
    print(f"stated intervals cover {sum(covered)} of {len(covered)} ({100 * np.mean(covered):.0f} %), median width {np.median(widths):.3f}")


if __name__ == "__main__":
    main()
