#!/usr/bin/env python3
"""Trains the models of `src/article/content` on pages of known content.

usage: train.py FOLDER [--cv] [--binary PATH]

FOLDER holds data sets: `SET/truth.json` and `SET/pages/ID.html.gz`, the truth of a page
with `domain` and either `text` or `with` and `without`. Without `--cv`, writes
`names.tsv`, `first.forest` and `second.forest` into `src/article/content`. With `--cv`,
trains five times on four fifths of the domains and prints the figures on the fifths that
were left out; writes nothing.

Needs Python 3.11, `pip install lightgbm==4.7.0 numpy`, and the program that prints the
blocks: `cargo build --release --example blocks`.
"""

import argparse
import hashlib
import json
import math
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import lightgbm
import numpy

import labels

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "src/article/content"
# The places of the three numbers that the words of class and id give.
NAMES = slice(38, 41)
FOLDS = 5
THRESHOLD = 0.45  # as in src/article/content/mod.rs
FIRST_TREES, SECOND_TREES = 60, 90
FOREST = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 24,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
# How much a page of a set counts. The smallest set has the cleanest texts.
PAGE_WEIGHT = {"scrapinghub": 3.0}
PHRASE_WEIGHT = 1 / 6  # of a labelled block where only phrases are known
NOISY = 0.45  # a page of which less is found has another text than its truth says …
NOISY_WEIGHT = 0.1  # … and counts for little


class Page:
    """A page with its blocks, labels and weights."""

    def __init__(self, name, file, truth, blocks):
        self.set, self.file, self.truth = name, file, truth
        self.texts = [block["text"] for block in blocks]
        self.words = [block["words"] for block in blocks]
        self.rows = numpy.array([block["first"] for block in blocks], dtype=numpy.float32)
        digest = hashlib.sha256(truth["domain"].encode()).hexdigest()
        self.fold = int(digest, 16) % FOLDS
        self.weight = PAGE_WEIGHT.get(name, 1.0)
        if "text" in truth:
            found = labels.by_text(self.texts, truth["text"])
        else:
            found = labels.by_phrases(self.texts, truth["with"], truth["without"])
        self.label = numpy.array([float(label is not None and label > 0.5) for label in found])
        known = numpy.array([label is not None for label in found], dtype=float)
        if "text" in truth:
            size = numpy.array([len(text.split()) if " " in text else max(1, len(text) / 4)
                                for text in self.texts]) ** 0.7
            total = float((size * self.label).sum()) or 1.0
            self.importance = numpy.minimum(size / total, 0.5) * known
        else:
            self.importance = known * PHRASE_WEIGHT

    def first(self, table):
        """The numbers of the first look, with the words weighed by table."""
        rows = self.rows.copy()
        for at, around in enumerate(self.words):
            found = [table[word] for words in around for word in words if word in table]
            rows[at, NAMES] = [min([0.0, *found]), max([0.0, *found]), sum(found)]
        return rows


def read(folder, binary):
    """All pages of the sets whose content is known."""
    pages = []
    for file in sorted(folder.glob("*/truth.json")):
        truth = json.loads(file.read_text())
        if not any("text" in page or "with" in page for page in truth.values()):
            continue
        files = [file.parent / "pages" / f"{page}.html.gz" for page in sorted(truth)]
        files = [page for page in files if page.exists()]
        for page, line in zip(files, run(binary, files), strict=True):
            blocks = json.loads(line)["blocks"]
            if blocks:
                name = page.name.removesuffix(".html.gz")
                pages.append(Page(file.parent.name, page, truth[name], blocks))
    return pages


