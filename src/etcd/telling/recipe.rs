//! What openssl and cfssl are told to make, read before there is a certificate: sections
//! of an `openssl.cnf`, and cfssl's profiles. Said is only what no etcd or client would
//! take, or what surprises with etcd; everything else is somebody's choice.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

/// What a recipe does wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipeFault {
    /// A section for a CA lists key usages without `keyCertSign` (RFC 5280 section 4.2.1.3;
    /// Go crypto/x509, `CheckSignatureFrom`).
    AuthorityMayNotSign {
        /// The section.
        section: String,
    },
    /// An address stands as a DNS name: who dials it looks among the addresses (Go
    /// crypto/x509, `VerifyHostname`).
    AddressAsName {
        /// `DNS.2`
        entry: String,
        /// The address.
        value: String,
    },
    /// What stands as an address is none (OpenSSL `crypto/x509/v3_san.c`, `a2i_GENERAL_NAME`).
    NoAddress {
        /// `IP.7`
        entry: String,
        /// What stands there.
        value: String,
    },
    /// A profile of cfssl's for servers alone, and none for both: etcd's gateway dials with
    /// the server's certificate (etcd `server/embed/serve.go`).
    ServerAlone {
        /// The profile.
        profile: String,
    },
    /// openssl signs without extensions: the certificate has no SAN, and its common name
    /// stands in for none (Go crypto/x509, `VerifyHostname`).
    NoNames {
        /// The file that is signed.
        request: String,
    },
    /// cfssl is told one host, and that is this machine itself.
    LocalAlone {
        /// The host.
        host: String,
    },
}

sentences! { RecipeFault {
    Self::AuthorityMayNotSign { section } => "[{section}] makes a CA whose keyUsage has no keyCertSign: etcd and etcdctl refuse every certificate of such a CA (“parent certificate cannot sign this kind of certificate”). Write keyUsage = critical, keyCertSign, cRLSign there, and make the CA again";
    Self::AddressAsName { entry, value } => "{entry} = {value} is an address among the names, and who dials {value} looks among the addresses: write it as IP";
    Self::NoAddress { entry, value } => "{entry} = {value} is no IP address, so that openssl makes no certificate: take the line out, or mend what fills it in; a name is written as DNS";
    Self::ServerAlone { profile } => "The profile {profile} has “server auth” alone: etcd’s gateway shows the same certificate as a client, and members show theirs in both directions. Add “client auth” to it, or a profile with both for members";
    Self::NoNames { request } => "{request} is signed without extensions, so that its certificate has no SAN: no client and no member takes it from a server, whatever its common name. Sign with -extfile and a file with subjectAltName=DNS:NAME,IP:ADDRESS (or -copy_extensions copy, where the CSR has it)";
    Self::LocalAlone { host } => "The server’s certificate is for {host} alone: who dials an address or another name of it is refused. Give -hostname all of them, with commas";
} }

/// What the recipes in a text do wrong.
#[must_use]
pub fn faults(text: &str) -> Vec<RecipeFault> {
    let mut found = Vec::new();
    if text.contains('=') && text.contains('[') {
        of_openssl(text, &mut found);
    }
    if text.contains("x509 -req") {
        found.extend(of_signing(text));
    }
    if text.contains("\"profiles\"") {
        of_cfssl(text, &mut found);
    }
    found
}

/// A section while it is read.
#[derive(Default)]
struct Section<'t> {
    name: &'t str,
    is_authority: bool,
    usages: Option<&'t str>,
    /// It has names, and no other certificate is made beside it: it is a server's.
    is_its_own: bool,
}

/// What sections for a CA have in their names.
const AUTHORITIES: [&str; 7] = [
    "ca",
    "v3ca",
    "rootca",
    "root",
    "intermediate",
    "issuing",
    "authority",
];

