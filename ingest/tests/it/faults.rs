//! A disk that fails: an error at the n-th change to a file, and a disk that is full from then on.
//!
//! `faults.c` is put between the program and the C library. A sample of all n is tried; with `LOTSEN_EVERY_WRITE` set every
//! one is. What the program asks of the kernel without the C library (a rename of a temporary file, mapped memory) is not
//! met by it; the killed runs of `releases.rs` are.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::site::Site;

/// How many of the changes fail in a quick run.
const SAMPLE: u64 = 4;

fn built(folder: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults.c");
    let library = folder.join("faults.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status();
    made.is_ok_and(|status| status.success()).then_some(library)
}

fn run(site: &Site, library: &Path, at: u64, once: bool) -> Output {
    let mut command = site.command();
    command
        .env("LD_PRELOAD", library)
        .env("LOTSEN_FAULT_AT", at.to_string());
    command.env("LOTSEN_FAULT_COUNT", site.path("count"));
    if once {
        command.env("LOTSEN_FAULT_ONCE", "1");
    }
    command.output().unwrap()
}

#[test]
fn wherever_the_disk_fails_the_old_release_serves_and_the_next_run_completes() {
    let Some(site) = Site::new() else { return };
    let Some(library) = built(&site.path("")) else {
        eprintln!("skipped: no C compiler");
        return;
    };
    let text = |number: u64| format!("# Riktlinje för avgift\n\n## 1 Syfte\n\nAvgiften är {number} kronor.\n");
    site.write("avgift", &text(0));
    site.run();
    site.write("avgift", &text(1));
    assert!(run(&site, &library, 0, false).status.success());
    let changes: u64 = std::fs::read_to_string(site.path("count")).unwrap().parse().unwrap();
    assert!(changes > 20, "only {changes} changes were seen");
    let every = std::env::var_os("LOTSEN_EVERY_WRITE").is_some();
    let step = if every { 1 } else { changes.div_ceil(SAMPLE) };
    let mut failed = 0;
    for at in (1..=changes).step_by(usize::try_from(step).unwrap()) {
        let number = at + 1;
        site.write("avgift", &text(number));
        let before = site.store().current().unwrap();
        let output = run(&site, &library, at, at % 2 == 0);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code().is_some(),
            "change {at}: {:?} {error}",
            output.status
        );
        let now = site.store().open_current().unwrap();
        assert_eq!(now.passage_count(), 3, "change {at}");
        if !output.status.success() {
            failed += 1;
            assert!(!error.trim().is_empty(), "change {at}: failed without a word");
            let serves = site.store().current().unwrap();
            assert!(
                serves == before || site.text_of("avgift").contains(&format!("är {number} kr")),
                "change {at}"
            );
        }
        site.run();
        assert!(
            site.text_of("avgift").contains(&format!("är {number} kr")),
            "change {at}: the next run"
        );
    }
    eprintln!("{changes} changes, {failed} runs failed");
    assert!(failed > 0, "no failure reached the program");
}
