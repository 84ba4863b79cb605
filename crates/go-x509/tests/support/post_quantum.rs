//! ML-DSA keys made from a number, and what is signed with them, as DER.

use ml_dsa::{MlDsa44, MlDsa65, MlDsa87, MlDsaParams, SigningKey};
use signature::{Keypair, SignatureEncoding, Signer};

use crate::certificates::{Parts, element, integer, oid, pem, sequence};

/// ML-DSA-44, -65 and -87 (RFC 9881, section 2).
pub(crate) const SETS: [&str; 3] = [
    "2.16.840.1.101.3.4.3.17",
    "2.16.840.1.101.3.4.3.18",
    "2.16.840.1.101.3.4.3.19",
];

/// A key of one of the [`SETS`].
#[derive(Clone, Copy)]
pub(crate) struct PostQuantumKey {
    pub(crate) set: &'static str,
    pub(crate) number: u8,
}

impl PostQuantumKey {
    /// The algorithm identifier, of keys and of signatures.
    pub(crate) fn algorithm(self) -> Vec<u8> {
        sequence(&[&oid(self.set)])
    }

    /// The subject public key info.
    pub(crate) fn public_key(self) -> Vec<u8> {
        fn of<P: MlDsaParams>(number: u8) -> Vec<u8> {
            let key = SigningKey::<P>::from_seed(&[number; 32].into());
            key.verifying_key().encode().to_vec()
        }
        let key = match self.set {
            "2.16.840.1.101.3.4.3.17" => of::<MlDsa44>(self.number),
            "2.16.840.1.101.3.4.3.18" => of::<MlDsa65>(self.number),
            _ => of::<MlDsa87>(self.number),
        };
        let bits = element(3, &[&[0], key.as_slice()].concat());
        sequence(&[&self.algorithm(), &bits])
    }

    /// PKCS#8 with what RFC 9881 calls the private key.
    pub(crate) fn private_key(self, contents: &[u8]) -> Vec<u8> {
        let wrapped = element(4, contents);
        let der = sequence(&[&integer(&[0]), &self.algorithm(), &wrapped]);
        pem("PRIVATE KEY", &der)
    }

    /// The seed form of the private key.
    pub(crate) fn seed(self) -> Vec<u8> {
        element(0x80, &[self.number; 32])
    }

    /// A signature over these bytes.
    pub(crate) fn signature(self, signed: &[u8]) -> Vec<u8> {
        fn of<P: MlDsaParams>(number: u8, signed: &[u8]) -> Vec<u8> {
            let key = SigningKey::<P>::from_seed(&[number; 32].into());
            key.sign(signed).to_vec()
        }
        match self.set {
            "2.16.840.1.101.3.4.3.17" => of::<MlDsa44>(self.number, signed),
            "2.16.840.1.101.3.4.3.18" => of::<MlDsa65>(self.number, signed),
            _ => of::<MlDsa87>(self.number, signed),
        }
    }

    /// The certificate, signed with this key after `change` had its way with
    /// the signature.
    pub(crate) fn sign(self, parts: &Parts, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut parts = parts.clone();
        parts.inner_algorithm = self.algorithm();
        parts.outer_algorithm = self.algorithm();
        let to_be_signed = parts.to_be_signed();
        let mut signature = self.signature(&to_be_signed);
        change(&mut signature);
        let bits = element(3, &[&[0], signature.as_slice()].concat());
        sequence(&[&to_be_signed, &parts.outer_algorithm, &bits])
    }
}
