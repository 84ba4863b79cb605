//! YAML and JSON as one tree of texts, lists and mappings, each with the lines
//! it stands on. Scalars stay as they are written: what type they are is the
//! concern of who reads them. A text that ends or errs in the middle gives what
//! stood before.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Value;

/// Deeper nothing is nested that people paste.
const DEEPEST: usize = 48;
/// So many nodes at most, aliases counted as often as they are used.
const MOST_NODES: usize = 200_000;

/// A node and its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) node: Node,
    /// Lines, counted from that of the text's first.
    pub(super) lines: Range<usize>,
}

/// What a node is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Node {
    #[default]
    Nothing,
    Text(String),
    List(Vec<Item>),
    Map(Vec<(String, Item)>),
}

impl Item {
    /// The value of a key, in any letter case.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Node::Map(pairs) = &self.node else {
            return None;
        };
        pairs
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
            .map(|(_, item)| item)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> &[Self] {
        match &self.node {
            Node::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn pairs(&self) -> &[(String, Self)] {
        match &self.node {
            Node::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// A JSON value, all of it on the same lines.
    pub(super) fn of_json(value: Value, lines: &Range<usize>) -> Self {
        let node = match value {
            Value::Null => Node::Nothing,
            Value::Bool(value) => Node::Text(value.to_string()),
            Value::Number(value) => Node::Text(value.to_string()),
            Value::String(value) => Node::Text(value),
            Value::Array(values) => Node::List(
                values
                    .into_iter()
                    .map(|value| Self::of_json(value, lines))
                    .collect(),
            ),
            Value::Object(pairs) => Node::Map(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key, Self::of_json(value, lines)))
                    .collect(),
            ),
        };
        Self {
            node,
            lines: lines.clone(),
        }
    }
}

/// What was read of a YAML text.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) documents: Vec<Item>,
    /// The line at which it is no YAML any more.
    pub(super) stops: Option<usize>,
}

/// A collection that is being read.
struct Open {
    item: Item,
    /// The key that waits for its value.
    key: Option<String>,
    anchor: usize,
}

struct Builder {
    open: Vec<Open>,
    documents: Vec<Item>,
    anchors: BTreeMap<usize, (Item, usize)>,
    nodes: usize,
}

impl Builder {
    /// Takes a node that is whole.
    fn take(&mut self, item: Item, anchor: usize) {
        if anchor > 0 && self.nodes < MOST_NODES {
            let size = size(&item);
            self.nodes += size;
            self.anchors.insert(anchor, (item.clone(), size));
        }
        let Some(parent) = self.open.last_mut() else {
            self.documents.push(item);
            return;
        };
        parent.item.lines.end = parent.item.lines.end.max(item.lines.end);
        match &mut parent.item.node {
            Node::List(items) => items.push(item),
            Node::Map(pairs) => match parent.key.take() {
                None => parent.key = Some(item.text().unwrap_or_default().to_owned()),
                Some(key) if key == "<<" => merge(pairs, item),
                Some(key) => pairs.push((key, item)),
            },
            Node::Nothing | Node::Text(_) => {}
        }
    }

    fn close(&mut self) {
        if let Some(mut open) = self.open.pop() {
            // A key at which the text ends has no value.
            if let (Node::Map(pairs), Some(key)) = (&mut open.item.node, open.key.take()) {
                pairs.push((key, Item::default()));
            }
            self.take(open.item, open.anchor);
        }
    }
}

/// `<<: *defaults`: what stands in the mapping itself comes first.
fn merge(pairs: &mut Vec<(String, Item)>, item: Item) {
    let others = match item.node {
        Node::Map(others) => others,
        Node::List(items) => {
            for item in items {
                merge(pairs, item);
            }
            return;
        }
        Node::Nothing | Node::Text(_) => return,
    };
    for (key, value) in others {
        if !pairs.iter().any(|(known, _)| *known == key) {
            pairs.push((key, value));
        }
    }
}

