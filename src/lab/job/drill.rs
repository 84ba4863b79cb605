//! Making a drill: a deliberate mistake, or the same made good. What each drill
//! is, is a table in [`crate::lab::drills`].

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::lab::drills::{self, Basis, Drill, DrillError, DrillSet, Seed, Site};

/// A drill that is wanted.
#[derive(Clone, Serialize, Deserialize)]
pub struct DrillOrder {
    /// Which.
    pub drill: Drill,
    /// Whether it is to be mended.
    pub mended: bool,
    /// What the drills before were made with.
    pub basis: Option<Box<Basis>>,
    /// What to make a basis of, where there is none.
    pub seed: Seed,
    /// Where its folder is to lie and its etcd is to listen.
    pub site: Site,
    /// The time.
    pub now: Timestamp,
}

impl DrillOrder {
    /// The drill, and what others can be made with.
    pub(super) fn perform<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
    ) -> Result<(DrillSet, Basis), DrillError> {
        let basis = match &self.basis {
            Some(basis) => (**basis).clone(),
            None => Basis::make(&self.seed, self.now, rng)?,
        };
        let set = drills::make(self.drill, self.mended, &basis, &self.site, self.now, rng)?;
        Ok((set, basis))
    }
}
