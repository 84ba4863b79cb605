//! Drills: deliberate mistakes, each really issued. A drill is a folder of
//! files, the two command lines that use them, and the same with the mistake
//! mended. What etcd says of it is not here: the verdict works that out of the
//! files, as it would of anybody's. Called by workers for the page.

use std::{ffi::OsStr, fmt, net::IpAddr, path::Path};

use const_oid::{ObjectIdentifier, db};
use der::{
    Encode,
    asn1::{Ia5String, OctetString},
    flagset::FlagSet,
    referenced::OwnedToRef,
};
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use spki::SubjectPublicKeyInfoRef;
use x509_cert::{
    TbsCertificate,
    builder::{Builder, CertificateBuilder, CrlBuilder, profile::BuilderProfile},
    crl::RevokedCert,
    ext::{
        Extension, ToExtension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, CrlNumber, ExtendedKeyUsage, KeyUsage,
            KeyUsages, NameConstraints, SubjectAltName, SubjectKeyIdentifier,
            constraints::name::GeneralSubtree, name::GeneralName,
        },
    },
    name::Name,
    serial_number::SerialNumber,
};
use zeroize::Zeroizing;

use super::task::{PemPair, Secret};
use crate::{
    etcd::command::Command,
    pki::{
        key::{KeyType, PrivateKey, PublicKey, Signature},
        name::DistinguishedName,
        pem,
        validity::Validity,
    },
};

/// A deliberate mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drill {
    /// etcdctl shows no certificate.
    NoClientCertificate,
    /// The client's certificate is from a CA that etcd doesn't trust.
    UnknownClientAuthority,
    /// The CA was made anew under its old name, and the client's certificate is
    /// from the new one.
    RemadeAuthority,
    /// etcdctl trusts another CA than the server's.
    UnknownServerAuthority,
    /// The client's certificate ended yesterday.
    ExpiredClient,
    /// The server's certificate ended yesterday.
    ExpiredServer,
    /// The client's certificate begins tomorrow.
    NotYetValid,
    /// The client's certificate is for servers.
    WrongUsage,
    /// The server's certificate is for servers only, which etcd's own gateway
    /// is not.
    ServerWithoutClientUsage,
    /// The server's certificate has a common name and no SAN.
    NoNames,
    /// The server's address stands among the SANs as if it were a DNS name.
    AddressAsDnsName,
    /// The server's certificate is for another host.
    WrongHost,
    /// The server's key file holds the client's key.
    OtherKey,
    /// The server's key is encrypted.
    EncryptedKey,
    /// The client's file lacks the intermediate that issued it.
    MissingIntermediate,
    /// The client's certificate stands one CA too low.
    PathLength,
    /// The server's certificate has an address that its CA may not certify.
    NameConstraint,
    /// The CRL lists the client's certificate.
    Revoked,
    /// The client's common name is no user of etcd.
    UnknownUser,
}

/// What a drill is, for people.
struct Description {
    id: &'static str,
    title: &'static str,
    mistake: &'static str,
    mend: &'static str,
}

impl Drill {
    /// All drills, in the order of the page.
    pub const ALL: [Self; 19] = [
        Self::NoClientCertificate,
        Self::UnknownClientAuthority,
        Self::RemadeAuthority,
        Self::UnknownServerAuthority,
        Self::ExpiredClient,
        Self::ExpiredServer,
        Self::NotYetValid,
        Self::WrongUsage,
        Self::ServerWithoutClientUsage,
        Self::NoNames,
        Self::AddressAsDnsName,
        Self::WrongHost,
        Self::OtherKey,
        Self::EncryptedKey,
        Self::MissingIntermediate,
        Self::PathLength,
        Self::NameConstraint,
        Self::Revoked,
        Self::UnknownUser,
    ];

