"""Writes the words that compounds are taken apart into, `corpus/words/parts.txt`.

    python compound_parts.py WORK/passages.jsonl > corpus/words/parts.txt

Reads what `cargo run --example training_passages` wrote: the words of statutes, guidelines and reports, no text of theirs. A
word is a part if it stands alone often enough to be one and is itself no compound of others. A change of the list changes
what texts are found by, so it goes with a new `analysis::VERSION`.
"""

import json
import re
import sys
from collections import Counter

LEAST_TIMES = 3
LEAST_LETTERS = 4
# Shorter words fit into any word by chance; these few are worth it.
SHORT = {"hem", "dag", "tid", "lag", "råd", "mål"}
# Particles and endings: "under|rättelse" and "över|klagande" are no compounds of two matters.
NO_PARTS = set(
    """alla allt andra anti bort dess detta efter eller emot enligt fast fort fram från före genom hans hela helt hets hets
    heten hets hos igen inför inga inne inom inte inåt kontra kring lika lång mellan minst mera mest mitt mono mot många nedan
    nere något också oftast omkring rent runt samman samt sitt slag slagen slags själv skall förs uts ingen skilda sker skulle som till topp träder trots ulan under
    undan uppe upp utan utom utåt utöver varandra varje vars vart vice vilka vilken vill visa viss vore även åter åtta över
    lighet ligheten ning ningen ande anden ares lösa löst bart bara samt sammans sköt ställa ställd ställda ställer ställt ställts
    taga tagen taget tagits tagna tagande lägga lagd lagda lagt lagts lägger läggs läggas gälla gjord gjorda sätta satt satta sätts
    komma kommen kommer kommit hålla hållen håller hålls hållit föra förd förda fört förts ges given givet givits givna giva dela
    stor stora större mindre nytt nya hög högre låg lägre senare tidigare annan annat egen eget egna enda samma sådan sådana""".split()
)


def main():
    times = Counter()
    for line in open(sys.argv[1], encoding="utf-8"):
        passage = json.loads(line)
        for text in (passage["title"], *passage["headings"], passage["text"]):
            times.update(w for w in re.findall(r"[^\W\d_]+", text.lower()) if re.fullmatch("[a-zåäöü]+", w))
    words = {w for w, n in times.items() if n >= LEAST_TIMES and len(w) >= LEAST_LETTERS and w not in NO_PARTS}
    words |= SHORT
    print("# Words that Swedish compounds are taken apart into, one a line; made by eval/analysis/compound_parts.py.")
    print(*sorted(w for w in words if not is_compound(w, words)), sep="\n")


def is_compound(word: str, words: set[str]) -> bool:
    """True if the word is two of the others; `corpus/src/analysis/compound.rs` takes apart what this keeps whole."""
    return any(word[cut:] in words and is_first(word[:cut], words) for cut in range(3, len(word) - 2))


def is_first(part: str, words: set[str]) -> bool:
    forms = {part, part + "a", part + "e"}
    if len(part) > 3 and part[-1] in "seou":
        forms |= {part[:-1], part[:-1] + "a"}
    return not forms.isdisjoint(words)


if __name__ == "__main__":
    main()
