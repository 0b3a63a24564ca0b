"""The texts of a release and questions with known places in; recall of the pipelines that comparable systems start with out.

    pip install numpy onnxruntime tokenizers snowballstemmer            (in an environment of its own)
    python eval/pipelines/pipelines.py --data data/real --questions ../shared/data/eval/questions-dev.jsonl --half report \\
        --e5 models/multilingual-e5-small --minilm MINILM --cache WORK --lotsen REPORT.json

MINILM is a folder with model.onnx and tokenizer.json of all-MiniLM-L6-v2. REPORT.json is what `lotsen-eval --json` wrote over
the same release. README.md says what the comparison is worth.
"""

import argparse
import hashlib
import json
import math
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import snowballstemmer
from tokenizers import Tokenizer

KS, LIMIT = (1, 5, 10, 20), 20
CHARACTERS, CHARACTERS_SHARED = 1000, 100
TOKENS, TOKENS_SHARED = 200, 40


@dataclass
class Chunk:
    document: str
    text: str


# --- the texts and the questions ---


def read_texts(data: Path) -> dict[str, str]:
    """The documents of the release that serves, whole and in reading order: what Lotsen itself has read."""
    release = (data / "current").read_text().strip()
    manifest = json.loads((data / "releases" / release / "manifest.json").read_text())
    texts = {}
    for entry in manifest["editions"]:
        edition = json.loads((data / "editions" / entry["document"] / f"{entry['version']}.json").read_text())
        texts[entry["document"]] = "\n".join(block["text"] for block in edition["blocks"])
    return texts


def read_questions(path: Path, half: str) -> list[dict]:
    """The questions with a gold place, of one half or all."""
    if path.suffix == ".toml":
        cases = tomllib.loads(path.read_text())["case"]
    else:
        cases = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [case for case in cases if case.get("gold") and in_half(case["id"], half)]


def in_half(name: str, half: str) -> bool:
    """The rule of `lotsen-eval --half`: an even FNV-1a hash of the id is for tuning, an odd one is reported."""
    hashed = 0xCBF29CE484222325
    for byte in name.encode():
        hashed = (hashed ^ byte) * 0x100000001B3 % 2**64
    return half == "all" or (half == "tune") == (hashed % 2 == 0)


def asked(case: dict) -> str:
    """The question; a follow-up with what the user said before it."""
    return " ".join([turn["content"] for turn in case.get("history", []) if turn["role"] == "user"] + [case["question"]])


# --- chunks ---


def by_characters(text: str) -> list[str]:
    """Pieces of at most 1 000 characters that end at white space, each with the last 100 characters of the one before."""
    pieces, start = [], 0
    while start < len(text):
        end = min(start + CHARACTERS, len(text))
        if end < len(text):
            spaces = [match.start() for match in re.finditer(r"\s", text[start:end])]
            end = start + spaces[-1] if spaces and spaces[-1] > CHARACTERS_SHARED else end
        pieces.append(text[start:end])
        start = end if end == len(text) else end - CHARACTERS_SHARED
    return pieces


def by_tokens(text: str, tokenizer: Tokenizer) -> list[str]:
    """Pieces of 200 of the model's own tokens, 40 of them shared with the piece before."""
    spans = tokenizer.encode(text, add_special_tokens=False).offsets
    starts = range(0, max(1, len(spans) - TOKENS_SHARED), TOKENS - TOKENS_SHARED)
    return [text[spans[i][0] : spans[min(i + TOKENS, len(spans)) - 1][1]] for i in starts]


def chunked(texts: dict[str, str], split) -> list[Chunk]:
    return [Chunk(document, piece) for document, text in texts.items() for piece in split(text)]


# --- search ---


class Embedder:
    """A sentence encoder with mean pooling; texts one by one, because int8 weights make vectors depend on their batch."""

    def __init__(self, folder: Path, cache: Path, max_tokens: int, query: str = "", passage: str = ""):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "model.onnx", options)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.max_tokens, self.query, self.passage = max_tokens, query, passage
        self.folder = cache / folder.name
        self.folder.mkdir(parents=True, exist_ok=True)

    def vector(self, text: str) -> np.ndarray:
        ids = self.tokenizer.encode(text).ids
        if len(ids) > self.max_tokens:
            ids = ids[: self.max_tokens - 1] + ids[-1:]
        ids = np.array([ids])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        wanted = {i.name for i in self.session.get_inputs()}
        mean = self.session.run(None, {name: value for name, value in inputs.items() if name in wanted})[0][0].mean(0)
        return mean / np.linalg.norm(mean)

    def vectors(self, chunks: list[Chunk]) -> np.ndarray:
        """Vectors of all chunks, kept between runs: embedding is nearly all the time that a run takes."""
        name = hashlib.sha256("\0".join(chunk.text for chunk in chunks).encode()).hexdigest()[:16]
        kept = self.folder / f"{name}.npy"
        if not kept.exists():
            rows = []
            for i, chunk in enumerate(chunks):
                rows.append(self.vector(self.passage + chunk.text))
                if i % 500 == 0:
                    print(f"{self.folder.name}: {i} of {len(chunks)} chunks", flush=True)
            np.save(kept, np.array(rows, dtype=np.float32))
        return np.load(kept)

    def searcher(self, chunks: list[Chunk]):
        vectors = self.vectors(chunks)
        return lambda text: np.argsort(-(vectors @ self.vector(self.query + text)), kind="stable")[:50]


