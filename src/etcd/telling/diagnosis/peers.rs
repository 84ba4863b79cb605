//! Which members a log says were met, lost, or never reached.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::lines::Plain;

/// Whether a member says in small letters that it has got through to another one.
pub(super) fn tells_of_meeting(line: &str) -> bool {
    ["established tcp streaming connection", "became active"]
        .iter()
        .any(|words| line.contains(words))
}

/// The other member that a line in small letters is about, by its identifier.
pub(super) fn named(line: &str) -> Option<&str> {
    const SHORTEST: usize = 12;
    let behind = ["peer-id\":\"", "peer "].iter().find_map(|before| {
        let mut places = line.split(before).skip(1);
        places.find(|rest| {
            let end = rest.find(|letter: char| !letter.is_ascii_hexdigit());
            end.unwrap_or(rest.len()) >= SHORTEST
        })
    })?;
    let end = behind.find(|letter: char| !letter.is_ascii_hexdigit());
    behind.get(..end.unwrap_or(behind.len()))
}

/// The members that this one got through to, by its own word or by that it lost them.
#[derive(Default)]
pub(super) struct Met {
    pub(super) told: BTreeSet<String>,
    pub(super) lost: BTreeSet<String>,
}

impl Met {
    /// Those of a text’s lines.
    pub(super) fn of(lines: &[Cow<'_, str>]) -> Self {
        let mut all = Self::default();
        for line in lines {
            let small = Plain::of(line).text.to_ascii_lowercase();
            let is_lost = [
                "lost the tcp streaming",
                "lost tcp streaming",
                "became inactive",
            ]
            .iter()
            .any(|words| small.contains(words));
            let met = if tells_of_meeting(&small) {
                &mut all.told
            } else if is_lost {
                &mut all.lost
            } else {
                continue;
            };
            met.extend(named(&small).map(str::to_owned));
        }
        all
    }
}
