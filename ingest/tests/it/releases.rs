//! Releases on disk: made, left alone when nothing has changed, never lost when a run is killed.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::site::{Site, TOGETHER, together};

fn says(output: &Output, words: &str) -> bool {
    String::from_utf8_lossy(&output.stdout).contains(words)
}

#[test]
fn a_run_makes_a_release_and_a_second_one_finds_nothing_to_do() {
    let Some(site) = Site::new() else { return };
    assert!(says(&site.run(), "3 new"));
    let first = site.store().current().unwrap();
    assert!(says(&site.run(), "nothing has changed"));
    assert_eq!(site.store().current().unwrap(), first);
    let release = site.store().open_current().unwrap();
    let (entry, _) = release.edition("avgift").unwrap();
    let seen = site.store().checked().at(&release.manifest.release, entry);
    assert!(
        seen > entry.checked,
        "when it was last seen is told without a new release"
    );
    assert_eq!(site.store().checked().at("another", entry), entry.checked);
    assert_eq!(site.store().releases().unwrap().len(), 1);
}

#[test]
fn only_what_has_changed_is_embedded_and_what_left_the_list_leaves() {
    let Some(site) = Site::new() else { return };
    site.run();
    site.write(
        "avgift",
        "# Riktlinje för avgift\n\n## 1 Syfte\n\nNämnden beslutar om en ny avgift.\n",
    );
    std::fs::remove_file(site.path("texts/ledsagning.md")).unwrap();
    let output = site.run();
    assert!(says(&output, "1 changed, 1 unchanged") && says(&output, "1 passages embedded, 1 from the cache"));
    assert!(says(&output, "GONE      ledsagning"));
    assert!(site.text_of("avgift").contains("ny avgift"));
}

#[test]
fn a_file_that_cannot_be_read_keeps_the_edition_that_it_had() {
    let Some(site) = Site::new() else { return };
    site.run();
    site.write("avgift", "");
    site.write("ny", "");
    std::fs::copy(site.path("texts/hemtjanst.md"), site.path("texts/kopia.md")).unwrap();
    let output = site.run();
    assert!(says(&output, "the same file as hemtjanst"));
    assert_eq!(output.status.code(), Some(2));
    assert!(says(
        &output,
        "NOT READ  texts/avgift.md: no text in it (the version before is kept)"
    ));
    assert!(says(
        &output,
        "NOT READ  texts/ny.md: no text in it (not in the release)"
    ));
    assert!(site.text_of("avgift").contains("Nämnden beslutar om avgift."));
}

#[test]
fn what_a_synchronised_folder_holds_beside_documents_is_left_alone() {
    let Some(site) = Site::new() else { return };
    site.run();
    for name in [
        "desktop.ini",
        "Thumbs.db",
        "~$avgift.docx",
        "~WRL0003.tmp",
        ".849C9593",
        "hemtjanst.md.tmp",
    ] {
        std::fs::write(site.path(&format!("texts/{name}")), b"[.ShellClassInfo]").unwrap();
    }
    // A file that is only a sign for one in the cloud: it has a size and nothing on the disk.
    let sign = std::fs::File::create(site.path("texts/avgift.md")).unwrap();
    sign.set_len(1 << 20).unwrap();
    let output = site.run();
    assert!(
        says(&output, "0 new, 0 changed, 2 unchanged, 1 not read, 0 gone"),
        "{output:?}"
    );
    assert!(says(&output, "its content is not on this disk"));
    assert!(site.text_of("avgift").contains("Nämnden beslutar om avgift."));
}

/// How often a run is killed: a hundred times, or as often as `LOTSEN_KILLS` says.
fn kills() -> u64 {
    std::env::var("LOTSEN_KILLS").map_or(100, |kills| kills.parse().unwrap())
}

#[test]
fn killed_at_any_moment_the_last_release_serves_and_the_next_run_completes() {
    let each = kills() / TOGETHER;
    let Some(ended) = together(|site, _| survives(site, each)) else {
        return;
    };
    let (all, ended) = (each * TOGETHER, ended.into_iter().sum::<u64>());
    eprintln!("{} runs killed, {ended} more had ended before", all - ended);
    assert!(ended < all / 2, "most runs ended before they were killed");
}