    /// The drill with this identifier.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|drill| drill.id() == id)
    }

    /// A short name of letters and hyphens.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.description().id
    }

    /// The mistake in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.description().title
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn mistake(self) -> &'static str {
        self.description().mistake
    }

    /// What the press that mends it does, in a sentence.
    #[must_use]
    pub fn mend(self) -> &'static str {
        self.description().mend
    }

    #[allow(clippy::too_many_lines, reason = "a table")]
    fn description(self) -> Description {
        let of = |id, title, mistake, mend| Description {
            id,
            title,
            mistake,
            mend,
        };
        match self {
            Self::NoClientCertificate => of(
                "no-client-certificate",
                "No client certificate",
                "etcdctl is called without --cert and --key.",
                "The command names client.crt and client.key.",
            ),
            Self::UnknownClientAuthority => of(
                "unknown-client-ca",
                "Client from an unknown CA",
                "client.crt was issued by another CA, CN=Elsewhere-CA, which etcd was not told to trust.",
                "client.crt is issued by the CA in ca.crt.",
            ),
            Self::RemadeAuthority => of(
                "remade-ca",
                "CA re-made under the same name",
                "The CA was made anew with the same subject and another key, and client.crt is from the new one. etcd still has the old ca.crt.",
                "client.crt is issued by the CA that etcd has.",
            ),
            Self::UnknownServerAuthority => of(
                "unknown-server-ca",
                "etcdctl trusts another CA",
                "etcdctl is given other-ca.crt, and etcd.crt is from the CA in ca.crt.",
                "The command names ca.crt.",
            ),
            Self::ExpiredClient => of(
                "expired-client",
                "Client certificate expired",
                "client.crt ended yesterday.",
                "client.crt is renewed.",
            ),
            Self::ExpiredServer => of(
                "expired-server",
                "Server certificate expired",
                "etcd.crt ended yesterday. etcd starts all the same.",
                "etcd.crt is renewed.",
            ),
            Self::NotYetValid => of(
                "not-yet-valid",
                "Not yet valid",
                "client.crt begins tomorrow, as it seems to on a machine whose clock is behind.",
                "client.crt begins five minutes ago.",
            ),
            Self::WrongUsage => of(
                "wrong-usage",
                "Wrong usage",
                "client.crt has the extended key usage serverAuth alone.",
                "client.crt has clientAuth.",
            ),
            Self::ServerWithoutClientUsage => of(
                "server-without-client-auth",
                "Server without clientAuth",
                "etcd.crt has the extended key usage serverAuth alone. etcdctl works; etcd’s own gateway dials etcd as a client with this certificate, and is refused.",
                "etcd.crt has serverAuth and clientAuth.",
            ),
            Self::NoNames => of(
                "no-san",
                "No SAN",
                "etcd.crt has the address as its common name, and no subject alternative name.",
                "etcd.crt has the address as an iPAddress SAN.",
            ),
            Self::AddressAsDnsName => of(
                "address-as-dns-name",
                "Address given as a DNS name",
                "etcd.crt has the SAN DNS:127.0.0.1, which looks right and is of the wrong kind.",
                "etcd.crt has the SAN IP:127.0.0.1.",
            ),
            Self::WrongHost => of(
                "wrong-host",
                "Wrong host",
                "etcd.crt is for etcd.lab.test and 10.0.0.1, and etcdctl dials 127.0.0.1.",
                "etcd.crt is for 127.0.0.1.",
            ),
            Self::OtherKey => of(
                "key-of-another-certificate",
                "Key of another certificate",
                "etcd.key holds the client’s key.",
                "etcd.key holds the key of etcd.crt.",
            ),
            Self::EncryptedKey => of(
                "encrypted-key",
                "Encrypted key",
                "etcd.key is encrypted with a passphrase, which etcd has no way to ask for.",
                "etcd.key is not encrypted.",
            ),
            Self::MissingIntermediate => of(
                "missing-intermediate",
                "Missing intermediate",
                "client.crt was issued by an intermediate CA, and holds the client’s certificate alone.",
                "client.crt holds the client’s certificate and below it the intermediate’s.",
            ),
            Self::PathLength => of(
                "path-length",
                "Path too long",
                "ca.crt allows one CA below itself (pathLen 1). client.crt stands below two.",
                "client.crt is issued by the first of the two.",
            ),
            Self::NameConstraint => of(
                "name-constraint",
                "Outside the name constraints",
                "ca.crt may certify 10.0.0.0/8 and lab.test only, and etcd.crt has the address 127.0.0.1.",
                "ca.crt may certify 127.0.0.0/8 too.",
            ),
            Self::Revoked => of(
                "revoked",
                "Revoked",
                "ca.crl lists the serial number of client.crt.",
                "client.crt is a new certificate with another serial number; the old one stays on the list.",
            ),
            Self::UnknownUser => of(
                "unknown-user",
                "Common name that is no etcd user",
                "etcd has authentication on, and users root and client. client.crt has the common name guest.",
                "client.crt has the common name client.",
            ),
        }
    }

    /// The folder of its files, and the stem of its archive's name.
    #[must_use]
    pub fn folder(self) -> String {
        format!("drill-{}", self.id())
    }
}

/// Why a drill can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DrillError {
    /// A key or certificate of the page's can't be read back.
    Unreadable {
        /// Which, and why.
        reason: String,
    },
    /// Encoding, signing or encrypting failed.
    Making {
        /// The maker's words.
        reason: String,
    },
}

impl fmt::Display for DrillError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { reason } => write!(
                formatter,
                "the drill can't use what was made above: {reason}; make the files again"
            ),
            Self::Making { reason } => write!(
                formatter,
                "the drill could not be made: {reason}; please report this"
            ),
        }
    }
}

impl std::error::Error for DrillError {}

fn making(error: impl fmt::Display) -> DrillError {
    DrillError::Making {
        reason: error.to_string(),
    }
}

fn unreadable(error: impl fmt::Display) -> DrillError {
    DrillError::Unreadable {
        reason: error.to_string(),
    }
}

/// What of the page's own a drill is made with. Without a CA, one is made for
/// the drills alone; so is each key that isn't there.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Seed {
    /// The CA.
    pub authority: Option<PemPair>,
    /// The server's private key.
    pub server_key: Option<Secret>,
    /// The client's private key.
    pub client_key: Option<Secret>,
}

/// The set without a mistake that every drill begins from: made once, so that
/// a mend changes the file at fault and no other.
#[derive(Clone, Serialize, Deserialize)]
pub struct Basis {
    /// The CA.
    pub authority: PemPair,
    /// The server, `CN=etcd`.
    pub server: PemPair,
    /// The client, `CN=client`.
    pub client: PemPair,
}

/// Where a drill's etcd is to listen, and where its folder is to lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The folder that holds the drill's own, absolute.
    pub directory: String,
    /// The port of the clients.
    pub port: String,
}

