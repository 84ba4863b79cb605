//! Host names in odd spellings, usages that nest, and constraints on names.

use super::{
    Case, GeneralName, Texts, add, certificate, client, client_line, put, server, server_line, set,
    set_san, with,
};
use crate::certificates::*;

/// Host names in odd spellings, for the endpoint `localhost` and `127.0.0.1`.
pub(super) fn host_names() -> Vec<Case> {
    #[rustfmt::skip]
    let spellings: &[(&str, &[u8])] = &[
        ("dot", b"localhost."),
        ("capital", b"LOCALHOST"),
        ("star", b"*"),
        ("partial-star", b"local*"),
        ("star-and-parent", b"*.localhost"),
        ("space-before", b" localhost"),
        ("space-behind", b"localhost "),
        ("port", b"localhost:2379"),
        ("scheme", b"https://localhost"),
        ("empty", b""),
        ("dot-only", b"."),
        ("leading-dot", b".localhost"),
        ("two-dots", b"localhost.."),
        ("underscore", b"local_host"),
        ("hyphen", b"-localhost"),
        ("punycode", b"xn--localhost-0ya"),
        ("mapped-address", b"::ffff:127.0.0.1"),
        ("bracketed-address", b"[127.0.0.1]"),
        ("long-label", &[b'a'; 64]),
    ];
    let mut cases = Vec::new();
    for (name, spelling) in spellings {
        for host in ["localhost", "127.0.0.1"] {
            cases.push(with(&format!("name-{name}-{host}"), |case| {
                let mut parts = server();
                set_san(&mut parts, &[(2, spelling)]);
                put(case, "server.crt", certificate(&parts.sign(&key(1))));
                client_line(case, "https://127.0.0.1", &format!("https://{host}"));
            }));
        }
    }
    let mapped: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1];
    #[rustfmt::skip]
    let lists: &[(&str, &[GeneralName])] = &[
        ("mapped", &[(7, mapped)]),
        ("two-names", &[(2, b"a.test"), (2, b"localhost")]),
        ("name-and-odd-name", &[(2, b"*"), (2, b"localhost")]),
        ("only-mail", &[(1, b"a@localhost")]),
        ("only-uri", &[(6, b"https://localhost:2379/")]),
        ("only-directory", &[(4, &[0x30, 0])]),
        ("only-identifier", &[(8, &[0x2a, 3])]),
        ("address-and-other-name", &[(2, b"a.test"), (7, &[127, 0, 0, 1])]),
        ("other-address-and-name", &[(2, b"127.0.0.1"), (7, &[10, 0, 0, 1])]),
    ];
    for (name, list) in lists {
        for host in ["localhost", "127.0.0.1"] {
            cases.push(with(&format!("names-{name}-{host}"), |case| {
                let mut parts = server();
                set_san(&mut parts, list);
                put(case, "server.crt", certificate(&parts.sign(&key(1))));
                client_line(case, "https://127.0.0.1", &format!("https://{host}"));
            }));
        }
    }
    for subject in ["localhost", "127.0.0.1", "local host"] {
        let id = subject.replace([' ', '.'], "-");
        cases.push(with(&format!("name-common-only-{id}"), |case| {
            let mut parts = server();
            parts.subject = common_name(subject);
            set(
                &mut parts,
                "2.5.29.17",
                extension("1.2.3.4", false, &[5, 0]),
            );
            put(case, "server.crt", certificate(&parts.sign(&key(1))));
            client_line(case, "https://127.0.0.1", "https://localhost");
        }));
    }
    cases
}

/// Usages that nest, and constraints on names of every kind.
type Names = &'static [(u8, &'static [u8])];

