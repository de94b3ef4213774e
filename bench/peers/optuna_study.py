"""Optuna's samplers on the problems of `Thalweg.Tuning.Bench serve`: the peer of `Thalweg.Tuning.Bench run`.

    python3 bench/peers/optuna_study.py OUT.tsv --bench "dotnet PATH/Thalweg.Tuning.Bench.dll" --samplers random,tpe,gp --seeds 20 --trials 50

PYTHONPATH names Optuna where it is not installed. Each line of the result is sampler, problem, seed and the values of the trials in order.
Samplers have their defaults, the seed excepted. Lines that the file already has are not computed again.
"""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")


def allow_old_torch():
    """Before PyTorch 2.0 a device is no context manager; Optuna's GP enters one, for the CPU, which is the default anyway."""
    import torch
    import optuna.samplers._gp.sampler as module

    if hasattr(torch.device, "__enter__"):
        return

    class Torch:
        def __getattr__(self, name):
            return (lambda *_: contextlib.nullcontext()) if name == "device" else getattr(torch, name)

    module.torch = Torch()


class Bench:
    """The process that knows the problems."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.problems = json.loads(self.process.stdout.readline())

    def value(self, problem, point):
        text = ", ".join(f"'{path}'={quoted(value)}" for path, value in point.items())
        self.process.stdin.write(f"{problem['name']} {text}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def quoted(value):
    return "'" + (value if isinstance(value, str) else repr(value)) + "'"


def holds(condition, point):
    if condition["path"] not in point:
        return False
    value, values, operator = point[condition["path"]], condition["values"], condition["operator"]
    if operator in ("In", "NotEqual"):
        same = str(value) in values
        return same if operator == "In" else not same
    limit = float(values[0])
    return {"Less": value < limit, "AtMost": value <= limit, "Greater": value > limit, "AtLeast": value >= limit}[operator]


def suggest(trial, parameter):
    path, kind, values = parameter["path"], parameter["kind"], parameter["values"]
    if kind == "choice":
        return trial.suggest_categorical(path, values)
    if kind in ("int", "logint"):
        return trial.suggest_int(path, int(values[0]), int(values[1]), log=kind == "logint")
    low, high = float(values[0]), float(values[1])
    if kind == "steps":
        return round(trial.suggest_float(path, low, high, step=float(values[2])), 10)
    return trial.suggest_float(path, low, high, log=kind == "log")


def sampler_of(name, seed):
    return {
        "random": lambda: optuna.samplers.RandomSampler(seed=seed),
        "tpe": lambda: optuna.samplers.TPESampler(seed=seed),
        "gp": lambda: optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False),
    }[name]()


def run(bench, problem, sampler, trials):
    values = []

    def objective(trial):
        point = {}
        for parameter in problem["parameters"]:
            if all(holds(condition, point) for condition in parameter["when"]):
                point[parameter["path"]] = suggest(trial, parameter)
        values.append(bench.value(problem, point))
        return values[-1]

    study = optuna.create_study(sampler=sampler)
    study.optimize(objective, n_trials=trials)
    return values


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--bench", required=True)
    parser.add_argument("--samplers", default="random,tpe,gp")
    parser.add_argument("--half", default="all", choices=["all", "tuning", "ranking"])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=50)
    arguments = parser.parse_args()
    if "gp" in arguments.samplers:
        allow_old_torch()
    done = set()
    if os.path.exists(arguments.out):
        with open(arguments.out) as lines:
            done = {tuple(line.split("\t")[:3]) for line in lines}
    bench = Bench(arguments.bench)
    problems = [problem for i, problem in enumerate(bench.problems) if arguments.half in ("all", ("tuning", "ranking")[i % 2])]
    print("optuna", optuna.__version__, file=sys.stderr)
    with open(arguments.out, "a") as out:
        for seed in range(arguments.seeds):
            for name in arguments.samplers.split(","):
                for problem in problems:
                    key = ("optuna-" + name, problem["name"], str(seed))
                    if key in done:
                        continue
                    start = time.time()
                    values = run(bench, problem, sampler_of(name, seed), arguments.trials)
                    out.write("\t".join([*key, *(repr(value) for value in values)]) + "\n")
                    out.flush()
                    print(*key, f"{time.time() - start:.1f} s", min(values), file=sys.stderr, flush=True)


main()
