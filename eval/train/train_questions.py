"""Trains the question side of the embedder: a question in, a vector near the passages that answer it, out.

    python train_questions.py --model models/multilingual-e5-small --material WORK --reading TRAIN --out questions.safetensors

The passages' vectors stay those of the frozen model, so nothing has to be embedded anew: each question is compared with every
passage of the release at once (softmax over all of them). A second term holds questions about other things, from the
reading-comprehension sets, at their old vectors, so that what the model knew of Swedish is kept.
"""

import argparse
import math
import random
from pathlib import Path

import numpy as np
import torch

from encoder import Encoder, padded, pooled
from material import held_back, read_material, read_squad, read_tokenizer
from training import read_options

BATCH, ANCHORS = 32, 16


def main():
    parser = argparse.ArgumentParser()
    for name in ("material", "reading"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--temperature", type=float, default=0.02)
    parser.add_argument("--anchor", type=float, default=20.0, help="weight of staying where other questions were")
    options = read_options(parser, rate=1e-3, epochs=4)

    tokenizer = read_tokenizer(options.model)
    passages, vectors, questions = read_material(options.material)
    vectors = torch.from_numpy(vectors)
    questions = [q for q in questions if q.passages]
    held = held_back(questions)
    watched = [q for q in questions if q.id in held]
    trained = [q for q in questions if q.id not in held]
    encoder = Encoder(options.model / "model.onnx", options.rank)

    def embed(texts: list[str]) -> torch.Tensor:
        return pooled(encoder, *padded([tokenizer.encode(f"query: {text}").ids for text in texts]))

    def embed_all(texts: list[str]) -> torch.Tensor:
        with torch.no_grad():
            return torch.cat([embed(texts[i : i + 64]) for i in range(0, len(texts), 64)])

    def watch(epoch: int, loss: float):
        scores = embed_all([q.text for q in watched]) @ vectors.T
        rows = zip(watched, scores)
        ranks = np.array([1 + (s > s[q.passages].max()).sum().item() for q, s in rows])
        recall = " ".join(f"R@{k} {np.mean(ranks <= k):.3f}" for k in (1, 5, 10, 20, 50))
        print(f"epoch {epoch} loss {loss:.3f} held back: {recall} MRR {np.mean(1 / ranks):.3f}", flush=True)

    others = [pair["question"] for name in ("squad-v2-sv-dev", "norquad-wikipedia") for pair in read_squad(options.reading / f"{name}.json.gz")]
    others = random.sample(others, 1000)
    anchors = embed_all(others)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=options.rate, weight_decay=0.01)
    steps, step = options.epochs * math.ceil(len(trained) / BATCH), 0
    print(f"{len(trained)} questions, {len(watched)} held back, {len(passages)} passages", flush=True)
    watch(0, 0.0)
    for epoch in range(1, options.epochs + 1):
        random.shuffle(trained)
        total = 0.0
        for start in range(0, len(trained), BATCH):
            batch = trained[start : start + BATCH]
            kept = random.sample(range(len(others)), ANCHORS)
            queries = embed([q.text for q in batch] + [others[k] for k in kept])
            scores = queries[: len(batch)] @ vectors.T / options.temperature
            right = torch.stack([torch.logsumexp(s[q.passages], 0) for q, s in zip(batch, scores)])
            found = (torch.logsumexp(scores, 1) - right).mean()
            loss = found + options.anchor * (1 - (queries[len(batch) :] * anchors[kept]).sum(1)).mean()
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1, (step + 1) / 20) * (1 - step / steps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            total += found.item() * len(batch)
        watch(epoch, total / len(trained))
        encoder.save(options.out)


if __name__ == "__main__":
    main()