/// One file of a drill.
#[derive(Clone, Serialize, Deserialize)]
pub struct DrillFile {
    /// Its name, without a folder.
    pub name: String,
    /// Whether only its owner may read it.
    pub secret: bool,
    /// What is in it.
    pub contents: FileBytes,
}

/// A file's bytes, which travel as base64 and are wiped on drop: it may be a
/// key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileBytes(pub Zeroizing<Vec<u8>>);

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<&str> for FileBytes {
    fn from(text: &str) -> Self {
        text.as_bytes().to_vec().into()
    }
}

impl TryFrom<String> for FileBytes {
    type Error = base64ct::Error;

    fn try_from(text: String) -> Result<Self, base64ct::Error> {
        use base64ct::{Base64, Encoding};
        let text = Zeroizing::new(text);
        Base64::decode_vec(&text).map(Into::into)
    }
}

impl From<FileBytes> for String {
    fn from(bytes: FileBytes) -> Self {
        use base64ct::{Base64, Encoding};
        Base64::encode_string(&bytes.0)
    }
}

/// A drill made: its files, and how they are used.
#[derive(Clone, Serialize, Deserialize)]
pub struct DrillSet {
    /// Which drill.
    pub drill: Drill,
    /// Whether the mistake is mended.
    pub mended: bool,
    /// Its files.
    pub files: Vec<DrillFile>,
    /// Where they belong.
    pub place: Place,
    /// Starts etcd.
    pub etcd: String,
    /// Run once after etcd's first start, before etcdctl: turns authentication
    /// on.
    pub preparation: Option<String>,
    /// Asks etcd.
    pub etcdctl: String,
    /// Asks etcd's gateway, where that is what the drill is about.
    pub gateway: Option<String>,
    /// With authentication on: its users.
    pub users: Option<Vec<String>>,
    /// When it was made.
    pub made: Timestamp,
}

impl DrillSet {
    /// The path of one of its files on the reader's machine.
    #[must_use]
    pub fn path(&self, file: &str) -> String {
        path(&self.place, self.drill, file)
    }

    /// Unpacks its archive.
    #[must_use]
    pub fn unpack(&self) -> String {
        let make = Command::new("mkdir -p -m 700").word(&self.place.directory);
        let extract = Command::new("tar")
            .option("-xpf", &format!("{}.tar", self.drill.folder()))
            .option("-C", &self.place.directory);
        format!("{make}\n{extract}")
    }

    /// Its files in a folder of their own, as a tar archive: what was made in
    /// chapter 3 is not overwritten.
    ///
    /// # Errors
    ///
    /// If a name is too long for tar, which none is.
    pub fn tar(&self) -> std::io::Result<Zeroizing<Vec<u8>>> {
        let mut builder = tar::Builder::new(Vec::new());
        for file in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(file.contents.0.len() as u64);
            header.set_mode(if file.secret { 0o600 } else { 0o644 });
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(u64::try_from(self.made.as_second()).unwrap_or_default());
            header.set_entry_type(tar::EntryType::Regular);
            let name = format!("{}/{}", self.drill.folder(), file.name);
            builder.append_data(&mut header, name, file.contents.0.as_slice())?;
        }
        builder.into_inner().map(Zeroizing::new)
    }
}

fn path(place: &Place, drill: Drill, file: &str) -> String {
    let directory = place.directory.trim_end_matches('/');
    format!("{directory}/{}/{file}", drill.folder())
}

/// Who signs.
struct Issuer {
    name: Name,
    certificate: x509_cert::Certificate,
    key: PrivateKey,
}

impl Issuer {
    fn read(pair: &PemPair) -> Result<Self, DrillError> {
        use der::Decode;
        let block = pem::single(&pair.certificate, "the CA", &["CERTIFICATE"]);
        let block = block.map_err(unreadable)?;
        let certificate = x509_cert::Certificate::from_der(&block.der).map_err(unreadable)?;
        Ok(Self {
            name: certificate.tbs_certificate().subject().clone(),
            certificate,
            key: PrivateKey::from_pem(&pair.key).map_err(unreadable)?,
        })
    }

    fn pem(&self) -> Result<String, DrillError> {
        let der = self.certificate.to_der().map_err(making)?;
        pem::encode("CERTIFICATE", &der).map_err(making)
    }
}

/// A certificate to issue, mistakes and all.
struct Template {
    subject: &'static str,
    not_before: SignedDuration,
    not_after: SignedDuration,
    purposes: &'static [ObjectIdentifier],
    names: Vec<GeneralName>,
    kind: Kind,
    constraints: Option<NameConstraints>,
}

/// What basic constraints say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Leaf,
    Authority {
        /// How many CAs may follow, where that is limited.
        path_length: Option<u8>,
    },
}

