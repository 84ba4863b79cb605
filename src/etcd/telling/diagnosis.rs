//! From a text to its cause: lines of etcd's log or of etcdctl's output are
//! recognised by Go's and etcd's own words, which are
//! [`facts::saying`](crate::etcd::facts::saying). Where the words alone can't
//! tell, several causes come back, the likelier first; words that are not known
//! give none. Called by the page's chapter for pasted text.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};

use serde::{Deserialize, Serialize};

use crate::etcd::facts::saying::{self, SAYINGS, Saying, Side};

/// A line that tells something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clue {
    /// The words that were recognised, and what they tell.
    #[serde(with = "saying::by_words")]
    pub saying: &'static Saying,
    /// The line, shortened to 400 characters.
    pub line: String,
    /// Whose words they are: where the words alone don't say, the line's form
    /// may.
    pub side: Side,
}

impl Clue {
    /// Causes, the likeliest first.
    #[must_use]
    pub fn causes(&self) -> Vec<&'static str> {
        self.saying.causes_on(self.side)
    }
}

/// Whose line it is, by its form.
fn side_of(line: &str) -> Side {
    const OF_ETCD: [&str; 5] = [
        "rejected connection",
        "listener failed",
        "embed: ",
        "etcdmain",
        "discovery failed",
    ];
    const OF_ETCDCTL: [&str; 3] = ["retrying of unary invoker", "etcd-client", "Error: "];
    let has = |words: &[&str]| words.iter().any(|words| line.contains(words));
    if has(&OF_ETCD) {
        Side::Etcd
    } else if has(&OF_ETCDCTL) {
        Side::Etcdctl
    } else {
        Side::Either
    }
}

/// What is the same in all lines of a kind: logs repeat themselves but for times,
/// ports and identifiers.
fn kind(line: &str) -> u64 {
    let mut kind = DefaultHasher::new();
    for word in line.split(|letter: char| letter.is_ascii_digit()) {
        if !word.is_empty() {
            kind.write(word.as_bytes());
            kind.write_u8(0);
        }
    }
    kind.finish()
}

/// At most so many bytes of a text are looked at.
const MOST_TEXT: usize = 32 << 20;

/// The letters of a line that are shown.
const MOST_LETTERS: usize = 400;

/// What a text points to, each saying once, the more telling first. An empty list
/// says that the text is unknown.
#[must_use]
pub fn clues(text: &str) -> Vec<Clue> {
    let text = text
        .get(..text.floor_char_boundary(MOST_TEXT))
        .unwrap_or_default();
    let mut found: Vec<Option<Clue>> = SAYINGS.iter().map(|_| None).collect();
    let mut kinds: BTreeSet<u64> = BTreeSet::new();
    for line in text.lines() {
        if !kinds.insert(kind(line)) {
            continue;
        }
        // JSON logs write quotes with backslashes.
        let plain = line.contains('\\').then(|| line.replace('\\', ""));
        let line = plain.as_deref().unwrap_or(line);
        let known = saying::place_in(line);
        let known = known.and_then(|place| Some((SAYINGS.get(place)?, found.get_mut(place)?)));
        if let Some((saying, clue @ None)) = known {
            let line: String = line.chars().take(MOST_LETTERS).collect();
            let side = match saying.side {
                Side::Either => side_of(&line),
                side => side,
            };
            *clue = Some(Clue { saying, line, side });
        }
    }
    found.into_iter().flatten().collect()
}
