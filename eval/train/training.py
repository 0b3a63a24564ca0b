"""What the trainings share: the options of all, and of the two cross-encoders the scores of pairs and a step of learning."""

import argparse
import math
import random
import time
from pathlib import Path

import torch

from encoder import Encoder, Judge, scored
from material import read_tokenizer


def read_options(parser: argparse.ArgumentParser, rate: float, epochs: int) -> argparse.Namespace:
    """Adds the options that all have, reads the command line, and fixes chance."""
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    return options


def read_pair_options(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The same for a cross-encoder."""
    parser.add_argument("--begin-with", type=Path, help="an adapter of an earlier training")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--pairs", type=int, default=48, help="pairs in a step")
    return read_options(parser, rate=7e-4, epochs=1)


class Training:
    """A cross-encoder that learns. `longest` is the most tokens of a pair, `warm_up` the share in which the rate rises."""

    def __init__(self, options: argparse.Namespace, longest: int, warm_up: float):
        self.judge = Judge(Encoder(options.model / "model.onnx", options.rank, options.layers))
        if options.begin_with:
            self.judge.load(options.begin_with)
        self.out, self.rate, self.longest, self.warm_up = options.out, options.rate, longest, warm_up
        self.tokenizer = read_tokenizer(options.model)
        self.tokenizer.no_truncation()
        self.encoded = {}
        self.optimizer = torch.optim.AdamW(self.judge.parameters(), lr=options.rate, weight_decay=0.01)
        self.step, self.running, self.began = 0, 0.0, time.time()

    def logits(self, pairs: list[tuple[str, str]]) -> torch.Tensor:
        """One for each (query, passage), in the order given."""
        for query, passage in pairs:
            if (query, passage) not in self.encoded:
                ids = self.tokenizer.encode(f"query: {query}", f"passage: {passage}").ids
                self.encoded[query, passage] = ids[: self.longest]
        with torch.autocast("cpu", torch.bfloat16):
            return scored(self.judge, [self.encoded[pair] for pair in pairs]).float()

    def learn(self, loss: torch.Tensor, share: float):
        """A step, after which this share of the training is done. The rate rises, then falls as a cosine."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * min(1, share / self.warm_up) * max(0.02, math.cos(share * math.pi / 2))
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.judge.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self.running = 0.95 * self.running + 0.05 * loss.item()
        if self.step % 20 == 0:
            self.tell(f"share {share:.3f} loss {self.running / (1 - 0.95 ** self.step):.3f}")

    def tell(self, what: str):
        """A line of the log."""
        print(f"step {self.step} minutes {(time.time() - self.began) / 60:.1f} {what}", flush=True)

    def save(self):
        self.judge.save(self.out)