const SERVER_AND_CLIENT: &[ObjectIdentifier] = &[
    db::rfc5912::ID_KP_SERVER_AUTH,
    db::rfc5912::ID_KP_CLIENT_AUTH,
];
const SERVER: &[ObjectIdentifier] = &[db::rfc5912::ID_KP_SERVER_AUTH];
const CLIENT: &[ObjectIdentifier] = &[db::rfc5912::ID_KP_CLIENT_AUTH];

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Template {
    fn leaf(subject: &'static str, purposes: &'static [ObjectIdentifier]) -> Self {
        Self {
            subject,
            // A few minutes back, for clocks that are a little behind.
            not_before: SignedDuration::from_mins(-5),
            not_after: SignedDuration::from_hours(24 * 60),
            purposes,
            names: Vec::new(),
            kind: Kind::Leaf,
            constraints: None,
        }
    }

    fn server(names: Vec<GeneralName>) -> Self {
        Self {
            names,
            ..Self::leaf("CN=etcd", SERVER_AND_CLIENT)
        }
    }

    fn client() -> Self {
        Self::leaf("CN=client", CLIENT)
    }

    fn authority(subject: &'static str, path_length: Option<u8>) -> Self {
        Self {
            kind: Kind::Authority { path_length },
            not_after: SignedDuration::from_hours(24 * 3650),
            ..Self::leaf(subject, &[])
        }
    }

    fn expired(self) -> Self {
        Self {
            not_before: SignedDuration::from_hours(-24 * 61),
            not_after: -DAY,
            ..self
        }
    }

    /// Has it signed, or, without an issuer, signs itself under its own name or
    /// that of another.
    fn issue<R: CryptoRng + ?Sized>(
        self,
        issuer: Option<&Issuer>,
        name: Option<&Name>,
        key: &PrivateKey,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<x509_cert::Certificate, DrillError> {
        let at = |offset: SignedDuration| {
            let second = Timestamp::from_second(now.as_second()).unwrap_or(now);
            second.saturating_add(offset).map_err(making)
        };
        let validity = Validity {
            not_before: at(self.not_before)?,
            not_after: at(self.not_after)?,
        };
        let subject: DistinguishedName = self.subject.parse().map_err(making)?;
        let subject = name.unwrap_or(subject.as_name()).clone();
        let signer = issuer.map_or(key, |issuer| &issuer.key);
        let public_key = key.public_key();
        let profile = Profile {
            issuer: issuer.map_or(&subject, |issuer| &issuer.name),
            subject: &subject,
            authority_key_identifier: key_identifier(&signer.public_key())?.0,
            subject_key_identifier: key_identifier(&public_key)?,
            template: &self,
        };
        let builder = CertificateBuilder::new(
            profile,
            SerialNumber::generate(rng),
            validity.to_x509().map_err(making)?,
            public_key.to_spki().map_err(making)?,
        )
        .map_err(making)?;
        builder
            .build_with_rng::<PrivateKey, Signature, R>(signer, rng)
            .map_err(making)
    }
}

fn key_identifier(key: &PublicKey) -> Result<SubjectKeyIdentifier, DrillError> {
    let spki = key.to_spki().map_err(making)?;
    SubjectKeyIdentifier::try_from(spki.owned_to_ref()).map_err(making)
}

/// A template's extensions, for `x509-cert`'s builder.
struct Profile<'a> {
    issuer: &'a Name,
    subject: &'a Name,
    authority_key_identifier: OctetString,
    subject_key_identifier: SubjectKeyIdentifier,
    template: &'a Template,
}

impl BuilderProfile for Profile<'_> {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        subject_key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let mut extensions = Vec::new();
        let mut add = |extension: der::Result<Extension>| extension.map(|it| extensions.push(it));
        let subject = tbs.subject();
        let template = self.template;
        let (ca, path_len_constraint) = match template.kind {
            Kind::Leaf => (false, None),
            Kind::Authority { path_length } => (true, path_length),
        };
        let constraints = BasicConstraints {
            ca,
            path_len_constraint,
        };
        add((true, &constraints).to_extension(subject, &[]))?;
        let usage = if ca {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else if subject_key.algorithm.oid == db::rfc5912::RSA_ENCRYPTION {
            KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment
        } else {
            FlagSet::from(KeyUsages::DigitalSignature)
        };
        add((true, &KeyUsage(usage)).to_extension(subject, &[]))?;
        if !template.purposes.is_empty() {
            let purposes = ExtendedKeyUsage(template.purposes.to_vec());
            add((false, &purposes).to_extension(subject, &[]))?;
        }
        if !template.names.is_empty() {
            let names = SubjectAltName(template.names.clone());
            add((false, &names).to_extension(subject, &[]))?;
        }
        if let Some(constraints) = &template.constraints {
            add((true, constraints).to_extension(subject, &[]))?;
        }
        add((&self.subject_key_identifier).to_extension(subject, &[]))?;
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(self.authority_key_identifier.clone()),
            ..AuthorityKeyIdentifier::default()
        };
        add((&authority).to_extension(subject, &[]))?;
        Ok(extensions)
    }
}

const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn dns(name: &str) -> Result<GeneralName, DrillError> {
    Ia5String::new(name)
        .map(GeneralName::DnsName)
        .map_err(making)
}

/// The names of a server that is dialled on loopback.
fn loopback() -> Result<Vec<GeneralName>, DrillError> {
    Ok(vec![GeneralName::from(LOOPBACK), dns("localhost")?])
}

/// Name constraints that permit these IPv4 networks and DNS names (RFC 5280
/// section 4.2.1.10: an address and its mask, four octets each).
fn permitted(networks: &[[u8; 8]], names: &[&str]) -> Result<NameConstraints, DrillError> {
    let mut bases = Vec::new();
    for network in networks {
        let network = OctetString::new(network.as_slice()).map_err(making)?;
        bases.push(GeneralName::IpAddress(network));
    }
    for name in names {
        bases.push(dns(name)?);
    }
    let subtrees = bases.into_iter().map(|base| GeneralSubtree {
        base,
        minimum: 0,
        maximum: None,
    });
    Ok(NameConstraints {
        permitted_subtrees: Some(subtrees.collect()),
        excluded_subtrees: None,
    })
}