def bm25(chunks: list[Chunk], k1: float = 1.2, b: float = 0.75):
    """Words in lower case with Snowball's Swedish stemmer, and the usual weights."""
    stem = snowballstemmer.stemmer("swedish").stemWords
    terms = lambda text: stem(re.findall(r"\w+", text.lower()))
    counts = [Counter(terms(chunk.text)) for chunk in chunks]
    lengths = np.array([count.total() for count in counts])
    norms = k1 * (1 - b + b * lengths / lengths.mean())
    places = defaultdict(list)
    for i, count in enumerate(counts):
        for term, n in count.items():
            places[term].append((i, n))

    def search(text: str) -> np.ndarray:
        scores = np.zeros(len(chunks))
        for term in set(terms(text)):
            rarity = math.log(1 + (len(chunks) - len(places[term]) + 0.5) / (len(places[term]) + 0.5))
            for i, n in places[term]:
                scores[i] += rarity * n * (k1 + 1) / (n + norms[i])
        return np.argsort(-scores, kind="stable")[:50]

    return search


def fusion(searches: list):
    """Reciprocal rank fusion of the fifty best of each."""

    def search(text: str) -> list[int]:
        scores = Counter()
        for one in searches:
            for rank, chunk in enumerate(one(text), 1):
                scores[int(chunk)] += 1 / (60 + rank)
        return [chunk for chunk, _ in scores.most_common()]

    return search


# --- scores ---


def letters(text: str) -> str:
    """As `lotsen-eval` compares: letters and digits alone, lower case."""
    return "".join(c for c in text if c.isalnum()).lower()


def ranks(cases: list[dict], chunks: list[Chunk], search) -> list[int | None]:
    """For each case the rank of the first chunk that holds the evidence of one of its places."""
    plain = [letters(chunk.text) for chunk in chunks]

    def holds(chunk: int, case: dict) -> bool:
        return any(chunks[chunk].document == gold["doc"] and letters(gold["evidence"]) in plain[chunk] for gold in case["gold"])

    found = []
    for case in cases:
        hits = (rank for rank, chunk in enumerate(search(asked(case))[:LIMIT], 1) if holds(chunk, case))
        found.append(next(hits, None))
    return found


def lotsens(report: Path, cases: list[dict]) -> list[int | None]:
    """The same for Lotsen's own search, from the report."""
    measured = {case["id"]: case["ranks"] for case in json.loads(report.read_text())["cases"]}
    missing = [case["id"] for case in cases if case["id"] not in measured]
    if missing:
        raise SystemExit(f"{report} lacks {len(missing)} of the questions, {missing[0]} first: run lotsen-eval over the same questions")
    return [min((rank for rank in measured[case["id"]] if rank), default=None) for case in cases]


def row(name: str, found: list[int | None]) -> str:
    shares = [np.mean([rank is not None and rank <= k for rank in found]) for k in KS]
    mrr = np.mean([1 / rank if rank else 0 for rank in found])
    return " | ".join([f"| {name}", *(f"{share:.3f}" for share in shares), f"{mrr:.3f} |"])


def main():
    parser = argparse.ArgumentParser()
    for name in ("data", "questions", "e5", "minilm", "cache"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--half", choices=("all", "tune", "report"), default="report")
    parser.add_argument("--lotsen", type=Path)
    options = parser.parse_args()

    texts, cases = read_texts(options.data), read_questions(options.questions, options.half)
    minilm = Embedder(options.minilm, options.cache, 256)
    e5 = Embedder(options.e5, options.cache, 512, "query: ", "passage: ")
    letters_1000 = chunked(texts, by_characters)
    words = bm25(letters_1000)
    print(f"{len(texts)} documents, {len(cases)} questions with a place, half: {options.half}\n", flush=True)
    print(f"| pipeline | chunks |{''.join(f' R@{k} |' for k in KS)} MRR |\n|{'---|' * (len(KS) + 3)}", flush=True)

    def measured(name: str, chunks: list[Chunk], search):
        print(row(f"{name} | {len(chunks)}", ranks(cases, chunks, search)), flush=True)

    measured("BM25, 1 000 characters", letters_1000, words)
    measured("all-MiniLM-L6-v2, 1 000 characters", letters_1000, minilm.searcher(letters_1000))
    dense = e5.searcher(letters_1000)
    measured("multilingual-e5-small, 1 000 characters", letters_1000, dense)
    measured("BM25 + multilingual-e5-small, 1 000 characters", letters_1000, fusion([words, dense]))
    for name, model in (("multilingual-e5-small", e5), ("all-MiniLM-L6-v2", minilm)):
        pieces = chunked(texts, lambda text: by_tokens(text, model.tokenizer))
        measured(f"{name}, 200 tokens, 40 shared", pieces, model.searcher(pieces))
    if options.lotsen:
        print(row("Lotsen | –", lotsens(options.lotsen, cases)))


if __name__ == "__main__":
    main()