impl Section<'_> {
    /// Of a section for a CA. A certificate that is its own root is none, whatever it says
    /// of itself.
    fn close(&self) -> Option<RecipeFault> {
        let name = self.name.to_ascii_lowercase();
        let mut parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
        let is_named = parts.any(|part| AUTHORITIES.contains(&part));
        let is_of_authority = self.is_authority && is_named && !self.is_its_own;
        let usages = self
            .usages
            .filter(|_| is_of_authority)?
            .to_ascii_lowercase();
        // Both of OpenSSL's names count (`v2i_ASN1_BIT_STRING`).
        let names = ["keycertsign", "certificate sign"];
        let may_sign = names.iter().any(|it| usages.contains(it));
        (!may_sign && !usages.contains(['$', '@'])).then(|| RecipeFault::AuthorityMayNotSign {
            section: self.name.to_owned(),
        })
    }
}

/// Whether another file begins or ends on a line: what stands behind it is of no section
/// before.
fn is_of_another_file(line: &str) -> bool {
    let is_end = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_uppercase());
    let begins = ["cat ", "echo ", "printf "];
    line.contains("<<") || is_end || begins.iter().any(|it| line.starts_with(it))
}

/// The sections of an `openssl.cnf` (config(5), `x509v3_config(5)`).
fn of_openssl(text: &str, found: &mut Vec<RecipeFault>) {
    let text = &text.replace("\\\n", " ");
    let has_leaf = text.contains("CA:FALSE");
    let mut section = Section::default();
    let mut names: Vec<(&str, &str, &str)> = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let line = line.trim().trim_matches('*');
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            found.extend(section.close());
            section = Section {
                name: name.trim(),
                ..Section::default()
            };
            continue;
        }
        if is_of_another_file(line) {
            found.extend(section.close());
            section = Section::default();
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        if key == "basicConstraints" {
            section.is_authority = value.to_ascii_uppercase().contains("CA:TRUE");
        } else if key == "keyUsage" {
            section.usages = Some(value);
        } else if key.ends_with("subjectAltName") {
            section.is_its_own = !has_leaf;
            // Entries one by one: `subjectAltName = DNS:a, IP:10.0.0.1`.
            let entries = value.split(',').filter_map(|it| it.trim().split_once(':'));
            names.extend(entries.map(|(kind, value)| (kind, kind, bare(value))));
        } else if let Some((kind, number)) = key.split_once('.')
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            names.push((kind, key, bare(value)));
        }
    }
    found.extend(section.close());
    // Who has an address under both kinds meant it.
    let addresses = names.iter().filter(|(kind, ..)| *kind == "IP");
    let addresses: BTreeSet<&str> = addresses.map(|(.., value)| *value).collect();
    for (kind, entry, value) in &names {
        found.extend(of_name(kind, entry, value, &addresses));
    }
}

/// The first CSR, not of a client, that openssl signs without extensions, where nothing in
/// the text speaks of any.
fn of_signing(text: &str) -> Option<RecipeFault> {
    const EXTENSIONS: [&str; 6] = [
        "subjectAltName",
        "-extfile",
        "-extensions",
        "-copy_extensions",
        "-addext",
        "extendedKeyUsage",
    ];
    if !text.contains("etcd") || EXTENSIONS.iter().any(|it| text.contains(it)) {
        return None;
    }
    let signed = text.split("x509 -req").skip(1).filter_map(|command| {
        let (_, behind) = command.split_once("-in ")?;
        behind.split_whitespace().next()
    });
    let mut servers = signed.filter(|file| {
        let file = file.to_ascii_lowercase();
        let others = ["client", "ca.", "root", "user", "admin", "$", "<"];
        file.contains(".csr") && !others.iter().any(|it| file.contains(it))
    });
    servers.next().map(|request| RecipeFault::NoNames {
        request: request.to_owned(),
    })
}

/// A value without what a shell's line has around it.
fn bare(value: &str) -> &str {
    let value = value.trim().trim_start_matches(['"', '\'']);
    let ends = |letter: char| letter.is_whitespace() || "\"'`()>;|*".contains(letter);
    value.split(ends).next().unwrap_or_default()
}

