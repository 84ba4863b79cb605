//! What the judges of X.509 are given: every shape of hierarchy with every kind
//! of key, and what the presets issue. A judge goes over [`all`], so that a new
//! shape or preset is judged by all of them once it has its line here.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use etcd_pki_lab::{
    etcd::plan::{Plan, Preset},
    lab::making,
    pki::{
        authority::{Authority, AuthorityKeyUsage, AuthorityOptions},
        certificate::Certificate,
        certification_request::CertificationRequest,
        chain::Chain,
        key::{KeyType, PrivateKey},
        name_constraint::{self, NameConstraints},
        pem,
        purposes::Purposes,
        subject_alternative_name::{self, SubjectAlternativeName},
        validity::Days,
    },
};
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::shell::Shell;

/// A hierarchy: its CAs, each before what it issues, and its leaves.
pub(crate) struct Issued {
    /// A name that says what it is, fit for a file: `intermediate-p256`.
    pub(crate) name: String,
    /// The CAs; none for a preset, whose CA keys a judge has no use for.
    pub(crate) authorities: Vec<Authority>,
    pub(crate) leaves: Vec<Leaf>,
}

/// A server's or client's certificate.
pub(crate) struct Leaf {
    /// The stem of its files' names.
    pub(crate) stem: String,
    /// From the certificate to its root.
    pub(crate) chain: Chain,
    pub(crate) key: PrivateKey,
    /// Its names, where it is a server's.
    pub(crate) names: Vec<SubjectAlternativeName>,
    /// Whether it may serve. All may be clients.
    pub(crate) is_server: bool,
}

/// The kinds of hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One root that issues everything.
    Root,
    /// A root, an intermediate with path length 0, and leaves below that.
    Intermediate,
    /// A CA for servers and another for clients.
    Separate,
    /// A root confined to names and networks, and an intermediate below it.
    Constrained,
    /// kubeadm's CA, with its key usages and its own name.
    Kubeadm,
}

impl Shape {
    pub(crate) const ALL: [Self; 5] = [
        Self::Root,
        Self::Intermediate,
        Self::Separate,
        Self::Constrained,
        Self::Kubeadm,
    ];
}

/// Everything: all shapes with all kinds of keys that every judge knows, then the
/// presets.
pub(crate) fn all() -> Vec<Issued> {
    let shapes = KeyType::CLASSICAL
        .into_iter()
        .flat_map(|key_type| Shape::ALL.map(|shape| issue(shape, key_type)));
    shapes.chain(presets()).collect()
}

/// All shapes with the kinds of keys that only the newest judges know.
pub(crate) fn post_quantum() -> Vec<Issued> {
    let kinds = [KeyType::MlDsa44, KeyType::MlDsa65, KeyType::MlDsa87];
    kinds
        .into_iter()
        .flat_map(|key_type| Shape::ALL.map(|shape| issue(shape, key_type)))
        .collect()
}

/// What the presets issue that need nothing from elsewhere.
fn presets() -> Vec<Issued> {
    [Preset::Tutorial, Preset::Cluster, Preset::Kubeadm]
        .map(|preset| from_plan(&preset.to_string(), &Plan::example(preset)))
        .into()
}

/// A key's certificate, followed by those above it as far as they are there. None,
/// if no certificate is of this key.
pub(crate) fn chain_of(certificates: &[Certificate], key: &PrivateKey) -> Option<Chain> {
    let public = key.public_key();
    let is_its = |certificate: &&Certificate| certificate.public_key().as_ref() == Ok(&public);
    let first = certificates.iter().find(is_its)?;
    let mut above: Vec<Certificate> = Vec::new();
    while let Some(issuer) = {
        let last = above.last().unwrap_or(first);
        let is_issuer = |candidate: &&Certificate| last.check_signed_by(candidate).is_ok();
        (!last.is_self_issued())
            .then(|| certificates.iter().find(is_issuer))
            .flatten()
    } {
        above.push(issuer.clone());
    }
    Chain::new(first.clone(), above).ok()
}

