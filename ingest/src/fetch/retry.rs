//! An answer that may be better next time in; how long to wait before asking again out.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How often one address is asked before it counts as out of reach.
pub(super) const TRIES: u32 = 4;
/// The longest pause between two tries. A site that asks for more is left alone until the next run.
const LONGEST: Duration = Duration::from_secs(120);

/// Whether asking again may help: the site is busy, or has a fault that passes.
pub(super) fn may_help(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// The pause before the next try, doubled each time and spread so that many programs do not come back together, or what
/// the site asks for if that is longer. `None` where it asks for more than a run can wait.
pub(super) fn pause(base: Duration, tried: u32, asked: Option<Duration>) -> Option<Duration> {
    let doubled = base.saturating_mul(1 << tried.min(6));
    let spread = doubled.mul_f64(0.5 + chance() / 2.0);
    let pause = spread.max(asked.unwrap_or_default());
    (pause <= LONGEST).then_some(pause)
}

/// What a site says about when to come back: seconds, or a day and time.
pub(super) fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
}

/// A number from 0 to 1, different each time: the seed of the standard library's hash tables.
fn chance() -> f64 {
    RandomState::new().hash_one(0_u8) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_end() {
        let base = Duration::from_secs(1);
        for tried in 0..4 {
            let pause = pause(base, tried, None).unwrap();
            let most = base * (1 << tried);
            assert!(pause >= most / 2 && pause <= most, "{tried}: {pause:?}");
        }
        assert_eq!(
            pause(base, 0, Some(Duration::from_secs(30))),
            Some(Duration::from_secs(30))
        );
        assert_eq!(pause(base, 0, Some(Duration::from_secs(3_600))), None);
    }

    #[test]
    fn a_site_says_when_in_seconds_or_as_a_time() {
        let now: Timestamp = "2026-11-22T20:00:00Z".parse().unwrap();
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            super::asked(&headers, now)
        };
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("Sun, 22 Nov 2026 20:01:00 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(asked("Sun, 22 Nov 2026 19:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("soon"), None);
    }
}
