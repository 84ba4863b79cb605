//! All sayings in their order, and the index that finds those of a line.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::index::Index;
use super::{Saying, curl, etcd, go, open, programs, proxies, schannel};
use crate::etcd::facts::client;

/// What is known, the more telling words first: a line counts for the first that
/// it has. What many programs say alike comes last.
pub static SAYINGS: LazyLock<Vec<&'static Saying>> = LazyLock::new(|| {
    let first = [
        go::SAYINGS,
        etcd::SAYINGS,
        proxies::SAYINGS,
        schannel::SAYINGS,
    ];
    let last = [curl::SAYINGS, programs::SAYINGS, open::SAYINGS];
    let tables = first.into_iter().chain(client::sayings()).chain(last);
    tables.flatten().collect()
});

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(&SAYINGS));

/// The saying that a line counts for: its place in [`SAYINGS`].
#[must_use]
pub fn place_in(line: &str) -> Option<usize> {
    INDEX.first(&line.to_ascii_lowercase())
}

/// Words that are shorter without their blanks may be anything.
const LEAST_WITHOUT_BLANKS: usize = 16;

/// The place of the first saying that tells of a fault, whose words all lines together have, and
/// none by itself, nor once lines were put together, if blanks don't count: they were
/// broken twice, somewhere within words.
#[must_use]
pub fn place_across(lines: &[&str], put_together: &[Cow<'_, str>]) -> Option<usize> {
    let dense = |text: &str| -> String {
        let letters = text.chars().filter(|it| !it.is_whitespace() && *it != '\\');
        letters.map(|it| it.to_ascii_lowercase()).collect()
    };
    let lines: Vec<String> = lines.iter().map(|line| dense(line)).collect();
    let put_together: Vec<String> = put_together.iter().map(|line| dense(line)).collect();
    let all = lines.concat();
    SAYINGS.iter().position(|saying| {
        if !saying.tells_of_fault() || saying.alone {
            return false;
        }
        let words = dense(saying.words);
        words.len() >= LEAST_WITHOUT_BLANKS
            && all.contains(&words)
            && saying.beside.iter().all(|it| all.contains(&dense(it)))
            && !lines
                .iter()
                .chain(&put_together)
                .any(|line| line.contains(&words))
    })
}

/// A saying travels as its place: both ends have the same rows.
pub mod by_place {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::{SAYINGS, Saying};

    /// Writes a saying.
    ///
    /// # Errors
    ///
    /// What the serializer refuses.
    pub fn serialize<S: Serializer>(saying: &Saying, serializer: S) -> Result<S::Ok, S::Error> {
        let place = SAYINGS.iter().position(|known| *known == saying);
        serializer.serialize_u64(
            place
                .and_then(|place| u64::try_from(place).ok())
                .unwrap_or(0),
        )
    }

    /// Reads a saying.
    ///
    /// # Errors
    ///
    /// No saying has this place.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<&'static Saying, D::Error> {
        let place = usize::deserialize(deserializer)?;
        SAYINGS
            .get(place)
            .copied()
            .ok_or_else(|| D::Error::custom(format_args!("no saying has the place {place}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::saying::index;

    fn whole(saying: &Saying) -> String {
        if saying.beside.is_empty() {
            return saying.words.to_owned();
        }
        format!("{} {}", saying.words, saying.beside.join(" "))
    }

    #[test]
    fn every_saying_has_words_of_its_own_a_cause_a_mend_and_a_source() {
        let mut seen = std::collections::BTreeSet::new();
        for saying in SAYINGS.iter() {
            assert!(saying.words.len() >= index::BEGIN, "{saying:?}");
            let lower = whole(saying).to_ascii_lowercase();
            assert!(seen.insert(lower), "{saying:?} stands twice");
            assert!(
                !saying.causes.is_empty() && !saying.mend().is_empty(),
                "{saying:?}"
            );
            assert!(!saying.source().is_empty(), "{saying:?}");
        }
    }

    #[test]
    fn a_mend_is_written_only_where_it_is_not_the_rule_s() {
        for saying in SAYINGS.iter() {
            let of_rule = saying.rules.first().map(|rule| rule.mend());
            assert!(
                saying.mend.is_none() || saying.mend != of_rule,
                "{saying:?}"
            );
        }
    }

    #[test]
    fn no_saying_hides_behind_an_earlier_one_that_it_contains() {
        for (row, saying) in SAYINGS.iter().enumerate() {
            let found = place_in(&whole(saying));
            assert_eq!(
                found,
                Some(row),
                "{saying:?} {:?}",
                found.map(|it| SAYINGS[it])
            );
        }
    }

    #[test]
    fn the_index_finds_what_looking_for_each_saying_in_turn_finds() {
        let lines = SAYINGS.iter().zip(SAYINGS.iter().rev());
        for (one, other) in lines {
            let line = format!("aé {} ü{}x", whole(other), whole(one).to_uppercase());
            let lower = line.to_ascii_lowercase();
            let has = |words: &str| lower.contains(&words.to_ascii_lowercase());
            let slowly = SAYINGS.iter().position(|it| {
                !it.alone && has(it.words) && it.beside.iter().all(|words| has(words))
            });
            assert_eq!(place_in(&line), slowly, "{line}");
        }
        assert_eq!(place_in("the cat sat on the mat"), None);
        assert_eq!(place_in(""), None);
    }
}
