//! The same certificates and keys in other forms: DER, keys under a passphrase,
//! PKCS#12, a Secret of Kubernetes. They lie beside the files that etcd reads, never in their place:
//! etcd reads PEM, and no encrypted key. Each identity is a task of its own,
//! because a passphrase is stretched on purpose, which takes a second.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use super::error::JobError;
use crate::{
    etcd::commands::kubernetes::secret,
    lab::{
        file::{FileKind, LabFile},
        issued::Lab,
        secret::Secret,
    },
    pki::{chain::Chain, key::PrivateKey, pkcs12},
};

/// The forms that are wanted beside PEM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box to tick, and any of them may be"
)]
pub struct Formats {
    /// Certificates and keys as DER: `.crt.der`, `.key.der`.
    pub der: bool,
    /// Keys as PKCS#8 under a passphrase: `.encrypted.key`.
    pub encrypted: bool,
    /// Key and chain in one file under a passphrase: `.p12`.
    pub pkcs12: bool,
    /// Key, chain and CA as a Secret of Kubernetes: `.secret.yaml`.
    pub secret: bool,
}

impl Formats {
    /// Whether any is wanted.
    #[must_use]
    pub fn any(self) -> bool {
        self.der || self.secret || self.needs_passphrase()
    }

    /// Whether one of them is under a passphrase.
    #[must_use]
    pub fn needs_passphrase(self) -> bool {
        self.encrypted || self.pkcs12
    }
}

/// One certificate and its key, to be written in other forms.
#[derive(Clone, Serialize, Deserialize)]
pub struct ExportOrder {
    stem: String,
    chain: String,
    key: Option<Secret>,
    formats: Formats,
    /// Whether PKCS#12 and a Secret are of use: for whoever shows a certificate,
    /// not for a CA.
    identity: bool,
    passphrase: Secret,
}

/// The orders for all of a lab's certificates and keys, in their order.
#[must_use]
pub fn orders(lab: &Lab, formats: Formats, passphrase: &str) -> Vec<ExportOrder> {
    let order = |stem: &str, chain: String, key: Option<&str>, identity: bool| ExportOrder {
        stem: stem.to_owned(),
        chain,
        key: key.map(|key| Secret(key.to_owned())),
        formats,
        identity,
        passphrase: Secret(passphrase.to_owned()),
    };
    let authorities = lab
        .authorities()
        .enumerate()
        .map(|(place, (stem, authority))| {
            // The key of a CA that was brought along stays with its owner.
            let brought = place == 0 && lab.authority_was_brought();
            let key = (!brought).then_some(authority.key.as_str());
            order(stem, authority.certificate.clone(), key, false)
        });
    let identities = lab
        .identities()
        .iter()
        .enumerate()
        .map(|(place, identity)| {
            let issuer = lab.authorities().nth(lab.issuer_of_identity(place));
            let above = issuer.map(|(_, issuer)| issuer.certificate.clone() + &issuer.above);
            let chain = identity.certificate.clone() + &above.unwrap_or_default();
            let key = identity.key.as_ref().map(|key| key.as_str());
            order(identity.stem(), chain, key, true)
        });
    authorities.chain(identities).collect()
}

