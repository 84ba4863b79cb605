//! Issuing: what a certificate is to say, a [`Template`], and who signs it, an
//! [`Issuer`]. A template's constructors say what is right, and nothing else;
//! each deliberate mistake is a departure with a name of its own. Whether a CA may
//! sign what a template says is not asked here but by
//! [`Authority::sign`](super::authority::Authority::sign).

use const_oid::{AssociatedOid, ObjectIdentifier, db};
use der::{
    Encode,
    asn1::{Ia5String, OctetString},
    flagset::FlagSet,
    referenced::OwnedToRef,
};
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::{
    TbsCertificate,
    builder::{self, Builder, CertificateBuilder, profile::BuilderProfile},
    ext::{
        Extension, ToExtension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
            NameConstraints as NameConstraintsExtension, SubjectAltName, SubjectKeyIdentifier,
            name::GeneralName,
        },
    },
    name::Name,
    serial_number::SerialNumber,
};

use super::{
    certificate::Certificate,
    certification_request::CertificationRequest,
    key::{PrivateKey, PublicKey, Signature},
    name::DistinguishedName,
    name_constraint::NameConstraints,
    purposes::Purposes,
    signing_error::SigningError,
    subject_alternative_name::{self, SubjectAlternativeName},
    validity::{BACKDATED, Days, Validity},
};

/// What a certificate is to say: all but its issuer and its serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    subject: Name,
    public_key: PublicKey,
    life: Life,
    /// Those of [`ORDER`], in that order.
    extensions: Vec<Extension>,
}

/// When a certificate begins and ends, counted from the moment it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life {
    begins: SignedDuration,
    ends: SignedDuration,
}

/// The extensions that a template has, in the order in which they are written.
/// The authority key identifier comes last, from whoever signs.
const ORDER: [ObjectIdentifier; 6] = [
    BasicConstraints::OID,
    KeyUsage::OID,
    ExtendedKeyUsage::OID,
    NameConstraintsExtension::OID,
    SubjectAltName::OID,
    SubjectKeyIdentifier::OID,
];

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a new CA is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityOptions {
    /// Its subject.
    pub subject: DistinguishedName,
    /// How long it lives.
    pub days: Days,
    /// How many CAs may follow below it; none: any number (RFC 5280 section
    /// 4.2.1.9).
    pub path_length: Option<u8>,
    /// The names it is confined to.
    pub name_constraints: NameConstraints,
    /// What its key may do.
    pub key_usage: AuthorityKeyUsage,
    /// Subject alternative names, which CAs rarely have; kubeadm's has
    /// `DNS:etcd-ca`.
    pub names: Vec<SubjectAlternativeName>,
}

impl AuthorityOptions {
    /// A CA without limits.
    #[must_use]
    pub fn new(subject: DistinguishedName, days: Days) -> Self {
        Self {
            subject,
            days,
            path_length: None,
            name_constraints: NameConstraints::default(),
            key_usage: AuthorityKeyUsage::default(),
            names: Vec::new(),
        }
    }
}

/// What a CA's key may do (RFC 5280 section 4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthorityKeyUsage {
    /// keyCertSign and cRLSign.
    #[default]
    Signing,
    /// keyCertSign, digitalSignature and, for RSA, keyEncipherment, and **not**
    /// cRLSign: what kubeadm writes (`NewSelfSignedCACert` of Kubernetes'
    /// `client-go/util/cert`).
    SigningAndHandshake,
}

/// What is right.
impl Template {
    fn new(subject: &Name, public_key: &PublicKey, days: Days) -> Self {
        Self {
            subject: subject.clone(),
            public_key: public_key.clone(),
            life: Life::of(days),
            extensions: Vec::new(),
        }
    }

    /// A CA: `CA:TRUE` and the key usage critical (RFC 5280 sections 4.2.1.3 and
    /// 4.2.1.9), and name constraints critical too (4.2.1.10).
    ///
    /// # Errors
    ///
    /// Only if encoding fails.
    pub fn authority(
        options: &AuthorityOptions,
        public_key: &PublicKey,
    ) -> Result<Self, SigningError> {
        let usages = match options.key_usage {
            AuthorityKeyUsage::Signing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            AuthorityKeyUsage::SigningAndHandshake => {
                handshake(public_key) | KeyUsages::KeyCertSign
            }
        };
        let mut template = Self::new(options.subject.as_name(), public_key, options.days)
            .with(
                true,
                &BasicConstraints {
                    ca: true,
                    path_len_constraint: options.path_length,
                },
            )?
            .with(true, &KeyUsage(usages))?;
        if let Some(constraints) = options.name_constraints.to_x509()? {
            template = template.with(true, &constraints)?;
        }
        template
            .with_names(&options.names)?
            .with(false, &key_identifier(public_key)?)
    }

