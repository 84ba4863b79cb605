//! The drills, one row each: what is wrong, in words and in deed. How a deed is
//! carried out is the draft's.

use super::{
    DrillError,
    draft::{CertificateAndKey, Draft, authority, names, subject},
    error::making,
};
use crate::etcd::facts::option::EtcdOption;
use crate::pki::{
    issuing::{AuthorityOptions, Template},
    key::{KeyType, PrivateKey},
    name_constraint,
    signing_error::SigningError,
};

/// A drill, whole.
pub(super) struct Row {
    id: &'static str,
    title: &'static str,
    mistake: &'static str,
    mend: &'static str,
    /// What it changes of the set without a mistake.
    pub(super) change: Change,
    /// What belongs to it besides etcd and etcdctl.
    pub(super) besides: Besides,
}

/// A drill in words.
pub(super) struct Words {
    /// Its name, of letters and hyphens.
    pub(super) id: &'static str,
    /// The mistake in a few words.
    pub(super) title: &'static str,
    /// What is wrong, in a sentence.
    pub(super) mistake: &'static str,
    /// What the press that mends it does, in a sentence.
    pub(super) mend: &'static str,
}

/// How many there are.
const COUNT: usize = 25;

/// The words of all drills, apart from the deeds: whoever only shows them, as the page
/// does, has no need of what carries them out.
pub(super) static WORDS: [Words; COUNT] = {
    let mut words = [const { ROWS[0].words() }; COUNT];
    let mut place = 0;
    while place < COUNT {
        words[place] = ROWS[place].words();
        place += 1;
    }
    words
};

impl Row {
    const fn words(&self) -> Words {
        Words {
            id: self.id,
            title: self.title,
            mistake: self.mistake,
            mend: self.mend,
        }
    }

    /// The row of this name.
    pub(super) fn of(id: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.id == id)
    }
}