pub(super) fn constraints() -> Vec<Case> {
    const ANY: &str = "2.5.29.37.0";
    const OTHER: &str = "1.3.6.1.5.5.7.3.3";
    const SGC: &str = "1.3.6.1.4.1.311.10.3.3";
    #[rustfmt::skip]
    let usages: &[(&str, Texts, Texts, Texts)] = &[
        // Root, middle, leaf.
        ("any-above", &[ANY], &[ANY], &[CLIENT]),
        ("any-and-other-above", &[OTHER, ANY], &[CLIENT], &[CLIENT]),
        ("other-above", &[], &[OTHER], &[CLIENT]),
        ("server-above-any-below", &[SERVER], &[ANY], &[CLIENT]),
        ("client-above-any-below", &[CLIENT], &[CLIENT], &[ANY]),
        ("client-above-other-below", &[CLIENT], &[CLIENT], &[OTHER]),
        ("both-above", &[SERVER, CLIENT], &[SERVER, CLIENT], &[CLIENT]),
        ("split", &[SERVER], &[CLIENT], &[CLIENT]),
        ("gated", &[], &[], &[SGC]),
        ("gated-and-client", &[SGC, CLIENT], &[SGC, CLIENT], &[SGC, CLIENT]),
        ("twice", &[], &[], &[CLIENT, CLIENT]),
    ];
    let mut cases = Vec::new();
    for (name, top, between, below) in usages {
        cases.push(with(&format!("nested-{name}"), |case| {
            let authority = || vec![basic_constraints(true, None), key_usage(0x06)];
            let mut upper = Parts::new("upper", &key(6), "upper", authority());
            let mut middle = Parts::new("middle", &key(5), "upper", authority());
            let mut leaf = client();
            leaf.issuer = common_name("middle");
            for (parts, list) in [(&mut upper, top), (&mut middle, between)] {
                if !list.is_empty() {
                    add(parts, extended_key_usage(list));
                }
            }
            set(&mut leaf, "2.5.29.37", extended_key_usage(below));
            let sent = [
                certificate(&leaf.sign(&key(5))),
                certificate(&middle.sign(&key(6))),
            ];
            put(case, "client.crt", sent.concat());
            put(case, "trusted.crt", certificate(&upper.sign(&key(6))));
            server_line(
                case,
                "--trusted-ca-file=ca.crt",
                "--trusted-ca-file=trusted.crt",
            );
        }));
    }
    #[rustfmt::skip]
    let names: &[(&str, Names, Names, Names)] = &[
        // Permitted, excluded, and what the client has.
        ("mail-exact", &[(1, b"a@lab.test")], &[], &[(1, b"a@lab.test")]),
        ("mail-other", &[(1, b"a@lab.test")], &[], &[(1, b"b@lab.test")]),
        ("mail-host", &[(1, b"lab.test")], &[], &[(1, b"b@lab.test")]),
        ("mail-host-below", &[(1, b"lab.test")], &[], &[(1, b"b@x.lab.test")]),
        ("mail-domain", &[(1, b".lab.test")], &[], &[(1, b"b@x.lab.test")]),
        ("mail-domain-itself", &[(1, b".lab.test")], &[], &[(1, b"b@lab.test")]),
        ("mail-capital", &[(1, b"a@LAB.test")], &[], &[(1, b"a@lab.TEST")]),
        ("mail-excluded", &[], &[(1, b"lab.test")], &[(1, b"b@lab.test")]),
        ("mail-not-mail", &[(1, b"lab.test")], &[], &[(1, b"nobody")]),
        ("uri-host", &[(6, b"lab.test")], &[], &[(6, b"https://lab.test/x")]),
        ("uri-below", &[(6, b".lab.test")], &[], &[(6, b"https://x.lab.test/")]),
        ("uri-other", &[(6, b".lab.test")], &[], &[(6, b"https://other.test/")]),
        ("uri-address", &[(6, b".lab.test")], &[], &[(6, b"https://10.0.0.1/")]),
        ("uri-without-host", &[(6, b".lab.test")], &[], &[(6, b"urn:x:y")]),
        ("uri-excluded", &[], &[(6, b"lab.test")], &[(6, b"spiffe://lab.test/x")]),
        ("address-inside", &[(7, &[10, 0, 0, 0, 255, 0, 0, 0])], &[], &[(7, &[10, 9, 9, 9])]),
        ("address-outside", &[(7, &[10, 0, 0, 0, 255, 0, 0, 0])], &[], &[(7, &[11, 0, 0, 1])]),
        ("address-all-excluded", &[], &[(7, &[0; 8])], &[(7, &[11, 0, 0, 1])]),
        ("address-v6-in-v4", &[(7, &[10, 0, 0, 0, 255, 0, 0, 0])], &[], &[(7, &[0; 16])]),
        ("address-v4-under-v6", &[(7, &[0; 32])], &[], &[(7, &[10, 0, 0, 1])]),
        ("domain-empty-permitted", &[(2, b"")], &[], &[(2, b"any.test")]),
        ("domain-empty-excluded", &[], &[(2, b"")], &[(2, b"any.test")]),
        ("domain-leading-dot", &[(2, b".lab.test")], &[], &[(2, b"lab.test")]),
        ("domain-wildcard-name", &[(2, b"lab.test")], &[], &[(2, b"*.lab.test")]),
        ("domain-excluded-under-wildcard", &[], &[(2, b"a.lab.test")], &[(2, b"*.lab.test")]),
        ("domain-capital", &[(2, b"LAB.test")], &[], &[(2, b"x.lab.TEST")]),
        ("domain-trailing-dot", &[(2, b"lab.test")], &[], &[(2, b"x.lab.test.")]),
        ("domain-odd-name", &[(2, b"lab.test")], &[], &[(2, b"x..lab.test")]),
        ("no-name-at-all", &[(2, b"lab.test")], &[], &[]),
        ("other-kind", &[(2, b"lab.test")], &[], &[(1, b"a@other.test")]),
        ("directory", &[(4, &[0x30, 0])], &[], &[]),
        ("permitted-and-excluded", &[(2, b"lab.test")], &[(2, b"x.lab.test")], &[(2, b"x.lab.test")]),
    ];
    for (name, permitted, excluded, has) in names {
        cases.push(with(&format!("constrained-{name}"), |case| {
            let mut upper = Parts::new(
                "upper",
                &key(6),
                "upper",
                vec![basic_constraints(true, None), key_usage(0x06)],
            );
            add(&mut upper, name_constraints(permitted, excluded));
            let mut leaf = client();
            leaf.issuer = common_name("upper");
            if !has.is_empty() {
                set_san(&mut leaf, has);
            }
            put(case, "client.crt", certificate(&leaf.sign(&key(6))));
            put(case, "trusted.crt", certificate(&upper.sign(&key(6))));
            server_line(
                case,
                "--trusted-ca-file=ca.crt",
                "--trusted-ca-file=trusted.crt",
            );
        }));
    }
    cases
}