fn new_key<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<PrivateKey, DrillError> {
    PrivateKey::generate(KeyType::P256, rng).map_err(making)
}

/// A key of the same kind, as who makes a CA anew would make it.
fn key_like<R: CryptoRng + ?Sized>(
    key: &PrivateKey,
    rng: &mut R,
) -> Result<PrivateKey, DrillError> {
    let kind = match key {
        PrivateKey::Rsa(_) => KeyType::Rsa2048,
        PrivateKey::EcdsaP384(_) => KeyType::P384,
        PrivateKey::Ed25519(_) => KeyType::Ed25519,
        PrivateKey::EcdsaP256(_) => KeyType::P256,
    };
    PrivateKey::generate(kind, rng).map_err(making)
}

fn certificate_pem(certificate: &x509_cert::Certificate) -> Result<String, DrillError> {
    let der = certificate.to_der().map_err(making)?;
    pem::encode("CERTIFICATE", &der).map_err(making)
}

fn pair(certificate: &x509_cert::Certificate, key: &PrivateKey) -> Result<PemPair, DrillError> {
    Ok(PemPair {
        certificate: certificate_pem(certificate)?,
        key: key.to_pem().map_err(making)?.to_string(),
    })
}

/// Signs itself.
fn root<R: CryptoRng + ?Sized>(
    template: Template,
    name: Option<&Name>,
    key: PrivateKey,
    now: Timestamp,
    rng: &mut R,
) -> Result<Issuer, DrillError> {
    let certificate = template.issue(None, name, &key, now, rng)?;
    Ok(Issuer {
        name: certificate.tbs_certificate().subject().clone(),
        certificate,
        key,
    })
}

/// A CA below another.
fn intermediate<R: CryptoRng + ?Sized>(
    subject: &'static str,
    above: &Issuer,
    now: Timestamp,
    rng: &mut R,
) -> Result<Issuer, DrillError> {
    let key = new_key(rng)?;
    let certificate =
        Template::authority(subject, None).issue(Some(above), None, &key, now, rng)?;
    Ok(Issuer {
        name: certificate.tbs_certificate().subject().clone(),
        certificate,
        key,
    })
}

impl Basis {
    /// Makes what the seed lacks, and the two certificates.
    ///
    /// # Errors
    ///
    /// If what the page has can't be read back, or making fails.
    pub fn make<R: CryptoRng + ?Sized>(
        seed: &Seed,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Self, DrillError> {
        let authority = if let Some(pair) = &seed.authority {
            Issuer::read(pair)?
        } else {
            let template = Template::authority("CN=KUBERNETES-CA", None);
            let key = new_key(rng)?;
            root(template, None, key, now, rng)?
        };
        let mut key = |seed: &Option<Secret>| match seed {
            Some(key) => PrivateKey::from_pem(&key.0).map_err(unreadable),
            None => new_key(rng),
        };
        let server_key = key(&seed.server_key)?;
        let client_key = key(&seed.client_key)?;
        let server =
            Template::server(loopback()?).issue(Some(&authority), None, &server_key, now, rng)?;
        let client = Template::client().issue(Some(&authority), None, &client_key, now, rng)?;
        Ok(Self {
            authority: pair(&authority.certificate, &authority.key)?,
            server: pair(&server, &server_key)?,
            client: pair(&client, &client_key)?,
        })
    }
}

/// A set being put together: the basis, and what the drill changes of it.
struct Bench<'a, R: CryptoRng + ?Sized> {
    authority: Issuer,
    server_key: PrivateKey,
    client_key: PrivateKey,
    now: Timestamp,
    rng: &'a mut R,
    files: Vec<DrillFile>,
    etcd: Vec<(&'static str, String)>,
    ca_file: &'static str,
    with_client: bool,
}

impl<R: CryptoRng + ?Sized> Bench<'_, R> {
    fn put(&mut self, name: &str, secret: bool, contents: FileBytes) {
        let file = DrillFile {
            name: name.to_owned(),
            secret,
            contents,
        };
        match self.files.iter_mut().find(|file| file.name == name) {
            Some(place) => *place = file,
            None => self.files.push(file),
        }
    }

    fn put_text(&mut self, name: &str, text: &str) {
        let key = Path::new(name).extension() == Some(OsStr::new("key"));
        self.put(name, key, text.into());
    }

    /// Puts another certificate in the place of the server's.
    fn server(&mut self, template: Template) -> Result<(), DrillError> {
        let certificate = template.issue(
            Some(&self.authority),
            None,
            &self.server_key,
            self.now,
            self.rng,
        )?;
        let text = certificate_pem(&certificate)?;
        self.put_text("etcd.crt", &text);
        Ok(())
    }

    /// Puts another certificate in the place of the client's, by this CA or
    /// another, with what is to stand below it in the file.
    fn client(
        &mut self,
        template: Template,
        issuer: Option<&Issuer>,
        below: &[&Issuer],
    ) -> Result<(), DrillError> {
        let issuer = issuer.unwrap_or(&self.authority);
        let certificate =
            template.issue(Some(issuer), None, &self.client_key, self.now, self.rng)?;
        let mut text = certificate_pem(&certificate)?;
        for issuer in below {
            text.push_str(&issuer.pem()?);
        }
        self.put_text("client.crt", &text);
        Ok(())
    }

