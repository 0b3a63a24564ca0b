#!/usr/bin/env python3
"""Files of any format in; seeds for the fuzz targets out, under fuzz/corpus/<target>/.

    fuzz/seeds.py corpus/demo/*

A seed is what its target takes: of an office file the parts that are read, the first alone and each other after a line
"=== name"; of a PDF, a zip archive and JSON what follows the first letters, which the target writes itself. A file of more
than 200 kB is left out: libFuzzer is at its best with small ones.
"""

import sys
import zipfile
from pathlib import Path

LARGEST = 200_000
MAIN = {
    "docx": "word/document.xml",
    "odt": "content.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
}
OTHERS = ("word/", "xl/", "ppt/", "styles.xml")


def office(target: str, archive: zipfile.ZipFile) -> bytes:
    def part(name: str) -> str:
        return archive.read(name).decode("utf-8", "replace")

    text = part(MAIN[target])
    for name in archive.namelist():
        if name != MAIN[target] and name.startswith(OTHERS) and name.endswith((".xml", ".rels")):
            text += f"\n=== {name}\n{part(name)}"
    return text.encode()


def seeds(path: Path) -> dict[str, bytes]:
    content = path.read_bytes()
    kind = path.suffix.lower().lstrip(".")
    if kind in MAIN:
        with zipfile.ZipFile(path) as archive:
            return {kind: office(kind, archive), "archive": content.removeprefix(b"PK\x03\x04")}
    if kind == "pdf":
        return {"pdf": content.partition(b"\n")[2]}
    if kind in ("html", "htm"):
        return {"html": content, "riksdag": content}
    if kind == "json":
        return {"rattspraxis": content.strip().removeprefix(b'{"publicering":')}
    if kind in ("md", "txt"):
        return {"markdown": content, "headed": content, "statute": content}
    return {}


def main() -> None:
    folder = Path(__file__).parent / "corpus"
    for path in map(Path, sys.argv[1:]):
        for target, content in seeds(path).items():
            if len(content) <= LARGEST:
                place = folder / target
                place.mkdir(parents=True, exist_ok=True)
                (place / f"seed-{path.name}").write_bytes(content)


if __name__ == "__main__":
    main()
