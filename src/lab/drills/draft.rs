//! A drill's set while it is put together: certificates and keys as values, and the
//! files and options that a mistake changes.

use jiff::Timestamp;
use rand_core::CryptoRng;

use super::{Basis, DrillError, error::making};
use crate::{
    etcd::facts::option::EtcdOption,
    lab::{
        file::{FileBytes, FileKind, LabFile},
        secret::PemPair,
    },
    pki::{
        certificate::Certificate,
        chain::Chain,
        issuing::{AuthorityOptions, Issuer, Template},
        key::{KeyType, PrivateKey, PublicKey},
        name::DistinguishedName,
        purposes::Purposes,
        revocation_list::{RevocationList, RevokedCertificate},
        signing_error::SigningError,
        subject_alternative_name::{self, SubjectAlternativeName},
        validity::Days,
    },
};

/// A certificate and its key.
pub(super) struct CertificateAndKey {
    pub(super) certificate: Certificate,
    pub(super) key: PrivateKey,
}

impl CertificateAndKey {
    /// Reads a CA; of a chain, the certificate that the key is of.
    pub(super) fn read(pair: &PemPair) -> Result<Self, DrillError> {
        let chain = Chain::from_pem(&pair.certificate).map_err(DrillError::Authority)?;
        Ok(Self {
            certificate: chain.first().clone(),
            key: read_key(&pair.key)?,
        })
    }