    /// Makes a CA of this drill's own, and the server's certificate from it.
    fn own_authority(&mut self, template: Template) -> Result<(), DrillError> {
        let key = new_key(self.rng)?;
        self.authority = root(template, None, key, self.now, self.rng)?;
        let text = self.authority.pem()?;
        self.put_text("ca.crt", &text);
        self.server(Template::server(loopback()?))
    }

    /// A CA that nobody was told of.
    fn stranger(&mut self) -> Result<Issuer, DrillError> {
        let template = Template::authority("CN=Elsewhere-CA", None);
        let key = new_key(self.rng)?;
        root(template, None, key, self.now, self.rng)
    }

    /// A CRL with one certificate on it, as DER: etcd 3.6 reads nothing else.
    fn revoke(&mut self, certificate: &str) -> Result<(), DrillError> {
        use der::Decode;
        let block = pem::single(certificate, "the certificate", &["CERTIFICATE"]);
        let block = block.map_err(unreadable)?;
        let certificate = x509_cert::Certificate::from_der(&block.der).map_err(unreadable)?;
        let time = Validity {
            not_before: self.now,
            not_after: self.now.saturating_add(30 * DAY).map_err(making)?,
        };
        let time = time.to_x509().map_err(making)?;
        let number = CrlNumber::try_from(1_u32).map_err(making)?;
        let revoked: RevokedCert = RevokedCert {
            serial_number: certificate.tbs_certificate().serial_number().clone(),
            revocation_date: time.not_before,
            crl_entry_extensions: None,
        };
        let list =
            CrlBuilder::new_with_this_update(&self.authority.certificate, number, time.not_before)
                .map_err(making)?
                .with_next_update(Some(time.not_after))
                .with_certificates(std::iter::once(revoked))
                .build_with_rng::<PrivateKey, Signature, R>(&self.authority.key, self.rng)
                .map_err(making)?;
        self.put("ca.crl", false, list.to_der().map_err(making)?.into());
        Ok(())
    }

    /// A CA that may sign for some names and networks only.
    fn constrained(&mut self, for_loopback: bool) -> Result<(), DrillError> {
        let ten = [10, 0, 0, 0, 255, 0, 0, 0];
        let loopback = [127, 0, 0, 0, 255, 0, 0, 0];
        let networks: &[[u8; 8]] = if for_loopback {
            &[ten, loopback]
        } else {
            &[ten]
        };
        self.own_authority(Template {
            constraints: Some(permitted(networks, &["lab.test", "localhost"])?),
            ..Template::authority("CN=KUBERNETES-CA", None)
        })?;
        self.client(Template::client(), None, &[])
    }

    /// The certificate of the user root, and a client that is a user or not.
    fn users(&mut self, client_is_one: bool) -> Result<(), DrillError> {
        let key = new_key(self.rng)?;
        let template = Template::leaf("CN=root", CLIENT);
        let root = template.issue(Some(&self.authority), None, &key, self.now, self.rng)?;
        let root = pair(&root, &key)?;
        self.put_text("root.crt", &root.certificate);
        self.put_text("root.key", &root.key);
        if !client_is_one {
            self.client(Template::leaf("CN=guest", CLIENT), None, &[])?;
        }
        Ok(())
    }

    /// Makes the mistake, or makes it good.
    fn make(&mut self, drill: Drill, mended: bool, basis: &Basis) -> Result<(), DrillError> {
        match drill {
            Drill::NoClientCertificate => self.with_client = mended,
            Drill::UnknownServerAuthority => {
                let stranger = self.stranger()?;
                let text = stranger.pem()?;
                self.put_text("other-ca.crt", &text);
                if !mended {
                    self.ca_file = "other-ca.crt";
                }
            }
            Drill::MissingIntermediate => {
                let middle = intermediate("CN=Clients-CA", &self.authority, self.now, self.rng)?;
                let below: &[&Issuer] = if mended { &[&middle] } else { &[] };
                self.client(Template::client(), Some(&middle), below)?;
                let text = middle.pem()?;
                self.put_text("clients-ca.crt", &text);
            }
            Drill::PathLength => {
                self.own_authority(Template::authority("CN=KUBERNETES-CA", Some(1)))?;
                let upper = intermediate("CN=Clients-CA", &self.authority, self.now, self.rng)?;
                let lower = intermediate("CN=Team-CA", &upper, self.now, self.rng)?;
                if mended {
                    self.client(Template::client(), Some(&upper), &[&upper])?;
                } else {
                    self.client(Template::client(), Some(&lower), &[&lower, &upper])?;
                }
            }
            Drill::NameConstraint => self.constrained(mended)?,
            Drill::Revoked => {
                self.revoke(&basis.client.certificate)?;
                self.etcd.push(("--client-crl-file", "ca.crl".to_owned()));
                if mended {
                    self.client(Template::client(), None, &[])?;
                }
            }
            Drill::UnknownUser => self.users(mended)?,
            _ if mended => {}
            Drill::UnknownClientAuthority => {
                let stranger = self.stranger()?;
                self.client(Template::client(), Some(&stranger), &[])?;
            }
            Drill::RemadeAuthority => {
                let key = key_like(&self.authority.key, self.rng)?;
                let template = Template::authority("CN=KUBERNETES-CA", None);
                let name = self.authority.name.clone();
                let anew = root(template, Some(&name), key, self.now, self.rng)?;
                self.client(Template::client(), Some(&anew), &[])?;
            }
            Drill::ExpiredClient => self.client(Template::client().expired(), None, &[])?,
            Drill::ExpiredServer => self.server(Template::server(loopback()?).expired())?,
            Drill::NotYetValid => {
                let tomorrow = Template {
                    not_before: DAY,
                    ..Template::client()
                };
                self.client(tomorrow, None, &[])?;
            }
            Drill::WrongUsage => self.client(Template::leaf("CN=client", SERVER), None, &[])?,
            Drill::ServerWithoutClientUsage => self.server(Template {
                purposes: SERVER,
                ..Template::server(loopback()?)
            })?,
            Drill::NoNames => self.server(Template {
                subject: "CN=127.0.0.1",
                ..Template::server(Vec::new())
            })?,
            Drill::AddressAsDnsName => {
                self.server(Template::server(vec![dns("127.0.0.1")?, dns("localhost")?]))?;
            }
            Drill::WrongHost => {
                let elsewhere = IpAddr::from([10, 0, 0, 1]);
                let names = vec![GeneralName::from(elsewhere), dns("etcd.lab.test")?];
                self.server(Template::server(names))?;
            }
            Drill::OtherKey => self.put_text("etcd.key", &basis.client.key),
            Drill::EncryptedKey => {
                let key = self.server_key.to_encrypted_pem("etcd-pki-lab", self.rng);
                let key = key.map_err(making)?;
                self.put_text("etcd.key", &key);
            }
        }
        Ok(())
    }
}

