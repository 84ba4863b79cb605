//! The refusals that clients are put to, by their letters: what stands in the place of
//! what is right, and the command lines that say so. Real etcds are started by them,
//! and the verdict is asked about them.

#![allow(
    clippy::expect_used,
    reason = "a test says by panicking that it cannot go on"
)]

use std::fmt::Write as _;

/// A refusal: what is put to etcd and the client in place of what is right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    pub(crate) server: &'static str,
    pub(crate) options: &'static str,
    pub(crate) certificate: &'static str,
    pub(crate) key: &'static str,
    pub(crate) authority: &'static str,
    pub(crate) host: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) listens: &'static str,
}

const RIGHT: Refusal = Refusal {
    server: "server",
    options: "",
    certificate: "client.crt",
    key: "client.key",
    authority: "ca.crt",
    host: "127.0.0.1",
    scheme: "https",
    listens: "https://127.0.0.1:2379",
};

const fn server(server: &'static str) -> Refusal {
    Refusal { server, ..RIGHT }
}

const fn of_client(certificate: &'static str, key: &'static str) -> Refusal {
    Refusal {
        certificate,
        key,
        ..RIGHT
    }
}

/// An etcd that speaks no TLS 1.3.
const fn only_tls12(certificate: &'static str, key: &'static str) -> Refusal {
    Refusal {
        options: "--tls-max-version=TLS1.2",
        ..of_client(certificate, key)
    }
}

/// The refusals by their letters. `w`, an etcd that stops midway, has no files.
pub(crate) const REFUSALS: &[(&str, Refusal)] = &[
    ("a12", only_tls12("", "")),
    ("a13", of_client("", "")),
    ("b", of_client("client-unknown.crt", "client-unknown.key")),
    (
        "b12",
        only_tls12("client-unknown.crt", "client-unknown.key"),
    ),
    ("c", of_client("client-same.crt", "client-same.key")),
    ("d", of_client("client-expired.crt", "client-expired.key")),
    (
        "d12",
        only_tls12("client-expired.crt", "client-expired.key"),
    ),
    ("e", of_client("client-early.crt", "client-early.key")),
    ("f", of_client("client-server.crt", "client-server.key")),
    ("f12", only_tls12("client-server.crt", "client-server.key")),
    (
        "g",
        Refusal {
            authority: "otherca.crt",
            ..RIGHT
        },
    ),
    ("h", server("server-nosan")),
    ("i", server("server-ip")),
    (
        "j",
        Refusal {
            host: "localhost",
            ..server("server-dns")
        },
    ),
    ("k", server("server-expired")),
    ("l", server("server-early")),
    ("m", server("server-client")),
    (
        "n",
        Refusal {
            scheme: "http",
            ..RIGHT
        },
    ),
    (
        "o",
        Refusal {
            listens: "http://127.0.0.1:2379",
            ..RIGHT
        },
    ),
    ("p", of_client("client.crt", "alice.key")),
    ("q1", of_client("notpem.crt", "client.key")),
    ("q2", of_client("client.crt", "client-enc.key")),
    ("q3", of_client("missing.crt", "missing.key")),
    (
        "r",
        Refusal {
            options: "--tls-min-version=TLS1.3",
            ..RIGHT
        },
    ),
    (
        "s",
        Refusal {
            options: "--client-crl-file=PKI/revoked.crl",
            ..of_client("client-revoked.crt", "client-revoked.key")
        },
    ),
    (
        "t",
        Refusal {
            options: "--client-cert-allowed-hostname=allowed.example.com",
            ..RIGHT
        },
    ),
    ("u1", RIGHT),
    ("u2", RIGHT),
    (
        "v",
        Refusal {
            listens: "https://127.0.0.1:2479",
            ..RIGHT
        },
    ),
    ("ok", RIGHT),
    // Where clients differ on what Go takes.
    (
        "below",
        Refusal {
            authority: "intermediate.crt",
            ..server("server-below")
        },
    ),
    ("p521-server", server("server-p521")),
    (
        "p521-client",
        of_client("client-p521.crt", "client-p521.key"),
    ),
    ("ed25519-server", server("server-ed25519")),
    (
        "ed25519-client",
        of_client("client-ed25519.crt", "client-ed25519.key"),
    ),
    (
        "ed25519-ca",
        Refusal {
            // The gateway shows etcd's own certificate to etcd.
            options: "--trusted-ca-file=PKI/with-ed25519ca.crt",
            authority: "ed25519ca.crt",
            ..server("server-by-ed25519")
        },
    ),
    (
        "p521-ca",
        Refusal {
            options: "--trusted-ca-file=PKI/with-p521ca.crt",
            authority: "p521ca.crt",
            ..server("server-by-p521")
        },
    ),
    ("unidentified", server("server-unidentified")),
    (
        "lax-ca",
        Refusal {
            options: "--trusted-ca-file=PKI/with-laxca.crt",
            authority: "laxca.crt",
            ..server("server-by-lax")
        },
    ),
    ("any", server("server-any")),
    ("any-above", server("server-below-any")),
    ("common-name", server("server-below-named")),
    ("policies", server("server-policies")),
    ("policies-above", server("server-below-policies")),
    ("usages", server("server-usages")),
    ("usages-above", server("server-below-usages")),
    (
        "wildcard",
        Refusal {
            host: "node.test",
            ..server("server-wildcard")
        },
    ),
];