/// A name that stands under the wrong kind. One that is filled in later is let be.
fn of_name(
    kind: &str,
    entry: &str,
    value: &str,
    addresses: &BTreeSet<&str>,
) -> Option<RecipeFault> {
    let is_address = value.parse::<IpAddr>().is_ok();
    let (entry, text) = (entry.to_owned(), value.to_owned());
    match kind {
        "DNS" if is_address && !addresses.contains(value) => {
            Some(RecipeFault::AddressAsName { entry, value: text })
        }
        "IP" if !is_address && is_word(value) => {
            Some(RecipeFault::NoAddress { entry, value: text })
        }
        _ => None,
    }
}

/// Whether something is a name that somebody wrote, and not a place for one: `NODE_IP`,
/// `x.x.x.x`, `your-ip`, `${ip}`.
fn is_word(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let mut parts = value.split(['.', '-', '_']);
    let is_place = parts.any(|part| {
        let part = part.to_ascii_lowercase();
        part == "ip" || part.contains("addr") || part.bytes().all(|byte| byte == b'x')
    });
    value.bytes().all(plain) && value.bytes().any(|byte| byte.is_ascii_lowercase()) && !is_place
}

/// cfssl's profiles, and what its command says of hosts.
fn of_cfssl(text: &str, found: &mut Vec<RecipeFault>) {
    const OF_TLS: [&str; 2] = ["server auth", "client auth"];
    let Some(configuration) = json_around(text, "\"profiles\"") else {
        return;
    };
    let signing = configuration.get("signing").unwrap_or(&configuration);
    let profiles = signing.get("profiles").and_then(Value::as_object);
    let usages = |profile: &Value| {
        let list = profile.get("usages").and_then(Value::as_array);
        let has = |word: &str| list.is_some_and(|list| list.iter().any(|it| it == word));
        OF_TLS.map(has)
    };
    let default = signing.get("default").map(usages);
    let profiles = profiles.into_iter().flatten();
    let profiles: Vec<(&String, [bool; 2])> =
        profiles.map(|(name, it)| (name, usages(it))).collect();
    let both = [true, true];
    let is_default = default == Some(both) && !text.contains("-profile=");
    let has_both = is_default || profiles.iter().any(|(_, usages)| *usages == both);
    let alone = profiles.iter().find(|(_, usages)| *usages == [true, false]);
    let Some((name, _)) = alone.filter(|_| !has_both && text.contains("etcd")) else {
        return;
    };
    found.push(RecipeFault::ServerAlone {
        profile: (*name).clone(),
    });
    // What is signed by it, command by command.
    let commands = text.split("gencert").skip(1);
    let mut of_profile = commands.filter_map(|command| {
        let command = command.split('|').next()?;
        let value = |flag: &str| {
            let (_, behind) = command.split_once(flag)?;
            let value = behind.split_whitespace().next()?;
            Some(value.trim_matches(['"', '\'']))
        };
        value("-hostname=").filter(|_| value("-profile=") == Some(name.as_str()))
    });
    let host = of_profile.find(|it| ["localhost", "127.0.0.1"].contains(it));
    if let Some(host) = host {
        found.push(RecipeFault::LocalAlone {
            host: host.to_owned(),
        });
    }
}

