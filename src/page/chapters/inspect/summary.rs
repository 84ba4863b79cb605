//! What was found, in one line: `3 certificates and 1 private key`.

use crate::{
    lab::job::inspect::Inspected,
    page::words::{count, list},
    pki::inspection::Content,
};

/// What was found, by kind.
pub(super) fn summary(inspected: &Inspected) -> String {
    let items = &inspected.inspection.items;
    let number =
        |wanted: fn(&Content) -> bool| items.iter().filter(|item| wanted(&item.content)).count();
    let kinds = [
        (
            number(|content| matches!(content, Content::Certificate(_))),
            "certificate",
            "certificates",
        ),
        (
            number(|content| matches!(content, Content::Request(_))),
            "CSR",
            "CSRs",
        ),
        (
            number(|content| matches!(content, Content::RevocationList(_))),
            "CRL",
            "CRLs",
        ),
        (
            number(|content| matches!(content, Content::PrivateKey(_))),
            "private key",
            "private keys",
        ),
        (
            number(|content| matches!(content, Content::PublicKey(..))),
            "public key",
            "public keys",
        ),
        (
            number(|content| matches!(content, Content::Locked(_))),
            "thing under a passphrase",
            "things under a passphrase",
        ),
        (
            number(|content| matches!(content, Content::Unreadable(_))),
            "thing that can’t be read",
            "things that can’t be read",
        ),
        (
            inspected.described.len(),
            "certificate in words",
            "certificates in words",
        ),
        (
            inspected.closed.len(),
            "file that can’t be opened",
            "files that can’t be opened",
        ),
    ];
    let said: Vec<String> = kinds
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(*number, one, many))
        .collect();
    if said.is_empty() {
        "nothing that is read here".to_owned()
    } else {
        list(&said)
    }
}