    /// A CA that signs itself, with a new key.
    pub(super) fn root(
        options: &AuthorityOptions,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, DrillError> {
        let key = new_key(rng)?;
        let template = Template::authority(options, &key.public_key()).map_err(making)?;
        let certificate = template.sign_itself(&key, now, rng).map_err(making)?;
        Ok(Self { certificate, key })
    }

    pub(super) fn issue(
        &self,
        template: &Template,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Certificate, DrillError> {
        let issuer = Issuer::new(&self.certificate, &self.key);
        issuer.sign(template, now, rng).map_err(making)
    }

    pub(super) fn to_pem(&self) -> Result<PemPair, DrillError> {
        Ok(PemPair {
            certificate: self.certificate.to_pem().map_err(making)?,
            key: self.key.to_pem().map_err(making)?.to_string(),
        })
    }
}

pub(super) fn read_key(text: &str) -> Result<PrivateKey, DrillError> {
    PrivateKey::from_pem(text).map_err(DrillError::Key)
}

pub(super) fn new_key(rng: &mut dyn CryptoRng) -> Result<PrivateKey, DrillError> {
    PrivateKey::generate(KeyType::P256, rng).map_err(making)
}

/// Whether a drill can begin with a key of the page's: its mistake is to be the
/// only one, whatever the etcd.
pub(super) fn suits_every_etcd(key: &PrivateKey) -> bool {
    !matches!(key, PrivateKey::MlDsa(_))
}

pub(super) fn subject(text: &str) -> Result<DistinguishedName, DrillError> {
    text.parse().map_err(making)
}

pub(super) fn names(text: &str) -> Result<Vec<SubjectAlternativeName>, DrillError> {
    subject_alternative_name::parse_list(text).map_err(making)
}

pub(super) fn days(text: &str) -> Result<Days, DrillError> {
    text.parse().map_err(making)
}

/// A CA without limits.
pub(super) fn authority(name: &str) -> Result<AuthorityOptions, DrillError> {
    Ok(AuthorityOptions::new(subject(name)?, days("3650")?))
}

/// The server's certificate, as it should be.
pub(super) fn server(key: &PublicKey) -> Result<Template, DrillError> {
    let purposes = Purposes::ServerAndClient;
    let loopback = names("127.0.0.1, localhost")?;
    Template::leaf(subject("CN=etcd")?.as_name(), key, purposes, days("60")?)
        .and_then(|template| template.with_names(&loopback))
        .map_err(making)
}

/// The client's certificate, as it should be.
pub(super) fn client(key: &PublicKey) -> Result<Template, DrillError> {
    user("CN=client", key)
}

/// The certificate of a user of etcd.
pub(super) fn user(name: &str, key: &PublicKey) -> Result<Template, DrillError> {
    let purposes = Purposes::Client;
    Template::leaf(subject(name)?.as_name(), key, purposes, days("60")?).map_err(making)
}

/// A set being put together: the basis, and what the drill changes of it.
pub(super) struct Draft<'a> {
    pub(super) basis: &'a Basis,
    pub(super) authority: CertificateAndKey,
    pub(super) server_key: PrivateKey,
    pub(super) client_key: PrivateKey,
    pub(super) now: Timestamp,
    pub(super) rng: &'a mut dyn CryptoRng,
    pub(super) files: Vec<LabFile>,
    /// More options of etcd's, each with the file that it names.
    pub(super) options: Vec<(EtcdOption, &'static str)>,
    /// More options of etcd's, each with its value as it stands.
    pub(super) values: Vec<(EtcdOption, &'static str)>,
    /// The Unix socket at which etcd listens too, and etcdctl asks.
    pub(super) socket: Option<&'static str>,
    /// The file with the CA that etcdctl trusts.
    pub(super) trusted: &'static str,
    /// Whether etcdctl shows the client's certificate.
    pub(super) shows_certificate: bool,
}

impl<'a> Draft<'a> {
    /// The basis as it is.
    pub(super) fn new(
        basis: &'a Basis,
        now: Timestamp,
        rng: &'a mut dyn CryptoRng,
    ) -> Result<Self, DrillError> {
        let mut draft = Self {
            basis,
            authority: CertificateAndKey::read(&basis.authority)?,
            server_key: read_key(&basis.server.key)?,
            client_key: read_key(&basis.client.key)?,
            now,
            rng,
            files: Vec::new(),
            options: Vec::new(),
            values: Vec::new(),
            socket: None,
            trusted: "ca.crt",
            shows_certificate: true,
        };
        for (name, text) in [
            ("ca.crt", &basis.authority.certificate),
            ("etcd.crt", &basis.server.certificate),
            ("etcd.key", &basis.server.key),
            ("client.crt", &basis.client.certificate),
            ("client.key", &basis.client.key),
        ] {
            draft.put(name, text.as_str().into());
        }
        Ok(draft)
    }

    /// Puts a file in the place of the one of its name. Keys are their owner's
    /// alone.
    pub(super) fn put(&mut self, name: &str, contents: FileBytes) {
        let kind = match name.rsplit_once('.') {
            Some((_, "key")) => FileKind::PrivateKey,
            Some((_, "crl")) => FileKind::RevocationList,
            _ => FileKind::Certificate,
        };
        let file = LabFile::new(name.to_owned(), kind, contents);
        match self.files.iter_mut().find(|file| file.name == name) {
            Some(place) => *place = file,
            None => self.files.push(file),
        }
    }

    pub(super) fn put_certificates(
        &mut self,
        name: &str,
        certificates: &[&Certificate],
    ) -> Result<(), DrillError> {
        let text = certificates.iter().map(|certificate| certificate.to_pem());
        let text: String = text.collect::<Result<_, _>>().map_err(making)?;
        self.put(name, text.as_str().into());
        Ok(())
    }

    /// Puts another certificate in the place of the server's.
    pub(super) fn server(
        &mut self,
        change: impl FnOnce(Template) -> Result<Template, SigningError>,
    ) -> Result<(), DrillError> {
        let template = change(server(&self.server_key.public_key())?).map_err(making)?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        self.put_certificates("etcd.crt", &[&certificate])
    }

    /// Puts a member's certificate for its peer port, and its key.
    pub(super) fn member(
        &mut self,
        name: &str,
        change: impl FnOnce(Template) -> Result<Template, SigningError>,
    ) -> Result<(), DrillError> {
        let key = new_key(self.rng)?;
        let template = change(server(&key.public_key())?).map_err(making)?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        let member = CertificateAndKey { certificate, key }.to_pem()?;
        self.put(&format!("{name}.crt"), member.certificate.as_str().into());
        self.put(&format!("{name}.key"), member.key.as_str().into());
        Ok(())
    }

    /// Puts another certificate in the place of the client's.
    pub(super) fn client(
        &mut self,
        change: impl FnOnce(Template) -> Result<Template, SigningError>,
    ) -> Result<(), DrillError> {
        let template = change(client(&self.client_key.public_key())?).map_err(making)?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        self.put_certificates("client.crt", &[&certificate])
    }

    /// Puts a certificate of another CA's in the place of the client's, with
    /// those that are to stand below it in the file.
    pub(super) fn client_of(
        &mut self,
        issuer: &CertificateAndKey,
        below: &[&CertificateAndKey],
    ) -> Result<(), DrillError> {
        let template = client(&self.client_key.public_key())?;
        let certificate = issuer.issue(&template, self.now, self.rng)?;
        let mut file = vec![&certificate];
        file.extend(below.iter().map(|pair| &pair.certificate));
        self.put_certificates("client.crt", &file)
    }

    /// Makes a CA of this drill's own, and the server's certificate from it.
    pub(super) fn own_authority(&mut self, options: &AuthorityOptions) -> Result<(), DrillError> {
        self.authority = CertificateAndKey::root(options, self.now, self.rng)?;
        let certificate = self.authority.certificate.clone();
        self.put_certificates("ca.crt", &[&certificate])?;
        self.server(Ok)
    }

    /// A CA below another, or below this drill's own.
    pub(super) fn below(
        &mut self,
        above: Option<&CertificateAndKey>,
        name: &str,
    ) -> Result<CertificateAndKey, DrillError> {
        let key = new_key(self.rng)?;
        let options = authority(name)?;
        let template = Template::authority(&options, &key.public_key()).map_err(making)?;
        let above = above.unwrap_or(&self.authority);
        let certificate = above.issue(&template, self.now, self.rng)?;
        Ok(CertificateAndKey { certificate, key })
    }

    /// A CA that nobody was told of.
    pub(super) fn stranger(&mut self) -> Result<CertificateAndKey, DrillError> {
        CertificateAndKey::root(&authority("CN=Elsewhere-CA")?, self.now, self.rng)
    }

    /// The CA under its old name with a new key, of the old one's kind, as who
    /// makes a CA anew would make it.
    pub(super) fn authority_made_anew(&mut self) -> Result<CertificateAndKey, DrillError> {
        let kind = self.authority.key.public_key().kind_in_its_place();
        let key = PrivateKey::generate(kind, self.rng).map_err(making)?;
        let certificate = Template::authority(&authority("CN=KUBERNETES-CA")?, &key.public_key())
            .map(|template| template.in_the_name_of(self.authority.certificate.subject()))
            .and_then(|template| template.sign_itself(&key, self.now, self.rng))
            .map_err(making)?;
        Ok(CertificateAndKey { certificate, key })
    }

    /// A CRL with the client's certificate on it, as DER: etcd 3.6 reads nothing
    /// else.
    pub(super) fn revoke_client(&mut self) -> Result<(), DrillError> {
        let client = Certificate::from_pem(&self.basis.client.certificate)
            .map_err(DrillError::Certificate)?;
        let list = self.list_of(&client)?;
        self.revoked_by(list.der().to_vec().into());
        Ok(())
    }

    /// A CRL with a certificate on it that nobody shows, as PEM or as DER.
    pub(super) fn revoke_another(&mut self, as_pem: bool) -> Result<(), DrillError> {
        let template = user("CN=former", &self.client_key.public_key())?;
        let former = self.authority.issue(&template, self.now, self.rng)?;
        let list = self.list_of(&former)?;
        let contents = if as_pem {
            list.to_pem().map_err(making)?.as_str().into()
        } else {
            list.der().to_vec().into()
        };
        self.revoked_by(contents);
        Ok(())
    }

    fn list_of(&mut self, certificate: &Certificate) -> Result<RevocationList, DrillError> {
        let revoked = RevokedCertificate {
            serial_number: certificate.serial(),
            date: self.now,
            reason: None,
        };
        let issuer = Issuer::new(&self.authority.certificate, &self.authority.key);
        let until = days("30")?;
        RevocationList::issue(issuer, &[revoked], 1, until, self.now, self.rng).map_err(making)
    }

    fn revoked_by(&mut self, list: FileBytes) {
        self.put("ca.crl", list);
        let option = EtcdOption::ClientRevocationListFile;
        self.options.push((option, "ca.crl"));
    }

    /// The certificate of the user root.
    pub(super) fn root_user(&mut self) -> Result<(), DrillError> {
        let key = new_key(self.rng)?;
        let template = user("CN=root", &key.public_key())?;
        let certificate = self.authority.issue(&template, self.now, self.rng)?;
        let root = CertificateAndKey { certificate, key }.to_pem()?;
        self.put("root.crt", root.certificate.as_str().into());
        self.put("root.key", root.key.as_str().into());
        Ok(())
    }
}
