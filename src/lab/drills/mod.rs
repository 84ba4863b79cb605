//! Drills: deliberate mistakes, each really issued. A drill is a folder of files,
//! the two command lines that use them, and the same with the mistake mended: one
//! row of the table, carried out on a draft. What etcd says of it is not here: the
//! verdict works that out of the files, as it would of anybody's. Called by workers
//! for the page.

mod draft;
mod error;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use self::{
    draft::{
        CertificateAndKey, Draft, authority, client, new_key, read_key, server, suits_every_etcd,
    },
    table::{Besides, Change, Row, WORDS, Words},
};
use super::{
    archive,
    file::LabFile,
    secret::{PemPair, Secret},
};
use crate::{
    etcd::{
        command::Command,
        commands::gateway,
        facts::{etcdctl_option::EtcdctlOption, option::EtcdOption, port},
    },
    pki::{issuing::Template, key::PrivateKey},
};

pub use error::DrillError;

/// A deliberate mistake: the words of a row of the table of drills.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Drill(&'static Words);

impl Drill {
    /// All drills, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(Self)
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
pub struct Site {
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
    pub site: Site,
    /// Starts etcd.
    pub etcd: String,
    /// Each starts another member of the cluster, in a terminal of its own.
    pub others: Vec<String>,
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
        path(&self.site, self.drill, file)
    }

    /// Unpacks its archive.
    #[must_use]
    pub fn unpack(&self) -> String {
        let make = Command::new("mkdir -p -m 700").word(&self.site.directory);
        let extract = Command::new("tar")
            .option("-xpf", &format!("{}.tar", self.drill.folder()))
            .option("-C", &self.site.directory);
        format!("{make}\n{extract}")
    }

    /// Its files in a folder of their own, as a tar archive: what was made in
    /// Make is not overwritten.
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

fn path(site: &Site, drill: Drill, file: &str) -> String {
    let directory = site.directory.trim_end_matches('/');
    format!("{directory}/{}/{file}", drill.folder())
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
            Some(pair) => Some((CertificateAndKey::read(pair)?, pair.clone())),
            None => None,
        };
        let brought = brought.filter(|(pair, _)| suits_every_etcd(&pair.key));
        let (signer, authority) = if let Some(brought) = brought {
            brought
        } else {
            let root = CertificateAndKey::root(&authority("CN=KUBERNETES-CA")?, now, rng)?;
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
            CertificateAndKey { certificate, key }.to_pem()
        };
        Ok(Self {
            server: issued(server(&server_key.public_key())?, server_key)?,
            client: issued(client(&client_key.public_key())?, client_key)?,
            authority,
        })
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
    site: &Site,
    now: Timestamp,
    mut rng: &mut R,
) -> Result<DrillSet, DrillError> {
    use EtcdOption as O;
    let row = Row::of(drill.id()).ok_or(DrillError::NoRow)?;
    let mut draft = Draft::new(basis, now, &mut rng)?;
    match &row.change {
        Change::Either(change) => change(&mut draft, mended),
        _ if mended => Ok(()),
        Change::Client(change) => draft.client(change),
        Change::Server(change) => draft.server(change),
        Change::Broken(change) => change(&mut draft),
    }?;
    let at = |file: &str| path(site, drill, file);
    let url = format!("https://127.0.0.1:{}", site.port);
    let socket = draft.socket.map(|file| format!("unixs://{}", at(file)));
    let started = |data: &str, url: &str| {
        Command::new("etcd")
            .assign(O::DataDirectory.flag(), &at(data))
            .assign(O::CertificateFile.flag(), &at("etcd.crt"))
            .assign(O::KeyFile.flag(), &at("etcd.key"))
            .assign(O::AdvertiseClientUrls.flag(), url)
            .plain(O::ClientCertificateAuthentication.flag())
            .assign(O::TrustedCaFile.flag(), &at("ca.crt"))
    };
    let mut etcd = started("data", &url);
    let mut others = Vec::new();
    if row.besides == Besides::Members {
        let cluster = Cluster::beside(&site.port);
        let authority = at("ca.crt");
        etcd = cluster.join(etcd, 0, [&at("n1.crt"), &at("n1.key"), &authority]);
        for (place, name) in MEMBERS.iter().enumerate().skip(1) {
            let url = cluster.url(place, 0);
            let other = started(name, &url).assign(O::ListenClientUrls.flag(), &url);
            let other = cluster.join(other, place, [&at("etcd.crt"), &at("etcd.key"), &authority]);
            others.push(other.to_string());
        }
    }
    for (option, file) in &draft.options {
        etcd = etcd.assign(option.flag(), &at(file));
    }
    for (option, value) in &draft.values {
        etcd = etcd.assign(option.flag(), value);
    }
    let listens = match &socket {
        Some(socket) => format!("{url},{socket}"),
        None => url.clone(),
    };
    etcd = etcd.assign(O::ListenClientUrls.flag(), &listens);
    let ask = |stem: Option<&str>| {
        // No variable says which API: 3 is the default since 3.4, and 3.6 warns of it.
        let command = Command::new("etcdctl")
            .assign(
                EtcdctlOption::Endpoints.flag(),
                socket.as_deref().unwrap_or(&url),
            )
            .assign(
                EtcdctlOption::AuthorityCertificate.flag(),
                &at(draft.trusted),
            );
        match stem {
            Some(stem) => command
                .option(
                    EtcdctlOption::Certificate.flag(),
                    &at(&format!("{stem}.crt")),
                )
                .option(EtcdctlOption::Key.flag(), &at(&format!("{stem}.key"))),
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
        let curl = Command::new("curl -s -w '\\n%{http_code}\\n'");
        gateway::as_client(curl, &at("ca.crt"), &at("client.crt"), &at("client.key"))
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
        site: site.clone(),
        etcd: etcd.to_string(),
        others,
        preparation,
        etcdctl: etcdctl.to_string(),
        gateway,
        users: authentication.then(|| vec!["root".to_owned(), "client".to_owned()]),
        files: draft.files,
        made: now,
    })
}

