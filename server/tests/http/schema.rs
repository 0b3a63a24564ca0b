//! A JSON schema in; requests that fit it out, each with one of its free strings replaced.

use serde_json::{Map, Value, json};

/// Words for fields that a request needs but that a test is not about.
const FILLING: &str = "Vad kostar ett trygghetslarm?";

/// A schema, and the document that its references point into.
#[derive(Clone, Copy)]
pub struct Schema<'s> {
    pub own: &'s Value,
    pub document: &'s Value,
}

impl<'s> Schema<'s> {
    fn at(self, own: &'s Value) -> Self {
        Self { own, ..self }.resolved()
    }

    fn resolved(self) -> Self {
        match self.own["$ref"].as_str() {
            Some(address) => self.at(self.document.pointer(&address[1..]).expect("a schema that exists")),
            None => self,
        }
    }

    /// The schemas that this one is made of, if it is.
    fn branches(self) -> Vec<Self> {
        let lists = ["oneOf", "anyOf", "allOf"]
            .iter()
            .filter_map(|list| self.own[list].as_array());
        lists.flatten().map(|branch| self.at(branch)).collect()
    }

    fn is(self, kind: &str) -> bool {
        let named = &self.own["type"];
        named == kind
            || named
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    }

    /// Whether any text fits it: not one of a list, and not a day.
    fn is_free_text(self) -> bool {
        self.is("string") && self.own.get("enum").is_none() && self.own["format"] != "date"
    }

    fn properties(self) -> impl Iterator<Item = (&'s String, Self)> {
        let properties = self.own["properties"].as_object().into_iter().flatten();
        properties.map(move |(name, property)| (name, self.at(property)))
    }

    /// Each request that `base` becomes when one of its free strings is `planted`, with that string's place.
    pub fn planted(self, base: &Value, planted: &str) -> Vec<(String, Value)> {
        let schema = self.resolved();
        let mut all = Vec::new();
        for branch in schema.branches() {
            all.extend(branch.planted(base, planted));
        }
        if schema.is_free_text() {
            all.push((String::new(), json!(planted)));
        }
        if let Some(items) = schema.own.get("items") {
            let items = schema.at(items);
            let first = base.get(0).cloned().unwrap_or_else(|| items.sample());
            let each = items.planted(&first, planted).into_iter();
            all.extend(each.map(|(place, item)| (format!("[]{place}"), json!([item]))));
        }
        for (name, property) in schema.properties() {
            let before = base.get(name).cloned().unwrap_or_else(|| property.sample());
            for (place, value) in property.planted(&before, planted) {
                let mut whole = base.as_object().cloned().unwrap_or_else(|| schema.required());
                whole.insert(name.clone(), value);
                all.push((format!(".{name}{place}"), Value::Object(whole)));
            }
        }
        all
    }

    /// The least that fits it.
    pub fn sample(self) -> Value {
        let schema = self.resolved();
        if let Some(first) = schema.own["enum"].get(0) {
            return first.clone();
        }
        if let Some(branch) = schema.branches().into_iter().find(|branch| !branch.is("null")) {
            return branch.sample();
        }
        match schema {
            _ if schema.own["format"] == "date" => json!("2026-01-01"),
            _ if schema.is("string") => json!(FILLING),
            _ if schema.is("integer") || schema.is("number") => json!(1),
            _ if schema.is("boolean") => json!(false),
            _ if schema.is("array") => json!([schema.at(&schema.own["items"]).sample()]),
            _ => Value::Object(schema.required()),
        }
    }

    fn required(self) -> Map<String, Value> {
        let needed = |name: &str| {
            self.own["required"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one == name))
        };
        let fields = self.properties().filter(|(name, _)| needed(name));
        fields
            .map(|(name, property)| (name.clone(), property.sample()))
            .collect()
    }
}
