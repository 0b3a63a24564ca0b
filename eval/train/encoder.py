"""The encoder of multilingual-e5-small as a PyTorch module, with low-rank adapters (LoRA, Hu et al. 2021) beside its frozen weights.

In: the ONNX file that `lotsen-ingest models fetch` writes. Out: a module whose adapters alone are trained, and those as a file.
"""

import math
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from safetensors.torch import load_file, save_file
from torch import nn

HIDDEN, HEADS, LAYERS = 384, 12, 12


class Adapted(nn.Module):
    """A frozen linear map plus a trained low-rank one: x W + b + scale (x A) B."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, rank: int):
        super().__init__()
        self.register_buffer("weight", weight.t().contiguous())  # out x in
        self.register_buffer("bias", bias)
        self.a = nn.Parameter(torch.randn(rank, weight.shape[0]) / math.sqrt(weight.shape[0]))
        self.b = nn.Parameter(torch.zeros(weight.shape[1], rank))

    def forward(self, x):
        # One product instead of three: the maps are small and the texts short, so merging costs less than it saves.
        return F.linear(x, self.weight + self.b @ self.a, self.bias)


class Layer(nn.Module):
    def __init__(self, tensors: dict, i: int, rank: int):
        super().__init__()
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            setattr(self, name, Adapted(tensors[f"l{i}.{name}.w"], tensors[f"l{i}.{name}.b"], rank))
        for name in ("aln", "oln"):
            self.register_buffer(f"{name}_w", tensors[f"l{i}.{name}.w"])
            self.register_buffer(f"{name}_b", tensors[f"l{i}.{name}.b"])

    def forward(self, x, mask):
        batch, length, _ = x.shape
        split = lambda t: t.view(batch, length, HEADS, HIDDEN // HEADS).transpose(1, 2)
        context = F.scaled_dot_product_attention(split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=mask)
        context = context.transpose(1, 2).reshape(batch, length, HIDDEN)
        x = F.layer_norm(x + self.ao(context), (HIDDEN,), self.aln_w, self.aln_b, 1e-12)
        return F.layer_norm(x + self.fo(F.gelu(self.fi(x))), (HIDDEN,), self.oln_w, self.oln_b, 1e-12)


class Encoder(nn.Module):
    """Token ids in, one vector per token out. `layers` may be fewer than the file has: the upper ones are then left out."""

    def __init__(self, path: Path, rank: int = 16, layers: int = LAYERS):
        super().__init__()
        tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(path).graph.initializer}
        self.register_buffer("words", unpacked(tensors["emb.word.values"], tensors["emb.word.scales"]))
        self.register_buffer("positions", tensors["emb.pos"] + tensors["emb.type"][0])
        self.register_buffer("ln_w", tensors["emb.ln.w"])
        self.register_buffer("ln_b", tensors["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(tensors, i, rank) for i in range(layers))

    def forward(self, ids, mask):
        x = self.words[ids].float() + self.positions[: ids.shape[1]]
        x = F.layer_norm(x, (HIDDEN,), self.ln_w, self.ln_b, 1e-12)
        attend = mask.bool()[:, None, None, :]
        for layer in self.layers:
            x = layer(x, attend)
        return x

    def factors(self) -> dict[str, nn.Parameter]:
        """The low-rank factors under the names of the weights that they are added to."""
        return {
            f"l{i}.{name}.{factor}": getattr(getattr(layer, name), factor)
            for i, layer in enumerate(self.layers)
            for name in ("q", "k", "v", "ao", "fi", "fo")
            for factor in ("a", "b")
        }

    def load(self, path: Path):
        """Takes up the low-rank factors where an earlier training left them."""
        take(self.factors(), path)

    def save(self, path: Path):
        keep(self.factors(), path)


class Judge(nn.Module):
    """Question and sentence in one text; how sure it is that the sentence answers, as a logit."""

    def __init__(self, encoder: Encoder):
        super().__init__()
        self.encoder = encoder
        self.dense = nn.Linear(HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)

    def forward(self, ids, mask):
        tokens = self.encoder(ids, mask)
        mean = (tokens * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return self.out(torch.tanh(self.dense(mean))).squeeze(-1)

    def factors(self) -> dict[str, nn.Parameter]:
        """Those of the encoder, and the head."""
        return self.encoder.factors() | {
            "head.dense.w": self.dense.weight, "head.dense.b": self.dense.bias,
            "head.out.w": self.out.weight, "head.out.b": self.out.bias,
        }

    def load(self, path: Path):
        """Takes up factors and head where an earlier training left them."""
        take(self.factors(), path)

    def save(self, path: Path):
        keep(self.factors(), path)


def take(factors: dict[str, nn.Parameter], path: Path):
    """Sets what is trained to what an adapter file holds."""
    saved = load_file(path)
    with torch.no_grad():
        for name, factor in factors.items():
            factor.copy_(saved[name])


def keep(factors: dict[str, nn.Parameter], path: Path):
    """Writes what is trained to an adapter file, in 16 bits."""
    save_file({name: factor.detach().half().contiguous() for name, factor in factors.items()}, path)


def pooled(encoder: Encoder, ids, mask):
    """The mean over a text's tokens, of length one: what the service compares."""
    tokens = encoder(ids, mask)
    mean = (tokens * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return F.normalize(mean, dim=-1)


def unpacked(values: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """The word table from blocks of 32 four-bit weights, two in a byte: low halves first."""
    rows = values.shape[0]
    blocks = values.view(rows, -1, 16)
    wide = torch.cat([blocks & 15, blocks >> 4], dim=-1).to(torch.int8) - 8
    return (wide.half() * scales.view(rows, -1, 1)).view(rows, HIDDEN)


def padded(encodings, pad: int = 1):
    """Token ids and mask of encoded texts as two tables."""
    longest = max(len(e) for e in encodings)
    ids = np.full((len(encodings), longest), pad, dtype=np.int64)
    mask = np.zeros((len(encodings), longest), dtype=np.int64)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding)] = encoding
        mask[row, : len(encoding)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def scored(judge: Judge, encodings: list[list[int]]) -> torch.Tensor:
    """The judge's logits in the order given; texts of like length go through together."""
    order = sorted(range(len(encodings)), key=lambda i: len(encodings[i]))
    parts, places = [], []
    for some in np.array_split(order, max(1, len(order) // 16)):
        parts.append(judge(*padded([encodings[i] for i in some])))
        places += list(some)
    back = torch.empty(len(encodings), dtype=torch.long)
    back[torch.tensor(places)] = torch.arange(len(encodings))
    return torch.cat(parts)[back]