/// Makes a drill's files and commands.
///
/// # Errors
///
/// If the basis can't be read, or making fails.
pub fn make<R: CryptoRng + ?Sized>(
    drill: Drill,
    mended: bool,
    basis: &Basis,
    place: &Place,
    now: Timestamp,
    rng: &mut R,
) -> Result<DrillSet, DrillError> {
    let read_key = |key: &str| PrivateKey::from_pem(key).map_err(unreadable);
    let mut bench = Bench {
        authority: Issuer::read(&basis.authority)?,
        server_key: read_key(&basis.server.key)?,
        client_key: read_key(&basis.client.key)?,
        now,
        rng,
        files: Vec::new(),
        etcd: Vec::new(),
        ca_file: "ca.crt",
        with_client: true,
    };
    for (name, text) in [
        ("ca.crt", &basis.authority.certificate),
        ("etcd.crt", &basis.server.certificate),
        ("etcd.key", &basis.server.key),
        ("client.crt", &basis.client.certificate),
        ("client.key", &basis.client.key),
    ] {
        bench.put_text(name, text);
    }
    bench.make(drill, mended, basis)?;
    let at = |file: &str| path(place, drill, file);
    let url = format!("https://127.0.0.1:{}", place.port);
    let mut etcd = Command::new("etcd")
        .assign("--data-dir", &at("data"))
        .assign("--cert-file", &at("etcd.crt"))
        .assign("--key-file", &at("etcd.key"))
        .assign("--advertise-client-urls", &url)
        .plain("--client-cert-auth")
        .assign("--trusted-ca-file", &at("ca.crt"));
    for (option, file) in &bench.etcd {
        etcd = etcd.assign(option, &at(file));
    }
    etcd = etcd.assign("--listen-client-urls", &url);
    let ask = |stem: Option<&str>| {
        let command = Command::new("ETCDCTL_API=3 etcdctl")
            .assign("--endpoints", &url)
            .assign("--cacert", &at(bench.ca_file));
        match stem {
            Some(stem) => command
                .option("--cert", &at(&format!("{stem}.crt")))
                .option("--key", &at(&format!("{stem}.key"))),
            None => command,
        }
    };
    let etcdctl = ask(bench.with_client.then_some("client")).plain("put testclient data");
    let users = (drill == Drill::UnknownUser).then(|| vec!["root".to_owned(), "client".to_owned()]);
    let preparation = users.is_some().then(|| {
        PREPARATION
            .map(|words| ask(Some("root")).plain(words).to_string())
            .join("\n")
    });
    let gateway = (drill == Drill::ServerWithoutClientUsage).then(|| {
        Command::new("curl -s -w '\\n%{http_code}\\n'")
            .option("--cacert", &at("ca.crt"))
            .option("--cert", &at("client.crt"))
            .option("--key", &at("client.key"))
            .option(
                "-d",
                "{\"key\":\"dGVzdGNsaWVudA==\",\"value\":\"ZGF0YQ==\"}",
            )
            .word(&format!("{url}/v3/kv/put"))
            .to_string()
    });
    Ok(DrillSet {
        drill,
        mended,
        place: place.clone(),
        etcd: etcd.to_string(),
        preparation,
        etcdctl: etcdctl.to_string(),
        gateway,
        users,
        files: bench.files,
        made: now,
    })
}

