//! What is drawn of a drill: the certificates among its files, who signed them, and
//! whether etcd lets in who shows them. They are read once, when they are made.

use super::{Drawn, Picture, days_left, has_ended, life};
use crate::{
    lab::drills::DrillSet,
    pki::{chain::Chain, name::common_name},
};

impl Picture {
    /// The certificates of a drill. Who shows none is not drawn.
    pub(in crate::page) fn of_drill(set: &DrillSet) -> Self {
        let given: Vec<(&str, Chain)> = set
            .files
            .iter()
            .filter_map(|file| Some((&*file.name, Chain::from_pem(file.text()?).ok()?)))
            .collect();
        let (authorities, leaves): (Vec<_>, Vec<_>) = given
            .iter()
            .partition(|(_, chain)| chain.first().is_authority());
        let issuer = |chain: &Chain| {
            let signed = |authority: &Chain| {
                let mut own = chain.certificates();
                own.any(|one| one.check_signed_by(authority.first()).is_ok())
            };
            let place = authorities.iter().position(|(_, one)| signed(one));
            Some(place.unwrap_or(usize::MAX))
        };
        let drawn = |name: &str, chain: &Chain| {
            let validity = chain.first().validity();
            Drawn {
                name: common_name(chain.first().subject()).unwrap_or_else(|| name.to_owned()),
                certificate: name.to_owned(),
                life: life(validity, set.made),
                ended: has_ended(validity, set.made),
                days: Some(days_left(validity, set.made)),
                issuer: issuer(chain),
            }
        };
        let of = |wanted: &dyn Fn(&str) -> bool| {
            let chosen = leaves.iter().filter(|(name, _)| wanted(name));
            chosen.map(|(name, chain)| drawn(name, chain)).collect()
        };
        Self {
            authorities: authorities
                .iter()
                .map(|(name, chain)| drawn(name, chain))
                .collect(),
            servers: of(&|name| name == "etcd.crt"),
            peers: Vec::new(),
            clients: of(&|name| set.etcdctl.contains(&set.path(name))),
            more: (0, 0),
            machines: Vec::new(),
            made: true,
            let_in: None,
        }
    }

    /// The same with what came of asking.
    pub(in crate::page) fn when(&self, let_in: Option<bool>) -> Self {
        Self {
            let_in,
            ..self.clone()
        }
    }
}