fn size(item: &Item) -> usize {
    1 + match &item.node {
        Node::List(items) => items.iter().map(size).sum(),
        Node::Map(pairs) => pairs.iter().map(|(_, item)| size(item)).sum::<usize>(),
        Node::Nothing | Node::Text(_) => 0,
    }
}

/// Reads the YAML of `text`.
pub(super) fn yaml(text: &str) -> Read {
    let mut builder = Builder {
        open: Vec::new(),
        documents: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    let mut stops = None;
    let mut last = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                // The scanner counts lines from one, the parser's own from zero:
                // what matters is only that it goes on.
                stops = Some(error.marker().line().saturating_sub(1).max(last));
                break;
            }
        };
        let line = span.start.line().saturating_sub(1);
        last = last.max(line);
        builder.nodes += 1;
        if builder.open.len() > DEEPEST || builder.nodes > MOST_NODES {
            stops = Some(line);
            break;
        }
        let start = |node| Item {
            node,
            lines: line..line + 1,
        };
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let node = match (style, value.as_ref()) {
                    (ScalarStyle::Plain, "" | "~" | "null") => Node::Nothing,
                    _ => Node::Text(value.into_owned()),
                };
                let end = span.end.line().saturating_sub(1);
                let lines = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    // The span of a block begins below its key and ends where
                    // the next node begins.
                    let height = match &node {
                        Node::Text(text) => text.lines().count(),
                        _ => 0,
                    };
                    let height = if style == ScalarStyle::Literal {
                        height
                    } else {
                        1
                    };
                    line.saturating_sub(1)..end.max(line + height)
                } else {
                    line..end + 1
                };
                builder.take(Item { node, lines }, anchor);
            }
            Event::SequenceStart(anchor, _) => builder.open.push(Open {
                item: start(Node::List(Vec::new())),
                key: None,
                anchor,
            }),
            Event::MappingStart(anchor, _) => builder.open.push(Open {
                item: start(Node::Map(Vec::new())),
                key: None,
                anchor,
            }),
            Event::SequenceEnd | Event::MappingEnd => builder.close(),
            Event::Alias(anchor) => {
                let (item, size) = builder.anchors.get(&anchor).cloned().unwrap_or_default();
                builder.nodes += size;
                let lines = line..line + 1;
                builder.take(Item { lines, ..item }, 0);
            }
            _ => {}
        }
    }
    while !builder.open.is_empty() {
        builder.close();
    }
    Read {
        documents: builder.documents,
        stops,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn what_stands_before_a_mistake_is_read() {
        let read = yaml("command:\n- etcd\n- --name=a\nState: Running\n   Started: x\n");
        let command = read.documents[0].get("command").unwrap();
        assert_eq!(command.list().len(), 2);
        assert_eq!(command.lines, 1..3);
        assert!(read.stops.is_some());
    }

    #[test]
    fn anchors_are_followed_and_bombs_are_not() {
        let read = yaml("a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n");
        let b = read.documents[0].get("b").unwrap();
        assert_eq!(b.get("x").and_then(Item::text), Some("1"));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            writeln!(bomb, "a{level}: &a{level} [{items}]").unwrap();
        }
        assert!(yaml(&bomb).stops.is_some());
        assert!(yaml(&"[".repeat(100_000)).stops.is_some());
        assert!(yaml(&"- ".repeat(100_000)).stops.is_some());
        assert!(yaml(&"a: {".repeat(10_000)).stops.is_some());
    }

    #[test]
    fn a_block_of_text_has_its_lines() {
        let read = yaml("data:\n  etcd.conf: |\n    a: b\n    c: d\n  other: x\n");
        let data = read.documents[0].get("data").unwrap();
        let text = data.get("etcd.conf").unwrap();
        assert_eq!(text.text(), Some("a: b\nc: d\n"));
        assert_eq!(text.lines, 1..4);
    }
}
