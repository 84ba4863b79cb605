//! From a text to its cause: lines of etcd's log or of etcdctl's output are
//! recognised by Go's and etcd's own words. Where the words alone can't tell,
//! several causes come back, the likelier first; words that are not known
//! give none. Called by the page's chapter for pasted text.

use std::collections::BTreeSet;

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
    /// The rules that can be behind them ([`crate::etcd::judge::cause::Rule::id`]),
    /// the likeliest first; empty where the words tell nothing.
    pub rules: &'static [&'static str],
    /// Causes, the likeliest first.
    pub causes: &'static [&'static str],
    /// What to do.
    pub mend: &'static str,
}

struct Pattern {
    words: &'static str,
    side: Side,
    rules: &'static [&'static str],
    causes: &'static [&'static str],
    mend: &'static str,
}

const fn pattern(
    words: &'static str,
    side: Side,
    rules: &'static [&'static str],
    causes: &'static [&'static str],
    mend: &'static str,
) -> Pattern {
    Pattern {
        words,
        side,
        rules,
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
        &["client-certificate-required"],
        &["etcd demands client certificates, and the client sent none"],
        "give etcdctl --cert and --key",
    ),
    pattern(
        "certificate required",
        Side::Etcdctl,
        &["client-certificate-required"],
        &["etcd demands client certificates, and etcdctl sent none"],
        "give etcdctl --cert and --key",
    ),
    pattern(
        "insecure algorithm",
        Side::Either,
        &["secure-signature"],
        &["the certificate is signed with MD5 or SHA-1"],
        "issue it again with SHA-256",
    ),
    pattern(
        "parent certificate cannot sign this kind of certificate",
        Side::Either,
        &["issuer-can-sign"],
        &["the CA has no basic constraints with cA TRUE, or a key usage without keyCertSign"],
        "make the CA anew as a CA, and issue again",
    ),
    pattern(
        "cannot verify signature: algorithm unimplemented",
        Side::Either,
        &["issuer-key-kind", "signature-fits-issuer"],
        &["the CA signs with an algorithm, or has a key, that Go can't verify"],
        "make the CA with an RSA, ECDSA or Ed25519 key",
    ),
    pattern(
        "ECDSA verification failure\" while trying to verify candidate authority",
        Side::Either,
        &["signature-fits-issuer"],
        &[
            "the CA was made anew under the same name, and the certificate is from the other one",
            "the signature is not written as DER",
        ],
        "issue the certificate again with the CA that is trusted, or trust the CA that issued it",
    ),
    pattern(
        "\" while trying to verify candidate authority",
        Side::Either,
        &[
            "signature-fits-issuer",
            "issuer-can-sign",
            "issuer-valid",
            "critical-extension",
            "path-length",
            "name-constraints",
            "intermediate-is-ca",
        ],
        &["the CA was made anew under the same name, and the certificate is from the other one"],
        "issue the certificate again with the CA that is trusted, or trust the CA that issued it",
    ),
    pattern(
        "signed by unknown authority",
        Side::Either,
        &["client-ca-known", "server-ca-known"],
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
        &[
            "client-ca-known",
            "signature-fits-issuer",
            "issuer-can-sign",
            "secure-signature",
            "issuer-key-kind",
            "issuer-valid",
        ],
        &["etcd does not trust the CA of the client's certificate"],
        "put the client's CA into --trusted-ca-file, and start etcd again",
    ),
    pattern(
        "is before",
        Side::Either,
        &["validity-begins"],
        &[
            "a certificate is not valid yet",
            "the clock of the checking machine is behind",
        ],
        "set the clock, or issue the certificate with an earlier begin",
    ),
    pattern(
        "has expired or is not yet valid",
        Side::Either,
        &["validity-ends", "validity-begins"],
        &["a certificate has expired"],
        "renew the certificate, or the CA",
    ),
    pattern(
        "expired certificate",
        Side::Etcdctl,
        &["validity-ends", "validity-begins"],
        &["etcd says that the client's certificate has expired, or is not valid yet"],
        "renew the client's certificate, or set the clock",
    ),
    pattern(
        "incompatible key usage",
        Side::Either,
        &["usage-client", "usage-server"],
        &[
            "in etcd's log from its own address: the server's certificate lacks clientAuth, which the gateway needs",
            "in etcd's log: the client's certificate lacks clientAuth",
            "from etcdctl: the server's certificate lacks serverAuth",
        ],
        "issue the certificate with the usage that it lacks; a server's needs both",
    ),
    pattern(
        "doesn't contain any IP SANs",
        Side::Either,
        &["address-san"],
        &[
            "the endpoint is an address, and the server's certificate has no IP address among its SANs",
        ],
        "issue the server's certificate with the address as IP SAN",
    ),
    pattern(
        "legacy Common Name field",
        Side::Either,
        &["common-name-is-no-host"],
        &["the server's certificate has no SAN, only a common name"],
        "issue the server's certificate with the endpoint's host as SAN",
    ),
    pattern(
        "certificate is valid for",
        Side::Either,
        &["host-san", "peer-address"],
        &[
            "the endpoint's host is not among the SANs of the server's certificate",
            "in etcd's log of a peer: it connects from an address that its certificate doesn't have",
        ],
        "use a host that the certificate has, or issue it with this one",
    ),
    pattern(
        "not valid for any names",
        Side::Either,
        &["host-san"],
        &["the endpoint's host is not among the SANs of the server's certificate"],
        "issue the server's certificate with the endpoint's host as SAN",
    ),
    pattern(
        "not authorized to sign for this name",
        Side::Either,
        &["name-constraints"],
        &["a name in the certificate is outside of the CA's name constraints"],
        "issue the certificate with permitted names, or from another CA",
    ),
    pattern(
        "x509: cannot parse dnsName",
        Side::Either,
        &["name-constraints"],
        &["a CA above has name constraints, and a DNS name in the certificate is no domain"],
        "issue the certificate with names that are domains",
    ),
    pattern(
        "x509: cannot parse rfc822Name",
        Side::Either,
        &["name-constraints"],
        &["a CA above has name constraints, and a mail address in the certificate can't be read"],
        "issue the certificate with a mail address that has a domain",
    ),
    pattern(
        "x509: cannot parse URI",
        Side::Either,
        &[
            "der",
            "name-constraints",
            "trust-anchors-are-certificates",
            "chain-readable",
        ],
        &["a URI in the certificate can't be read"],
        "issue the certificate with a URI that has a scheme and a host",
    ),
    pattern(
        "too many intermediates",
        Side::Either,
        &["path-length"],
        &["the chain is longer than a CA's path length allows"],
        "issue from the CA directly, or make the CA with a larger path length",
    ),
    pattern(
        "not authorized to sign other certificates",
        Side::Either,
        &["intermediate-is-ca"],
        &["an intermediate is no CA, or of version 1"],
        "issue the intermediate as a CA, version 3",
    ),
    pattern(
        "issuer name does not match subject",
        Side::Either,
        &["issuer-is-subject"],
        &["an issuer and the subject above it have the same names, but not the same octets"],
        "send the right intermediates",
    ),
    pattern(
        "unhandled critical extension",
        Side::Either,
        &["critical-extension"],
        &["a certificate has an extension marked critical that Go doesn't process"],
        "issue it without the extension, or not critical",
    ),
    pattern(
        "no valid chains built",
        Side::Either,
        &["policies"],
        &["the certificate policies leave no chain where one is required"],
        "issue the certificates without policy constraints",
    ),
    pattern(
        "signature check attempts limit reached",
        Side::Either,
        &["signature-limit"],
        &["more than a hundred signatures would have to be checked"],
        "send fewer certificates",
    ),
    pattern(
        "RSA key larger than 8192 bits",
        Side::Either,
        &["rsa-key-size"],
        &["an RSA key is larger than Go takes in a handshake"],
        "make a key of 2048 to 4096 bits",
    ),
    pattern(
        "unsupported certificate curve",
        Side::Either,
        &["key-can-sign"],
        &["a key is on P-224, which TLS 1.3 has no signature scheme for"],
        "make a key on P-256, and issue the certificate again",
    ),
    pattern(
        "RSA key size too small for supported",
        Side::Either,
        &["key-can-sign"],
        &["an RSA key is too small for any signature of TLS 1.3"],
        "make a key of 2048 bits, and issue the certificate again",
    ),
    pattern(
        "certificate serial",
        Side::Etcd,
        &["not-revoked"],
        &["the CRL lists the serial number of a certificate that was sent"],
        "issue a new certificate, or take the serial number out of the CRL",
    ),
    pattern(
        "malformed crl",
        Side::Etcd,
        &["crl-readable"],
        &["the CRL file can't be read; since etcd 3.6 it must be DER"],
        "write the CRL again, as DER",
    ),
    pattern(
        "trailing data after CRL",
        Side::Etcd,
        &["crl-readable"],
        &["more octets follow the CRL in its file"],
        "write the CRL again, as DER, alone in its file",
    ),
    pattern(
        "client certificate authentication failed",
        Side::Either,
        &["allowed-hostname", "allowed-common-name"],
        &[
            "the certificate has none of the allowed host names or common names",
            "from etcd's own address: with --client-cert-allowed-hostname the gateway never works",
        ],
        "issue the certificate with an allowed name",
    ),
    pattern(
        "does not match any of DNSNames",
        Side::Etcd,
        &["peer-address"],
        &["a peer connects from an address that its certificate doesn't have"],
        "issue the peer's certificate with its own IP address",
    ),
    pattern(
        "failed to parse client certificate",
        Side::Etcd,
        &["chain-readable"],
        &["a certificate that the client sends along can't be read"],
        "take the damaged certificate out of the client's file",
    ),
    pattern(
        "failed to parse certificate from server",
        Side::Etcdctl,
        &["chain-readable"],
        &["a certificate that the server sends along can't be read"],
        "take the damaged certificate out of the server's file",
    ),
    pattern(
        "error decoding message",
        Side::Either,
        &["chain-readable"],
        &["the other side could not read a certificate that was sent along"],
        "take the damaged certificate out of the file",
    ),
    pattern(
        "first record does not look like a TLS handshake",
        Side::Either,
        &["tls-endpoint", "plain-endpoint"],
        &["one side speaks plain HTTP, the other TLS"],
        "write https:// in front of the endpoint, or listen on http://",
    ),
    pattern(
        "server gave HTTP response to HTTPS client",
        Side::Either,
        &["plain-endpoint"],
        &["one side speaks TLS, the other plain HTTP"],
        "write http:// in front of the URL, or listen on https://",
    ),
    pattern(
        "no cipher suite supported by both",
        Side::Etcd,
        &["common-tls-version"],
        &["TLS 1.2 was spoken, and no suite of --cipher-suites fits the server's key"],
        "leave --cipher-suites out, or name one for the kind of key",
    ),
    pattern(
        "offered only unsupported versions",
        Side::Etcd,
        &["common-tls-version"],
        &["the client speaks TLS 1.2 only, and etcd demands TLS 1.3"],
        "leave --tls-min-version out",
    ),
    pattern(
        "protocol version not supported",
        Side::Etcdctl,
        &["common-tls-version"],
        &["etcd demands a TLS version that this client doesn't speak"],
        "leave --tls-min-version out",
    ),
    pattern(
        "unexpected TLS cipher suite",
        Side::Etcd,
        &["known-cipher-suite"],
        &["--cipher-suites has a name that Go doesn't know"],
        "leave --cipher-suites out, or correct the name",
    ),
    pattern(
        "http2: TLSConfig.CipherSuites",
        Side::Etcd,
        &["known-cipher-suite"],
        &[
            "--cipher-suites lacks the AES-128-GCM suite that HTTP/2 demands, or has it behind weaker ones",
        ],
        "put TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 first",
    ),
    pattern(
        "cipher suites cannot be configured",
        Side::Etcd,
        &["tls-versions"],
        &["--cipher-suites goes with TLS 1.2, and only TLS 1.3 is allowed"],
        "drop --cipher-suites or --tls-min-version",
    ),
    pattern(
        "unexpected TLS version",
        Side::Etcd,
        &["tls-versions"],
        &["a TLS version other than TLS1.2 and TLS1.3"],
        "write TLS1.2 or TLS1.3",
    ),
    pattern(
        "is greater than max version",
        Side::Etcd,
        &["tls-versions"],
        &["--tls-min-version is above --tls-max-version"],
        "exchange the two",
    ),
    pattern(
        "private key does not match public key",
        Side::Either,
        &["key-fits-certificate"],
        &[
            "the key belongs to another certificate",
            "the leaf is not the first certificate of the file",
        ],
        "take the key of the certificate, and put the leaf first",
    ),
    pattern(
        "private key type does not match",
        Side::Either,
        &["key-fits-certificate"],
        &["the key is of another kind than the certificate's"],
        "take the key of the certificate",
    ),
    pattern(
        "failed to parse private key",
        Side::Either,
        &["key-not-encrypted", "key-readable"],
        &[
            "the private key is encrypted",
            "the private key is damaged or of an unknown kind",
        ],
        "decrypt the key: openssl pkey -in FILE -out FILE.plain",
    ),
    pattern(
        "found unknown private key type",
        Side::Either,
        &["key-readable"],
        &["the private key is of a kind that can't sign"],
        "make an RSA, ECDSA or Ed25519 key",
    ),
    pattern(
        "unknown public key algorithm",
        Side::Either,
        &["known-key-kind"],
        &["the certificate's key is neither RSA, ECDSA nor Ed25519"],
        "make a key of such a kind",
    ),
    pattern(
        "PEM inputs may have been switched",
        Side::Either,
        &["files-not-swapped"],
        &["certificate and key are exchanged"],
        "exchange the two paths",
    ),
    pattern(
        "found a certificate rather than a key",
        Side::Either,
        &["files-not-swapped"],
        &["the key flag names a certificate"],
        "give the key's path",
    ),
    pattern(
        "failed to find any PEM data",
        Side::Either,
        &["pem"],
        &["the file is DER, empty, indented, or begins with a byte-order mark"],
        "save the file as PEM",
    ),
    pattern(
        "failed to find \"CERTIFICATE\" PEM block",
        Side::Either,
        &["pem-label"],
        &["the file holds a CSR, a key, or a trusted certificate of OpenSSL"],
        "give the certificate itself",
    ),
    pattern(
        "failed to find PEM block with type ending in",
        Side::Either,
        &["pem-label"],
        &["the key file holds something else than a private key"],
        "give the private key itself",
    ),
    pattern(
        "no such file or directory",
        Side::Either,
        &[
            "file-exists",
            "crl-exists",
            "config-file",
            "something-listens",
        ],
        &[
            "a path is wrong, or relative to another folder",
            "in etcd's log of a connection: the CRL is not there",
        ],
        "correct the path",
    ),
    pattern(
        "must both be present",
        Side::Either,
        &["certificate-and-key-together"],
        &["a certificate was given without its key, or a key without its certificate"],
        "add the missing flag",
    ),
    pattern(
        "must be provided for client url",
        Side::Etcd,
        &["https-needs-key-pair"],
        &["etcd shall listen on https://, and has no certificate"],
        "name --cert-file and --key-file, or listen on http://",
    ),
    pattern(
        "KeyFile and CertFile are not presented",
        Side::Etcd,
        &["https-needs-key-pair"],
        &["etcd shall listen for peers on https://, and has no certificate"],
        "name --peer-cert-file and --peer-key-file",
    ),
    pattern(
        "are mutually exclusive",
        Side::Etcd,
        &["one-kind-of-allowed-name"],
        &["allowed common names and allowed host names were both given"],
        "keep one of the two flags",
    ),
    pattern(
        "--advertise-client-urls is required",
        Side::Etcd,
        &["advertise-what-you-listen-on"],
        &["--listen-client-urls was given alone"],
        "add --advertise-client-urls",
    ),
    pattern(
        "must advertise accessible url",
        Side::Etcd,
        &["advertise-what-you-listen-on"],
        &["--listen-client-urls was given alone"],
        "add --advertise-client-urls",
    ),
    pattern(
        "expected IP in URL for binding",
        Side::Etcd,
        &["listen-on-address"],
        &["a URL to listen on has a name instead of an address"],
        "write the IP address",
    ),
    pattern(
        "must be \"host:port\"",
        Side::Etcd,
        &["advertise-host"],
        &["an advertised URL has no host"],
        "write the host",
    ),
    pattern(
        "must be in the format \"host:port\"",
        Side::Etcd,
        &["advertise-host"],
        &["an advertised URL has no host"],
        "write the host",
    ),
    pattern(
        "shadowed by corresponding command-line flag",
        Side::Either,
        &["flag-or-variable"],
        &["the same option is set as flag and as environment variable"],
        "unset the variable, or drop the flag",
    ),
    pattern(
        "is shadowed by corresponding",
        Side::Either,
        &["flag-or-variable"],
        &["the same option is set as flag and as environment variable"],
        "unset the variable, or drop the flag",
    ),
    pattern(
        "converting YAML to JSON",
        Side::Etcd,
        &["config-file"],
        &["the config file is no YAML"],
        "correct the line that is named",
    ),
    pattern(
        "unmarshaling JSON",
        Side::Etcd,
        &["config-file"],
        &[
            "the config file has a value of another type: a text for a boolean, or one text for a list",
        ],
        "correct the key that is named",
    ),
    pattern(
        "unexpected error setting up",
        Side::Etcd,
        &["config-file"],
        &["a URL in the config file can't be read"],
        "correct the key that is named",
    ),
    pattern(
        "couldn't find local name",
        Side::Etcd,
        &["name-in-cluster"],
        &["--name is not among the names of --initial-cluster"],
        "write the same name in both flags",
    ),
    pattern(
        "invalid port",
        Side::Either,
        &[
            "port-in-range",
            "known-flag",
            "variable-value",
            "config-file",
            "something-listens",
        ],
        &["a port is no number, or over 65535"],
        "correct the port",
    ),
    pattern(
        "invalid value",
        Side::Etcd,
        &["known-flag", "variable-value"],
        &["a flag or variable has a value that it doesn't take"],
        "correct the value",
    ),
    pattern(
        "invalid boolean value",
        Side::Etcd,
        &["known-flag"],
        &["a flag that takes true or false has another value"],
        "write true or false, with `=`",
    ),
    pattern(
        "is not a valid flag",
        Side::Etcd,
        &["known-flag"],
        &["a word without dashes among etcd's flags"],
        "write flags with `--` and values with `=`",
    ),
    pattern(
        "flag provided but not defined",
        Side::Either,
        &["api-version", "known-flag"],
        &[
            "ETCDCTL_API=2 with flags of version 3",
            "a flag that this version doesn't have",
        ],
        "set ETCDCTL_API=3, or correct the flag",
    ),
    pattern(
        "flag needs an argument",
        Side::Either,
        &["known-flag"],
        &["a flag without its value"],
        "write the value with `=`",
    ),
    pattern(
        "bad flag syntax",
        Side::Etcd,
        &["known-flag"],
        &["a flag that begins with something else than letters"],
        "correct the flag",
    ),
    pattern(
        "invalid argument",
        Side::Etcdctl,
        &["known-flag"],
        &["a flag of etcdctl has a value that it doesn't take"],
        "correct the value",
    ),
    pattern(
        "unknown shorthand flag",
        Side::Etcdctl,
        &["known-flag"],
        &["a flag of etcdctl with one dash"],
        "write the flag with two dashes",
    ),
    pattern(
        "unknown flag: ",
        Side::Etcdctl,
        &["known-flag"],
        &["a flag that etcdctl doesn't have"],
        "correct the flag",
    ),
    pattern(
        "unsupported output format",
        Side::Etcdctl,
        &["known-flag"],
        &["--write-out has a format that etcdctl doesn't have"],
        "write simple, json, fields, table or protobuf",
    ),
    pattern(
        "unknown command",
        Side::Etcdctl,
        &["known-command"],
        &[
            "a command that etcdctl doesn't have",
            "a flag without `=` that swallowed the command",
        ],
        "correct the command, and write flags with `=`",
    ),
    pattern(
        "command needs",
        Side::Etcdctl,
        &["known-command"],
        &["a command without the words that it needs"],
        "write `put KEY VALUE` or `get KEY`",
    ),
    pattern(
        "empty string is passed to",
        Side::Etcdctl,
        &["no-empty-path"],
        &["--cert, --key or --cacert without a path"],
        "give the path, or leave the flag out",
    ),
    pattern(
        "no available endpoints",
        Side::Etcdctl,
        &["endpoints-named"],
        &["--endpoints is empty"],
        "name host and port of --listen-client-urls",
    ),
    pattern(
        "unsupported API version",
        Side::Etcdctl,
        &["api-version"],
        &["ETCDCTL_API is neither 2 nor 3"],
        "set ETCDCTL_API=3, or leave it out",
    ),
    pattern(
        "No help topic for",
        Side::Etcdctl,
        &["api-version"],
        &["ETCDCTL_API=2 with a command of version 3"],
        "set ETCDCTL_API=3, or leave it out",
    ),
    pattern(
        "response is invalid json",
        Side::Etcdctl,
        &["api-version"],
        &["ETCDCTL_API=2, whose API etcd doesn't answer"],
        "set ETCDCTL_API=3, or leave it out",
    ),
    pattern(
        "unknown logger option",
        Side::Etcd,
        &["setting-in-range"],
        &["--logger has a word that this etcd doesn't know"],
        "leave --logger out",
    ),
    pattern(
        "unknown auto-compaction-mode",
        Side::Etcd,
        &["setting-in-range"],
        &["--auto-compaction-mode is neither periodic nor revision"],
        "correct the flag",
    ),
    pattern(
        "unrecognized level",
        Side::Etcd,
        &["setting-in-range"],
        &["--log-level has a word that etcd doesn't know"],
        "write debug, info, warn, error, panic or fatal",
    ),
    pattern(
        "--heartbeat-interval must be",
        Side::Etcd,
        &["setting-in-range"],
        &["--heartbeat-interval is zero"],
        "leave the flag out",
    ),
    pattern(
        "--election-timeout",
        Side::Etcd,
        &["setting-in-range"],
        &["--election-timeout doesn't fit --heartbeat-interval"],
        "make it at least five times the heartbeat, and at most 50 s",
    ),
    pattern(
        "permission denied",
        Side::Etcdctl,
        &["common-name-is-user"],
        &[
            "the common name of the client's certificate is no etcd user, or has no role for this key",
        ],
        "add the user and grant it a role",
    ),
    pattern(
        "user name is empty",
        Side::Etcdctl,
        &["common-name-is-user"],
        &["authentication is on, and the client's certificate has no common name"],
        "use a certificate with the common name of a user",
    ),
    pattern(
        "connection refused",
        Side::Etcdctl,
        &["something-listens"],
        &[
            "nothing listens at the endpoint",
            "etcd ended at its start: see its log",
        ],
        "take host and port from --listen-client-urls",
    ),
    pattern(
        "no such host",
        Side::Etcdctl,
        &["something-listens"],
        &["the endpoint's host has no address"],
        "correct the host, or give it an address in /etc/hosts",
    ),
    pattern(
        "missing port in address",
        Side::Etcdctl,
        &["something-listens"],
        &["the endpoint has no port"],
        "write the port: 2379",
    ),
    pattern(
        "too many colons in address",
        Side::Etcdctl,
        &["something-listens"],
        &["the endpoint has a scheme other than http and https"],
        "write https:// in front of the endpoint",
    ),
    pattern(
        "transport: authentication handshake failed: EOF",
        Side::Etcdctl,
        &["plain-endpoint"],
        &["TLS to a port without"],
        "listen on https://, or write http:// in front of the endpoint",
    ),
    pattern(
        "handshake failure",
        Side::Either,
        &[
            "common-tls-version",
            "client-certificate-required",
            "key-can-sign",
        ],
        &[
            "the two sides share no cipher suite for the server's key",
            "to a TLS 1.2 client: etcd demands a certificate",
            "the other side's key has no signature scheme in TLS 1.3",
        ],
        "look at the log of the other side",
    ),
    pattern(
        "bad certificate",
        Side::Either,
        &[
            "usage-client",
            "path-length",
            "name-constraints",
            "critical-extension",
            "client-ca-known",
            "server-ca-known",
            "host-san",
            "address-san",
            "validity-ends",
            "validity-begins",
            "client-certificate-required",
            "allowed-hostname",
            "allowed-common-name",
            "usage-server",
        ],
        &[
            "in etcd's log: the client refused the server's certificate, and its own output says why",
            "from etcdctl: etcd refused the client's certificate, and its log says why",
        ],
        "look at the log of the other side",
    ),
    pattern(
        "error reading server preface: EOF",
        Side::Etcdctl,
        &["tls-endpoint", "not-revoked", "crl-exists", "crl-readable"],
        &[
            "plain HTTP to a TLS port",
            "the CRL lists the client's certificate, or can't be read",
        ],
        "look at etcd's log",
    ),
    pattern(
        "broken pipe",
        Side::Etcdctl,
        &[
            "client-certificate-required",
            "client-ca-known",
            "usage-client",
            "not-revoked",
        ],
        &[
            "etcd refused the client's certificate, and its alert was lost",
            "the CRL lists the certificate",
        ],
        "look at etcd's log",
    ),
    pattern(
        "connection reset by peer",
        Side::Etcdctl,
        &[
            "client-certificate-required",
            "client-ca-known",
            "usage-client",
            "not-revoked",
            "tls-endpoint",
        ],
        &[
            "etcd refused the client's certificate, and its alert was lost",
            "plain HTTP to a TLS port",
        ],
        "look at etcd's log",
    ),
    pattern(
        "accept tcp",
        Side::Etcd,
        &["known-cipher-suite"],
        &[
            "etcd closed its listener, for a reason in the lines before",
            "--cipher-suites lacks the AES-128-GCM suite that HTTP/2 demands",
        ],
        "put TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 into --cipher-suites, or leave the flag out",
    ),
    pattern(
        "invalid memory address or nil pointer dereference",
        Side::Etcd,
        &["known-cipher-suite"],
        &["etcd 3.4 with a --cipher-suites that lacks the AES-128-GCM suite that HTTP/2 demands"],
        "put TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 into --cipher-suites, or leave the flag out",
    ),
    pattern(
        "connection closed",
        Side::Etcdctl,
        &[
            "client-certificate-required",
            "client-ca-known",
            "not-revoked",
            "crl-exists",
            "crl-readable",
            "tls-endpoint",
        ],
        &[
            "etcd closed the connection, and its log says why",
            "plain HTTP to a TLS port",
        ],
        "look at etcd's log",
    ),
    pattern(
        "use of closed network connection",
        Side::Etcdctl,
        &["not-revoked", "crl-exists", "crl-readable", "tls-endpoint"],
        &["etcd closed the connection, and its log says why"],
        "look at etcd's log",
    ),
    pattern(
        "all SubConns are in TransientFailure",
        Side::Etcdctl,
        &["something-listens", "server-ca-known", "client-ca-known"],
        &["the connection failed; this etcdctl doesn't say why"],
        "look at etcd's log",
    ),
    pattern(
        "point not on curve",
        Side::Either,
        &["der", "trust-anchors-are-certificates", "chain-readable"],
        &["the public key is no point on its curve"],
        "issue the certificate again, from a new key",
    ),
    pattern(
        "point encoding",
        Side::Either,
        &["der", "trust-anchors-are-certificates", "chain-readable"],
        &["the public key is no point on its curve"],
        "issue the certificate again, from a new key",
    ),
    pattern(
        "ecdsa: invalid uncompressed public key",
        Side::Either,
        &["der", "trust-anchors-are-certificates", "chain-readable"],
        &["the public key is not written as an uncompressed point"],
        "issue the certificate again, with software that writes uncompressed points",
    ),
    pattern(
        "parsing time",
        Side::Either,
        &["der", "trust-anchors-are-certificates", "chain-readable"],
        &["a time in a certificate is written in a form that Go doesn't read"],
        "issue the certificate again, with times that end in Z and have seconds",
    ),
    pattern(
        "pkcs12: ",
        Side::Either,
        &["der", "trust-anchors-are-certificates", "chain-readable"],
        &["a name in a certificate is a BMPString that can't be read"],
        "issue the certificate with UTF8String names",
    ),
    pattern(
        "selfSignedCertValidity is invalid",
        Side::Etcd,
        &["known-flag"],
        &["--self-signed-cert-validity is zero"],
        "leave the flag out, or write years",
    ),
    pattern(
        "asn1: ",
        Side::Either,
        &["der", "trust-anchors-are-certificates", "crl-readable"],
        &[
            "a certificate or CRL is no DER that Go can read",
            "the trusted CA file holds a key",
        ],
        "issue it again, with software that writes DER; put only certificates into the trusted CA file",
    ),
    pattern(
        "x509: ",
        Side::Either,
        &[
            "der",
            "trust-anchors-are-certificates",
            "chain-readable",
            "issuer-valid",
        ],
        &[
            "a certificate is no DER that Go can read",
            "the trusted CA file holds a key",
        ],
        "issue it again, with software that writes DER; put only certificates into the trusted CA file",
    ),
    pattern(
        "context deadline exceeded",
        Side::Etcdctl,
        &[],
        &["the connection failed for a reason that stands in a line before, or in etcd's log"],
        "look at the line before, and at etcd's log",
    ),
    pattern(
        "but missing from --initial-",
        Side::Etcd,
        &["advertised-in-cluster"],
        &["--initial-advertise-peer-urls and the member's own URLs in --initial-cluster differ"],
        "write the same URLs in both flags",
    ),
    pattern(
        "error setting up initial cluster",
        Side::Etcd,
        &["initial-cluster", "discovered-by-dns"],
        &[
            "a URL in --initial-cluster can't be read",
            "with --discovery-srv: DNS has no records of the members",
        ],
        "correct --initial-cluster, or the domain's SRV records",
    ),
    pattern(
        "has duplicate url",
        Side::Etcd,
        &["initial-cluster"],
        &["two members of --initial-cluster have the same URL"],
        "give each member its own URL",
    ),
    pattern(
        "cannot fetch cluster info from peer urls",
        Side::Etcd,
        &["existing-cluster-has-members"],
        &["--initial-cluster-state=existing, but no other member answers"],
        "start the other members first, or write new for a new cluster",
    ),
    pattern(
        "dns lookup errors",
        Side::Etcdctl,
        &["discovered-by-dns"],
        &["--discovery-srv names a domain without SRV records of clients"],
        "add the records, or name the endpoints with --endpoints",
    ),
    pattern(
        "multiple discovery or bootstrap flags are set",
        Side::Etcd,
        &["one-way-to-the-cluster"],
        &["more than one of --initial-cluster, --discovery and --discovery-srv is set"],
        "keep one of them",
    ),
    pattern(
        ": is a directory",
        Side::Either,
        &["file-is-no-directory", "config-file"],
        &["a folder is named where a file is wanted"],
        "give the path of the file",
    ),
    pattern(
        ": not a directory",
        Side::Either,
        &["file-is-no-directory", "setting-in-range"],
        &[
            "a path goes through a file as if it were a folder, or ends in `/`",
            "a file is named where a folder is wanted",
        ],
        "correct the path",
    ),
    pattern(
        "member name not provided",
        Side::Etcdctl,
        &["known-command"],
        &["a command without the words that it needs"],
        "write the name",
    ),
    pattern(
        "bad lease ID",
        Side::Etcdctl,
        &["known-flag"],
        &["--lease is no hexadecimal number"],
        "write the lease as etcdctl printed it",
    ),
    pattern(
        "bad sort target",
        Side::Etcdctl,
        &["known-flag"],
        &["--sort-by has a word that etcdctl doesn't know"],
        "write CREATE, KEY, MODIFY, VALUE or VERSION",
    ),
    pattern(
        "unknown consistency flag",
        Side::Etcdctl,
        &["known-flag"],
        &["--consistency has a word that etcdctl doesn't know"],
        "write l or s",
    ),
    pattern(
        "error parsing CompactionRetention",
        Side::Etcd,
        &["setting-in-range"],
        &["--auto-compaction-retention is neither a number nor a duration"],
        "write hours as a number, or a duration such as 30m",
    ),
    pattern(
        "requires a single file path when --log-rotate-config-json",
        Side::Etcd,
        &["setting-in-range"],
        &["logs can be rotated only with one file in --log-outputs"],
        "name one file in --log-outputs, or leave rotation out",
    ),
    pattern(
        "improperly formatted log rotation config",
        Side::Etcd,
        &["setting-in-range"],
        &["--log-rotation-config-json is no JSON of the right kinds of values"],
        "correct the JSON",
    ),
    pattern(
        "invalid auth options",
        Side::Etcd,
        &["setting-in-range"],
        &["--auth-token is neither simple nor jwt with its options"],
        "write simple, or correct the options of jwt",
    ),
    pattern(
        "multi logoutput for",
        Side::Etcd,
        &["setting-in-range"],
        &["--log-outputs names default and something else"],
        "keep one of them",
    ),
    pattern(
        "unknown level",
        Side::Etcd,
        &["setting-in-range"],
        &["--log-level has a word that etcd doesn't know"],
        "write debug, info, warn, error, panic or fatal",
    ),
    pattern(
        "requires experimental-enable-lease-checkpoint",
        Side::Etcd,
        &["setting-in-range"],
        &["--experimental-enable-lease-checkpoint-persist without the flag that it builds on"],
        "add --experimental-enable-lease-checkpoint",
    ),
];