    /// A server's, a member's or a client's certificate, without names.
    ///
    /// # Errors
    ///
    /// Only if encoding fails.
    pub fn leaf(
        subject: &Name,
        public_key: &PublicKey,
        purposes: Purposes,
        days: Days,
    ) -> Result<Self, SigningError> {
        Self::new(subject, public_key, days)
            .with(
                true,
                &BasicConstraints {
                    ca: false,
                    path_len_constraint: None,
                },
            )?
            .with(true, &KeyUsage(handshake(public_key)))?
            .with(false, &ExtendedKeyUsage(purposes.oids().to_vec()))?
            .with(false, &key_identifier(public_key)?)
    }

    /// The same for the subject and the key of a CSR. The names are those given
    /// here, not those that it asks for.
    ///
    /// # Errors
    ///
    /// Only if encoding fails.
    pub fn for_request(
        request: &CertificationRequest,
        names: &[SubjectAlternativeName],
        purposes: Purposes,
        days: Days,
    ) -> Result<Self, SigningError> {
        Self::leaf(request.subject(), request.public_key(), purposes, days)?.with_names(names)
    }

    /// What an old certificate says, for its old key or another one: the same
    /// subject, subject alternative names of all kinds, basic constraints, key
    /// usage and extended key usage. What the old one lacks stays away, except
    /// the key identifier. A key that stays keeps the identifier that others know
    /// it by. Key usages that a key of the new kind may not have are left out
    /// (RFC 8813 section 3, RFC 9295, RFC 9881 section 5).
    ///
    /// # Errors
    ///
    /// Only if encoding fails.
    pub fn again(
        old: &Certificate,
        public_key: &PublicKey,
        days: Days,
    ) -> Result<Self, SigningError> {
        let mut template = Self::new(old.subject(), public_key, days);
        for kind in ORDER {
            if kind == SubjectKeyIdentifier::OID {
                continue;
            }
            let Some(extension) = old.raw_extension(kind) else {
                continue;
            };
            let mut extension = extension.clone();
            if let (KeyUsage::OID, Some(usage)) = (kind, old.key_usage()) {
                let usage = KeyUsage(allowed(usage.0, public_key));
                extension.extn_value = OctetString::new(usage.to_der()?)?;
            }
            template.put(extension);
        }
        let kept = old.public_key().as_ref() == Ok(public_key);
        let identifier = match old.subject_key_identifier() {
            Some(identifier) if kept => identifier,
            _ => key_identifier(public_key)?,
        };
        template.with(false, &identifier)
    }

    /// With these subject alternative names and no others.
    ///
    /// # Errors
    ///
    /// Only if encoding fails.
    pub fn with_names(self, names: &[SubjectAlternativeName]) -> Result<Self, SigningError> {
        self.with_general_names(subject_alternative_name::to_general_names(names)?)
    }
}

/// Departures from what is right.
impl Template {
    /// It ended a day ago.
    #[must_use]
    pub fn ended(mut self) -> Self {
        self.life = Life {
            begins: -(self.life.ends + DAY),
            ends: -DAY,
        };
        self
    }

    /// It begins in a day.
    #[must_use]
    pub fn not_begun(mut self) -> Self {
        self.life.begins = DAY;
        self
    }

    /// It is for servers alone, and no client's: serverAuth without clientAuth.
    ///
    /// # Errors
    ///
    /// Only if encoding fails.
    pub fn for_servers_alone(self) -> Result<Self, SigningError> {
        let purposes = ExtendedKeyUsage(vec![db::rfc5912::ID_KP_SERVER_AUTH]);
        self.with(false, &purposes)
    }

    /// It is in the name of another.
    #[must_use]
    pub fn in_the_name_of(mut self, subject: &Name) -> Self {
        self.subject = subject.clone();
        self
    }

