//! From a text to its cause: lines of etcd's log or of etcdctl's output are
//! recognised by Go's and etcd's own words. Where the words alone can't tell,
//! several causes come back, the likelier first; words that are not known
//! give none. Called by the page's chapter for pasted text.

/// Whose words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// etcd's log.
    Etcd,
    /// etcdctl's output.
    Etcdctl,
    /// Both say it.
    Either,
}

/// A cause that a text points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The words that were recognised.
    pub words: &'static str,
    /// A line with them, shortened to 400 characters.
    pub line: String,
    /// Whose words they are.
    pub side: Side,
    /// Causes, the likeliest first.
    pub causes: &'static [&'static str],
    /// What to do.
    pub mend: &'static str,
}

struct Pattern {
    words: &'static str,
    side: Side,
    causes: &'static [&'static str],
    mend: &'static str,
}

const fn pattern(
    words: &'static str,
    side: Side,
    causes: &'static [&'static str],
    mend: &'static str,
) -> Pattern {
    Pattern {
        words,
        side,
        causes,
        mend,
    }
}

/// What is known, the more telling words first: a line counts for the first
/// that it has.
static PATTERNS: &[Pattern] = &[
    pattern(
        "client didn't provide a certificate",
        Side::Etcd,
        &["etcd demands client certificates, and the client sent none"],
        "give etcdctl --cert and --key",
    ),
    pattern(
        "certificate required",
        Side::Etcdctl,
        &["etcd demands client certificates, and etcdctl sent none"],
        "give etcdctl --cert and --key",
    ),
    pattern(
        "verification error\" while trying to verify candidate authority",
        Side::Either,
        &["the CA was made anew under the same name, and the certificate is from the other one"],
        "issue the certificate again with the CA that is trusted, or trust the CA that issued it",
    ),
    pattern(
        "ECDSA verification failure\" while trying to verify candidate authority",
        Side::Either,
        &[
            "the CA was made anew under the same name, and the certificate is from the other one",
            "the signature is not written as DER",
        ],
        "issue the certificate again with the CA that is trusted, or trust the CA that issued it",
    ),
    pattern(
        "parent certificate cannot sign this kind of certificate",
        Side::Either,
        &["the CA has no basic constraints with cA TRUE, or a key usage without keyCertSign"],
        "make the CA anew as a CA, and issue again",
    ),
    pattern(
        "insecure algorithm",
        Side::Either,
        &["the certificate is signed with MD5 or SHA-1"],
        "issue it again with SHA-256",
    ),
    pattern(
        "signed by unknown authority",
        Side::Either,
        &[
            "the CA of the certificate is not in the file that the checking side trusts",
            "the file lacks the intermediate certificates",
            "issuer and subject differ in letter case or string type",
        ],
        "in etcd's log: put the client's CA into --trusted-ca-file; from etcdctl: give the server's CA with --cacert",
    ),
    pattern(
        "unknown certificate authority",
        Side::Etcdctl,
        &["etcd does not trust the CA of the client's certificate"],
        "put the client's CA into --trusted-ca-file, and start etcd again",
    ),
    pattern(
        "is before",
        Side::Either,
        &[
            "a certificate is not valid yet",
            "the clock of the checking machine is behind",
        ],
        "set the clock, or issue the certificate with an earlier begin",
    ),
    pattern(
        "has expired or is not yet valid",
        Side::Either,
        &["a certificate has expired"],
        "renew the certificate, or the CA",
    ),
    pattern(
        "expired certificate",
        Side::Etcdctl,
        &["etcd says that the client's certificate has expired, or is not valid yet"],
        "renew the client's certificate, or set the clock",
    ),
    pattern(
        "incompatible key usage",
        Side::Either,
        &[
            "in etcd's log from its own address: the server's certificate lacks clientAuth, which the gateway needs",
            "in etcd's log: the client's certificate lacks clientAuth",
            "from etcdctl: the server's certificate lacks serverAuth",
        ],
        "issue the certificate with the usage that it lacks; a server's needs both",
    ),
    pattern(
        "doesn't contain any IP SANs",
        Side::Etcdctl,
        &[
            "the endpoint is an address, and the server's certificate has no IP address among its SANs",
        ],
        "issue the server's certificate with the address as IP SAN",
    ),
    pattern(
        "legacy Common Name field",
        Side::Etcdctl,
        &["the server's certificate has no SAN, only a common name"],
        "issue the server's certificate with the endpoint's host as SAN",
    ),
    pattern(
        "certificate is valid for",
        Side::Etcdctl,
        &["the endpoint's host is not among the SANs of the server's certificate"],
        "use a host that the certificate has, or issue it with this one",
    ),
    pattern(
        "not valid for any names",
        Side::Etcdctl,
        &["the endpoint's host is not among the SANs of the server's certificate"],
        "issue the server's certificate with the endpoint's host as SAN",
    ),
    pattern(
        "not authorized to sign for this name",
        Side::Either,
        &["a name in the certificate is outside of the CA's name constraints"],
        "issue the certificate with permitted names, or from another CA",
    ),
    pattern(
        "too many intermediates",
        Side::Either,
        &["the chain is longer than a CA's path length allows"],
        "issue from the CA directly, or make the CA with a larger path length",
    ),
    pattern(
        "not authorized to sign other certificates",
        Side::Either,
        &["an intermediate is no CA, or of version 1"],
        "issue the intermediate as a CA, version 3",
    ),
    pattern(
        "unhandled critical extension",
        Side::Either,
        &["a certificate has an extension marked critical that Go doesn't process"],
        "issue it without the extension, or not critical",
    ),
    pattern(
        "revoked",
        Side::Etcd,
        &["the CRL lists the serial number of a certificate that was sent"],
        "issue a new certificate, or take the serial number out of the CRL",
    ),
    pattern(
        "client certificate authentication failed",
        Side::Etcd,
        &[
            "the certificate has none of the allowed host names or common names",
            "from etcd's own address: with --client-cert-allowed-hostname the gateway never works",
        ],
        "issue the certificate with an allowed name",
    ),
    pattern(
        "does not match any of DNSNames",
        Side::Etcd,
        &["a peer connects from an address that its certificate doesn't have"],
        "issue the peer's certificate with its own IP address",
    ),
    pattern(
        "first record does not look like a TLS handshake",
        Side::Either,
        &["one side speaks plain HTTP, the other TLS"],
        "write https:// in front of the endpoint, or listen on http://",
    ),
    pattern(
        "private key does not match public key",
        Side::Either,
        &[
            "the key belongs to another certificate",
            "the leaf is not the first certificate of the file",
        ],
        "take the key of the certificate, and put the leaf first",
    ),
    pattern(
        "private key type does not match",
        Side::Either,
        &["the key is of another kind than the certificate's"],
        "take the key of the certificate",
    ),
    pattern(
        "failed to parse private key",
        Side::Either,
        &[
            "the private key is encrypted",
            "the private key is damaged or of an unknown kind",
        ],
        "decrypt the key: openssl pkey -in FILE -out FILE.plain",
    ),
    pattern(
        "PEM inputs may have been switched",
        Side::Either,
        &["certificate and key are exchanged"],
        "exchange the two paths",
    ),
    pattern(
        "failed to find any PEM data",
        Side::Either,
        &["the file is DER, empty, indented, or begins with a byte-order mark"],
        "save the file as PEM",
    ),
    pattern(
        "failed to find \"CERTIFICATE\" PEM block",
        Side::Either,
        &["the file holds a CSR, a key, or a trusted certificate of OpenSSL"],
        "give the certificate itself",
    ),
    pattern(
        "no such file or directory",
        Side::Either,
        &["a path is wrong, or relative to another folder"],
        "correct the path",
    ),
    pattern(
        "must both be present",
        Side::Either,
        &["a certificate was given without its key, or a key without its certificate"],
        "add the missing flag",
    ),
    pattern(
        "--advertise-client-urls is required",
        Side::Etcd,
        &["--listen-client-urls was given alone"],
        "add --advertise-client-urls",
    ),
    pattern(
        "shadowed by corresponding command-line flag",
        Side::Either,
        &["the same option is set as flag and as environment variable"],
        "unset the variable, or drop the flag",
    ),
    pattern(
        "flag provided but not defined",
        Side::Either,
        &[
            "ETCDCTL_API=2 with flags of version 3",
            "a flag that this version doesn't have",
        ],
        "set ETCDCTL_API=3, or correct the flag",
    ),
    pattern(
        "permission denied",
        Side::Etcdctl,
        &[
            "the common name of the client's certificate is no etcd user, or has no role for this key",
        ],
        "add the user and grant it a role",
    ),
    pattern(
        "connection refused",
        Side::Etcdctl,
        &[
            "nothing listens at the endpoint",
            "etcd ended at its start: see its log",
        ],
        "take host and port from --listen-client-urls",
    ),
    pattern(
        "bad certificate",
        Side::Either,
        &[
            "in etcd's log: the client refused the server's certificate, and its own output says why",
            "from etcdctl: etcd refused the client's certificate, and its log says why",
        ],
        "look at the log of the other side",
    ),
    pattern(
        "broken pipe",
        Side::Etcdctl,
        &[
            "etcd refused the client's certificate, and its alert was lost",
            "the CRL lists the certificate",
        ],
        "look at etcd's log",
    ),
    pattern(
        "error reading server preface: EOF",
        Side::Etcdctl,
        &[
            "plain HTTP to a TLS port",
            "the CRL lists the client's certificate, or can't be read",
        ],
        "look at etcd's log",
    ),
    pattern(
        "all SubConns are in TransientFailure",
        Side::Etcdctl,
        &["the connection failed; this etcdctl doesn't say why"],
        "look at etcd's log",
    ),
    pattern(
        "context deadline exceeded",
        Side::Etcdctl,
        &["the connection failed for a reason that stands in a line before, or in etcd's log"],
        "look at the line before, and at etcd's log",
    ),
];

/// At most so many octets of a text are looked at.
const MOST_TEXT: usize = 32 << 20;

/// The causes that a text points to, each once, the more telling first. An
/// empty list says that the text is unknown.
#[must_use]
pub fn of_text(text: &str) -> Vec<Finding> {
    let end = (0..=text.len().min(MOST_TEXT))
        .rev()
        .find(|&end| text.is_char_boundary(end));
    let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
    let mut found: Vec<Option<Finding>> = PATTERNS.iter().map(|_| None).collect();
    for line in text.lines() {
        // JSON logs write quotes with backslashes.
        let plain = if line.contains('\\') {
            line.replace('\\', "")
        } else {
            String::new()
        };
        let line = if plain.is_empty() {
            line
        } else {
            plain.as_str()
        };
        let known = PATTERNS
            .iter()
            .zip(found.iter_mut())
            .find(|(pattern, _)| line.contains(pattern.words));
        if let Some((pattern, place @ None)) = known {
            *place = Some(Finding {
                words: pattern.words,
                line: line.chars().take(400).collect(),
                side: pattern.side,
                causes: pattern.causes,
                mend: pattern.mend,
            });
        }
    }
    found.into_iter().flatten().collect()
}