/// The smallest JSON that holds these words.
fn json_around(text: &str, words: &str) -> Option<Value> {
    const MOST_BRACES: usize = 4;
    let before = text.get(..text.find(words)?)?;
    let braces = before.rmatch_indices('{').take(MOST_BRACES);
    let mut starts = braces.filter_map(|(start, _)| text.get(start..));
    starts.find_map(|rest| {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let holds = value.get("profiles").is_some() || value.get("signing").is_some();
        holds.then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_must_be_allowed_to_sign() {
        let section = |usages: &str| {
            format!("[ v3_ca ]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = {usages}\n")
        };
        let fault = RecipeFault::AuthorityMayNotSign {
            section: "v3_ca".to_owned(),
        };
        assert_eq!(faults(&section("digitalSignature")), [fault]);
        assert_eq!(faults(&section("critical, keyCertSign")), []);
        // Whoever lists none allows all.
        assert_eq!(faults("[ v3_ca ]\nbasicConstraints = CA:TRUE\n"), []);
        assert_eq!(faults(&section("Digital Signature, Certificate Sign")), []);
        assert_eq!(faults(&section("$ENV::USAGE")), []);
        // The next file's is not this one's.
        let next = "EOF\ncat > server.ext <<EOF\nkeyUsage = digitalSignature\nEOF\n";
        assert_eq!(faults(&format!("{}{next}", section("keyCertSign"))), []);
        assert_eq!(faults(&section("digitalSignature, \\\n keyCertSign")), []);
        let local = "[ local ]\nbasicConstraints = CA:TRUE\nkeyUsage = digitalSignature\n";
        assert_eq!(faults(local), []);
        // Its own root.
        assert_eq!(
            faults("[ v3 ]\nbasicConstraints = CA:TRUE\nkeyUsage = digitalSignature\n"),
            []
        );
        assert_eq!(
            faults("[ v3_req ]\nbasicConstraints = CA:FALSE\nkeyUsage = digitalSignature\n"),
            []
        );
    }

    #[test]
    fn a_server_s_certificate_is_signed_with_names() {
        let sign = |file: &str, more: &str| {
            format!("openssl x509 -req -in {file} -CA etcd-ca.crt -CAkey ca.key{more}\n")
        };
        let fault = RecipeFault::NoNames {
            request: "etcd-1.csr".to_owned(),
        };
        assert_eq!(faults(&sign("etcd-1.csr", "")), [fault]);
        assert_eq!(faults(&sign("etcd-1.csr", " -extfile a.cnf")), []);
        assert_eq!(faults(&sign("etcd-client.csr", "")), []);
    }

    #[test]
    fn names_and_addresses_stand_under_their_own_kind() {
        let said = |line: &str| {
            let all = faults(&format!("[alt_names]\n{line}\n"));
            all.iter().map(ToString::to_string).collect::<String>()
        };
        assert!(said("DNS.2 = 10.0.0.1").starts_with("DNS.2 = 10.0.0.1 is an address"));
        assert!(said("IP.7 = False").starts_with("IP.7 = False is no IP address"));
        assert!(said("subjectAltName = DNS:10.0.0.1,IP:10.0.0.2").starts_with("DNS = 10.0.0.1"));
        for well in [
            "DNS.1 = localhost",
            "IP.1 = 10.0.0.1",
            "IP.2 = fd00::1",
            "IP.3 = ${ip}",
            "IP.4 = <address>",
            "IP.5 =",
            "IP.6 = NODE_IP",
            "IP.7 = x.x.x.x",
            "IP.8 = your-ip",
            "IP.9 = @@IP@@",
            "subjectAltName = DNS:10.0.0.1,IP:10.0.0.1",
            "echo \"subjectAltName = DNS:localhost, IP:127.0.0.1\" > ext.cnf",
            "subjectAltName = @alt_names",
        ] {
            assert_eq!(said(well), "", "{well}");
        }
    }

    #[test]
    fn a_profile_for_servers_alone_is_told_of_where_none_is_for_both() {
        let profile = |usages: &str| {
            format!(
                "echo '{{\"signing\": {{\"profiles\": {{\"server\": {{\"usages\": [{usages}]}}}}}}}}' > etcd.json\n"
            )
        };
        let alone = profile(r#""signing", "server auth""#);
        assert_eq!(
            faults(&alone),
            [RecipeFault::ServerAlone {
                profile: "server".to_owned()
            }]
        );
        assert_eq!(faults(&profile(r#""server auth", "client auth""#)), []);
        let client = format!("{alone}cfssl gencert -profile=client -hostname=127.0.0.1 c.json\n");
        assert_eq!(faults(&client).len(), 1);
        let local =
            format!("{alone}cfssl gencert -profile=server -hostname=\"localhost\" etcd.json\n");
        assert!(faults(&local).contains(&RecipeFault::LocalAlone {
            host: "localhost".to_owned()
        }));
    }
}