/// What a drill changes of the set without a mistake. Mended, it changes nothing,
/// where it doesn't say so.
pub(super) enum Change {
    /// The client's certificate says something else.
    Client(fn(Template) -> Result<Template, SigningError>),
    /// The server's certificate says something else.
    Server(fn(Template) -> Result<Template, SigningError>),
    /// Something else is wrong.
    Broken(fn(&mut Draft<'_>) -> Result<(), DrillError>),
    /// There is something to be done either way; told whether it is mended.
    Either(fn(&mut Draft<'_>, bool) -> Result<(), DrillError>),
}

/// What belongs to a drill besides etcd and etcdctl.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Besides {
    Nothing,
    /// etcd's gateway is asked too.
    Gateway,
    /// etcd has authentication on.
    Authentication,
    /// etcd is one of three members.
    Members,
}

/// The drills, in the order of the page.
static ROWS: [Row; COUNT] = [
    Row {
        id: "no-client-certificate",
        title: "No client certificate",
        mistake: "etcdctl is called without --cert and --key.",
        mend: "The command names client.crt and client.key.",
        change: Change::Broken(|draft| {
            draft.shows_certificate = false;
            Ok(())
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "unknown-client-ca",
        title: "Client from an unknown CA",
        mistake: "client.crt was issued by another CA, CN=Elsewhere-CA, which etcd was not told to trust.",
        mend: "client.crt is issued by the CA in ca.crt.",
        change: Change::Broken(|draft| {
            let stranger = draft.stranger()?;
            draft.client_of(&stranger, &[])
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "remade-ca",
        title: "CA re-made under the same name",
        mistake: "The CA was made anew with the same subject and another key, and client.crt is from the new one. etcd still has the old ca.crt.",
        mend: "client.crt is issued by the CA that etcd has.",
        change: Change::Broken(|draft| {
            let remade = draft.authority_made_anew()?;
            draft.client_of(&remade, &[])
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "unknown-server-ca",
        title: "etcdctl trusts another CA",
        mistake: "etcdctl is given other-ca.crt, and etcd.crt is from the CA in ca.crt.",
        mend: "The command names ca.crt.",
        change: Change::Either(|draft, mended| {
            let stranger = draft.stranger()?;
            draft.put_certificates("other-ca.crt", &[&stranger.certificate])?;
            if !mended {
                draft.trusted = "other-ca.crt";
            }
            Ok(())
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "expired-client",
        title: "Client certificate expired",
        mistake: "client.crt ended yesterday.",
        mend: "client.crt is renewed.",
        change: Change::Client(|right| Ok(right.ended())),
        besides: Besides::Nothing,
    },
    Row {
        id: "expired-server",
        title: "Server certificate expired",
        mistake: "etcd.crt ended yesterday. etcd starts all the same.",
        mend: "etcd.crt is renewed.",
        change: Change::Server(|right| Ok(right.ended())),
        besides: Besides::Nothing,
    },
    Row {
        id: "not-yet-valid",
        title: "Not yet valid",
        mistake: "client.crt begins tomorrow, as it seems to on a machine whose clock is behind.",
        mend: "client.crt begins five minutes ago.",
        change: Change::Client(|right| Ok(right.not_begun())),
        besides: Besides::Nothing,
    },
    Row {
        id: "wrong-usage",
        title: "Wrong usage",
        mistake: "client.crt has the extended key usage serverAuth alone.",
        mend: "client.crt has clientAuth.",
        change: Change::Client(Template::for_servers_alone),
        besides: Besides::Nothing,
    },
    Row {
        id: "server-without-client-auth",
        title: "Server without clientAuth",
        mistake: "etcd.crt has the extended key usage serverAuth alone. etcdctl works; etcd’s own gateway dials etcd as a client with this certificate, and is refused.",
        mend: "etcd.crt has serverAuth and clientAuth.",
        change: Change::Server(Template::for_servers_alone),
        besides: Besides::Gateway,
    },
    Row {
        id: "member-without-client-auth",
        title: "Member without clientAuth",
        mistake: "n1.crt, with which n1 dials the other members, has the extended key usage serverAuth alone. n1 joins and is healthy; the others refuse its connections, and say so in their logs alone.",
        mend: "n1.crt has serverAuth and clientAuth.",
        change: Change::Either(|draft, mended| {
            draft.member("n1", |right| {
                if mended {
                    Ok(right)
                } else {
                    right.for_servers_alone()
                }
            })
        }),
        besides: Besides::Members,
    },
    Row {
        id: "name-of-the-gateway",
        title: "Allowed name, and the gateway",
        mistake: "etcd lets in clients with the name client.lab.test alone. client.crt has it and etcdctl works; etcd’s own gateway is refused, whatever names etcd.crt has.",
        mend: "etcd’s line does without --client-cert-allowed-hostname.",
        change: Change::Either(|draft, mended| {
            if !mended {
                let allowed = EtcdOption::ClientCertificateAllowedHostname;
                draft.values.push((allowed, "client.lab.test"));
            }
            let of_client = names("client.lab.test")?;
            draft.client(|right| right.with_names(&of_client))
        }),
        besides: Besides::Gateway,
    },
    Row {
        id: "no-san",
        title: "No SAN",
        mistake: "etcd.crt has the address as its common name, and no subject alternative name.",
        mend: "etcd.crt has the address as an iPAddress SAN.",
        change: Change::Broken(|draft| {
            let address = subject("CN=127.0.0.1")?;
            draft.server(|right| right.in_the_name_of(address.as_name()).with_names(&[]))
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "address-as-dns-name",
        title: "Address given as a DNS name",
        mistake: "etcd.crt has the SAN DNS:127.0.0.1, which looks right and is of the wrong kind.",
        mend: "etcd.crt has the SAN 127.0.0.1.",
        change: Change::Server(|right| right.with_all_as_dns_names(&["127.0.0.1", "localhost"])),
        besides: Besides::Nothing,
    },
    Row {
        id: "wrong-host",
        title: "Wrong host",
        mistake: "etcd.crt is for etcd.lab.test and 10.0.0.1, and etcdctl dials 127.0.0.1.",
        mend: "etcd.crt is for 127.0.0.1.",
        change: Change::Broken(|draft| {
            let elsewhere = names("10.0.0.1, etcd.lab.test")?;
            draft.server(|right| right.with_names(&elsewhere))
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "socket",
        title: "Unix socket",
        mistake: "etcdctl asks at a Unix socket, for which the certificate must name the socket’s file. etcd.crt has the names of the host alone. (Before 3.5.13 etcd takes no path of a socket, and does not start.)",
        mend: "etcd.crt has the SAN etcd.sock too.",
        change: Change::Either(|draft, mended| {
            draft.socket = Some("etcd.sock");
            if !mended {
                return Ok(());
            }
            let with_socket = names("127.0.0.1, localhost, etcd.sock")?;
            draft.server(|right| right.with_names(&with_socket))
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "key-of-another-certificate",
        title: "Key of another certificate",
        mistake: "etcd.key holds the client’s key.",
        mend: "etcd.key holds the key of etcd.crt.",
        change: Change::Broken(|draft| {
            draft.put("etcd.key", draft.basis.client.key.as_str().into());
            Ok(())
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "encrypted-key",
        title: "Encrypted key",
        mistake: "etcd.key is encrypted with a passphrase, which etcd has no way to ask for.",
        mend: "etcd.key is not encrypted.",
        change: Change::Broken(|draft| {
            let key = draft.server_key.to_encrypted_pem("etcd-pki-lab", draft.rng);
            draft.put("etcd.key", key.map_err(making)?.as_str().into());
            Ok(())
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "post-quantum-server",
        title: "Post-quantum certificate, old etcd",
        mistake: "etcd.key is an ML-DSA-65 key, and etcd.crt its certificate: an etcd that is built with Go 1.27 or later uses them, every other one refuses to start.",
        mend: "etcd has its own key and certificate again, of a kind that every etcd takes.",
        change: Change::Broken(|draft| {
            draft.server_key = PrivateKey::generate(KeyType::MlDsa65, draft.rng).map_err(making)?;
            let key = draft.server_key.to_pem().map_err(making)?;
            draft.put("etcd.key", key.as_str().into());
            draft.server(Ok)
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "missing-intermediate",
        title: "Missing intermediate",
        mistake: "client.crt was issued by an intermediate CA, and holds the client’s certificate alone.",
        mend: "client.crt holds the client’s certificate and below it the intermediate’s.",
        change: Change::Either(|draft, mended| {
            let middle = draft.below(None, "CN=Clients-CA")?;
            let below: &[&CertificateAndKey] = if mended { &[&middle] } else { &[] };
            draft.client_of(&middle, below)?;
            draft.put_certificates("clients-ca.crt", &[&middle.certificate])
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "path-length",
        title: "Path too long",
        mistake: "ca.crt allows one CA below itself (pathLen 1). client.crt stands below two.",
        mend: "client.crt is issued by the first of the two.",
        change: Change::Either(|draft, mended| {
            draft.own_authority(&AuthorityOptions {
                path_length: Some(1),
                ..authority("CN=KUBERNETES-CA")?
            })?;
            let upper = draft.below(None, "CN=Clients-CA")?;
            let lower = draft.below(Some(&upper), "CN=Team-CA")?;
            if mended {
                draft.client_of(&upper, &[&upper])
            } else {
                draft.client_of(&lower, &[&lower, &upper])
            }
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "name-constraint",
        title: "Outside the name constraints",
        mistake: "ca.crt may certify 10.0.0.0/8 and lab.test only, and etcd.crt has the address 127.0.0.1.",
        mend: "ca.crt may certify 127.0.0.0/8 too.",
        change: Change::Either(|draft, mended| {
            let mut confined = authority("CN=KUBERNETES-CA")?;
            confined.name_constraints.permitted = name_constraint::parse_list(if mended {
                "10.0.0.0/8, 127.0.0.0/8, lab.test, localhost"
            } else {
                "10.0.0.0/8, lab.test, localhost"
            })
            .map_err(making)?;
            draft.own_authority(&confined)?;
            draft.client(Ok)
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "revoked",
        title: "Revoked",
        mistake: "ca.crl lists the serial number of client.crt.",
        mend: "client.crt is a new certificate with another serial number; the old one stays on the list.",
        change: Change::Either(|draft, mended| {
            draft.revoke_client()?;
            if mended { draft.client(Ok) } else { Ok(()) }
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "list-in-pem",
        title: "CRL in PEM, new etcd",
        mistake: "ca.crl is written in PEM. etcd reads that up to 3.5; since 3.6 it reads DER alone, and turns away everybody, whoever is on the list.",
        mend: "ca.crl is a list of the same kind in DER.",
        change: Change::Either(|draft, mended| draft.revoke_another(!mended)),
        besides: Besides::Nothing,
    },
    Row {
        id: "strong-suites-alone",
        title: "AES-256 suites alone",
        mistake: "--cipher-suites names AES-256 suites alone, as a rule of the house may want. HTTP/2 asks for one of AES-128 among them, and etcd ends after its election.",
        mend: "The list has an AES-128 suite besides.",
        change: Change::Either(|draft, mended| {
            draft.values.push((
                EtcdOption::CipherSuites,
                if mended {
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
                } else {
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
                },
            ));
            Ok(())
        }),
        besides: Besides::Nothing,
    },
    Row {
        id: "unknown-user",
        title: "Common name that is no etcd user",
        mistake: "etcd has authentication on, and users root and client. client.crt has the common name guest.",
        mend: "client.crt has the common name client.",
        change: Change::Either(|draft, mended| {
            draft.root_user()?;
            if mended {
                return Ok(());
            }
            let guest = subject("CN=guest")?;
            draft.client(|right| Ok(right.in_the_name_of(guest.as_name())))
        }),
        besides: Besides::Authentication,
    },
];
