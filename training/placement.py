#!/usr/bin/env python3
"""Trains the weights of `src/verify/checks/placement` on texts that people call right.

usage: placement.py FOLDER [--binary PATH] [--write]

FOLDER holds files of rows `{"source", "summary", "label", "cased"}`, one JSON object a
line. Every number, date and name of a supported summary is taken as right; the same
summaries with one of them exchanged for another of the same source are taken as wrong.
Prints, for sources that were left out, how many of the wrong ones are found at which
share of summaries with a false alarm. With `--write`, writes `weights.tsv`.

Needs Python 3.11 and the program that prints the signs:
`cargo build --release --example placement`.
"""

import argparse
import hashlib
import json
import math
import random
import re
import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "src/verify/checks/placement/weights.tsv"
FOLDS = 5
SIGNS = {
    "number": ["difference", "own_mass", "other_coverage", "gap", "ratio", "near", "present",
               "twice"],
    "date": ["difference", "other_coverage", "own_places", "twice"],
    "name": ["difference", "own_before", "other_before", "other_behind", "gap", "own_places",
             "rival_places", "near", "pronoun", "present", "twice"],
}
# The share of right texts that may get a warning, and that may get an error.
ALARMS = {"number": (0.004, 0.0005), "date": (0.001, 0.0003), "name": (0.01, 0.0005)}
# Not news: the same few sentences in many versions.
LEFT_OUT = ("ectsum", "pert")
SWAPS = {"number": 3, "date": 3, "name": 2}
RIDGE = 10.0  # of the standardised weights; without it rare signs get wild ones


def fold(source):
    return int(hashlib.sha256(source.encode()).hexdigest(), 16) % FOLDS


def texts(folder):
    """The supported summaries with their sources, each once."""
    found = {}
    for file in sorted(folder.glob("*.jsonl")):
        if any(name in file.stem for name in LEFT_OUT):
            continue
        for line in file.read_text().splitlines():
            row = json.loads(line)
            if not row.get("cased", True):
                continue
            if row["label"] == "supported":
                found[row["source"], row["summary"]] = None
            if "reference" in row["meta"]:  # what was changed to make the error
                found[row["source"], row["meta"]["reference"]] = None
    return list(found)


