"""Questions with known personal data in; what the guard and Presidio find of them out, side by side.

Presidio runs its recognisers for Sweden (personnummer, organisation numbers) and its general ones for e-mail, telephone
numbers (Swedish region) and IBAN. It has none for Swedish names without a language model, and none is used.

    pip install presidio-analyzer==2.2.366                            (in an environment of its own)
    LOTSEN_GENERATED=FOLDER cargo test -p lotsen-guard --test generated
    python eval/guard/presidio.py FOLDER LOTSEN_SHARED/data
"""

import collections
import importlib.metadata
import json
import pathlib
import subprocess
import sys

import tldextract
from presidio_analyzer.predefined_recognizers import EmailRecognizer, IbanRecognizer, PhoneRecognizer
from presidio_analyzer.predefined_recognizers.country_specific.sweden import (
    SeOrganisationsnummerRecognizer,
    SePersonnummerRecognizer,
)

# The list of top domains that comes with the package, so that nothing is fetched.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())

RECOGNISERS = [
    SePersonnummerRecognizer(),
    SeOrganisationsnummerRecognizer(),
    EmailRecognizer(supported_language="sv"),
    IbanRecognizer(supported_language="sv"),
    PhoneRecognizer(supported_language="sv", supported_regions=("SE",)),
]


def spellings(number: str) -> dict[str, str]:
    """A number of twelve digits as people write it."""
    date, last = number[:8], number[8:]
    short = date[2:]
    wide = "".join(chr(0xFF10 + int(digit)) for digit in number)
    return {
        "YYYYMMDDNNNC": number,
        "YYYYMMDD-NNNC": f"{date}-{last}",
        "YYMMDD-NNNC": f"{short}-{last}",
        "YYMMDDNNNC": short + last,
        "YYMMDD NNNC": f"{short} {last}",
        "YYMMDD – NNNC": f"{short} – {last}",
        "YYYY-MM-DD-NNNC": f"{date[:4]}-{date[4:6]}-{date[6:]}-{last}",
        "soft hyphen": f"{short}\u00ad{last}",
        "zero-width space": f"{date}\u200b{last}",
        "line break": f"{short}-\n{last}",
        "full-width": wide,
        "O for 0": f"{short}-{last}".replace("0", "O"),
        "digit by digit": " ".join(number),
    }


def presidio(text: str) -> list[dict]:
    """What Presidio finds, by the recognisers' own threshold."""
    found = []
    for recogniser in RECOGNISERS:
        # A score of 0 is a pattern whose check failed.
        results = recogniser.analyze(text, recogniser.supported_entities, None) or []
        found += [{"start": hit.start, "end": hit.end} for hit in results if hit.score > 0]
    return found


def guard(questions: list[dict]) -> list[list[dict]]:
    """What the guard's rules find, by the program of this project."""
    command = ["cargo", "run", "-q", "-p", "lotsen-guard", "--example", "find"]
    lines = "\n".join(json.dumps({"text": question["text"]}) for question in questions)
    ran = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def read(path: pathlib.Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def overlaps(one: dict, other: dict) -> bool:
    return one["start"] < other["end"] and other["start"] < one["end"]


def compare(what: str, questions: list[dict]) -> None:
    """Prints how many places of each kind are found, and how many questions without any are stopped."""
    both = {"guard": guard(questions), "Presidio": [presidio(question["text"]) for question in questions]}
    counts = collections.defaultdict(collections.Counter)
    for name, found in both.items():
        for question, findings in zip(questions, found, strict=True):
            for span in question["spans"]:
                counts[span["type"]][name] += any(overlaps(span, finding) for finding in findings)
            if not question["spans"]:
                counts["(stopped without)"][name] += bool(findings)
    totals = collections.Counter(span["type"] for question in questions for span in question["spans"])
    totals["(stopped without)"] = sum(not question["spans"] for question in questions)
    print(f"\n{what}: {len(questions)} questions")
    for kind in sorted(counts):
        shares = [f"{name} {counts[kind][name]} ({counts[kind][name] / totals[kind]:.1%})" for name in both]
        print(f"  {kind:20} of {totals[kind]:6}: {', '.join(shares)}")


def main(generated: str, shared: str) -> None:
    print("presidio-analyzer", importlib.metadata.version("presidio-analyzer"))
    numbers = (pathlib.Path(shared) / "pii" / "skatteverket_testpersonnummer.txt").read_text().split()
    numbers = ["".join(filter(str.isdigit, number)) for number in numbers[::7]]
    questions = []
    for number in numbers:
        for name, written in spellings(number).items():
            text = f"Har {written} rätt till hemtjänst?"
            questions.append({"text": text, "spans": [{"start": 4, "end": 4 + len(written), "type": name}]})
    compare("every seventh test number", questions)
    compare("written questions", read(pathlib.Path(generated) / "personal.jsonl"))
    compare("harmless questions", read(pathlib.Path(generated) / "harmless.jsonl"))
    compare("development questions", read(pathlib.Path(shared) / "eval" / "personal-data-dev.jsonl"))


if __name__ == "__main__":
    main(*sys.argv[1:])
