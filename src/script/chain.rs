//! What Go's `crypto/x509` says to certificate chains. On the crate `go-x509` alone:
//! nothing of etcd is in it.

use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{VerifyOptions, verify};
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::version::{GoBuild, GoVersion};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

/// A text that names no release of Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a release of Go; write it as 1.27.3")]
pub struct NoGoVersion;

/// A release of Go by its name.
///
/// # Errors
///
/// The text is none.
pub fn go_version(text: &str) -> Result<GoVersion, NoGoVersion> {
    GoVersion::parse(text).ok_or(NoGoVersion)
}

/// That release, with a program whose go.mod says `language`, or else the release's own.
#[must_use]
pub fn go_build(release: GoVersion, language: Option<GoVersion>) -> GoBuild {
    GoBuild::new(release, language.unwrap_or(release).minor)
}

/// One chain: its leaf, what else there is, and what it is used as.
#[derive(Deserialize)]
pub struct ChainQuestion {
    #[serde(default)]
    id: Value,
    kind: LeafKind,
    time: Moment,
    #[serde(default)]
    name: Option<Name>,
    #[serde(default)]
    roots: Pem,
    #[serde(default)]
    intermediates: Pem,
    leaf: Pem,
}

/// What the leaf is used as.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LeafKind {
    Server,
    Client,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Seconds(i64),
    Text(Timestamp),
}

/// The name that was dialled.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Name {
    Dns(String),
    Ip(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pem {
    One(String),
    Many(Vec<String>),
}

impl Default for Pem {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Pem {
    fn blocks(&self, go: GoBuild) -> impl Iterator<Item = Vec<u8>> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        texts
            .iter()
            .flat_map(move |text| pem::blocks(text.as_bytes(), go))
            .filter(|block| block.label == "CERTIFICATE")
            .map(|block| block.bytes)
    }

    /// As `AppendCertsFromPEM` does, what can't be read is left out.
    fn pool(&self, go: GoBuild) -> CertificatePool {
        let mut pool = CertificatePool::default();
        for der in self.blocks(go) {
            if let Ok(certificate) = Certificate::parse(&der, go) {
                pool.add(certificate);
            }
        }
        pool
    }
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It is not the JSON of a question.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// No calendar has that time.
    #[error("time: {0} is out of range")]
    Time(i64),
    /// There is no leaf.
    #[error("leaf: there is no PEM block CERTIFICATE in it")]
    NoLeaf,
}

/// What Go says: whether it takes the chain, and what it says where it does not.
///
/// # Errors
///
/// The question has no leaf, or a time that is none.
pub fn answer(question: &ChainQuestion, go: GoBuild) -> Result<Value, Unread> {
    let now = match &question.time {
        Moment::Text(time) => *time,
        Moment::Seconds(seconds) => {
            Timestamp::from_second(*seconds).map_err(|_| Unread::Time(*seconds))?
        }
    };
    let leaf = question.leaf.blocks(go).next().ok_or(Unread::NoLeaf)?;
    let error = match Certificate::parse(&leaf, go) {
        Err(error) => Some(error.text),
        Ok(leaf) => {
            let options = VerifyOptions {
                roots: &question.roots.pool(go),
                intermediates: &question.intermediates.pool(go),
                host: question.name.as_ref().map(|name| match name {
                    Name::Dns(name) | Name::Ip(name) => name.as_str(),
                }),
                usage: match question.kind {
                    LeafKind::Server => ExtendedKeyUsage::ServerAuth,
                    LeafKind::Client => ExtendedKeyUsage::ClientAuth,
                },
                now: Time::utc(now),
            };
            let refused = verify(&leaf, &options, go).err();
            refused.map(|refusal| refusal.to_string())
        }
    };
    Ok(json!({ "id": question.id, "accepted": error.is_none(), "error": error }))
}
