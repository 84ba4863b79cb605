//! What was made before and is wanted again: kept, with its key, instead of made
//! anew.

use std::collections::HashMap;

use crate::{
    etcd::plan::{CheckedAuthority, CheckedIdentity},
    lab::issued::{IssuedAuthority, IssuedIdentity, Lab},
};

/// What was made before, found by the stem of its files.
pub(super) struct Previous<'a> {
    lab: &'a Lab,
    identities: HashMap<&'a str, usize>,
}

impl<'a> Previous<'a> {
    pub(super) fn new(lab: &'a Lab) -> Self {
        let identities = lab.identities.iter().enumerate();
        Self {
            lab,
            identities: identities
                .map(|(place, identity)| (identity.stem(), place))
                .collect(),
        }
    }

    /// An authority, if the same is wanted again from the same issuer.
    pub(super) fn authority(
        &self,
        wanted: &CheckedAuthority,
        issuer: Option<&IssuedAuthority>,
    ) -> Option<IssuedAuthority> {
        let known = &self.lab.checked.authorities;
        let place = known.iter().position(|known| {
            let signer = known.issuer.map(|issuer| &self.lab.authorities[issuer]);
            known.path == wanted.path
                && known.request == wanted.request
                && signer.map(|signer| &signer.certificate)
                    == issuer.map(|issuer| &issuer.certificate)
        })?;
        self.lab.authorities.get(place).cloned()
    }

    /// A certificate, if the same is wanted again from the same issuer.
    pub(super) fn identity(
        &self,
        wanted: &CheckedIdentity,
        issuer: &IssuedAuthority,
    ) -> Option<IssuedIdentity> {
        let place = *self.identities.get(wanted.path().as_str())?;
        let known = self.lab.checked.identities.get(place)?;
        let signer = self.lab.authorities.get(known.issuer)?;
        let same = signer.certificate == issuer.certificate && known.request == wanted.request;
        let known = self.lab.identities.get(place)?;
        same.then(|| known.clone())
    }
}