impl ExportOrder {
    /// Writes the forms.
    ///
    /// # Errors
    ///
    /// A passphrase that is missing or that a form cannot hold, in a sentence for
    /// the reader.
    pub fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Result<Vec<LabFile>, JobError> {
        let stem = &self.stem;
        let chain = Chain::from_pem(&self.chain)?;
        let key = match &self.key {
            Some(key) => Some(PrivateKey::from_pem(&key.0)?),
            None => None,
        };
        let private =
            |name: String, bytes: &[u8]| LabFile::new(name, FileKind::PrivateKey, bytes.to_vec());
        let mut files = Vec::new();
        if self.formats.der {
            let name = format!("{stem}.crt.der");
            files.push(LabFile::new(
                name,
                FileKind::Certificate,
                chain.first().der().to_vec(),
            ));
        }
        let Some(key) = key else {
            return Ok(files);
        };
        if self.formats.der {
            let der = key.to_pkcs8()?;
            files.push(private(format!("{stem}.key.der"), &der));
        }
        if self.formats.secret && self.identity {
            // The root is the last; whoever is shown the others has it.
            let root = self.chain.rfind("-----BEGIN").unwrap_or_default();
            let (shown, root) = self.chain.split_at(root);
            let key = key.to_pem()?;
            let secret = secret(stem, shown, &key, Some(root));
            let name = format!("{stem}.secret.yaml");
            files.push(private(name, secret.text.as_bytes()));
        }
        if self.formats.encrypted {
            let pem = key.to_encrypted_pem(&self.passphrase.0, rng)?;
            let name = format!("{stem}.encrypted.key");
            files.push(private(name, pem.as_bytes()));
        }
        if self.formats.pkcs12 && self.identity {
            let name = stem.rsplit('/').next().unwrap_or(stem);
            let p12 = pkcs12::write(&key, &chain, name, &self.passphrase.0, rng)?;
            files.push(private(format!("{stem}.p12"), &p12));
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::{
        etcd::plan::{CERTIFICATE_ENDINGS, IntermediatePlan, Plan},
        lab::making,
        pki::{certificate::Certificate, key::KeyType, password_encryption::Budget},
    };

    #[test]
    fn each_form_is_the_same_key_and_certificate() {
        let mut rng = UnwrapErr(SysRng);
        let mut plan = Plan {
            key_type: KeyType::P256,
            ..Plan::default()
        };
        plan.authority.intermediate = Some(IntermediatePlan::default());
        let lab = making::make(&plan, None, jiff::Timestamp::now(), &mut rng).unwrap();
        let formats = Formats {
            der: true,
            encrypted: true,
            pkcs12: true,
            secret: true,
        };
        let orders = orders(&lab, formats, "pässphrase");
        assert_eq!(orders.len(), 4);
        let files = orders.last().unwrap().perform(&mut rng).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "client.crt.der",
                "client.key.der",
                "client.secret.yaml",
                "client.encrypted.key",
                "client.p12"
            ]
        );
        for name in &names {
            let (_, ending) = name.split_at("client".len());
            assert!(CERTIFICATE_ENDINGS.contains(&ending), "{name}");
        }
        let issued = lab.identities().last().unwrap();
        let key = PrivateKey::from_pem(issued.key.as_ref().unwrap()).unwrap();
        let certificate = Certificate::from_der(&files[0].contents).unwrap();
        assert_eq!(certificate.to_pem().unwrap(), issued.certificate);
        let public = |key: PrivateKey| key.public_key();
        let der = PrivateKey::from_pkcs8(&files[1].contents).unwrap();
        assert_eq!(public(der), key.public_key());
        let text = std::str::from_utf8(&files[3].contents).unwrap();
        let opened = PrivateKey::from_encrypted_pem(text, "pässphrase").unwrap();
        assert_eq!(public(opened), key.public_key());
        let contents =
            pkcs12::read(&files[4].contents, "pässphrase", &mut Budget::default()).unwrap();
        assert_eq!(contents.certificates.len(), 3, "the whole chain");
        assert!(contents.authenticated);
        let text = std::str::from_utf8(&files[2].contents).unwrap();
        let in_secret = |key: &str| {
            let (_, rest) = text.split_once(&format!("  {key}: ")).unwrap();
            let (base64, _) = rest.split_once('\n').unwrap();
            String::from_utf8(Base64::decode_vec(base64).unwrap()).unwrap()
        };
        assert_eq!(in_secret("ca.crt"), lab.authority().certificate);
        assert_eq!(in_secret("tls.crt"), lab.chain(1));
        assert_eq!(
            public(PrivateKey::from_pem(&in_secret("tls.key")).unwrap()),
            key.public_key()
        );
        assert!(pkcs12::read(&files[4].contents, "other", &mut Budget::default()).is_err());
    }
}
