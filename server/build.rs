//! Copies the built web page to where the program takes it in, or a page that says that it is missing. A server without its
//! page is still a server: tests and programs use the rest.

use std::path::Path;
use std::{env, fs, io};

const MISSING: &str = "<!doctype html>\n<html lang=\"sv\"><meta charset=\"utf-8\"><title>Lotsen</title>\n\
    <h1>Sidan är inte byggd</h1>\n<p>Bygg den med <code>npm run build</code> i mappen <code>web</code> och bygg sedan \
    servern igen. Tills dess finns <a href=\"/fraga\">frågeformuläret</a>.</p>\n</html>\n";

fn main() -> io::Result<()> {
    let built = Path::new("../web/dist");
    let target = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("web");
    println!("cargo::rerun-if-changed={}", built.display());
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::create_dir_all(&target)?;
    if built.join("index.html").exists() {
        copy(built, &target)
    } else {
        fs::write(target.join("index.html"), MISSING)
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
