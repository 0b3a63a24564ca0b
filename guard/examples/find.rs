//! Questions as JSON lines with a field `text` on standard input, what the guard's rules find in each as JSON lines on
//! standard output: for programs that measure the guard beside another one (`eval/guard/presidio.py`).

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let question: serde_json::Value = serde_json::from_str(&line?)?;
        let findings = lotsen_guard::find(question["text"].as_str().unwrap_or_default());
        writeln!(out, "{}", serde_json::to_string(&findings)?)?;
    }
    out.flush()
}
