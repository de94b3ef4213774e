"""Thalweg's defaults on small tables beside scikit-learn, on the same rows.

python3 bench/tables/study.py --data-dir DIR --command publish/thalweg [--part validation|test] [--ours NAME='OPTIONS']... [--splits 5]

`--part validation` (the default) never opens the test rows: a fifth of the training rows judges. It is for choosing.
`--part test` trains on all training rows and judges on the test rows. It is for the end.
Peers: MLPClassifier and MLPRegressor with the hidden layers of Thalweg's default network and their own defaults otherwise, targets standardized;
logistic regression and ridge. Features are standardized and categories one-hot for them. Figures: accuracy and log loss, or R2.
"""
import argparse
import csv
import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import tables as source

HIDDEN = (256, 128)


def divide(rows, kind, share, random):
    """Two lists of rows, the second of about the share given, class by class."""
    labels = np.array([row[-1] for row in rows]) if kind == source.CLASSES else np.zeros(len(rows))
    second = []
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        second += members[: max(1, round(share * len(members)))].tolist()
    chosen = set(second)
    return [row for i, row in enumerate(rows) if i not in chosen], [rows[i] for i in sorted(chosen)]


def number(cell):
    try:
        return float(cell)
    except ValueError:
        return None


def matrix(rows, numeric):
    out = np.empty((len(rows), len(rows[0]) - 1), dtype=object)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row[:-1]):
            out[i, j] = (np.nan if number(cell) is None else float(cell)) if numeric[j] else cell
    return out


def encoder(train):
    width = len(train[0]) - 1
    missing = ("", "?")
    numeric = [all(number(row[j]) is not None or row[j] in missing for row in train) for j in range(width)]
    numbers, texts = [j for j in range(width) if numeric[j]], [j for j in range(width) if not numeric[j]]
    return numeric, ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        ("texts", OneHotEncoder(handle_unknown="ignore"), texts),
    ], sparse_threshold=0)


def figures(kind, model, train, judge):
    """Trains a model of scikit-learn and judges it."""
    numeric, columns = encoder(train)
    pipeline = make_pipeline(columns, model)
    target = [row[-1] for row in train]
    truth = [row[-1] for row in judge]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind == source.REGRESSION:
            pipeline = TransformedTargetRegressor(pipeline, transformer=StandardScaler())
            pipeline.fit(matrix(train, numeric), np.array(target, dtype=float))
            return {"metric": r2_score(np.array(truth, dtype=float), pipeline.predict(matrix(judge, numeric)))}
        pipeline.fit(matrix(train, numeric), target)
        chances = pipeline.predict_proba(matrix(judge, numeric))
        labels = list(pipeline.classes_)
        return {"metric": accuracy_score(truth, [labels[i] for i in chances.argmax(1)]), "loss": log_loss(truth, chances, labels=labels)}


def peers(kind, seed):
    if kind == source.CLASSES:
        return {"mlp": MLPClassifier(HIDDEN, random_state=seed), "linear": LogisticRegression(max_iter=2000)}
    return {"mlp": MLPRegressor(HIDDEN, random_state=seed), "linear": Ridge()}


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([f"x{j}" for j in range(len(rows[0]) - 1)] + ["target"])
        writer.writerows(rows)


def ours(command, options, kind, train, judge, seed):
    """Trains by the command and judges."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("train.csv", "judge.csv")]
        write(paths[0], train)
        write(paths[1], judge)
        call = [command, "train", "--data", paths[0], "--test", paths[1], "--open-test", "--target", "target", "--seed", str(seed), "--threads", "1",
                "--out", os.path.join(folder, "run"), "--json",
                "--task", "classification" if kind == source.CLASSES else "regression", *shlex.split(options)]
        done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "DOTNET_TieredPGO": "0"})
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(call)} ended with {done.returncode}: {done.stderr.strip()}")
        result = json.loads(done.stdout.strip().splitlines()[-1])
        test = result["test"]
        return {"metric": test["accuracy"] if kind == source.CLASSES else test["r2"], "loss": test["loss"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", default="")
    parser.add_argument("--command", default="publish/thalweg")
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--ours", action="append", default=[], metavar="NAME=OPTIONS", help="more options of `thalweg train` to try; NAME= takes its defaults")
    parser.add_argument("--only", default="", help="names of tables, separated by commas")
    parser.add_argument("--cache", default="", help="a JSON file that keeps figures between calls; each call adds what is new")
    arguments = parser.parse_args()
    choices = dict(text.split("=", 1) for text in arguments.ours) or {"default": ""}
    tables, missing = source.load(arguments.data_dir)
    if missing:
        print(f"missing below --data-dir: {', '.join(missing)}", file=sys.stderr)
    names = [name for name in tables if not arguments.only or name in arguments.only.split(",")]
    cache = json.load(open(arguments.cache)) if os.path.exists(arguments.cache) else {}
    columns = ["mlp", "linear", *choices]
    print(f"scikit-learn {sklearn.__version__}; {arguments.part} rows, {arguments.splits} splits: mean metric (standard error) [log loss]")
    print("| table | rows | " + " | ".join(columns) + " |")
    print("|---|---|" + "---|" * len(columns))
    for name in names:
        kind, rows = tables[name]
        results = {column: [] for column in columns}
        for split in range(arguments.splits):
            train, judge = divide(rows, kind, 0.2, np.random.default_rng(1000 + split))
            if arguments.part == "validation":
                train, judge = divide(train, kind, 0.2, np.random.default_rng(2000 + split))
            for column in columns:
                options = choices.get(column)
                key = hashlib.sha256(repr((name, arguments.part, split, column if options is None else options)).encode()).hexdigest()
                if key not in cache:
                    cache[key] = figures(kind, peers(kind, split)[column], train, judge) if options is None \
                        else ours(arguments.command, options, kind, train, judge, split + 1)
                results[column].append(cache[key])
        if arguments.cache:
            json.dump(cache, open(arguments.cache, "w"))
        print(f"| {name} | {len(rows)} | " + " | ".join(cell(results[column], kind) for column in columns) + " |", flush=True)


def cell(results, kind):
    metric = np.array([result["metric"] for result in results])
    text = f"{metric.mean():.3f} ({metric.std(ddof=1) / np.sqrt(len(metric)) if len(metric) > 1 else 0:.3f})"
    return text if kind == source.REGRESSION else f"{text} [{np.mean([result['loss'] for result in results]):.3f}]"


if __name__ == "__main__":
    main()
