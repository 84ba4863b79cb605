//! Revocation lists: who is on them, and what is wrong with the list itself.

use super::{Case, server_line, with};
use crate::certificates::*;

pub(super) fn revocation_lists() -> Vec<Case> {
    let list = |serial: &[u8], version: bool, next: bool| {
        let entry = sequence(&[&integer(serial), &utc_time("260101000000Z")]);
        let version = if version { integer(&[1]) } else { Vec::new() };
        let next = if next {
            utc_time("260201000000Z")
        } else {
            Vec::new()
        };
        let revoked = if serial.is_empty() {
            Vec::new()
        } else {
            sequence(&[&entry])
        };
        let body = sequence(&[
            &version,
            &ecdsa_sha256(),
            &common_name("root"),
            &utc_time("260101000000Z"),
            &next,
            &revoked,
        ]);
        sign(&body, &ecdsa_sha256(), &key(1))
    };
    let client_serial: &[u8] = &[0x30, 6];
    let contents: Vec<(&str, Option<Vec<u8>>)> = vec![
        (
            "pem",
            Some(pem("X509 CRL", &list(client_serial, true, true))),
        ),
        ("der", Some(list(client_serial, true, true))),
        (
            "other",
            Some(pem("X509 CRL", &list(&[0x30, 9], true, true))),
        ),
        (
            "server",
            Some(pem("X509 CRL", &list(&[0x30, 0x06, 1], true, true))),
        ),
        ("empty-list", Some(pem("X509 CRL", &list(&[], true, true)))),
        (
            "version-1",
            Some(pem("X509 CRL", &list(client_serial, false, false))),
        ),
        (
            "no-next",
            Some(pem("X509 CRL", &list(client_serial, true, false))),
        ),
        ("label", Some(pem("CRL", &list(client_serial, true, true)))),
        (
            "trailing",
            Some([list(client_serial, true, true), vec![0]].concat()),
        ),
        (
            "leading-text",
            Some(
                [
                    b"x\n".to_vec(),
                    pem("X509 CRL", &list(client_serial, true, true)),
                ]
                .concat(),
            ),
        ),
        (
            "truncated",
            Some(list(client_serial, true, true)[..40].to_vec()),
        ),
        ("empty", Some(Vec::new())),
        ("garbage", Some(b"garbage".to_vec())),
        ("missing", None),
    ];
    contents
        .into_iter()
        .map(|(name, content)| {
            with(&format!("crl-{name}"), |case| {
                server_line(
                    case,
                    "--client-cert-auth",
                    "--client-cert-auth --client-crl-file=client.crl",
                );
                if let Some(content) = content {
                    case.files.insert("client.crl".to_owned(), content);
                }
            })
        })
        .collect()
}
