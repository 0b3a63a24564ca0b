"""The passages of a release and the questions written for training, brought together.

In: what `cargo run --example training_passages` wrote, and `questions/*.jsonl`. Out: questions with the passages and the sentences that answer them.
"""

import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer


@dataclass
class Passage:
    id: str
    document: str
    title: str
    short_title: str | None
    kind: str
    headings: list[str]
    paragraph: str | None
    text: str
    sentences: list[str]
    in_force: bool

    @property
    def heading(self) -> str:
        """What stands before a sentence when it is judged: the act's short name and the nearest heading."""
        return judged_heading(self.short_title or self.title, self.headings)


@dataclass
class Question:
    id: str
    kind: str
    text: str
    passages: list[int]
    sentences: list[tuple[int, str]]
    near: list[str] = field(default_factory=list)


def judged_heading(name: str, headings: list[str]) -> str:
    return f"{name} > {headings[-1]}" if headings else name


def tight(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()


def read_tokenizer(model: Path) -> Tokenizer:
    """The base model's tokenizer; texts are padded where they meet in a batch."""
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def read_material(work: Path) -> tuple[list[Passage], np.ndarray, list[Question]]:
    """The passages that `training_passages` wrote, their vectors, and the questions written for training."""
    passages, vectors = read_passages(work / "passages.jsonl", work / "vectors.f32")
    files = sorted((Path(__file__).parent / "questions").glob("*.jsonl"))
    return passages, vectors, read_questions(files, passages)


def held_back(questions: list[Question]) -> set[str]:
    """One question in seven, by a hash of its id, to watch the training: the same ones for the question encoder and the judge."""
    return {q.id for q in questions if zlib.crc32(q.id.encode()) % 7 == 0}


def read_passages(lines: Path, vectors: Path, day: str = "2026-11-22") -> tuple[list[Passage], np.ndarray]:
    passages = []
    for line in lines.open(encoding="utf-8"):
        p = json.loads(line)
        in_force = (p["valid_from"] or "") <= day and day < (p["valid_to"] or "9999")
        passages.append(Passage(p["id"], p["document"], p["title"], p["short_title"], p["kind"], p["headings"], p["paragraph"],
                                p["text"], [tight(s) for s in p["sentences"]], in_force))
    return passages, np.fromfile(vectors, dtype="<f4").reshape(len(passages), -1)


def read_questions(files: list[Path], passages: list[Passage]) -> list[Question]:
    """Questions with a history are left out: alone they cannot be understood."""
    by_document = {}
    for i, passage in enumerate(passages):
        by_document.setdefault(passage.document, []).append((i, tight(passage.text)))
    questions = []
    for file in files:
        for line in file.open(encoding="utf-8"):
            q = json.loads(line)
            if q.get("history"):
                continue
            found, sentences = [], []
            for gold in q["gold"]:
                evidence = tight(gold["evidence"])
                for i, text in by_document.get(gold["doc"], []):
                    if evidence in text:
                        found.append(i)
                        sentences += [(i, s) for s in passages[i].sentences if evidence in s or s in evidence and len(s) > 20]
            questions.append(Question(q["id"], q["kind"], q["question"], sorted(set(found)), sentences, q.get("near", [])))
    return questions


def read_squad(file: Path) -> list[dict]:
    """Reading-comprehension questions: text, context, and where in it the answer begins (None where it has none). Of those that
    have none, where the words begin that look like an answer, if whoever wrote the question said so."""
    pairs = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        articles = json.load(lines)
    articles = articles["data"] if isinstance(articles, dict) else articles
    for article in articles:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = qa.get("answers") or []
                start = None if qa.get("is_impossible") or not answers else answers[0]["answer_start"]
                looks = qa.get("plausible_answers") if start is None else None
                pairs.append({"question": qa["question"], "context": paragraph["context"], "start": start,
                              "looks": looks[0]["answer_start"] if looks else None})
    return pairs


def split_sentences(text: str) -> list[tuple[int, str]]:
    """Sentences of plain running text with where each begins."""
    cuts = [0] + [m.end() for m in re.finditer(r"[.!?][\"”»)]*\s+(?=[A-ZÅÄÖÆØ0-9\"”«(])", text)] + [len(text)]
    return [(a, text[a:b].strip()) for a, b in zip(cuts, cuts[1:]) if text[a:b].strip()]


def is_item(sentence: str) -> bool:
    """As `is_item` in server/src/point/quote.rs."""
    mark = (sentence.split() or [""])[0]
    counted = mark[:-1] if mark[-1:] in (".", ")") else ""
    return mark in ("–", "-", "•", "·", "*", "—") or 0 < len(counted) <= 3 and (counted.isdigit() or len(counted) == 1)


def judged_sentences(passage: Passage) -> list[tuple[str, str]]:
    """Each sentence with the text that is judged in its place: heading, lead-in or header row, sentence."""
    judged, lead, header = [], "", ""
    for sentence in passage.sentences:
        if is_item(sentence):
            before = lead
        elif " | " in sentence:
            before, header = header, header or sentence
        else:
            before, lead, header = "", sentence, ""
        judged.append((sentence, f"{passage.heading}: {before} {sentence}" if before else f"{passage.heading}: {sentence}"))
    return judged
