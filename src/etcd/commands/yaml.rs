//! YAML as all of its readers here read it: etcd, kubelet, kubectl and
//! cert-manager use Go's YAML 1.1, Docker Compose YAML 1.2. What either would
//! take for another type is quoted by the serializer.

use serde::Serialize;

/// A value as a YAML document.
///
/// # Panics
///
/// Never for what is written here: strings, numbers, lists, and mappings with
/// texts as their keys, into memory.
#[expect(
    clippy::expect_used,
    reason = "only a value that YAML has no form for, or a writer that fails, is an error"
)]
pub(super) fn document<T: Serialize>(value: &T) -> String {
    serde_saphyr::to_string_with_options(value, options()).expect("YAML can hold the value")
}

fn options() -> serde_saphyr::SerializerOptions {
    serde_saphyr::ser_options! {
        indent_step: 2,
        compact_list_indent: false,
        // Long lines are left alone: paths and base64 are copied whole.
        prefer_block_scalars: false,
    }
}