def signs(binary, rows):
    """What the program says of each row."""
    lines = "\n".join(json.dumps({"source": s, "text": t}) for s, t in rows)
    done = subprocess.run([binary], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def exchanged(rows, answers, dice):
    """Rows with one claim exchanged: (row, source, text, start, end)."""
    digits = re.compile(r"\d[\d.,]*\d|\d")
    for nth, ((source, text), answer) in enumerate(zip(rows, answers)):
        known = defaultdict(set)
        for kind, words in answer["mentions"]:
            known[kind].add(words)
        for claim in answer["claims"]:
            kind, start, end = claim["kind"], claim["start"], claim["end"]
            if kind not in SWAPS:  # an address
                continue
            ours = text[start:end]
            words = set(ours.lower().split())
            others = [other for other in sorted(known[kind])
                      if not words & set(other.lower().split())
                      and (other not in text or dice.random() < 0.3)]
            for other in dice.sample(others, min(SWAPS[kind], len(others))):
                other = re.sub("['’]s$", "", other)
                other += "'s" if re.search("['’]s$", ours) else ""
                yield (nth, source, text[:start] + other + text[end:],
                       start, start + len(other))
            # Only the digits, the unit stays.
            found = digits.search(ours)
            others = [digits.search(other) for kind in ("number", "date")
                      for other in sorted(known[kind])]
            others = [other.group() for other in others
                      if other and found and other.group() != found.group()]
            if kind != "name" and others:
                other = dice.choice(others)
                first, last = start + found.start(), start + found.end()
                yield nth, source, text[:first] + other + text[last:], first, first + len(other)


def examples(binary, folder):
    """(kind, wrong, fold, row, signs) of every claim that has a rival, and the rows."""
    rows = texts(folder)
    answers = signs(binary, rows)
    found = [(example["kind"], 0, fold(source), nth, example["signs"])
             for nth, ((source, _), answer) in enumerate(zip(rows, answers))
             for example in answer["examples"]]
    swapped = list(exchanged(rows, answers, random.Random(7)))
    answers = signs(binary, [(source, text) for _, source, text, _, _ in swapped])
    for (nth, source, _, start, end), answer in zip(swapped, answers):
        found += [(example["kind"], 1, fold(source), nth, example["signs"])
                  for example in answer["examples"]
                  if example["start"] < end and start < example["end"]]
    return found, len(rows)


def solve(matrix, vector):
    """Gauss with pivots."""
    size = len(vector)
    rows = [row[:] + [value] for row, value in zip(matrix, vector)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda j: abs(rows[j][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for j in range(i + 1, size):
            by = rows[j][i] / rows[i][i]
            rows[j] = [a - by * b for a, b in zip(rows[j], rows[i])]
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - rest) / rows[i][i]
    return found


def fit(table, wrong):
    """Logistic regression by Newton's steps; right and wrong count the same as a whole."""
    count, width = len(table), len(table[0])
    mean = [sum(column) / count for column in zip(*table)]
    spread = [math.sqrt(sum((x - m) ** 2 for x in column) / count) or 1.0
              for column, m in zip(zip(*table), mean)]
    rows = [[1.0] + [(x - m) / s for x, m, s in zip(row, mean, spread)] for row in table]
    share = sum(wrong) / count
    importance = [0.5 / share if y else 0.5 / (1 - share) for y in wrong]
    weights = [0.0] * (width + 1)
    for _ in range(12):
        slope = [0.0] + [-RIDGE * w for w in weights[1:]]
        bend = [[RIDGE if i == j and i else 0.0 for j in range(width + 1)]
                for i in range(width + 1)]
        for row, y, by in zip(rows, wrong, importance):
            p = 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row))))
            for i, x in enumerate(row):
                slope[i] += by * (y - p) * x
                step = by * p * (1 - p) * x
                for j, z in enumerate(row):
                    bend[i][j] += step * z
        weights = [w + d for w, d in zip(weights, solve(bend, slope))]
    plain = [w / s for w, s in zip(weights[1:], spread)]
    return weights[0] - sum(w * m for w, m in zip(plain, mean)), plain


def score(model, row):
    return model[0] + sum(w * x for w, x in zip(model[1], row))


def train(kind, found, texts_count):
    """The weights of a kind, so that 0 is the bound of a warning and 1 that of an error."""
    claims = [(y, f, nth, [named[sign] for sign in SIGNS[kind]])
              for k, y, f, nth, named in found if k == kind]
    table = lambda keep: ([c[3] for c in claims if keep(c)], [c[0] for c in claims if keep(c)])
    scored = []
    for left_out in range(FOLDS):
        model = fit(*table(lambda claim: claim[1] != left_out))
        scored += [(y, nth, score(model, row)) for y, f, nth, row in claims if f == left_out]
    right = defaultdict(lambda: -math.inf)
    for y, nth, value in scored:
        if not y:
            right[nth] = max(right[nth], value)
    right = sorted(right.values(), reverse=True)
    wrong = [value for y, _, value in scored if y]
    bound = lambda share: right[int(share * texts_count)]
    print(kind, len(wrong), "exchanged with a rival")
    for share in (0.0005, 0.001, 0.002, 0.004, 0.006, 0.0075, 0.01, 0.015, 0.02):
        if int(share * texts_count) < len(right):
            hits = sum(value > bound(share) for value in wrong) / len(wrong)
            print(f"  false alarms {share:.2%}  found {hits:.3f}  bound {bound(share):.2f}")
    always, weights = fit(*table(lambda _: True))
    warning, error = map(bound, ALARMS[kind])
    width = error - warning
    return [("always", (always - warning) / width)] + [
        (sign, weight / width) for sign, weight in zip(SIGNS[kind], weights)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--binary", default=ROOT / "target/release/examples/placement")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    found, count = examples(arguments.binary, arguments.folder)
    lines = ["kind\tsign\tweight"]
    for kind in SIGNS:
        for sign, weight in train(kind, found, count):
            lines.append(f"{kind}\t{sign}\t{weight:.3f}")
    print("\n".join(lines))
    if arguments.write:
        WEIGHTS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
