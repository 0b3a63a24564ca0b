//! A process in, how often its memory holds certain words out.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

/// The most that is read at once.
const CHUNK: u64 = 16 << 20;

/// How often each word stands in the memory that the process may write to; nothing if this user may not read it.
pub fn count(process: u32, words: &[String]) -> Option<Vec<usize>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut counts = vec![0; words.len()];
    for line in maps
        .lines()
        .filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw")))
    {
        let (from, to) = line.split(' ').next()?.split_once('-')?;
        let (mut from, to) = (u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?);
        while from < to {
            let mut bytes = vec![0; usize::try_from((to - from).min(CHUNK)).ok()?];
            // Some pages cannot be read, the kernel's own among them.
            if memory.seek(SeekFrom::Start(from)).is_ok() && memory.read_exact(&mut bytes).is_ok() {
                for (count, word) in counts.iter_mut().zip(words) {
                    *count += occurrences(&bytes, word.as_bytes());
                }
            }
            from += CHUNK;
        }
    }
    Some(counts)
}

/// Whether bytes hold a word.
pub fn contains(bytes: &[u8], word: &[u8]) -> bool {
    occurrences(bytes, word) > 0
}

fn occurrences(bytes: &[u8], word: &[u8]) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == word[0]) {
        at += found;
        count += usize::from(bytes[at..].starts_with(word));
        at += 1;
    }
    count
}