/// What a plan makes, as its files say it.
fn from_plan(name: &str, plan: &Plan) -> Issued {
    let mut rng = ChaCha20Rng::seed_from_u64(99);
    let lab = making::make(plan, None, now(), &mut rng).unwrap();
    let files = lab.files();
    let text = |file: &etcd_pki_lab::lab::LabFile| file.text().unwrap().to_owned();
    let stems = |ending: &'static str| {
        files.iter().filter_map(move |file| {
            let stem = file.name.strip_suffix(ending)?;
            Some((stem.replace('/', "-"), text(file)))
        })
    };
    let certificates: Vec<Certificate> = stems(".crt")
        .flat_map(|(_, text)| pem::blocks(&text).unwrap())
        .map(|block| Certificate::from_der(&block.der).unwrap())
        .collect();
    let leaves = stems(".key")
        .filter_map(|(stem, text)| {
            let key = PrivateKey::from_pem(&text).unwrap();
            let chain = chain_of(&certificates, &key).unwrap();
            (!chain.first().is_authority()).then(|| Leaf::new(&stem, chain, key))
        })
        .collect();
    Issued {
        name: name.to_owned(),
        authorities: Vec::new(),
        leaves,
    }
}

/// The names of each server: all lie within the constraints of
/// [`Shape::Constrained`].
pub(crate) const NAMES: &str = "n1.lab.test, *.nodes.lab.test, localhost, 127.0.0.1, 10.0.0.7, ::1";

/// Now, for what is issued.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// A number of days.
pub(crate) fn days(text: &str) -> Days {
    text.parse().unwrap()
}

impl Leaf {
    fn new(stem: &str, chain: Chain, key: PrivateKey) -> Self {
        Self {
            stem: stem.to_owned(),
            names: chain.first().names(),
            is_server: Purposes::ServerAndClient.are_allowed_by(chain.first()),
            chain,
            key,
        }
    }

    /// Writes the PEM files that a judge may want: `.crt` with the certificate
    /// alone, `.chain` with what is sent in a handshake, `.middle` with the
    /// intermediates, `.root` and `.key`.
    pub(crate) fn write(&self, folder: &Path) {
        let write = |ending: &str, text: &str| {
            fs::write(folder.join(format!("{}.{ending}", self.stem)), text).unwrap();
        };
        let above = self.chain.above();
        let (root, middle) = above.split_last().unwrap();
        let middle: String = middle.iter().map(|it| it.to_pem().unwrap()).collect();
        let certificate = self.chain.first().to_pem().unwrap();
        let sent = format!("{certificate}{middle}");
        write("crt", &certificate);
        write("chain", &sent);
        write("middle", &middle);
        write("root", &root.to_pem().unwrap());
        write("key", &self.key.to_pem().unwrap());
    }
}

