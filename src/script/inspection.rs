//! What the inspector found, for scripts. Private keys are told of, never shown.

use serde_json::{Value, json};

use crate::lab::job::inspect::Inspected;

/// The items in their order, each with where it stands, what it is and what etcd makes
/// of it; what was left out, and what was opened or stayed closed on the way to them.
#[must_use]
pub fn answer(inspected: &Inspected) -> Value {
    let items = inspected.inspection.items.iter().zip(&inspected.etcd);
    let items: Vec<Value> = items
        .map(|(item, etcd)| {
            let etcd = etcd.iter().map(ToString::to_string);
            json!({
                "locations": item.locations,
                "content": item.content,
                "etcd": etcd.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "items": items,
        "left_out": inspected.inspection.left_out,
        "described": inspected.described,
        "closed": inspected.closed,
        "beside": inspected.beside,
    })
}
