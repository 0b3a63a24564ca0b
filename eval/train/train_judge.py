"""Trains the judge: question and sentence in, how sure it is that the sentence answers, out.

    python train_judge.py --model models/multilingual-e5-small --material WORK --reading TRAIN --out judge.safetensors

WORK holds passages.jsonl and vectors.f32 (see material.py); TRAIN the reading-comprehension sets in Swedish and Norwegian. The
questions are those of `questions/`. One in seven of them is held back to watch the training; none that is reported on is seen.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from material import Question, held_back, judged_sentences, read_material, read_squad, split_sentences, tight
from training import Training, read_pair_options

LONGEST = 128
NEGATIVES = 5


def words(text: str) -> set[str]:
    return {w[:6] for w in text.lower().split() if len(w) > 3}


def hardest(question: str, texts: list[str], many: int) -> list[str]:
    """Those with most words in common with the question; chance decides between equals."""
    asked = words(question)
    return sorted(texts, key=lambda t: (-len(asked & words(t)), random.random()))[:many]


def holding(sentences: list[tuple[int, str]], place: int | None) -> list[str]:
    """The sentences that this place of the text lies in."""
    return [s for at, s in sentences if place is not None and at <= place < at + len(s)]


def reading_groups(file: Path, answerable: int, unanswerable: int) -> list[tuple[str, list[str], list[str]]]:
    """(question, sentences that answer, sentences that do not) of a reading-comprehension set. The sentence that was chosen to
    look like an answer to an unanswerable question is just what the judge has to see through."""
    groups = []
    pairs = read_squad(file)
    random.shuffle(pairs)
    for pair in pairs:
        sentences = split_sentences(pair["context"])
        if pair["start"] is None:
            if unanswerable > 0 and sentences:
                looks = holding(sentences, pair["looks"])
                others = [s for _, s in sentences if s not in looks]
                groups.append((pair["question"], [], looks[:1] + hardest(pair["question"], others, 1)))
                unanswerable -= 1
            continue
        right = holding(sentences, pair["start"])
        wrong = [s for _, s in sentences if s not in right]
        if answerable > 0 and right:
            groups.append((pair["question"], right[:1], hardest(pair["question"], wrong, 2)))
            answerable -= 1
    return groups


def own_groups(questions: list[Question], passages, nearest: dict[str, list[int]]) -> list[tuple[str, list[str], list[str]]]:
    """The same of our own questions; what does not answer was chosen by hand, stands beside the answer, or was found by search."""
    judged = {}
    def of(i):
        if i not in judged:
            judged[i] = judged_sentences(passages[i])
        return judged[i]

    by_sentence = {}
    for i, passage in enumerate(passages):
        for s in passage.sentences:
            by_sentence.setdefault(s, i)
    groups = []
    for q in questions:
        right = [text for i, s in q.sentences for own, text in of(i) if own == s]
        if q.passages and not right:
            continue
        wrong = []
        for near in q.near:
            near = tight(near)
            place = next((by_sentence[s] for s in (near,) if s in by_sentence), None)
            if place is not None:
                wrong += [text for own, text in of(place) if own == near]
        beside = [text for i in q.passages for _, text in of(i) if text not in right]
        wrong += random.sample(beside, min(len(beside), 1))
        found = nearest[q.id][1:16] if q.passages else nearest[q.id][:12]
        for i in random.sample(found, len(found)):
            if len(wrong) >= NEGATIVES + 1:
                break
            if i not in q.passages and of(i):
                wrong += hardest(q.text, [t for _, t in of(i)], 1)
        groups.append((q.text, list(dict.fromkeys(right))[:2], [w for w in dict.fromkeys(wrong) if w not in right]))
    return groups


def main():
    parser = argparse.ArgumentParser()
    for name in ("material", "reading"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--reading-questions", type=int, default=5000)
    options = read_pair_options(parser)

    passages, _, questions = read_material(options.material)
    near = torch.load(options.material / "nearest.pt")
    held = held_back(questions)
    watched = own_groups([q for q in questions if q.id in held], passages, near)

    training = Training(options, LONGEST, warm_up=0.04)

    @torch.no_grad()
    def watch():
        first, best_right, best_wrong = [], [], []
        for question, right, wrong in watched:
            s = training.logits([(question, t) for t in right + wrong])
            top_wrong = s[len(right):].max().item() if wrong else -9.0
            if right:
                first.append(s[: len(right)].max().item() > top_wrong)
                best_right.append(s.max().item())
            else:
                best_wrong.append(top_wrong)
        above = np.mean([r > w for r in best_right for w in best_wrong])
        training.tell(f"right first {np.mean(first):.3f} answerable above unanswerable {above:.3f}")
        training.save()

    reading = reading_groups(options.reading / "squad-v2-sv-dev.json.gz", options.reading_questions // 4, options.reading_questions // 2)
    reading += reading_groups(options.reading / "norquad-wikipedia.json.gz", options.reading_questions // 8, 0)
    reading += reading_groups(options.reading / "norquad-news.json.gz", options.reading_questions // 8, 0)
    random.shuffle(reading)
    groups = list(reading)
    for _ in range(options.epochs):
        # Chance chooses other wrong sentences each time.
        own = own_groups([q for q in questions if q.id not in held], passages, near)
        random.shuffle(own)
        groups += own
    # Reading comprehension first: it teaches what an answer is; our own questions last, since they are what is asked.
    print(f"{len(questions)} questions, {len(watched)} held back, {len(reading)} reading groups, {len(groups)} groups in all", flush=True)

    sizes = np.cumsum([len(r) + len(w) for _, r, w in groups])
    total, at = int(sizes[-1]), 0
    watch()
    while at < len(groups):
        batch, count = [], 0
        while at < len(groups) and count < options.pairs:
            batch.append(groups[at])
            count += len(groups[at][1]) + len(groups[at][2])
            at += 1
        logits = training.logits([(q, t) for q, right, wrong in batch for t in right + wrong])
        truth = torch.tensor([float(is_right) for _, right, wrong in batch for is_right in [1] * len(right) + [0] * len(wrong)])
        loss = F.binary_cross_entropy_with_logits(logits, truth, pos_weight=torch.tensor(3.0))
        start, ranking = 0, []
        for _, right, wrong in batch:
            s = logits[start : start + len(right) + len(wrong)]
            if right and wrong:
                ranking.append(torch.logsumexp(s, 0) - torch.logsumexp(s[: len(right)], 0))
            start += len(s)
        if ranking:
            loss = loss + torch.stack(ranking).mean()
        training.learn(loss, sizes[at - 1] / total)
        if training.step % 150 == 0:
            watch()
    watch()


if __name__ == "__main__":
    main()
