//! The second recogniser with a real token classification model: one small enough to be written here. Needs the ONNX
//! Runtime library in the models folder (`LOTSEN_MODELS`); without it the tests say that they are skipped.

use std::path::PathBuf;
use std::sync::OnceLock;

use lotsen_guard::{ClassifierError, ClassifierSettings, FindingKind, Guard, Recogniser, TokenClassifier};
use ort::environment::Environment;
use prost::Message;

/// The few messages of the ONNX format that a graph of one node needs; numbers as in `onnx.proto`.
mod onnx {
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Model {
        #[prost(int64, tag = "1")]
        pub ir_version: i64,
        #[prost(message, optional, tag = "7")]
        pub graph: Option<Graph>,
        #[prost(message, repeated, tag = "8")]
        pub opset_import: Vec<OperatorSet>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct OperatorSet {
        #[prost(int64, tag = "2")]
        pub version: i64,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Graph {
        #[prost(message, repeated, tag = "1")]
        pub node: Vec<Node>,
        #[prost(string, tag = "2")]
        pub name: String,
        #[prost(message, repeated, tag = "5")]
        pub initializer: Vec<Tensor>,
        #[prost(message, repeated, tag = "11")]
        pub input: Vec<Value>,
        #[prost(message, repeated, tag = "12")]
        pub output: Vec<Value>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Node {
        #[prost(string, repeated, tag = "1")]
        pub input: Vec<String>,
        #[prost(string, repeated, tag = "2")]
        pub output: Vec<String>,
        #[prost(string, tag = "4")]
        pub op_type: String,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Tensor {
        #[prost(int64, repeated, tag = "1")]
        pub dims: Vec<i64>,
        #[prost(int32, tag = "2")]
        pub data_type: i32,
        #[prost(string, tag = "8")]
        pub name: String,
        #[prost(bytes = "vec", tag = "9")]
        pub raw_data: Vec<u8>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Value {
        #[prost(string, tag = "1")]
        pub name: String,
        #[prost(message, optional, tag = "2")]
        pub r#type: Option<Type>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Type {
        #[prost(message, optional, tag = "1")]
        pub tensor: Option<TensorType>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct TensorType {
        #[prost(int32, tag = "1")]
        pub element: i32,
        #[prost(message, optional, tag = "2")]
        pub shape: Option<Shape>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Shape {
        #[prost(message, repeated, tag = "1")]
        pub dim: Vec<Dimension>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Dimension {
        #[prost(string, tag = "2")]
        pub name: String,
    }
}

const FLOAT: i32 = 1;
const INT64: i32 = 7;
const CONFIG: &[u8] = br#"{"id2label": {"0": "O", "1": "B-PER", "2": "I-PER"}}"#;
/// Words in no table of the guard, in lower case, so that the rules leave them alone.
const TOKENIZER: &[u8] =
    br#"{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
    "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
    "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "huset": 1, "taket": 2, "kanske": 3}}}"#;

/// A model that looks each word up: the row of a token is its labels' likelihoods before scaling.
fn model(rows: &[[f32; 3]]) -> Vec<u8> {
    let value = |name: &str, element, dims: &[&str]| onnx::Value {
        name: name.to_owned(),
        r#type: Some(onnx::Type {
            tensor: Some(onnx::TensorType {
                element,
                shape: Some(onnx::Shape {
                    dim: dims
                        .iter()
                        .map(|name| onnx::Dimension {
                            name: (*name).to_owned(),
                        })
                        .collect(),
                }),
            }),
        }),
    };
    let graph = onnx::Graph {
        name: "names".to_owned(),
        node: vec![onnx::Node {
            input: vec!["table".to_owned(), "input_ids".to_owned()],
            output: vec!["logits".to_owned()],
            op_type: "Gather".to_owned(),
        }],
        initializer: vec![onnx::Tensor {
            dims: vec![rows.len() as i64, 3],
            data_type: FLOAT,
            name: "table".to_owned(),
            raw_data: rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect(),
        }],
        input: vec![
            value("input_ids", INT64, &["batch", "tokens"]),
            value("attention_mask", INT64, &["batch", "tokens"]),
        ],
        output: vec![value("logits", FLOAT, &["batch", "tokens", "labels"])],
    };
    onnx::Model {
        ir_version: 8,
        graph: Some(graph),
        opset_import: vec![onnx::OperatorSet { version: 17 }],
    }
    .encode_to_vec()
}

/// Nothing for unknown words, a sure name, its sure continuation, a likely name.
const ROWS: [[f32; 3]; 4] = [[9.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 9.0], [0.0, 1.0, 0.0]];

fn environment() -> Option<&'static Environment> {
    static ENVIRONMENT: OnceLock<Option<Environment>> = OnceLock::new();
    let open = || {
        let folder = std::env::var_os("LOTSEN_MODELS").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../models"),
            PathBuf::from,
        );
        let library = folder.join("onnxruntime/libonnxruntime.so");
        if !library.exists() {
            eprintln!(
                "SKIPPED: {} is missing: run `lotsen-ingest models fetch onnxruntime`",
                library.display()
            );
            return None;
        }
        Some(
            ort::init_from(library)
                .expect("a runtime")
                .with_telemetry(false)
                .build()
                .expect("an environment"),
        )
    };
    ENVIRONMENT.get_or_init(open).as_ref()
}

fn open(rows: &[[f32; 3]], settings: ClassifierSettings) -> Option<Result<TokenClassifier, ClassifierError>> {
    Some(TokenClassifier::open(
        environment()?,
        [&model(rows), TOKENIZER, CONFIG],
        settings,
    ))
}

#[test]
fn the_model_adds_what_the_rules_do_not_know() {
    let text = "Å, vill huset taket ha ledsagning med kanske?";
    assert_eq!(lotsen_guard::find(text), []);
    let Some(classifier) = open(&ROWS, ClassifierSettings::default()) else {
        return;
    };
    let found = Guard::of_rules().with(classifier.expect("a model")).find(text);
    let shown: Vec<_> = found.iter().map(|f| (f.start, f.end, f.kind, f.certain)).collect();
    // Two tokens side by side are one name, in code points; the likely one is possible only.
    assert_eq!(
        shown,
        [(8, 19, FindingKind::Name, true), (38, 44, FindingKind::Name, false)]
    );
}

#[test]
fn a_name_anywhere_in_a_long_text_is_found() {
    let settings = ClassifierSettings {
        max_tokens: 80,
        ..ClassifierSettings::default()
    };
    let Some(classifier) = open(&ROWS, settings) else {
        return;
    };
    let guard = Guard::of_rules().with(classifier.expect("a model"));
    for before in [0, 47, 48, 79, 80, 500] {
        let text = "ord ".repeat(before) + "huset taket" + &" ord".repeat(300);
        let found = guard.find(&text);
        assert_eq!(
            found.iter().map(|f| (f.start, f.end)).collect::<Vec<_>>(),
            [(before * 4, before * 4 + 11)],
            "{before}"
        );
    }
}

#[test]
fn what_is_no_such_model_is_refused_when_it_is_opened() {
    let Some(environment) = environment() else { return };
    let settings = ClassifierSettings::default;
    let refused = |files: [&[u8]; 3], settings| {
        TokenClassifier::open(environment, files, settings)
            .err()
            .map(|e| e.to_string())
    };
    let good = model(&ROWS);
    let of_places: &[u8] = br#"{"id2label": {"0": "O", "1": "B-LOC", "2": "I-LOC"}}"#;
    let of_two: &[u8] = br#"{"id2label": {"0": "O", "1": "PER"}}"#;
    let narrow = ClassifierSettings {
        max_tokens: 8,
        ..settings()
    };
    for (files, settings, part) in [
        ([&good[..20], TOKENIZER, CONFIG], settings(), "model.onnx"),
        ([&good, b"{}", CONFIG], settings(), "tokenizer.json"),
        ([&good, TOKENIZER, b"{}"], settings(), "config.json"),
        ([&good, TOKENIZER, of_places], settings(), "nobody"),
        ([&good, TOKENIZER, of_two], settings(), "labels of config.json"),
        ([&good, TOKENIZER, CONFIG], narrow, "max_tokens"),
    ] {
        let said = refused(files, settings).expect(part);
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn nothing_passes_when_the_model_fails_on_a_text() {
    // The word has no row: the runtime refuses to look it up, as a damaged model would.
    let Some(classifier) = open(&ROWS[..2], ClassifierSettings::default()) else {
        return;
    };
    let classifier = classifier.expect("a model");
    assert!(classifier.find(&["Vad gäller för kanske?"]).is_err());
    let guard = Guard::of_rules().with(classifier);
    assert_eq!(guard.find("Vad gäller?"), []);
    let found = guard.find_across(&["Vad gäller?", "Vad gäller för kanske?"]);
    assert!(
        found.iter().all(|findings| findings.len() == 1 && findings[0].certain),
        "{found:?}"
    );
}
