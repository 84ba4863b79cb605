//! Drills: deliberate mistakes, each really issued. A drill is a folder of
//! files, the two command lines that use them, and the same with the mistake
//! mended: one row of `ROWS`, carried out on a `Draft`. What etcd says of it is
//! not here: the verdict works that out of the files, as it would of anybody's.
//! Called by workers for the page.

use std::{error::Error, fmt};

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    archive,
    file::{FileBytes, FileKind, LabFile},
    secret::{PemPair, Secret},
};
use crate::{
    etcd::command::Command,
    pki::{
        certificate::{Certificate, CertificateError},
        chain::{Chain, ChainError},
        issuing::{AuthorityOptions, Issuer, Template},
        key::{KeyError, KeyType, PrivateKey, PublicKey},
        name::DistinguishedName,
        name_constraint,
        purposes::Purposes,
        revocation_list::{RevocationList, RevokedCertificate},
        signing_error::SigningError,
        subject_alternative_name::{self, SubjectAlternativeName},
        validity::Days,
    },
};

/// A deliberate mistake: a row of the table of drills.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Drill(&'static Row);

/// A drill, whole.
struct Row {
    /// Its name, of letters and hyphens.
    id: &'static str,
    /// The mistake in a few words.
    title: &'static str,
    /// What is wrong, in a sentence.
    mistake: &'static str,
    /// What the press that mends it does, in a sentence.
    mend: &'static str,
    /// What it changes of the set without a mistake.
    change: Change,
    /// What belongs to it besides etcd and etcdctl.
    besides: Besides,
}

/// What a drill changes of the set without a mistake. Mended, it changes nothing,
/// where it doesn't say so.
enum Change {
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
enum Besides {
    Nothing,
    /// etcd's gateway is asked too.
    Gateway,
    /// etcd has authentication on.
    Authentication,
}

/// The drills, in the order of the page.
static ROWS: [Row; 20] = [
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
        mend: "etcd.crt has the SAN IP:127.0.0.1.",
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
            let below: &[&Pair] = if mended { &[&middle] } else { &[] };
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

impl Drill {
    /// All drills, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(Self)
    }

    /// The drill with this identifier.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|drill| drill.id() == id)
    }

    /// Its name, of letters and hyphens.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.0.id
    }

    /// The mistake in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn mistake(self) -> &'static str {
        self.0.mistake
    }

    /// What the press that mends it does, in a sentence.
    #[must_use]
    pub fn mend(self) -> &'static str {
        self.0.mend
    }

    /// The folder of its files, and the stem of its archive's name.
    #[must_use]
    pub fn folder(self) -> String {
        format!("drill-{}", self.id())
    }
}

impl fmt::Debug for Drill {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl PartialEq for Drill {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Drill {}

/// A text that names no drill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{}” is no drill", .id)]
pub struct UnknownDrill {
    /// The text.
    pub id: String,
}

impl TryFrom<String> for Drill {
    type Error = UnknownDrill;