/// At most so many octets of a text are looked at.
const MOST_TEXT: usize = 32 << 20;

/// At most so many kinds of lines are remembered.
const MOST_KINDS: usize = 10_000;

/// The causes that a text points to, each once, the more telling first. An
/// empty list says that the text is unknown.
#[must_use]
pub fn of_text(text: &str) -> Vec<Finding> {
    let end = (0..=text.len().min(MOST_TEXT))
        .rev()
        .find(|&end| text.is_char_boundary(end));
    let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
    let mut found: Vec<Option<Finding>> = PATTERNS.iter().map(|_| None).collect();
    // Logs repeat themselves but for times, ports and identifiers: a kind of
    // line that told nothing isn't looked through again.
    let mut unknown: BTreeSet<String> = BTreeSet::new();
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
        let kind: String = line
            .chars()
            .filter(|character| !character.is_ascii_digit())
            .collect();
        if unknown.contains(&kind) {
            continue;
        }
        let known = PATTERNS
            .iter()
            .zip(found.iter_mut())
            .find(|(pattern, _)| line.contains(pattern.words));
        if let Some((pattern, place @ None)) = known {
            *place = Some(Finding {
                words: pattern.words,
                line: line.chars().take(400).collect(),
                side: pattern.side,
                rules: pattern.rules,
                causes: pattern.causes,
                mend: pattern.mend,
            });
        } else if known.is_none() && unknown.len() < MOST_KINDS {
            unknown.insert(kind);
        }
    }
    found.into_iter().flatten().collect()
}
