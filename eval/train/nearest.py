"""What search finds for each training question: the passages that look like an answer, for the judge to tell apart.

    python nearest.py --model models/multilingual-e5-small --material WORK --adapter corpus/adapters/questions.safetensors

Meaning (the question encoder) and words (BM25 over Snowball stems) by reciprocal rank fusion.
"""

import argparse
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import snowballstemmer
import torch

from encoder import Encoder, padded, pooled
from material import read_material, read_tokenizer


def stems(text: str, stemmer=snowballstemmer.stemmer("swedish"), known={}) -> list[str]:
    found = re.findall(r"\w+", text.lower())
    for word in found:
        if word not in known:
            known[word] = stemmer.stemWord(word)
    return [known[word] for word in found]


class Words:
    """BM25 (Robertson and Zaragoza 2009) with k1 = 1.2 and b = 0.75."""

    def __init__(self, texts: list[str]):
        counts = [Counter(stems(text)) for text in texts]
        lengths = [sum(c.values()) for c in counts]
        average = sum(lengths) / len(lengths)
        self.postings = defaultdict(list)
        for i, count in enumerate(counts):
            for term, n in count.items():
                self.postings[term].append((i, n * 2.2 / (n + 1.2 * (0.25 + 0.75 * lengths[i] / average))))
        self.size = len(texts)

    def scores(self, question: str) -> np.ndarray:
        scores = np.zeros(self.size, dtype=np.float32)
        for term in set(stems(question)):
            found = self.postings.get(term, ())
            rarity = math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5))
            for i, weight in found:
                scores[i] += rarity * weight
        return scores


def main():
    parser = argparse.ArgumentParser()
    for name in ("model", "material", "adapter"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    tokenizer = read_tokenizer(options.model)
    passages, vectors, questions = read_material(options.material)
    encoder = Encoder(options.model / "model.onnx")
    encoder.load(options.adapter)
    index = Words(["\n".join([p.title, *p.headings, p.text]) for p in passages])
    usable = np.array([p.in_force for p in passages])
    nearest = {}
    with torch.no_grad():
        for start in range(0, len(questions), 32):
            batch = questions[start : start + 32]
            queries = pooled(encoder, *padded([tokenizer.encode(f"query: {q.text}").ids for q in batch])).numpy()
            for q, query in zip(batch, queries):
                fused = np.zeros(len(passages))
                for scores in (vectors @ query, index.scores(q.text)):
                    order = np.argsort(-scores)[:100]
                    fused[order] += 1 / (60 + np.arange(len(order)))
                nearest[q.id] = np.argsort(-(fused * usable))[:20].tolist()
    torch.save(nearest, options.material / "nearest.pt")


if __name__ == "__main__":
    main()