    fn try_from(id: String) -> Result<Self, UnknownDrill> {
        Self::from_id(&id).ok_or(UnknownDrill { id })
    }
}

impl From<Drill> for String {
    fn from(drill: Drill) -> Self {
        drill.id().to_owned()
    }
}

/// Why a drill can't be made.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// A key of the page's can't be read back.
    #[error("the drill can't use what was made above: {0}; make the files again")]
    Key(#[source] KeyError),
    /// A certificate of the page's can't be read back.
    #[error("the drill can't use what was made above: {0}; make the files again")]
    Certificate(#[source] CertificateError),
    /// The CA of the page's can't be read back.
    #[error("the drill can't use what was made above: {0}; make the files again")]
    Authority(#[source] ChainError),
    /// Encoding, signing or encrypting failed.
    #[error("the drill could not be made: {0}; please report this")]
    Making(#[source] Box<dyn Error + Send + Sync>),
}

fn making(error: impl Error + Send + Sync + 'static) -> DrillError {
    DrillError::Making(Box::new(error))
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

/// A drill made: its files, and how they are used.
#[derive(Clone, Serialize, Deserialize)]
pub struct DrillSet {
    /// Which drill.
    pub drill: Drill,
    /// Whether the mistake is mended.
    pub mended: bool,
    /// Its files.
    pub files: Vec<LabFile>,
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
        let folder = self.drill.folder();
        let files = self.files.iter().map(|file| LabFile {
            name: format!("{folder}/{}", file.name),
            ..file.clone()
        });
        archive::tar_of(files, self.made)
    }
}

fn path(place: &Place, drill: Drill, file: &str) -> String {
    let directory = place.directory.trim_end_matches('/');
    format!("{directory}/{}/{file}", drill.folder())
}

/// A certificate and its key.
struct Pair {
    certificate: Certificate,
    key: PrivateKey,
}

impl Pair {
    /// Reads a CA; of a chain, the certificate that the key is of.
    fn read(pair: &PemPair) -> Result<Self, DrillError> {
        let chain = Chain::from_pem(&pair.certificate).map_err(DrillError::Authority)?;
        Ok(Self {
            certificate: chain.first().clone(),
            key: read_key(&pair.key)?,
        })
    }

    /// A CA that signs itself, with a new key.
    fn root(
        options: &AuthorityOptions,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, DrillError> {
        let key = new_key(rng)?;
        let template = Template::authority(options, &key.public_key()).map_err(making)?;
        let certificate = template.sign_itself(&key, now, rng).map_err(making)?;
        Ok(Self { certificate, key })
    }

    fn issue(
        &self,
        template: &Template,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Certificate, DrillError> {
        let issuer = Issuer::new(&self.certificate, &self.key);
        issuer.sign(template, now, rng).map_err(making)
    }

    fn to_pem(&self) -> Result<PemPair, DrillError> {
        Ok(PemPair {
            certificate: self.certificate.to_pem().map_err(making)?,
            key: self.key.to_pem().map_err(making)?.to_string(),
        })
    }
}

fn read_key(text: &str) -> Result<PrivateKey, DrillError> {
    PrivateKey::from_pem(text).map_err(DrillError::Key)
}

fn new_key(rng: &mut dyn CryptoRng) -> Result<PrivateKey, DrillError> {
    PrivateKey::generate(KeyType::P256, rng).map_err(making)
}

/// Whether a drill can begin with a key of the page's: its mistake is to be the
/// only one, whatever the etcd.
fn suits_every_etcd(key: &PrivateKey) -> bool {
    !matches!(key, PrivateKey::MlDsa(_))
}

fn subject(text: &str) -> Result<DistinguishedName, DrillError> {
    text.parse().map_err(making)
}

fn names(text: &str) -> Result<Vec<SubjectAlternativeName>, DrillError> {
    subject_alternative_name::parse_list(text).map_err(making)
}

fn days(text: &str) -> Result<Days, DrillError> {
    text.parse().map_err(making)
}

/// A CA without limits.
fn authority(name: &str) -> Result<AuthorityOptions, DrillError> {
    Ok(AuthorityOptions::new(subject(name)?, days("3650")?))
}

/// The server's certificate, as it should be.
fn server(key: &PublicKey) -> Result<Template, DrillError> {
    let purposes = Purposes::ServerAndClient;
    let loopback = names("127.0.0.1, localhost")?;
    Template::leaf(subject("CN=etcd")?.as_name(), key, purposes, days("60")?)
        .and_then(|template| template.with_names(&loopback))
        .map_err(making)
}

/// The client's certificate, as it should be.
fn client(key: &PublicKey) -> Result<Template, DrillError> {
    user("CN=client", key)
}

/// The certificate of a user of etcd.
fn user(name: &str, key: &PublicKey) -> Result<Template, DrillError> {
    let purposes = Purposes::Client;
    Template::leaf(subject(name)?.as_name(), key, purposes, days("60")?).map_err(making)
}

impl Basis {
    /// Makes what the seed lacks, or has of a kind that not every etcd takes, and
    /// the two certificates.
    ///
    /// # Errors
    ///
    /// If what the page has can't be read back, or making fails.
    pub fn make<R: CryptoRng + ?Sized>(
        seed: &Seed,
        now: Timestamp,
        mut rng: &mut R,
    ) -> Result<Self, DrillError> {
        let rng: &mut dyn CryptoRng = &mut rng;
        let brought = match &seed.authority {
            Some(pair) => Some((Pair::read(pair)?, pair.clone())),
            None => None,
        };
        let brought = brought.filter(|(pair, _)| suits_every_etcd(&pair.key));
        let (signer, authority) = if let Some(brought) = brought {
            brought
        } else {
            let root = Pair::root(&authority("CN=KUBERNETES-CA")?, now, rng)?;
            let pem = root.to_pem()?;
            (root, pem)
        };
        let mut key = |seed: &Option<Secret>| match seed {
            Some(key) => match read_key(&key.0)? {
                key if suits_every_etcd(&key) => Ok(key),
                _ => new_key(rng),
            },
            None => new_key(rng),
        };
        let (server_key, client_key) = (key(&seed.server_key)?, key(&seed.client_key)?);
        let mut issued = |template: Template, key: PrivateKey| {
            let certificate = signer.issue(&template, now, rng)?;
            Pair { certificate, key }.to_pem()
        };
        Ok(Self {
            server: issued(server(&server_key.public_key())?, server_key)?,
            client: issued(client(&client_key.public_key())?, client_key)?,
            authority,
        })
    }
}

/// A set being put together: the basis, and what the drill changes of it.
struct Draft<'a> {
    basis: &'a Basis,
    authority: Pair,
    server_key: PrivateKey,
    client_key: PrivateKey,
    now: Timestamp,
    rng: &'a mut dyn CryptoRng,
    files: Vec<LabFile>,
    /// More options of etcd's, each with the file that it names.
    options: Vec<(&'static str, &'static str)>,
    /// The file with the CA that etcdctl trusts.
    trusted: &'static str,
    /// Whether etcdctl shows the client's certificate.
    shows_certificate: bool,
}

impl<'a> Draft<'a> {
    /// The basis as it is.
    fn new(
        basis: &'a Basis,
        now: Timestamp,
        rng: &'a mut dyn CryptoRng,
    ) -> Result<Self, DrillError> {
        let mut draft = Self {
            basis,
            authority: Pair::read(&basis.authority)?,
            server_key: read_key(&basis.server.key)?,
            client_key: read_key(&basis.client.key)?,
            now,
            rng,
            files: Vec::new(),
            options: Vec::new(),
            trusted: "ca.crt",
            shows_certificate: true,
        };
        for (name, text) in [
            ("ca.crt", &basis.authority.certificate),
            ("etcd.crt", &basis.server.certificate),
            ("etcd.key", &basis.server.key),
            ("client.crt", &basis.client.certificate),
            ("client.key", &basis.client.key),
        ] {
            draft.put(name, text.as_str().into());
        }
        Ok(draft)
    }

    /// Makes the mistake, or makes it good.
    fn carry_out(&mut self, change: &Change, mended: bool) -> Result<(), DrillError> {
        match change {
            Change::Either(change) => change(self, mended),
            _ if mended => Ok(()),
            Change::Client(change) => self.client(change),
            Change::Server(change) => self.server(change),
            Change::Broken(change) => change(self),
        }
    }

    /// Puts a file in the place of the one of its name. Keys are their owner's
    /// alone.
    fn put(&mut self, name: &str, contents: FileBytes) {
        let kind = match name.rsplit_once('.') {
            Some((_, "key")) => FileKind::PrivateKey,
            Some((_, "crl")) => FileKind::RevocationList,
            _ => FileKind::Certificate,
        };
        let file = LabFile::new(name.to_owned(), kind, contents);
        match self.files.iter_mut().find(|file| file.name == name) {
            Some(place) => *place = file,
            None => self.files.push(file),
        }
    }

    fn put_certificates(
        &mut self,
        name: &str,
        certificates: &[&Certificate],
    ) -> Result<(), DrillError> {
        let text = certificates.iter().map(|certificate| certificate.to_pem());
        let text: String = text.collect::<Result<_, _>>().map_err(making)?;
        self.put(name, text.as_str().into());
        Ok(())
    }

    /// Puts another certificate in the place of the server's.
    fn server(
        &mut self,
        change: impl FnOnce(Template) -> Result<Template, SigningError>,
    ) -> Result<(), DrillError> {
        let template = change(server(&self.server_key.public_key())?).map_err(making)?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        self.put_certificates("etcd.crt", &[&certificate])
    }

    /// Puts another certificate in the place of the client's.
    fn client(
        &mut self,
        change: impl FnOnce(Template) -> Result<Template, SigningError>,
    ) -> Result<(), DrillError> {
        let template = change(client(&self.client_key.public_key())?).map_err(making)?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        self.put_certificates("client.crt", &[&certificate])
    }

    /// Puts a certificate of another CA's in the place of the client's, with
    /// those that are to stand below it in the file.
    fn client_of(&mut self, issuer: &Pair, below: &[&Pair]) -> Result<(), DrillError> {
        let template = client(&self.client_key.public_key())?;
        let certificate = issuer.issue(&template, self.now, self.rng)?;
        let mut file = vec![&certificate];
        file.extend(below.iter().map(|pair| &pair.certificate));
        self.put_certificates("client.crt", &file)
    }

    /// Makes a CA of this drill's own, and the server's certificate from it.
    fn own_authority(&mut self, options: &AuthorityOptions) -> Result<(), DrillError> {
        self.authority = Pair::root(options, self.now, self.rng)?;
        let certificate = self.authority.certificate.clone();
        self.put_certificates("ca.crt", &[&certificate])?;
        self.server(Ok)
    }

    /// A CA below another, or below this drill's own.
    fn below(&mut self, above: Option<&Pair>, name: &str) -> Result<Pair, DrillError> {
        let key = new_key(self.rng)?;
        let options = authority(name)?;
        let template = Template::authority(&options, &key.public_key()).map_err(making)?;
        let above = above.unwrap_or(&self.authority);
        let certificate = above.issue(&template, self.now, self.rng)?;
        Ok(Pair { certificate, key })
    }

    /// A CA that nobody was told of.
    fn stranger(&mut self) -> Result<Pair, DrillError> {
        Pair::root(&authority("CN=Elsewhere-CA")?, self.now, self.rng)
    }

    /// The CA under its old name with a new key, of the old one's kind, as who
    /// makes a CA anew would make it.
    fn authority_made_anew(&mut self) -> Result<Pair, DrillError> {
        let kind = self.authority.key.public_key().kind_in_its_place();
        let key = PrivateKey::generate(kind, self.rng).map_err(making)?;
        let certificate = Template::authority(&authority("CN=KUBERNETES-CA")?, &key.public_key())
            .map(|template| template.in_the_name_of(self.authority.certificate.subject()))
            .and_then(|template| template.sign_itself(&key, self.now, self.rng))
            .map_err(making)?;
        Ok(Pair { certificate, key })
    }

    /// A CRL with the client's certificate on it, as DER: etcd 3.6 reads nothing
    /// else.
    fn revoke_client(&mut self) -> Result<(), DrillError> {
        let client = Certificate::from_pem(&self.basis.client.certificate)
            .map_err(DrillError::Certificate)?;
        let revoked = RevokedCertificate {
            serial_number: client.serial(),
            date: self.now,
            reason: None,
        };
        let issuer = Issuer::new(&self.authority.certificate, &self.authority.key);
        let until = days("30")?;
        let list = RevocationList::issue(issuer, &[revoked], 1, until, self.now, self.rng)
            .map_err(making)?;
        self.put("ca.crl", list.der().to_vec().into());
        self.options.push(("--client-crl-file", "ca.crl"));
        Ok(())
    }

    /// The certificate of the user root.
    fn root_user(&mut self) -> Result<(), DrillError> {
        let key = new_key(self.rng)?;
        let template = user("CN=root", &key.public_key())?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        let root = Pair { certificate, key }.to_pem()?;
        self.put("root.crt", root.certificate.as_str().into());
        self.put("root.key", root.key.as_str().into());
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
    mut rng: &mut R,
) -> Result<DrillSet, DrillError> {
    let Drill(row) = drill;
    let mut draft = Draft::new(basis, now, &mut rng)?;
    draft.carry_out(&row.change, mended)?;
    let at = |file: &str| path(place, drill, file);
    let url = format!("https://127.0.0.1:{}", place.port);
    let mut etcd = Command::new("etcd")
        .assign("--data-dir", &at("data"))
        .assign("--cert-file", &at("etcd.crt"))
        .assign("--key-file", &at("etcd.key"))
        .assign("--advertise-client-urls", &url)
        .plain("--client-cert-auth")
        .assign("--trusted-ca-file", &at("ca.crt"));
    for (option, file) in &draft.options {
        etcd = etcd.assign(option, &at(file));
    }
    etcd = etcd.assign("--listen-client-urls", &url);
    let ask = |stem: Option<&str>| {
        let command = Command::new("ETCDCTL_API=3 etcdctl")
            .assign("--endpoints", &url)
            .assign("--cacert", &at(draft.trusted));
        match stem {
            Some(stem) => command
                .option("--cert", &at(&format!("{stem}.crt")))
                .option("--key", &at(&format!("{stem}.key"))),
            None => command,
        }
    };
    let etcdctl = ask(draft.shows_certificate.then_some("client")).plain("put testclient data");
    let authentication = row.besides == Besides::Authentication;
    let preparation = authentication.then(|| {
        PREPARATION
            .map(|words| ask(Some("root")).plain(words).to_string())
            .join("\n")
    });
    let gateway = (row.besides == Besides::Gateway).then(|| {
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
        users: authentication.then(|| vec!["root".to_owned(), "client".to_owned()]),
        files: draft.files,
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
    use crate::lab::job::judge::{Inquiry, Judged};

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

    fn drill(id: &str) -> Drill {
        Drill::from_id(id).unwrap()
    }

    /// The rule that each drill is about.
    const RULES: [(&str, &str); 20] = [
        ("no-client-certificate", "client-certificate-required"),
        ("unknown-client-ca", "client-ca-known"),
        ("remade-ca", "signature-fits-issuer"),
        ("unknown-server-ca", "server-ca-known"),
        ("expired-client", "validity-ends"),
        ("expired-server", "validity-ends"),
        ("not-yet-valid", "validity-begins"),
        ("wrong-usage", "usage-client"),
        ("server-without-client-auth", "accepted"),
        ("no-san", "common-name-is-no-host"),
        ("address-as-dns-name", "address-san"),
        ("wrong-host", "host-san"),
        ("key-of-another-certificate", "key-fits-certificate"),
        ("encrypted-key", "key-not-encrypted"),
        ("post-quantum-server", "key-readable"),
        ("missing-intermediate", "client-ca-known"),
        ("path-length", "path-length"),
        ("name-constraint", "name-constraints"),
        ("revoked", "not-revoked"),
        ("unknown-user", "common-name-is-user"),
    ];

    #[test]
    fn each_drill_breaks_its_rule_and_is_mended() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        assert_eq!(
            RULES.map(|(id, _)| drill(id)).to_vec(),
            Drill::all().collect::<Vec<_>>()
        );
        for (id, rule) in RULES {
            let drill = drill(id);
            let mut make = |mended| make(drill, mended, &basis, &place(), now(), &mut rng).unwrap();
            let (broken, mended) = (make(false), make(true));
            for build in ["3.4.23", "3.5.1", "3.5.16", "3.5.30", "3.6.14", "3.7.0"] {
                let judged_broken = judged(&broken, build);
                let what = format!("{drill:?} with {build}: {judged_broken:#?}");
                assert!(!judged_broken.finding.all_is_well(), "{what}");
                let no_names = drill.id() == "no-san";
                let broken_rule = judged_broken.finding.rule.id();
                assert!(
                    broken_rule == rule || no_names && broken_rule == "address-san",
                    "{what}"
                );
                let judged_mended = judged(&mended, build);
                assert!(
                    judged_mended.finding.all_is_well(),
                    "{drill:?} with {build}: {judged_mended:#?}"
                );
                assert_eq!(judged_mended.transcript.etcdctl, ["OK"]);
                assert_eq!(
                    judged_mended.finding.gateway,
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
        let drill = drill("server-without-client-auth");
        let set = make(drill, false, &basis, &place(), now(), &mut rng).unwrap();
        let judged = judged(&set, "3.5.30");
        assert_eq!(
            (judged.finding.verdict, judged.finding.step),
            (Verdict::Accepted, Step::Done)
        );
        assert_eq!(judged.finding.gateway, Some(503));
        assert!(judged.transcript.etcd.contains("incompatible key usage"));
    }

    #[test]
    fn a_mend_changes_the_file_at_fault_and_no_other() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let drill = drill("expired-client");
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
        let set = make(drill("revoked"), false, &basis, &place(), now(), &mut rng).unwrap();
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
        for drill in Drill::all() {
            assert_eq!(Drill::from_id(drill.id()), Some(drill));
            assert_eq!(Drill::all().filter(|other| *other == drill).count(), 1);
            let travelled = serde_json::to_string(&drill).unwrap();
            assert_eq!(serde_json::from_str::<Drill>(&travelled).unwrap(), drill);
        }
        assert_eq!(Drill::from_id("nothing"), None);
    }

    #[test]
    fn drills_of_a_post_quantum_lab_are_about_their_own_mistake() {
        let mut rng = UnwrapErr(SysRng);
        let key = PrivateKey::generate(KeyType::MlDsa44, &mut rng).unwrap();
        let options = authority("CN=KUBERNETES-CA").unwrap();
        let template = Template::authority(&options, &key.public_key()).unwrap();
        let certificate = template.sign_itself(&key, now(), &mut rng).unwrap();
        let secret = Secret(key.to_pem().unwrap().to_string());
        let seed = Seed {
            authority: Some(Pair { certificate, key }.to_pem().unwrap()),
            server_key: Some(secret.clone()),
            client_key: Some(secret),
        };
        let basis = Basis::make(&seed, now(), &mut rng).unwrap();
        let expired = drill("expired-client");
        let set = make(expired, false, &basis, &place(), now(), &mut rng).unwrap();
        assert_eq!(judged(&set, "3.7.0").finding.rule.id(), "validity-ends");
    }

    #[test]
    fn an_etcd_of_the_next_go_takes_a_post_quantum_server() {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let drill = drill("post-quantum-server");
        let set = make(drill, false, &basis, &place(), now(), &mut rng).unwrap();
        assert!(judged(&set, "3.7.3-go1.27.3").finding.all_is_well());
        let old = judged(&set, "3.7.3");
        assert!(
            old.transcript
                .etcd
                .contains("tls: failed to parse private key")
        );
    }

    #[test]
    fn a_ca_that_was_brought_with_those_above_it_makes_drills_too() {
        let mut rng = UnwrapErr(SysRng);
        let root = Pair::root(&authority("CN=root").unwrap(), now(), &mut rng).unwrap();
        let key = new_key(&mut rng).unwrap();
        let template =
            Template::authority(&authority("CN=middle").unwrap(), &key.public_key()).unwrap();
        let certificate = root.issue(&template, now(), &mut rng).unwrap();
        let mut brought = Pair { certificate, key }.to_pem().unwrap();
        brought.certificate += &root.certificate.to_pem().unwrap();
        let seed = Seed {
            authority: Some(brought),
            ..Seed::default()
        };
        let basis = Basis::make(&seed, now(), &mut rng).unwrap();
        let mut make = |mended| {
            let drill = drill("expired-client");
            make(drill, mended, &basis, &place(), now(), &mut rng).unwrap()
        };
        let (broken, mended) = (make(false), make(true));
        assert_eq!(judged(&broken, "3.6.14").finding.rule.id(), "validity-ends");
        assert!(judged(&mended, "3.6.14").finding.all_is_well());
    }
}
