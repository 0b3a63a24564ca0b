//! A site's robots.txt in; which of its addresses a program may ask for, and how often, out (RFC 9309).
//!
//! Our own, because the rules are two pages and the crates for them are made for other uses.

/// What we are called in a robots.txt.
const NAME: &str = "lotsen";
/// How much of the file is read; the standard asks for at least 500 KiB.
pub(super) const MOST_BYTES: u64 = 512 << 10;
/// The longest pause between two requests that is followed, in seconds. One page a minute is the slowest useful pace.
const LONGEST_DELAY: f64 = 60.0;

/// What a site asks of us.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rules {
    /// The file says which paths.
    Stated {
        rules: Vec<Rule>,
        /// Seconds between two requests.
        delay: Option<f64>,
    },
    /// There is no such file: everything is allowed.
    None,
    /// The site could not say, for this reason: nothing is asked for until it can.
    Unknown(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    allow: bool,
    pattern: String,
}

impl Rules {
    /// Reads the file: the groups that name us, or those for everyone where none does.
    pub(super) fn parse(text: &str) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut open = false;
        for line in text.trim_start_matches('\u{FEFF}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((field, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match field.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !open {
                        groups.push(Group::default());
                    }
                    open = true;
                    if let Some(group) = groups.last_mut() {
                        group.names.push(value.to_ascii_lowercase());
                    }
                }
                field @ ("allow" | "disallow") => {
                    open = false;
                    if let (Some(group), false) = (groups.last_mut(), value.is_empty()) {
                        group.rules.push(Rule {
                            allow: field == "allow",
                            pattern: normal(value),
                        });
                    }
                }
                "crawl-delay" => {
                    open = false;
                    if let Some(group) = groups.last_mut() {
                        group.delay = value.parse().ok().filter(|delay: &f64| *delay >= 0.0);
                    }
                }
                _ => {}
            }
        }
        let ours = groups.iter().any(|group| group.is_for(NAME));
        let name = if ours { NAME } else { "*" };
        let chosen: Vec<&Group> = groups.iter().filter(|group| group.is_for(name)).collect();
        Self::Stated {
            rules: chosen.iter().flat_map(|group| group.rules.clone()).collect(),
            delay: chosen
                .iter()
                .find_map(|group| group.delay)
                .map(|d| d.min(LONGEST_DELAY)),
        }
    }

    /// Whether a path, with its query, may be asked for. The longest rule that fits decides; of two as long, the one
    /// that allows.
    pub(super) fn allow(&self, path: &str) -> bool {
        match self {
            Self::None => true,
            Self::Unknown(_) => false,
            Self::Stated { rules, .. } => {
                let path = normal(path);
                rules
                    .iter()
                    .filter(|rule| fits(rule.pattern.as_bytes(), path.as_bytes()))
                    .max_by_key(|rule| (rule.pattern.len(), rule.allow))
                    .is_none_or(|rule| rule.allow)
            }
        }
    }

    /// How many seconds the site wants between two requests.
    pub(super) fn delay(&self) -> Option<f64> {
        match self {
            Self::Stated { delay, .. } => *delay,
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
struct Group {
    names: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<f64>,
}

impl Group {
    fn is_for(&self, name: &str) -> bool {
        self.names.iter().any(|own| own.split('/').next() == Some(name))
    }
}

/// One way to write a path: letters outside ASCII as `%C3%A5`, and the digits of what is so written in capitals.
fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let mut digits = 0;
    for byte in path.bytes() {
        match byte {
            b'%' => digits = 2,
            _ if digits > 0 => {
                digits -= 1;
                normal.push(char::from(byte.to_ascii_uppercase()));
                continue;
            }
            _ => {}
        }
        if byte.is_ascii() {
            normal.push(char::from(byte));
        } else {
            normal += &format!("%{byte:02X}");
        }
    }
    normal
}

/// Whether a pattern fits the start of a path. `*` is any number of characters and `$` at the end is the path's end.
/// A star that has been passed is never gone back behind, so the time is at most the two lengths multiplied.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let (mut p, mut at) = (0, 0);
    let mut star = None;
    loop {
        if p == pattern.len() && (!whole || at == path.len()) {
            return true;
        }
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, at));
            p += 1;
        } else if at < path.len() && pattern.get(p) == Some(&path[at]) {
            (p, at) = (p + 1, at + 1);
        } else if let Some((starred, from)) = star.filter(|(_, from)| *from < path.len()) {
            star = Some((starred, from + 1));
            (p, at) = (starred + 1, from + 1);
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str, path: &str) -> bool {
        Rules::parse(text).allow(path)
    }

    #[test]
    fn the_longest_rule_decides() {
        let text = "User-agent: *\nDisallow: /internt\nAllow: /internt/riktlinjer\nDisallow: /*.php$\nDisallow: /sök\n";
        assert!(!allowed(text, "/internt/loner"));
        assert!(allowed(text, "/internt/riktlinjer/hemtjanst.pdf"));
        assert!(!allowed(text, "/a/b.php") && allowed(text, "/a/b.php?x=1"));
        assert!(!allowed(text, "/s%c3%b6k?q=a"));
        assert!(allowed(text, "/"));
    }

    #[test]
    fn our_own_group_is_followed_instead_of_everyones() {
        let text =
            "User-agent: *\nDisallow: /\n\nUser-agent: Annan\nUser-agent: Lotsen\nDisallow: /arkiv\nCrawl-delay: 2.5\n";
        assert!(allowed(text, "/riktlinjer") && !allowed(text, "/arkiv/1"));
        assert_eq!(Rules::parse(text).delay(), Some(2.5));
        assert!(!allowed("User-agent: *\nDisallow: /", "/riktlinjer"));
        assert!(allowed("User-agent: *\nDisallow:", "/riktlinjer"));
    }

    proptest::proptest! {
        /// The same as an expression that says what a pattern means.
        #[test]
        fn a_pattern_fits_what_the_standard_says(pattern in "/[ab*]{0,8}[$]?", path in "/[ab]{0,10}") {
            let (body, end) = match pattern.strip_suffix('$') {
                Some(body) => (body, "$"),
                None => (pattern.as_str(), ""),
            };
            let meaning = regex::Regex::new(&format!("^{}{end}", body.replace('*', ".*"))).unwrap();
            proptest::prop_assert_eq!(fits(pattern.as_bytes(), path.as_bytes()), meaning.is_match(&path));
        }

        #[test]
        fn any_file_can_be_read(text in "(?s).{0,200}", path in "/.{0,40}") {
            Rules::parse(&text).allow(&path);
        }
    }

    #[test]
    fn a_file_made_to_harm_costs_little() {
        let text = format!(
            "User-agent: *\nDisallow: /{}b\nCrawl-delay: 1e300\n",
            "*a".repeat(5_000)
        );
        let clock = std::time::Instant::now();
        assert!(allowed(&text, &format!("/{}", "a".repeat(4_000))));
        assert!(clock.elapsed().as_secs() < 5);
        assert_eq!(Rules::parse(&text).delay(), Some(LONGEST_DELAY));
        assert!(
            allowed("Disallow: /\n: : :\nUser-agent", "/a"),
            "a rule before any name is nobody's"
        );
    }
}