    /// Its names are all of the kind `dNSName`, whatever they are: an address
    /// too, as which nobody finds it.
    ///
    /// # Errors
    ///
    /// A text that is not ASCII.
    pub fn with_all_as_dns_names(self, names: &[&str]) -> Result<Self, SigningError> {
        let names = names
            .iter()
            .map(|name| Ia5String::new(name).map(GeneralName::DnsName));
        self.with_general_names(names.collect::<der::Result<_>>()?)
    }
}

impl Template {
    /// Critical, if the subject is empty (RFC 5280 section 4.2.1.6).
    fn with_general_names(mut self, names: Vec<GeneralName>) -> Result<Self, SigningError> {
        if names.is_empty() {
            self.extensions
                .retain(|extension| extension.extn_id != SubjectAltName::OID);
            return Ok(self);
        }
        let critical = self.subject.is_empty();
        self.with(critical, &SubjectAltName(names))
    }

    /// With an extension, in the place of the one of its kind.
    fn with<E>(mut self, critical: bool, extension: &E) -> Result<Self, SigningError>
    where
        E: AssociatedOid + Encode,
    {
        self.put(Extension {
            extn_id: E::OID,
            critical,
            extn_value: OctetString::new(extension.to_der()?)?,
        });
        Ok(self)
    }

    fn put(&mut self, extension: Extension) {
        let rank = |extension: &Extension| ORDER.iter().position(|kind| *kind == extension.extn_id);
        self.extensions
            .retain(|other| other.extn_id != extension.extn_id);
        self.extensions.push(extension);
        self.extensions.sort_by_key(rank);
    }

    fn read<T: for<'a> der::Decode<'a> + AssociatedOid>(&self) -> Option<T> {
        self.extensions
            .iter()
            .find(|extension| extension.extn_id == T::OID)
            .and_then(|extension| T::from_der(extension.extn_value.as_bytes()).ok())
    }

    /// The DNS names and addresses that it says.
    pub(super) fn names(&self) -> Vec<SubjectAlternativeName> {
        let names = self.read::<SubjectAltName>();
        names.map_or_else(Vec::new, |names| subject_alternative_name::known(&names.0))
    }

    /// Whether it is a CA's, and its path length.
    pub(super) fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.read()
    }

    /// The whole days from when it is signed to its end.
    pub(super) fn days(&self) -> i64 {
        self.life.ends.as_hours() / 24
    }

    /// Its first and last second, if it is signed now.
    pub(super) fn validity(&self, now: Timestamp) -> Validity {
        Validity::between(now, self.life.begins, self.life.ends)
    }

    /// Signs it with its own key, as roots are.
    ///
    /// # Errors
    ///
    /// Only if encoding or signing fails.
    pub fn sign_itself<R: CryptoRng + ?Sized>(
        &self,
        key: &PrivateKey,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, SigningError> {
        let identifier = match self.read::<SubjectKeyIdentifier>() {
            Some(identifier) => identifier,
            None => key_identifier(&self.public_key)?,
        };
        let validity = self.validity(now);
        sign(self, validity, &self.subject, identifier, key, rng)
    }
}

/// A CA's certificate and key, which sign whatever they are given.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    certificate: &'a Certificate,
    key: &'a PrivateKey,
}

impl<'a> Issuer<'a> {
    /// That the key is the certificate's own is not checked.
    #[must_use]
    pub fn new(certificate: &'a Certificate, key: &'a PrivateKey) -> Self {
        Self { certificate, key }
    }

    /// Its name.
    pub(super) fn name(&self) -> &'a Name {
        self.certificate.subject()
    }

    /// Its private key.
    pub(super) fn key(&self) -> &'a PrivateKey {
        self.key
    }

    /// What it signs names its key by this: by its own identifier, where it has
    /// one.
    pub(super) fn key_identifier(&self) -> Result<SubjectKeyIdentifier, SigningError> {
        match self.certificate.subject_key_identifier() {
            Some(identifier) => Ok(identifier),
            None => key_identifier(&self.key.public_key()),
        }
    }

    /// Signs what a template says, and asks nothing.
    ///
    /// # Errors
    ///
    /// Only if encoding or signing fails.
    pub fn sign<R: CryptoRng + ?Sized>(
        &self,
        template: &Template,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, SigningError> {
        self.sign_for(template, template.validity(now), rng)
    }

    /// The same, for a validity of its own.
    pub(super) fn sign_for<R: CryptoRng + ?Sized>(
        &self,
        template: &Template,
        validity: Validity,
        rng: &mut R,
    ) -> Result<Certificate, SigningError> {
        let identifier = self.key_identifier()?;
        sign(template, validity, self.name(), identifier, self.key, rng)
    }
}