/// Kills a site's runs this many times and says how many of them had ended before.
fn survives(site: &Site, kills: u64) -> u64 {
    let clock = Instant::now();
    site.write_fee(1);
    site.run();
    let whole_run = clock.elapsed();
    let (mut served, mut ended) = (1, 0);
    for round in 2..2 + kills {
        site.write_fee(round);
        let mut child = site
            .command()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Every part of a run has its turn, in no order.
        std::thread::sleep(whole_run * (round * 617 % 1_000) as u32 / 1_000);
        child.kill().unwrap();
        ended += u64::from(child.wait().unwrap().success());
        let when = format!("round {round}");
        site.assert_whole(&when);
        if site.has_fee(round) {
            served = round;
        }
        assert!(
            site.has_fee(served),
            "{when}: neither the wording before nor the new one"
        );
        if round % 20 == 0 {
            site.prune();
        }
    }
    site.run();
    site.assert_whole("at the end");
    site.assert_clean("at the end");
    assert!(site.has_fee(1 + kills));
    ended
}

#[test]
fn personal_data_is_accepted_masked_or_quarantined_as_the_source_says() {
    let Some(site) = Site::new() else { return };
    site.write(
        "avgift",
        "# Riktlinje för avgift\n\n## 1 Syfte\n\nFråga om 19811228-9874.\n",
    );
    let list = |policy: &str| {
        let defaults = "[defaults]\nkind = 'riktlinje'\nissuer = 'Storåkers kommun'\ninvented = true\n";
        let text = format!("{defaults}personal_data = '{policy}'\n[[source]]\nfolder = 'texts'\n");
        std::fs::write(site.path("sources.toml"), text).unwrap();
        site.run()
    };
    assert!(says(&list("accept"), "PERSONAL  avgift: 1 Personnummer (accepted"));
    assert!(site.text_of("avgift").contains("19811228-9874"));
    assert!(says(&list("mask"), "PERSONAL  avgift: 1 Personnummer (masked)"));
    assert_eq!(site.text_of("avgift"), "Fråga om [maskerat].");
    let output = list("quarantine");
    assert!(says(&output, "(quarantined: not in the release)") && output.status.code() == Some(2));
    assert!(site.store().open_current().unwrap().edition("avgift").is_none());
    let reports = std::fs::read_dir(site.path("data/reports")).unwrap();
    let kept = reports.filter(|report| {
        std::fs::read_to_string(report.as_ref().unwrap().path())
            .unwrap()
            .contains("19811228")
    });
    assert_eq!(kept.count(), 0, "a report holds kinds and numbers, never the data");
}

#[test]
fn a_run_that_repeats_finds_what_has_changed_since() {
    let Some(site) = Site::new() else { return };
    let mut child = site
        .command()
        .args(["--every", "1s"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let serves = |words: &str| {
        let current = site.store().current().unwrap();
        current.is_some() && site.text_of("avgift").contains(words)
    };
    let comes = |words: &str| {
        (0..300).any(|_| {
            std::thread::sleep(Duration::from_millis(200));
            serves(words)
        })
    };
    let first = comes("beslutar om avgift.");
    site.write(
        "avgift",
        "# Riktlinje för avgift\n\n## 1 Syfte\n\nNämnden beslutar om ny avgift.\n",
    );
    let second = comes("ny avgift");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(first && second, "first {first}, second {second}");
}

#[test]
fn a_rollback_serves_the_older_release_again() {
    let Some(site) = Site::new() else { return };
    site.run();
    let first = site.store().current().unwrap().unwrap();
    site.write(
        "avgift",
        "# Riktlinje för avgift\n\n## 1 Syfte\n\nNy text om avgiften.\n",
    );
    site.run();
    let second = site.store().current().unwrap().unwrap();
    let ingest = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotsen-ingest"));
        command
            .args(args)
            .arg("--data")
            .arg(site.path("data"))
            .output()
            .unwrap()
    };
    let diff = ingest(&["diff", &first, &second]);
    assert!(says(&diff, "avgift\n  - 1 Syfte\n  + 1 Syfte"), "{diff:?}");
    assert!(ingest(&["rollback", &first]).status.success());
    assert!(site.text_of("avgift").contains("beslutar om avgift"));
    assert!(says(&ingest(&["prune", "--keep", "1"]), "") && site.store().current().unwrap() == Some(first));
}
