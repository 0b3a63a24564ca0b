//! Nothing in; the tools with their schemas out.
//!
//! The schemas are written by hand because clients are strict: no `$ref`, one type for each field, and no bounds but
//! `minimum` and `maximum`. What the tools are called and do stands in section `[mcp]` of `texts/sv.toml`; it is
//! read by users and models alike, and describes without telling a model what to do.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rmcp::model::{Tool, ToolAnnotations};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::texts;

/// Passages that a search gives unless asked for more.
pub const USUAL_PASSAGES: usize = 5;
/// Most passages that a search gives: clients cut long results, or have no room for them.
pub const MOST_PASSAGES: usize = 10;

#[derive(Deserialize)]
struct Words {
    mcp: Mcp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mcp {
    instructions: String,
    tool: BTreeMap<String, ToolWords>,
    argument: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolWords {
    title: String,
    description: String,
}

static WORDS: LazyLock<Option<Mcp>> = LazyLock::new(|| texts::section::<Words>().ok().map(|words| words.mcp));

/// What the service says of itself.
pub fn instructions() -> &'static str {
    WORDS.as_ref().map_or("", |words| &words.instructions)
}

/// All tools.
pub fn list() -> Vec<Tool> {
    let as_of = || ("as_of", json!({"type": "string", "format": "date"}));
    let text = |name| (name, json!({"type": "string"}));
    let limit = json!({"type": "integer", "minimum": 1, "maximum": MOST_PASSAGES, "default": USUAL_PASSAGES});
    vec![
        tool("search", &["query"], [text("query"), ("limit", limit), as_of()]),
        tool("ask", &["question"], [text("question"), as_of()]),
        tool("get_passage", &["passage_id"], [text("passage_id")]),
        tool("list_documents", &[], []),
    ]
}

fn tool<const N: usize>(name: &'static str, required: &[&str], fields: [(&str, Value); N]) -> Tool {
    let words = WORDS.as_ref();
    let described = |(field, mut schema): (&str, Value)| {
        schema["description"] = words
            .and_then(|words| words.argument.get(field))
            .map_or("", String::as_str)
            .into();
        (field.to_owned(), schema)
    };
    let properties: Map<String, Value> = fields.into_iter().map(described).collect();
    let schema = Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(properties)),
        ("required".to_owned(), json!(required)),
        ("additionalProperties".to_owned(), json!(false)),
    ]);
    let own = words.and_then(|words| words.tool.get(name));
    let title = own.map(|own| own.title.clone()).unwrap_or_default();
    let description = own.map(|own| own.description.clone()).unwrap_or_default();
    let annotations = ToolAnnotations::with_title(title.clone())
        .read_only(true)
        .idempotent(true)
        .open_world(false);
    Tool::new(name, description, Arc::new(schema))
        .with_title(title)
        .with_annotations(annotations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_and_argument_has_its_words() {
        assert!(!instructions().is_empty());
        for tool in list() {
            assert!(
                tool.description.as_ref().is_some_and(|words| !words.is_empty()),
                "{}",
                tool.name
            );
            assert!(
                tool.title.as_ref().is_some_and(|title| !title.is_empty()),
                "{}",
                tool.name
            );
            for (name, schema) in tool.input_schema["properties"].as_object().unwrap() {
                assert_ne!(schema["description"], "", "{name}");
            }
        }
    }

    #[test]
    fn the_schemas_keep_to_what_strict_clients_read() {
        for tool in list() {
            let schema = Value::Object(tool.input_schema.as_ref().clone());
            let written = schema.to_string();
            for forbidden in ["$ref", "oneOf", "anyOf", "allOf", "exclusiveMinimum"] {
                assert!(!written.contains(forbidden), "{}: {forbidden}", tool.name);
            }
            for (name, field) in schema["properties"].as_object().unwrap() {
                assert!(field["type"].is_string(), "{}: {name} has one type", tool.name);
            }
            assert_eq!(
                tool.annotations.and_then(|hints| hints.read_only_hint),
                Some(true),
                "{}",
                tool.name
            );
        }
    }
}
