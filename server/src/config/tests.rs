//! What the settings accept and what they refuse, and that a refusal names the setting.

use std::io::Write;

use super::*;

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let mut site = tempfile::NamedTempFile::new().expect("a temporary file");
    site.write_all(file.as_bytes()).expect("a written file");
    let variables = environment.iter().map(|(k, v)| (k.to_string(), v.to_string()));
    let environment = Environment::with_prefix("LOTSEN")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true)
        .source(Some(variables.collect()));
    Settings::from_sources(Some(site.path()), environment)
}

#[test]
fn the_defaults_stand_alone() {
    let settings = load("", &[]).expect("the built-in defaults");
    assert_eq!(settings.limits.body_bytes, 65_536);
    assert_eq!(settings.generator.kind, crate::generator::GeneratorKind::Off);
    assert!(
        settings.server.listen.ip().is_loopback(),
        "closed to the network by default"
    );
}

#[test]
fn the_environment_beats_the_file_and_the_file_beats_the_defaults() {
    let file = "[limits]\nanswers = 7\nrequests = 70";
    let settings = load(file, &[("LOTSEN__LIMITS__ANSWERS", "9")]).expect("good settings");
    assert_eq!((settings.limits.answers, settings.limits.requests), (9, 70));
}

#[test]
fn a_refusal_names_the_setting() {
    for (file, name) in [
        ("[limits]\nbody_bites = 1", "body_bites"),
        ("[limitz]\nanswers = 1", "limitz"),
        ("[limits]\nanswers = \"many\"", "limits.answers"),
        ("[limits]\nheartbeat_seconds = 11", "limits.heartbeat_seconds"),
        ("[limits]\nanswers = 0", "limits.answers"),
        ("[server]\nlisten = \"localhost\"", "server.listen"),
        ("[server]\npublic_url = \"lotsen.example.se\"", "server.public_url"),
        (
            "[server]\npublic_url = \"ftp://lotsen.example.se\"",
            "server.public_url",
        ),
        (
            "[server]\npublic_url = \"https://lotsen.example.se/om\"",
            "server.public_url",
        ),
        ("[log]\nlevel = \"loud\"", "log.level"),
        ("[retrieve]\npassages = 51", "retrieve.passages"),
        ("[server]\ntime_zone = \"Mars\"", "server.time_zone"),
        ("[generator]\nkind = \"cloud\"", "generator.kind"),
        ("[point]\nchooser = \"model\"", "point.chooser"),
    ] {
        let refusal = load(file, &[]).expect_err(file).to_string();
        assert!(refusal.contains(name), "{file:?} was refused with {refusal:?}");
    }
}

#[test]
fn links_begin_with_the_address_that_users_know() {
    let own = load("", &[]).expect("the built-in defaults");
    assert_eq!(own.public_url(), "http://127.0.0.1:8080");
    let told = load("[server]\npublic_url = \"https://lotsen.example.se/\"", &[]).expect("good settings");
    assert_eq!(told.public_url(), "https://lotsen.example.se");
}
