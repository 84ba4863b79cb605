//! What will come of a plan, or has: who signs whom, who shows what to whom, and
//! which files lie on which machine. A deployment in, values out; [`drawing`]
//! makes an SVG of them and [`words`] says the same in sentences.

pub(super) mod calendar;
mod drawing;
mod of_drill;
pub(super) mod of_session;
mod words;

use jiff::Timestamp;

pub(super) use self::{
    drawing::{drawing, file},
    words::words,
};
use super::words::day;
use crate::{etcd::deployment::Deployment, pki::validity::Validity};

/// How many of many that are alike are drawn.
const DRAWN: usize = 3;

/// Somebody with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawn {
    /// The common name, or the file's where there is none.
    name: String,
    /// The certificate's file.
    certificate: String,
    /// When it ends or has ended, when it begins, or how long it is to be valid.
    life: String,
    /// Whether it has ended.
    ended: bool,
    /// How many days are left, where that is known.
    days: Option<u32>,
    /// The place of the authority that signs it; none: the first, or itself. A place
    /// where there is none: somebody else.
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

/// The days that are left, with the one that has begun.
fn days_left(validity: Validity, now: Timestamp) -> u32 {
    let seconds = validity.not_after.as_second() - now.as_second();
    let days = seconds.max(0).unsigned_abs().div_ceil(86_400);
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// Since or until when a certificate is valid, as seen at this time.
fn life(validity: Validity, now: Timestamp) -> String {
    if has_ended(validity, now) {
        format!("ended {}", day(validity.not_after))
    } else if now < validity.not_before {
        format!("from {}", day(validity.not_before))
    } else {
        format!("until {}", day(validity.not_after))
    }
}

fn has_ended(validity: Validity, now: Timestamp) -> bool {
    validity.not_after <= now
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
