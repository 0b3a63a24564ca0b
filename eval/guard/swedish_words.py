"""Texts in, two tables of the guard out: which words are common, and which letters Swedish puts side by side.

Both tell a name that no list has from a Swedish word. They are made of the words in lower case in acts and guidelines, the
first also of those in questions as staff write them, in which nobody is named.

    python3 eval/guard/swedish_words.py FOLDER guard/words eval/train/questions eval/questions
"""

import collections
import json
import pathlib
import re
import sys

COMMON = """\
# Vanliga ord, som inte är namn fast de har stor bokstav. Gjord med eval/guard/swedish_words.py av orden som står minst tre
# gånger med liten bokstav i författningar och riktlinjer, eller en gång i frågor som är skrivna för träning och mätning."""
TRIPLES = """\
# Följder av tre bokstäver i svenska ord (^ = ordets början, $ = dess slut), på raden för de två första. Ett ord med andra
# följder kan vara ett namn. Gjord med eval/guard/swedish_words.py av orden i författningar och riktlinjer."""


WORD = re.compile(r"\b[a-zåäöé]{3,}\b")
BEGINNING = re.compile(r"(?:^|[.?!]\s+)[A-ZÅÄÖ]")


def asked(folders: tuple[str, ...]) -> set[str]:
    """The words of all questions, also those with a capital at the head of a sentence: nobody is named there either."""
    paths = [path for folder in folders for path in sorted(pathlib.Path(folder).glob("*.jsonl"))]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    questions = (BEGINNING.sub(lambda head: head[0].lower(), json.loads(line)["question"]) for line in lines)
    return {word for question in questions for word in WORD.findall(question)}


def main(texts: str, tables: str, *questions: str) -> None:
    folder = pathlib.Path(tables)
    tables_of_names = (folder / f"{name}.txt" for name in ("given_names", "surnames", "surnames_alone"))
    entries = (line for table in tables_of_names for line in table.read_text(encoding="utf-8").splitlines())
    names = {entry.strip() for entry in entries if not entry.startswith("#")}
    words = collections.Counter()
    for path in sorted(pathlib.Path(texts).rglob("*")):
        if path.suffix in (".txt", ".md"):
            words.update(WORD.findall(path.read_text(encoding="utf-8")))
    # The letters of what staff write in haste are no measure of Swedish, so the questions count for the first table alone.
    common = sorted({word for word, count in words.items() if count > 2} | (asked(questions) - names))
    triples = collections.defaultdict(set)
    for word in (word for word, count in words.items() if count > 1):
        framed = f"^{word}$"
        for at in range(len(framed) - 2):
            triples[framed[at : at + 2]].add(framed[at + 2])
    lines = [f"{pair} {''.join(sorted(thirds))}" for pair, thirds in sorted(triples.items())]
    (folder / "common_words.txt").write_text("\n".join([COMMON, *common, ""]), encoding="utf-8")
    (folder / "letter_triples.txt").write_text("\n".join([TRIPLES, *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
