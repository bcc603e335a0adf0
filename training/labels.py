"""Which blocks of a page are its article, told from the known content of the page.

A data set with whole texts labels each block by the share of its four-word shingles
that stand in the text; a block of fewer words by whether its words stand in the text
between its neighbours' places. A data set with phrases labels the blocks that hold a
wanted or an unwanted phrase and leaves the others unlabelled (None).
"""

import re
from collections import Counter, defaultdict

WORD = re.compile(r"\w+")
NEAR = 40  # blocks; further away, a short line that stands in the text is a coincidence
SEGMENT = 400  # words; more between two neighbours says nothing about a short line


def by_text(blocks, text):
    """Labels 0.0 to 1.0 for blocks (a list of texts) of a page whose article is text."""
    words = WORD.findall(text)
    places = defaultdict(list)
    for at in range(len(words) - 3):
        places[tuple(words[at : at + 4])].append(at)
    tokens = [WORD.findall(block) for block in blocks]
    labels, spans = [], []
    for own in tokens:
        if len(own) < 4:
            labels.append(None if own else 0.0)
            spans.append(None)
            continue
        hits = [places.get(tuple(own[at : at + 4])) for at in range(len(own) - 3)]
        share = sum(hit is not None for hit in hits) / len(hits)
        found = [hit for hit in hits if hit]
        labels.append(share)
        spans.append((found[0], found[-1]) if found and share > 0.5 else None)
    _short(tokens, words, labels, spans)
    _repeated(tokens, words, labels)
    return labels


def _short(tokens, words, labels, spans):
    for at, own in enumerate(tokens):
        if labels[at] is not None:
            continue
        before = next((i for i in range(at - 1, -1, -1) if spans[i]), None)
        after = next((i for i in range(at + 1, len(tokens)) if spans[i]), None)
        near = (before is not None and at - before <= NEAR) or (
            after is not None and after - at <= NEAR
        )
        first, last = (spans[before][0][0], spans[before][1][-1]) if before is not None else (0, 0)
        end = len(words)
        if after is not None:
            end = max(spans[after][0][0] + 4, first + NEAR)
        start = min(first, last)
        labels[at] = 0.0
        if near and end - start < SEGMENT:
            segment = words[start:end]
            size = len(own)
            if any(segment[i : i + size] == own for i in range(len(segment) - size + 1)):
                labels[at] = 1.0


def _repeated(tokens, words, labels):
    """Of a text that stands on the page more often than in the article, the copies
    with the most article around them are the article's."""
    lines = [" ".join(own) for own in tokens]
    count = Counter(
        line for line, own, label in zip(lines, tokens, labels) if label > 0.5 and len(own) >= 4
    )
    whole = " ".join(words)
    for line, copies in count.items():
        wanted = max(1, whole.count(line)) if copies > 1 else copies
        if copies <= wanted:
            continue
        places = [at for at, label in enumerate(labels) if label > 0.5 and lines[at] == line]

        def company(at):
            around = range(max(0, at - 3), min(len(lines), at + 4))
            return sum(labels[i] * len(tokens[i]) for i in around if i not in places)

        for at in sorted(places, key=lambda at: -company(at))[wanted:]:
            labels[at] = 0.0


def by_phrases(blocks, wanted, unwanted):
    """Labels 1.0, 0.0 or None for blocks of a page with known phrases."""
    folded = [fold(block) for block in blocks]
    labels = [None] * len(blocks)

    def holding(phrase):
        return [
            at
            for at, text in enumerate(folded)
            if phrase in text or (len(text) > 15 and text in phrase)
        ]

    for phrase in map(fold, unwanted):
        for at in holding(phrase):
            labels[at] = 0.0
    for phrase in map(fold, wanted):
        places = holding(phrase)
        for at in places:
            labels[at] = None if len(places) > 1 else 1.0
        if len(places) > 1:
            labels[max(places, key=lambda at: len(folded[at]))] = 1.0
    return labels


def fold(text):
    """The text with its white space folded."""
    return " ".join(text.split())