impl Life {
    /// From a little before it is signed until so many days after.
    fn of(days: Days) -> Self {
        Self {
            begins: -BACKDATED,
            ends: days.duration(),
        }
    }
}

/// digitalSignature, and for RSA keyEncipherment, which is for TLS 1.2's RSA key
/// transport only (RFC 5246 section 7.4.2; RFC 8410 section 5 and RFC 8813
/// section 3 forbid it for the other kinds).
fn handshake(key: &PublicKey) -> FlagSet<KeyUsages> {
    let mut usages = FlagSet::from(KeyUsages::DigitalSignature);
    if key.enciphers_keys() {
        usages |= KeyUsages::KeyEncipherment;
    }
    usages
}

/// The key usages that fit a kind of key; digitalSignature fits all, and takes
/// the place of none at all.
fn allowed(usages: FlagSet<KeyUsages>, key: &PublicKey) -> FlagSet<KeyUsages> {
    let enciphers = KeyUsages::KeyEncipherment | KeyUsages::DataEncipherment;
    let agrees = KeyUsages::KeyAgreement | KeyUsages::EncipherOnly | KeyUsages::DecipherOnly;
    let forbidden = match key {
        PublicKey::Rsa(_) => agrees,
        PublicKey::EcdsaP256(_) | PublicKey::EcdsaP384(_) => enciphers,
        PublicKey::Ed25519(_) | PublicKey::MlDsa(_) => enciphers | agrees,
    };
    let left = usages & !forbidden;
    if left.is_empty() {
        KeyUsages::DigitalSignature.into()
    } else {
        left
    }
}

/// The key identifier of RFC 5280 section 4.2.1.2, method 1: the SHA-1 of the
/// public key's bits. It only helps to find a certificate; nothing rests on
/// SHA-1's strength.
fn key_identifier(key: &PublicKey) -> Result<SubjectKeyIdentifier, SigningError> {
    let spki = SubjectPublicKeyInfoOwned::from_key(key)?;
    Ok(SubjectKeyIdentifier::try_from(spki.owned_to_ref())?)
}

/// The extension that names the issuer's key (RFC 5280 section 4.2.1.1), in
/// certificates and CRLs.
pub(super) fn authority_key_identifier(
    SubjectKeyIdentifier(identifier): SubjectKeyIdentifier,
) -> der::Result<Extension> {
    let extension = AuthorityKeyIdentifier {
        key_identifier: Some(identifier),
        ..AuthorityKeyIdentifier::default()
    };
    (false, &extension).to_extension(&Name::default(), &[])
}

/// A template and its issuer, for `x509-cert`'s builder.
struct Profile<'a> {
    template: &'a Template,
    issuer: &'a Name,
    authority_key: Extension,
}

impl BuilderProfile for Profile<'_> {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.template.subject.clone()
    }

    fn build_extensions(
        &self,
        _subject_key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        _contents: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let mut extensions = self.template.extensions.clone();
        extensions.push(self.authority_key.clone());
        Ok(extensions)
    }
}

fn sign<R: CryptoRng + ?Sized>(
    template: &Template,
    validity: Validity,
    issuer: &Name,
    issuer_key: SubjectKeyIdentifier,
    signer: &PrivateKey,
    rng: &mut R,
) -> Result<Certificate, SigningError> {
    let profile = Profile {
        template,
        issuer,
        authority_key: authority_key_identifier(issuer_key)?,
    };
    let public_key = SubjectPublicKeyInfoOwned::from_key(&template.public_key)?;
    // 17 random bytes: positive, more than the 64 bits of entropy that the
    // CA/Browser Forum asks for, less than RFC 5280's 20.
    let serial_number = SerialNumber::generate(rng);
    let builder = CertificateBuilder::new(profile, serial_number, validity.to_x509()?, public_key)?;
    let certificate = builder.build_with_rng::<PrivateKey, Signature, R>(signer, rng)?;
    Ok(Certificate::from_x509(certificate)?)
}
