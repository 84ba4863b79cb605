//! The sayings by their first letters, so that a line is gone through once,
//! however many rows there are.

use std::collections::{BTreeMap, BTreeSet};

use super::Saying;

/// How many letters of a saying the index goes by.
pub(super) const BEGIN: usize = 4;

/// Bits that tell at once that no saying begins at a place in a line.
const FILTER: usize = 1 << 13;

/// A row, with its words in small letters.
struct Row {
    place: usize,
    words: String,
    beside: Vec<String>,
    alone: bool,
}

/// The index.
pub(super) struct Index {
    filter: Vec<bool>,
    /// By the first letters; each list in the order of the rows.
    rows: BTreeMap<[u8; BEGIN], Vec<Row>>,
}

/// Spreads the letters over the filter (Knuth's multiplicative hash).
fn bit(begin: [u8; BEGIN]) -> usize {
    const GOLDEN: u32 = 2_654_435_761;
    let spread = u32::from_le_bytes(begin).wrapping_mul(GOLDEN) >> 19;
    usize::try_from(spread).unwrap_or(0) % FILTER
}

impl Index {
    pub(super) fn of(sayings: &[&'static Saying]) -> Self {
        let mut index = Self {
            filter: vec![false; FILTER],
            rows: BTreeMap::new(),
        };
        for (place, saying) in sayings.iter().enumerate() {
            let words = saying.words.to_ascii_lowercase();
            let Some(begin) = words.as_bytes().first_chunk().copied() else {
                continue;
            };
            if let Some(known) = index.filter.get_mut(bit(begin)) {
                *known = true;
            }
            let beside = saying.beside.iter().map(|it| it.to_ascii_lowercase());
            index.rows.entry(begin).or_default().push(Row {
                place,
                words,
                beside: beside.collect(),
                alone: saying.alone,
            });
        }
        index
    }

    /// The place of the first row whose words a line in small letters has.
    pub(super) fn first(&self, line: &str) -> Option<usize> {
        let mut first: Option<usize> = None;
        // Rows whose other words the line does not have: it is gone through once for each.
        let mut lacking: BTreeSet<usize> = BTreeSet::new();
        let mut rest = line.as_bytes();
        while let Some(begin) = rest.first_chunk::<BEGIN>() {
            if self.filter.get(bit(*begin)).copied() == Some(true)
                && let Some(rows) = self.rows.get(begin)
            {
                let better = |row: &&Row| first.is_none_or(|known| row.place < known);
                let found = rows.iter().take_while(better).find(|row| {
                    if !rest.starts_with(row.words.as_bytes())
                        || row.alone && line.trim() != row.words
                        || lacking.contains(&row.place)
                    {
                        return false;
                    }
                    let has_all = row.beside.iter().all(|words| line.contains(words));
                    has_all || !lacking.insert(row.place)
                });
                first = found.map(|row| row.place).or(first);
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        match (first, self.cut(line)) {
            // What is cut may still tell more than a short word that is whole.
            (Some(whole), Some((_, length))) if length <= self.length(whole) => Some(whole),
            (Some(whole), Some((cut, _))) => Some(whole.min(cut)),
            (whole, cut) => whole.or(cut.map(|(place, _)| place)),
        }
    }

    /// The length of a row's words.
    fn length(&self, place: usize) -> usize {
        let mut rows = self.rows.values().flatten();
        rows.find(|row| row.place == place)
            .map_or(0, |row| row.words.len())
    }

    /// The place of the first row whose words a line that is cut ends in the middle
    /// of, and how many letters of them are there: journald and screens cut.
    fn cut(&self, line: &str) -> Option<(usize, usize)> {
        /// Fewer letters may be anything.
        const LEAST: usize = 12;
        const LONGEST: usize = 80;
        let line = line.trim_end_matches(['…', '.', '>', ' ', '"']);
        let begin = line.ceil_char_boundary(line.len().saturating_sub(LONGEST));
        let end = line.get(begin..)?.as_bytes();
        let ends = (0..end.len().saturating_sub(LEAST)).filter_map(|place| end.get(place..));
        let rows = ends.filter_map(|rest| {
            let begin = rest.first_chunk::<BEGIN>()?;
            if self.filter.get(bit(*begin)).copied() != Some(true) {
                return None;
            }
            let rows = self.rows.get(begin)?;
            // More than half of the words must be there, and the last one begun.
            let is_cut = |row: &&Row| {
                let next = row.words.as_bytes().get(rest.len());
                next.is_some_and(u8::is_ascii_alphanumeric)
                    && rest.last().is_some_and(u8::is_ascii_alphanumeric)
                    && row.words.len() * 3 < rest.len() * 5
                    && row.words.as_bytes().starts_with(rest)
                    && row.beside.is_empty()
                    && !row.alone
            };
            rows.iter().find(is_cut).map(|row| (row.place, rest.len()))
        });
        rows.min()
    }
}
