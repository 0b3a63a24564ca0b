//! A disk that fails: an error at the n-th change to a file, a disk that is full from then on, and a run that is killed there.
//!
//! `faults.c` stands between the program and the kernel and sees all that is asked of it. A sample of all n is tried; with
//! `LOTSEN_EVERY_WRITE` set every one is, in every way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::site::{Site, TOGETHER, together};

/// What happens at a change: from then on the disk is full, this once it cannot be written, or the run is killed.
const WAYS: [&str; 3] = ["ENOSPC", "EIO-once", "kill"];
/// How many changes are tried in a quick run.
const SAMPLE: u64 = 12;
/// How the program that watches says that the run was killed: 128 and the signal's number.
const KILLED: i32 = 137;
/// How the program that watches says that it cannot.
const CANNOT: i32 = 125;

fn built(folder: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults.c");
    let program = folder.join("faults");
    let made = Command::new("cc").arg("-o").arg(&program).arg(source).status();
    made.is_ok_and(|status| status.success()).then_some(program)
}

/// Runs the site with this happening at the n-th change, and says how many changes there were.
fn run(site: &Site, watcher: &Path, way: &str, at: u64) -> (Output, u64) {
    let command = site.command();
    let count = site.path("count");
    let output = Command::new(watcher)
        .args([&at.to_string(), way])
        .arg(&count)
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .unwrap();
    let changes = std::fs::read_to_string(&count).map_or(0, |text| text.parse().unwrap());
    (output, changes)
}

/// How many runs ended in which way, by what happened to them.
type Outcomes = BTreeMap<(&'static str, &'static str), usize>;

#[test]
fn wherever_the_disk_fails_the_old_release_serves_and_the_next_run_completes() {
    let folder = tempfile::tempdir().unwrap();
    let Some(watcher) = built(folder.path()) else {
        eprintln!("skipped: no C compiler");
        return;
    };
    let Some(found) = together(|site, which| all_ways(site, &watcher, which)) else {
        return;
    };
    let Some(found) = found.into_iter().collect::<Option<Vec<_>>>() else {
        eprintln!("skipped: a program cannot be watched here");
        return;
    };
    let mut outcomes = Outcomes::new();
    for (key, times) in found.into_iter().flatten() {
        *outcomes.entry(key).or_default() += times;
    }
    eprintln!("{outcomes:?}");
    let mut met = WAYS
        .iter()
        .map(|way| outcomes.keys().any(|(had, end)| had == way && *end != RELEASED));
    assert!(met.all(|met| met), "{outcomes:?}");
}

/// A change that failed and was not needed: a flush that another follows, a file that the next run removes.
const RELEASED: &str = "made its release all the same";

/// Lets the site's runs fail at every change, or at a sample, that is this site's to try; `None` where none can be watched.
fn all_ways(site: &Site, watcher: &Path, which: u64) -> Option<Outcomes> {
    site.write_fee(1);
    let (output, changes) = run(site, watcher, "EIO", 0);
    if output.status.code() == Some(CANNOT) {
        return None;
    }
    assert!(
        output.status.success() && changes > 100,
        "only {changes} changes were seen"
    );
    let every = std::env::var_os("LOTSEN_EVERY_WRITE").is_some();
    let step = if every { 1 } else { changes.div_ceil(SAMPLE) };
    let tried = (1..=changes).step_by(usize::try_from(step).unwrap());
    let all = tried.flat_map(|at| WAYS.into_iter().map(move |way| (at, way)));
    let (mut served, mut outcomes) = (1, Outcomes::new());
    for (number, (at, way)) in (0..).zip(all).filter(|(number, _)| number % TOGETHER == which) {
        let (number, when) = (number / TOGETHER + 2, format!("{way} at change {at}"));
        site.write_fee(number);
        let (output, _) = run(site, watcher, way, at);
        site.assert_whole(&when);
        if site.has_fee(number) {
            served = number;
        }
        assert!(
            site.has_fee(served),
            "{when}: neither the wording before nor the new one"
        );
        let outcome = outcome(&output, way, &when);
        assert!(
            served == number || outcome != RELEASED,
            "{when}: it said so and did not"
        );
        *outcomes.entry((way, outcome)).or_default() += 1;
        if outcome != RELEASED {
            site.run();
            site.assert_clean(&when);
            site.assert_whole(&when);
            assert!(site.has_fee(number), "{when}: the run after it");
            served = number;
        }
        if number % 50 == 0 {
            site.prune();
        }
    }
    Some(outcomes)
}

/// How a run ended; it never ends in another way, nor without a word.
fn outcome(output: &Output, way: &str, when: &str) -> &'static str {
    let error = String::from_utf8_lossy(&output.stderr);
    match (output.status.code(), way) {
        (Some(0), _) => RELEASED,
        (Some(1), "ENOSPC" | "EIO-once") => {
            assert!(error.contains("Error: "), "{when}: failed without a word: {error}");
            "failed and said why"
        }
        (Some(KILLED), "kill") => "was killed",
        (code, _) => panic!("{when}: ended with {code:?}: {error}"),
    }
}
