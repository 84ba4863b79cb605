//! The release that a text names, in etcd's own log, as an image's tag or in somebody's
//! words, or by flags that later ones don't have. Who pastes an old log is not helped by what the newest etcd says to its flags.

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::{EtcdVersion, Series};
use crate::etcd::judge::reading::material::Invocation;

/// What etcd and whoever pulls its image write before the number, in small letters.
const SURE: [&str; 5] = [
    "etcd version: ",
    "\"etcd-version\":\"",
    "etcd-version: ",
    "etcd:v",
    "etcd-v",
];

/// What people write before it.
const SPOKEN: [&str; 3] = ["etcd v", "etcd:3", "etcd 3"];

/// What etcdctl of API 2 prints of itself: etcd's own words count for more.
const OF_OLD_CLIENT: &str = "etcdctl version 2.";

/// A release that was named, and the one to judge as: the same, or the first that is
/// known here.
pub(super) struct NamedRelease {
    pub(super) text: String,
    pub(super) known: EtcdVersion,
    /// Whether it is older than any that is known here.
    pub(super) is_older: bool,
}

impl NamedRelease {
    /// The first that a text names.
    pub(super) fn in_text(text: &str) -> Option<Self> {
        let small = text.to_ascii_lowercase();
        let named = |before: &&'static str| {
            let before = *before;
            // Some end with a part of the number.
            let of_number = before.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
            small.match_indices(before).filter_map(move |(place, _)| {
                let begin = place + of_number.len();
                Self::at(text.get(begin..)?)
            })
        };
        if let Some(sure) = SURE.iter().find_map(|before| named(before).next()) {
            return Some(sure);
        }
        // Who tells of an update names two.
        let mut spoken = SPOKEN.iter().flat_map(named);
        let Some(first) = spoken.next() else {
            return named(&OF_OLD_CLIENT).next();
        };
        spoken
            .all(|other| other.known.series() == first.known.series())
            .then_some(first)
    }

    /// The newest one that takes all of a line's flags, where `version` lacks one of them
    /// and nobody was heard to refuse it.
    pub(super) fn of_flags(server: &Invocation, version: EtcdVersion, text: &str) -> Option<Self> {
        let flags = server.arguments.iter().filter_map(|word| {
            let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
            flag.split('=').next()
        });
        let flags: Vec<&str> = flags.collect();
        let lacks = |version: EtcdVersion| {
            let mut flags = flags.iter().copied();
            flags.find(|flag| EtcdOption::named(flag, version).is_none())
        };
        let lacking = lacks(version)?;
        if text.contains("flag provided but not defined") {
            return None;
        }
        let mut newest = Series::ALL.iter().rev().map(|series| series.newest());
        Some(Self {
            known: newest.find(|version| lacks(*version).is_none())?,
            text: format!("--{lacking}, which it is the newest to have"),
            is_older: false,
        })
    }

    /// One that a text begins with: three numbers, of which the first is 2 or 3.
    fn at(text: &str) -> Option<Self> {
        let end = text
            .find(|letter: char| !(letter.is_ascii_digit() || letter == '.'))
            .unwrap_or(text.len());
        let text = text.get(..end)?.trim_end_matches('.');
        let mut parts = text.split('.');
        let [major, minor, patch] = [parts.next()?, parts.next()?, parts.next()?];
        let [major, minor]: [u16; 2] = [major.parse().ok()?, minor.parse().ok()?];
        patch.parse::<u16>().ok()?;
        if !matches!(major, 2 | 3) || parts.next().is_some() {
            return None;
        }
        let oldest = Series::ALL[0].minor();
        let is_older = major == 2 || minor < oldest;
        let known = if is_older {
            EtcdVersion::parse(&format!("3.{oldest}.0")).ok()?
        } else {
            EtcdVersion::parse(text).ok()?
        };
        Some(Self {
            text: text.to_owned(),
            known,
            is_older,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_named_in_a_log_a_tag_or_a_sentence() {
        for (text, known) in [
            ("etcdmain: etcd Version: 3.5.9", "3.5.9"),
            (r#"{"msg":"starting","etcd-version":"3.6.1"}"#, "3.6.1"),
            ("image: quay.io/coreos/etcd:v3.4.13", "3.4.13"),
            ("a 3-node cluster of etcd 3.2.7.", "3.4.0"),
            ("registry.k8s.io/etcd:3.5.15-0", "3.5.15"),
            ("etcd v2.3.7", "3.4.0"),
            ("etcdctl version 2.2.5", "3.4.0"),
        ] {
            let named = NamedRelease::in_text(text).unwrap();
            assert_eq!(named.known.to_string(), known, "{text}");
        }
        for text in [
            "we went from etcd 3.4.3 to etcd 3.5.9",
            "etcdctl version: 3.3.10",
            "etcd 3",
            "etcd v1.3.7",
            "etcd 3.9.0",
            "",
        ] {
            assert!(NamedRelease::in_text(text).is_none(), "{text}");
        }
    }
}
