//! The most bytes that the page may have: it travels. Who makes it larger changes the
//! number here, and says why in the commit; who makes it smaller lowers it.

use anyhow::{Result, ensure};

/// The bytes that `dist/etcd-pki-lab.html` may have, a little more than it has.
const MOST_BYTES: usize = 2_352_000;

/// Fails when the page is larger.
pub(crate) fn hold(bytes: usize) -> Result<()> {
    ensure!(
        bytes <= MOST_BYTES,
        "the page has {bytes} bytes, and may have {MOST_BYTES}; find what made it \
         larger, or raise the number in xtask/src/budget.rs and say why"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_outgrows_its_budget_is_refused() {
        assert!(hold(MOST_BYTES).is_ok());
        let said = hold(MOST_BYTES + 1).unwrap_err().to_string();
        assert!(said.contains("xtask/src/budget.rs"), "{said}");
    }
}