impl Refusal {
    /// The refusal of this letter.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub(crate) fn of(letter: &str) -> Self {
        let found = REFUSALS.iter().find(|(known, _)| *known == letter);
        found.map(|(_, refusal)| *refusal).expect("a known letter")
    }

    /// etcd's command line, with the files of a folder, on a port.
    pub(crate) fn etcd(&self, folder: &str, port: u16) -> String {
        let Self {
            server, options, ..
        } = self;
        let (options, listens) = (
            options.replace("PKI", folder),
            self.listens.replace(":2379", &format!(":{port}")),
        );
        format!(
            "etcd --cert-file={folder}/{server}.crt --key-file={folder}/{server}.key \
             --trusted-ca-file={folder}/ca.crt --client-cert-auth \
             --listen-client-urls={listens} --advertise-client-urls={listens} {options}"
        )
    }

    /// The endpoint that a client is told.
    pub(crate) fn endpoint(&self, port: u16) -> String {
        format!("{}://{}:{port}", self.scheme, self.host)
    }

    /// The files of a client: CA, certificate and key; empty ones where it has none.
    pub(crate) fn files(&self, client: &str, folder: &str) -> [String; 3] {
        // The client with a P-256 key has files of its own.
        let kind = if client.ends_with("-ec") { "ec-" } else { "" };
        let path = |name: &str| match name {
            "" => String::new(),
            "alice.crt" | "alice.key" | "notpem.crt" | "missing.crt" | "missing.key"
            | "client-p521.crt" | "client-p521.key" | "client-ed25519.crt"
            | "client-ed25519.key" => format!("{folder}/{name}"),
            name => format!("{folder}/{kind}{name}"),
        };
        [
            format!("{folder}/{}", self.authority),
            path(self.certificate),
            path(self.key),
        ]
    }

    /// etcdctl's command line for the same endpoint and files.
    pub(crate) fn etcdctl(&self, client: &str, folder: &str, port: u16) -> String {
        let [authority, certificate, key] = self.files(client, folder);
        let endpoint = self.endpoint(port);
        let mut line = format!("etcdctl --endpoints={endpoint} --cacert={authority}");
        if !certificate.is_empty() {
            write!(line, " --cert={certificate} --key={key}").expect("a string takes it");
        }
        format!("{line} get foo")
    }
}

/// A text without times and serial numbers, which are those of a day.
pub(crate) fn plain(text: &str) -> String {
    let mut words = Vec::new();
    let mut masks = false;
    for word in text.split(' ') {
        let time = word.char_indices().nth(20).map_or(word.len(), |(at, _)| at);
        let (start, rest) = word.split_at(time);
        let is_time = start.len() == 20 && start.starts_with("20") && start.ends_with('Z');
        words.push(match (masks, is_time) {
            (true, _) => "…".to_owned(),
            (_, true) => format!("…{rest}"),
            (false, false) => word.to_owned(),
        });
        masks = matches!(word, "serial" | "Z\\") || word == "time";
    }
    words.join(" ")
}
