"""Trains the model that checks summaries: quotes and a sentence in, how surely the quotes say what the sentence says, out.

    python train_entailment.py --model models/multilingual-e5-small --foreign FOLDER --out WORK/general.safetensors
    python train_entailment.py --model models/multilingual-e5-small --begin-with WORK/general.safetensors --out corpus/adapters/entailment.safetensors

The first reads pairs in English, which teach what it is to follow from a text; the second the project's own in Swedish (`pairs/`).
FOLDER holds `mnli-dev.csv` and `snli-dev.csv` (columns premise, hypothesis, label) and `MED.tsv` as published. One of our own
quotes in seven is held back to watch the training; the attack sets in `eval/attack` are never read.
"""

import argparse
import csv
import json
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from material import tight
from training import Training, read_pair_options

# Pairs of a sentence with what it is to follow from, and whether it does.
Pair = tuple[str, str, bool]


def read_foreign(folder: Path, snli: int) -> list[Pair]:
    """Pairs in English; of the captions of SNLI only some, since they are simple and all of one kind."""
    pairs = []
    for name, many in (("mnli-dev.csv", None), ("snli-dev.csv", snli)):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        random.shuffle(rows)
        pairs += [(r["hypothesis"], r["premise"], r["label"] == "entailment") for r in rows[:many]]
    with (folder / "MED.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        pairs += [(r["sentence2"], r["sentence1"], r["gold_label"] == "entailment") for r in rows]
    return [(tight(sentence), tight(quotes), follows) for sentence, quotes, follows in pairs]


def read_own() -> tuple[list[list[Pair]], list[list[Pair]]]:
    """The project's own pairs, those of one quote together: to train on, and held back."""
    train, held = [], []
    for file in sorted((Path(__file__).parent / "pairs").glob("*.jsonl")):
        for i, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            entry = json.loads(line)
            quotes = tight(" ".join(entry["quotes"]))
            of_quote = [(tight(s), quotes, True) for s in entry["true"]]
            of_quote += [(tight(b["sentence"]), quotes, False) for b in entry["broken"]]
            (held if i % 7 == 0 else train).append(of_quote)
    return train, held


def batches(groups: list[list[Pair]], size: int) -> list[list[Pair]]:
    """Whole groups, about `size` pairs together."""
    made, batch = [], []
    for group in groups:
        batch += group
        if len(batch) >= size:
            made.append(batch)
            batch = []
    return made + [batch] if batch else made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--foreign", type=Path, help="folder of the pairs in English; without it the project's own are read")
    parser.add_argument("--snli", type=int, default=4000, help="pairs of SNLI")
    parser.add_argument("--longest", type=int, default=256, help="tokens of a pair")
    options = read_pair_options(parser)

    training = Training(options, options.longest, warm_up=0.06)
    own, held = read_own()
    foreign = [[pair] for pair in read_foreign(options.foreign, options.snli)] if options.foreign else []

    def logits(pairs: list[Pair]) -> torch.Tensor:
        return training.logits([(sentence, quotes) for sentence, quotes, _ in pairs])

    @torch.no_grad()
    def watch():
        true, broken = [], []
        for batch in batches(held, 96):
            for (_, _, follows), score in zip(batch, logits(batch).tolist()):
                (true if follows else broken).append(score)
        above = np.mean([t > b for t in true for b in broken])
        # The line at which 98 of 100 broken sentences are rejected, and what share of the true ones is rejected with them.
        line = np.quantile(broken, 0.98)
        training.tell(f"true above broken {above:.3f} true rejected with 0.98 of the broken {np.mean(np.array(true) <= line):.3f} "
                      f"with 0.90 {np.mean(np.array(true) <= np.quantile(broken, 0.9)):.3f} line {line:.2f}")
        training.save()

    steps = []
    for _ in range(options.epochs):
        groups = list(foreign or own)
        random.shuffle(groups)
        steps += batches(groups, options.pairs)
    print(f"{len(foreign)} pairs in English, {sum(map(len, own))} of our own, {sum(map(len, held))} held back, {len(steps)} steps", flush=True)

    watch()
    for batch in steps:
        truth = torch.tensor([float(follows) for _, _, follows in batch])
        loss = F.binary_cross_entropy_with_logits(logits(batch), truth)
        training.learn(loss, (training.step + 1) / len(steps))
        if training.step % 100 == 0:
            watch()
    watch()


if __name__ == "__main__":
    main()