def run(binary, files, first=None):
    """The lines that the program prints for the files."""
    command = [str(binary)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as answers:
        if first is not None:
            answers.write("".join(json.dumps([float(p) for p in page]) + "\n" for page in first))
            answers.flush()
            command += ["--first", answers.name]
        command += [str(file) for file in files]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().splitlines()


def weigh_words(pages):
    """How much each word of class and id speaks for its text being the article: the
    logarithm of the odds, each domain counting once."""
    seen = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for page in pages:
        for around, label, weight in zip(page.words, page.label, page.importance):
            if weight > 0:
                for word in {word for words in around for word in words}:
                    seen[word][page.truth["domain"]][int(label)] += weight
    table = {}
    for word, domains in sorted(seen.items()):
        if len(domains) < 4 or not 2 <= len(word) <= 30 or word.isdigit():
            continue
        against = for_it = 0.0
        for no, yes in domains.values():
            counts = min(1.0, 3 * (no + yes))
            against += counts * no / (no + yes)
            for_it += counts * yes / (no + yes)
        weight = round(math.log((for_it + 0.5) / (against + 0.5)), 2)
        if abs(weight) >= 0.3:
            table[word] = weight
    return table


def fit(pages, rows, trees):
    """A forest for the labelled blocks of the pages, whose numbers are rows."""
    matrix = numpy.concatenate(rows)
    label = numpy.concatenate([page.label for page in pages])
    weight = numpy.concatenate([page.importance * page.weight for page in pages])
    known = weight > 0
    data = lightgbm.Dataset(matrix[known], label[known], weight=weight[known] / weight.mean())
    return lightgbm.train(FOREST, data, trees)


def train(pages, binary):
    """The table of words and both forests; see `predict`."""
    # What the first look says of pages that it was not trained on.
    answers = [None] * len(pages)
    for fold in sorted({page.fold for page in pages}):
        others = [page for page in pages if page.fold != fold]
        table = weigh_words(others)
        forest = fit(others, [page.first(table) for page in others], FIRST_TREES)
        for at, page in enumerate(pages):
            if page.fold == fold:
                answers[at] = forest.predict(page.first(table))
    for page, answer in zip(pages, answers):
        if "text" in page.truth and shared(page, answer) < NOISY:
            page.weight = NOISY_WEIGHT
    table = weigh_words(pages)
    first = fit(pages, [page.first(table) for page in pages], FIRST_TREES)
    second = fit(pages, both_looks(pages, table, answers, binary), SECOND_TREES)
    return table, first, second


def both_looks(pages, table, answers, binary):
    """The numbers of both looks at each page, the first look having given answers."""
    lines = run(binary, [page.file for page in pages], answers)
    rows = []
    for page, line in zip(pages, lines, strict=True):
        second = [block["second"] for block in json.loads(line)["blocks"]]
        rows.append(numpy.hstack([page.first(table), numpy.array(second, dtype=numpy.float32)]))
    return rows


def predict(model, pages, binary):
    """The probability of each block of the pages."""
    table, first, second = model
    answers = [first.predict(page.first(table)) for page in pages]
    return [second.predict(rows) for rows in both_looks(pages, table, answers, binary)]


def shingles(text):
    """The four-word shingles of a text."""
    words = labels.WORD.findall(text)
    if len(words) < 4:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[at:] for at in range(4))))


def overlap(page, probabilities):
    """Shared, surplus and missing shingles as shares of their sum."""
    text = chosen(page, probabilities)
    wanted, found = shingles(page.truth["text"]), shingles(text)
    shared_ = sum((wanted & found).values())
    parts = (shared_, sum(found.values()) - shared_, sum(wanted.values()) - shared_)
    return [part / (sum(parts) or 1) for part in parts]


def shared(page, probabilities):
    """The share of the page's shingles, found or wanted, that are both."""
    return overlap(page, probabilities)[0]


def chosen(page, probabilities):
    """The text of the blocks that are taken."""
    taken = [text for text, p in zip(page.texts, probabilities) if p > THRESHOLD]
    return "\n".join(taken)


def report(pages, probabilities):
    """Prints the figures of each set."""
    for name in sorted({page.set for page in pages}):
        own = [(page, p) for page, p in zip(pages, probabilities) if page.set == name]
        if "text" in own[0][0].truth:
            parts = [overlap(page, p) for page, p in own]
            precision = numpy.mean([s / (s + more) if s + more else 0 for s, more, _ in parts])
            recall = numpy.mean([s / (s + less) if s + less else 0 for s, _, less in parts])
        else:
            found = total = wrong = 0
            for page, p in own:
                text = labels.fold(chosen(page, p))
                found += sum(labels.fold(phrase) in text for phrase in page.truth["with"])
                total += len(page.truth["with"])
                wrong += sum(labels.fold(phrase) in text for phrase in page.truth["without"])
            precision, recall = found / (found + wrong), found / total
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{name:12} F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}", flush=True)


def write(model):
    """The models as the program reads them."""
    table, first, second = model
    lines = (f"{word}\t{weight:g}\n" for word, weight in sorted(table.items()))
    (CONTENT / "names.tsv").write_text("".join(lines))
    (CONTENT / "first.forest").write_text(text(first))
    (CONTENT / "second.forest").write_text(text(second))


def text(forest):
    """A forest as `src/article/content/forest.rs` reads it."""

    def nodes(node):
        if "leaf_value" in node:
            return [f"={node['leaf_value']:.4g}"]
        # Rounded down to what a 32-bit float can hold, so that `<=` means the same.
        threshold = numpy.float32(node["threshold"])
        if float(threshold) > node["threshold"]:
            threshold = numpy.nextafter(threshold, numpy.float32(-numpy.inf))
        question = f"{node['split_feature']}<{float(threshold):.9g}"
        return [question, *nodes(node["left_child"]), *nodes(node["right_child"])]

    trees = forest.dump_model()["tree_info"]
    return "".join(" ".join(nodes(tree["tree_structure"])) + "\n" for tree in trees)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/examples/blocks")
    options = parser.parse_args()
    pages = read(options.folder, options.binary)
    print(f"{len(pages)} pages, {sum(len(page.texts) for page in pages)} blocks", flush=True)
    if not options.cv:
        write(train(pages, options.binary))
        return
    probabilities = [None] * len(pages)
    for fold in range(FOLDS):
        kept = [page.weight for page in pages]
        model = train([page for page in pages if page.fold != fold], options.binary)
        out = [at for at, page in enumerate(pages) if page.fold == fold]
        for at, p in zip(out, predict(model, [pages[at] for at in out], options.binary)):
            probabilities[at] = p
        for page, weight in zip(pages, kept):
            page.weight = weight
    report(pages, probabilities)


if __name__ == "__main__":
    main()
