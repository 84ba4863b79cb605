//! What is drawn of Make: the files that were made, or the plan where there are none.

use super::{DRAWN, Drawn, Picture, days_left, has_ended, life, machines};
use crate::{
    etcd::{
        deployment::{CertificateOutline, Standing},
        role::Role,
    },
    lab::Lab,
    page::{session::Session, words::span},
    pki::validity::Validity,
};

/// What is known of a session: of its files, or of its plan where there are none.
pub(in crate::page) fn picture(session: &Session) -> Option<Picture> {
    let deployment = session.deployment()?;
    let lab = session.files.lab();
    let lives = |facts: &CertificateOutline| match lab.and_then(|lab| validity(lab, &facts.stem)) {
        Some(validity) => (
            life(validity, session.seen),
            has_ended(validity, session.seen),
            days_left(validity, session.seen),
        ),
        None => (span(&facts.days.to_string()), false, facts.days),
    };
    let all = &deployment.certificates;
    let holder = |facts: &CertificateOutline| {
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
            life(authority.validity, session.seen)
        }),
        ended: made.is_some_and(|authority| has_ended(authority.validity, session.seen)),
        days: made.map(|authority| days_left(authority.validity, session.seen)),
        issuer: None,
    }
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