/// The members of a drill's cluster; the first is the one that the drill is about.
const MEMBERS: [&str; 3] = ["n1", "n2", "n3"];

/// Where the members of a drill's cluster listen, all on one machine.
struct Cluster {
    /// The clients' port of the first.
    port: u16,
}

impl Cluster {
    /// The cluster whose first member serves clients at this port; a port that
    /// leaves no room above it is none of a plan's.
    fn beside(port: &str) -> Self {
        let port = port.parse().unwrap_or(port::CLIENT);
        Self { port }
    }

    /// The URL of a member, for clients or, one port further, for members.
    fn url(&self, place: usize, further: u16) -> String {
        let step = u16::try_from(place).unwrap_or_default() * 100 + further;
        let port = self.port.checked_add(step);
        let port = port.unwrap_or_else(|| self.port.saturating_sub(step));
        format!("https://127.0.0.1:{port}")
    }

    /// The options that make a member of an etcd, with its certificate, its key and
    /// the CA that it trusts.
    fn join(&self, etcd: Command, place: usize, files: [&str; 3]) -> Command {
        use EtcdOption as O;
        let url = self.url(place, 1);
        let [certificate, key, authority] = files;
        let all = MEMBERS.iter().enumerate();
        let all: Vec<String> = all
            .map(|(place, name)| format!("{name}={}", self.url(place, 1)))
            .collect();
        etcd.assign(O::Name.flag(), MEMBERS.get(place).unwrap_or(&""))
            .assign(O::ListenPeerUrls.flag(), &url)
            .assign(O::InitialAdvertisePeerUrls.flag(), &url)
            .assign(O::InitialCluster.flag(), &all.join(","))
            .assign(O::PeerCertificateFile.flag(), certificate)
            .assign(O::PeerKeyFile.flag(), key)
            .plain(O::PeerClientCertificateAuthentication.flag())
            .assign(O::PeerTrustedCaFile.flag(), authority)
    }
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