/// Turns authentication on, in the order that works: who enables it without a
/// certificate for root has locked himself out.
const PREPARATION: [&str; 8] = [
    "user add root --no-password",
    "role add root",
    "user grant-role root root",
    "user add client --no-password",
    "role add writer",
    "role grant-permission writer readwrite testclient",
    "user grant-role client writer",
    "auth enable",
];

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::etcd::judge::{Step, Verdict};
    use crate::lab::judging::{Inquiry, Judged};

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn place() -> Place {
        Place {
            directory: "/root/it's certificates".to_owned(),
            port: "2379".to_owned(),
        }
    }

    fn judged(set: &DrillSet, build: &str) -> Judged {
        let files = set.files.iter();
        Inquiry {
            server: set.etcd.clone(),
            client: set.etcdctl.clone(),
            files: files
                .map(|file| (set.path(&file.name), file.contents.clone()))
                .collect(),
            build: build.to_owned(),
            now: now(),
            users: set.users.clone(),
            earlier: Vec::new(),
        }
        .judge()
        .unwrap()
    }

    /// The rule that each drill is about.
    fn rule(drill: Drill) -> &'static str {
        match drill {
            Drill::NoClientCertificate => "client-certificate-required",
            Drill::UnknownClientAuthority | Drill::MissingIntermediate => "client-ca-known",
            Drill::RemadeAuthority => "signature-fits-issuer",
            Drill::UnknownServerAuthority => "server-ca-known",
            Drill::ExpiredClient | Drill::ExpiredServer => "validity-ends",
            Drill::NotYetValid => "validity-begins",
            Drill::WrongUsage => "usage-client",
            Drill::ServerWithoutClientUsage => "accepted",
            Drill::NoNames => "common-name-is-no-host",
            Drill::AddressAsDnsName => "address-san",
            Drill::WrongHost => "host-san",
            Drill::OtherKey => "key-fits-certificate",
            Drill::EncryptedKey => "key-not-encrypted",
            Drill::PathLength => "path-length",
            Drill::NameConstraint => "name-constraints",
            Drill::Revoked => "not-revoked",
            Drill::UnknownUser => "common-name-is-user",
        }
    }

    #[test]
    fn each_drill_breaks_its_rule_and_is_mended() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        for drill in Drill::ALL {
            let mut make = |mended| make(drill, mended, &basis, &place(), now(), &mut rng).unwrap();
            let (broken, mended) = (make(false), make(true));
            for build in ["3.4.23", "3.5.1", "3.5.16", "3.5.30", "3.6.14", "3.7.0"] {
                let judged_broken = judged(&broken, build);
                let what = format!("{drill:?} with {build}: {judged_broken:#?}");
                assert!(!judged_broken.all_is_well(), "{what}");
                let no_names = drill == Drill::NoNames;
                let id = judged_broken.rule.id.as_str();
                assert!(
                    id == rule(drill) || no_names && id == "address-san",
                    "{what}"
                );
                let judged_mended = judged(&mended, build);
                assert!(
                    judged_mended.all_is_well(),
                    "{drill:?} with {build}: {judged_mended:#?}"
                );
                assert_eq!(judged_mended.transcript.etcdctl, ["OK"]);
                assert_eq!(
                    judged_mended.gateway,
                    if broken.users.is_some() {
                        Some(400)
                    } else {
                        Some(200)
                    }
                );
            }
        }
    }

    #[test]
    fn a_server_without_client_usage_breaks_the_gateway_alone() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let drill = Drill::ServerWithoutClientUsage;
        let set = make(drill, false, &basis, &place(), now(), &mut rng).unwrap();
        let judged = judged(&set, "3.5.30");
        assert_eq!(
            (judged.verdict, judged.step),
            (Verdict::Accepted, Step::Done)
        );
        assert_eq!(judged.gateway, Some(503));
        assert!(judged.transcript.etcd.contains("incompatible key usage"));
    }

    #[test]
    fn a_mend_changes_the_file_at_fault_and_no_other() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let drill = Drill::ExpiredClient;
        let mut make = |mended| make(drill, mended, &basis, &place(), now(), &mut rng).unwrap();
        let (broken, mended) = (make(false), make(true));
        let other: Vec<&str> = broken
            .files
            .iter()
            .filter(|file| {
                let same = mended.files.iter().find(|same| same.name == file.name);
                same.map(|same| &same.contents) != Some(&file.contents)
            })
            .map(|file| file.name.as_str())
            .collect();
        assert_eq!(other, ["client.crt"]);
    }

    #[test]
    fn an_archive_keeps_to_its_own_folder_and_keys_to_their_owner() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let set = make(Drill::Revoked, false, &basis, &place(), now(), &mut rng).unwrap();
        let archive = set.tar().unwrap();
        let mut archive = tar::Archive::new(archive.as_slice());
        let mut count = 0;
        for entry in archive.entries().unwrap() {
            let entry = entry.unwrap();
            let path = entry.path().unwrap().into_owned();
            assert!(path.starts_with("drill-revoked"), "{path:?}");
            let secret = path.extension().is_some_and(|extension| extension == "key");
            assert_eq!(
                entry.header().mode().unwrap() & 0o777,
                if secret { 0o600 } else { 0o644 }
            );
            count += 1;
        }
        assert_eq!(count, 6);
    }

    #[test]
    fn identifiers_are_unique_and_lead_back() {
        for drill in Drill::ALL {
            assert_eq!(Drill::from_id(drill.id()), Some(drill));
        }
        assert_eq!(Drill::from_id("nothing"), None);
    }
}