/// Issues a hierarchy of one shape with keys of one kind.
pub(crate) fn issue(shape: Shape, key_type: KeyType) -> Issued {
    let mut rng = ChaCha20Rng::seed_from_u64(shape as u64);
    let options = |subject: &str| AuthorityOptions::new(subject.parse().unwrap(), days("365"));
    let mut root_options = options("/O=lab/CN=root");
    match shape {
        Shape::Constrained => {
            root_options.path_length = Some(1);
            root_options.name_constraints = NameConstraints {
                permitted: name_constraint::parse_list(
                    "lab.test, localhost, 10.0.0.0/8, 127.0.0.1, ::1",
                )
                .unwrap(),
                excluded: name_constraint::parse_list("secret.lab.test, 10.9.0.0/16").unwrap(),
            };
        }
        Shape::Kubeadm => {
            root_options = options("/CN=etcd-ca");
            root_options.key_usage = AuthorityKeyUsage::SigningAndHandshake;
            root_options.names = subject_alternative_name::parse_list("etcd-ca").unwrap();
        }
        Shape::Root | Shape::Intermediate | Shape::Separate => {}
    }
    let root = Authority::create(&root_options, key(key_type, 0), now(), &mut rng).unwrap();
    let second = match shape {
        Shape::Intermediate | Shape::Constrained => {
            let options = AuthorityOptions {
                path_length: Some(0),
                days: days("180"),
                ..options("/O=lab/CN=intermediate")
            };
            root.issue_authority(&options, key(key_type, 1), now(), &mut rng)
                .unwrap()
        }
        Shape::Separate => Authority::create(
            &options("/O=lab/CN=clients"),
            key(key_type, 1),
            now(),
            &mut rng,
        )
        .unwrap(),
        Shape::Root | Shape::Kubeadm => root.clone(),
    };
    let servers = if shape == Shape::Separate {
        &root
    } else {
        &second
    };
    let mut leaf = |stem: &str, authority: &Authority, usage, names: &str, key: PrivateKey| {
        let names = subject_alternative_name::parse_list(names).unwrap();
        let subject = format!("/CN={stem}").parse().unwrap();
        let request = CertificationRequest::create(&subject, &names, &key, &mut rng).unwrap();
        let certificate = authority
            .issue(&request, &names, usage, days("90"), now(), &mut rng)
            .unwrap();
        {
            let above = authority.chain().certificates().cloned().collect();
            Leaf::new(stem, Chain::new(certificate, above).unwrap(), key)
        }
    };
    let leaves = vec![
        leaf(
            "server",
            servers,
            Purposes::ServerAndClient,
            NAMES,
            key(key_type, 2),
        ),
        leaf("client", &second, Purposes::Client, "", key(key_type, 3)),
    ];
    let mut authorities = vec![root];
    if shape != Shape::Root && shape != Shape::Kubeadm {
        authorities.push(second);
    }
    Issued {
        name: format!("{shape:?}-{key_type}").to_lowercase(),
        authorities,
        leaves,
    }
}

/// The keys of a run: making RSA keys takes too long to make new ones for each
/// hierarchy.
pub(crate) fn key(key_type: KeyType, number: u64) -> PrivateKey {
    type Keys = Mutex<HashMap<(KeyType, u64), Arc<OnceLock<PrivateKey>>>>;
    static KEYS: OnceLock<Keys> = OnceLock::new();
    let slot = KEYS
        .get_or_init(Mutex::default)
        .lock()
        .unwrap()
        .entry((key_type, number))
        .or_default()
        .clone();
    slot.get_or_init(|| kept(key_type, number)).clone()
}

/// The judges are several programs: the first that needs a key keeps it for the
/// others.
fn kept(key_type: KeyType, number: u64) -> PrivateKey {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("judged-{key_type}-{number}.key"));
    if let Ok(text) = fs::read_to_string(&file) {
        return PrivateKey::from_pem(&text).unwrap();
    }
    let key = PrivateKey::generate(key_type, &mut ChaCha20Rng::seed_from_u64(number)).unwrap();
    let mut whole = tempfile::NamedTempFile::new_in(folder).unwrap();
    whole.write_all(key.to_pem().unwrap().as_bytes()).unwrap();
    whole.persist(file).unwrap();
    key
}

/// Runs a judge's script, which begins as [`STRICT`] says, and gives what it
/// prints. Some judges are slow, and the machine may be busy.
pub(crate) fn judge(script: &str, folder: &Path) -> String {
    Shell::in_folder(folder)
        .at_most(Duration::from_mins(5))
        .run(&format!("{STRICT}{script}"))
        .succeeded()
        .to_owned()
}

/// The beginning of a judge's script: the first command that fails ends it, and
/// `refuses COMMAND …` fails if the command does not, and `same 'COMMAND'
/// 'COMMAND'` if one does, or if they print nothing or not the same.
pub(crate) const STRICT: &str = "set -euo pipefail
refuses() { if \"$@\"; then echo \"accepted: $*\" >&2; exit 99; fi; }
same() {
  one=$(eval \"$1\")
  other=$(eval \"$2\")
  if [ -z \"$one\" ] || [ \"$one\" != \"$other\" ]; then echo \"differ: $1, $2\" >&2; exit 98; fi
}
";
