//! What will come of a plan, or has: who signs whom, who shows what to whom, and
//! which files lie on which machine. A deployment in, values out; [`drawing`]
//! makes an SVG of them and [`words`] says the same in sentences.

pub(super) mod calendar;
mod drawing;
mod words;

use jiff::Timestamp;

pub(super) use self::{
    drawing::{drawing, file},
    words::words,
};
use super::{
    session::Session,
    words::{day, span},
};
use crate::{
    etcd::{
        deployment::{CertificateFacts, Deployment, Standing},
        role::Role,
    },
    lab::Lab,
    pki::validity::Validity,
};

/// How many of many that are alike are drawn.
const DRAWN: usize = 3;

/// Somebody with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawn {
    /// The common name, or the file's where there is none.
    name: String,
    /// The certificate's file.
    certificate: String,
    /// When it ends, or how long it is to be valid.
    life: String,
    /// Whether it has ended.
    ended: bool,
    /// How many days are left, where that is known.
    days: Option<u32>,
    /// The place of the authority that signs it; none: the first, or itself.
    issuer: Option<usize>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// The authorities, each before what it signs.
    authorities: Vec<Drawn>,
    /// What etcd shows to its clients; none where it runs elsewhere.
    servers: Vec<Drawn>,
    /// What members show to each other.
    peers: Vec<Drawn>,
    /// What clients show to etcd.
    clients: Vec<Drawn>,
    /// How many servers and clients are not drawn.
    more: (usize, usize),
    /// Each machine, its folder, and the files in it.
    machines: Vec<Machine>,
    /// Whether the files are made.
    made: bool,
    /// Whether etcd let somebody in when it was asked last, by a dry run.
    let_in: Option<bool>,
}

/// A machine, and what lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    /// What it is.
    pub(super) name: String,
    /// The folder.
    pub(super) folder: String,
    /// The files.
    pub(super) files: Vec<String>,
}

impl Picture {
    /// Each machine with its files.
    pub(super) fn machines(&self) -> &[Machine] {
        &self.machines
    }
}

/// What is known of a session: of its files, or of its plan where there are none.
pub(super) fn picture(session: &Session) -> Option<Picture> {
    let deployment = session.deployment()?;
    let lab = session.files.lab();
    let lives = |facts: &CertificateFacts| match lab.and_then(|lab| validity(lab, &facts.stem)) {
        Some(validity) => (
            format!("until {}", day(validity.not_after)),
            has_ended(validity, session.seen),
            days_left(validity, session.seen),
        ),
        None => (span(&facts.days.to_string()), false, facts.days),
    };
    let all = &deployment.certificates;
    let holder = |facts: &CertificateFacts| {
        let (life, ended, days) = lives(facts);
        Drawn {
            name: facts
                .common_name
                .clone()
                .unwrap_or_else(|| facts.stem.clone()),
            certificate: format!("{}.crt", facts.stem),
            life,
            ended,
            days: Some(days),
            issuer: facts.issuer,
        }
    };
    let of = |role: Role| {
        let leaves = all
            .iter()
            .filter(move |facts| facts.standing == Standing::Leaf(role))
            // What a gateway shows to its own etcd is told among the files.
            .filter(|facts| !facts.is_of_gateway);
        leaves.map(holder).collect::<Vec<Drawn>>()
    };
    let mut authorities: Vec<Drawn> = all
        .iter()
        .filter(|facts| facts.is_authority())
        .map(holder)
        .collect();
    if authorities.is_empty() {
        authorities.push(brought(session, lab));
    }
    let (mut servers, mut clients) = (of(Role::Server), of(Role::Client));
    let more = (
        servers.len().saturating_sub(DRAWN),
        clients.len().saturating_sub(DRAWN),
    );
    servers.truncate(DRAWN);
    clients.truncate(DRAWN);
    Some(Picture {
        authorities,
        servers,
        peers: of(Role::Peer),
        clients,
        more,
        machines: machines(&deployment),
        made: lab.is_some(),
        let_in: session.dry_run.last_let_in(),
    })
}

/// The authority that the reader brings.
fn brought(session: &Session, lab: Option<&Lab>) -> Drawn {
    let made = lab.map(Lab::authority);
    let name = match made {
        Some(authority) => authority.common_name.clone(),
        None => session
            .form
            .brought()
            .and_then(|brought| brought.common_name.clone()),
    };
    Drawn {
        name: name.unwrap_or_else(|| "your CA".to_owned()),
        certificate: "ca.crt".to_owned(),
        life: made.map_or_else(String::new, |authority| {
            format!("until {}", day(authority.validity.not_after))
        }),
        ended: made.is_some_and(|authority| has_ended(authority.validity, session.seen)),
        days: made.map(|authority| days_left(authority.validity, session.seen)),
        issuer: None,
    }
}

/// The days that are left, with the one that has begun.
fn days_left(validity: Validity, now: Timestamp) -> u32 {
    let seconds = validity.not_after.as_second() - now.as_second();
    let days = seconds.max(0).unsigned_abs().div_ceil(86_400);
    u32::try_from(days).unwrap_or(u32::MAX)
}

fn has_ended(validity: Validity, now: Timestamp) -> bool {
    validity.not_after <= now
}

/// How long the certificate with this stem is valid.
fn validity(lab: &Lab, stem: &str) -> Option<Validity> {
    let mut authorities = lab.authorities();
    if let Some((_, authority)) = authorities.find(|(known, _)| *known == stem) {
        return Some(authority.validity);
    }
    let mut identities = lab.identities().iter();
    let identity = identities.find(|identity| identity.stem() == stem)?;
    Some(identity.validity)
}

/// Which files lie where: at each member, at each client, and what is nobody's but
/// the authority's.
fn machines(deployment: &Deployment) -> Vec<Machine> {
    let mut machines = Vec::new();
    for member in deployment.members.iter().take(DRAWN) {
        let folder = member.directory.as_str().to_owned();
        let peer = member.peer.as_ref().map(|peer| &peer.tls);
        let ports = std::iter::once(&member.client_tls).chain(peer);
        let paths = ports.flat_map(|tls| {
            let list = tls.revocation_list.as_ref();
            [&tls.trusted_ca, &tls.certificate, &tls.key]
                .into_iter()
                .chain(list)
        });
        let own = member
            .gateway
            .iter()
            .flat_map(|own| [&own.certificate, &own.key]);
        let paths = paths.chain(own);
        let name = member.name.clone().unwrap_or_else(|| "etcd".to_owned());
        machines.push(machine(name, folder, paths));
    }
    for client in deployment.clients.iter().take(DRAWN) {
        let folder = parent(&client.certificate).to_owned();
        let paths = [&deployment.server_ca, &client.certificate, &client.key];
        machines.push(machine(client.stem.clone(), folder, paths.into_iter()));
    }
    let kept = deployment.certificates.iter();
    let kept: Vec<String> = kept
        .filter(|facts| facts.is_authority())
        .map(|facts| format!("{}.key", facts.stem))
        .collect();
    if !kept.is_empty() {
        machines.push(Machine {
            name: "Offline".to_owned(),
            folder: String::new(),
            files: kept,
        });
    }
    machines
}

fn machine<'a>(name: String, folder: String, paths: impl Iterator<Item = &'a String>) -> Machine {
    let mut files: Vec<String> = Vec::new();
    for path in paths {
        let below = path.strip_prefix(&folder);
        let file = below.map_or(path.as_str(), |below| below.trim_start_matches('/'));
        if !files.iter().any(|known| known == file) {
            files.push(file.to_owned());
        }
    }
    Machine {
        name,
        folder,
        files,
    }
}

/// The folder of a path.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
