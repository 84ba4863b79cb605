//! The handshake and what comes after it: who ends it, with which alert, and whether
//! etcd then lets the client do what it asks for.

use go_x509::certificate::Certificate;
use go_x509::public_key::PublicKey;

use super::own_files::Own;
use super::{Attempt, Met, READER, Refuser, Taken};
use crate::etcd::facts::client::{Alert, FileFault, Meeting, PairCheck, ServerFault, Speech};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::cipher_suites::OfferedSuites;
use crate::etcd::judge::connection::{self, AllowedNames, Ended, ServerCheck};
use crate::etcd::judge::start::Loaded;

impl Attempt<'_> {
    /// The handshake.
    pub(super) fn shake_hands(&self, loaded: &Loaded, own: &Own) -> Result<Taken, Box<Met>> {
        let listener = self.etcd.listener(loaded);
        if self.only_tls12 && !listener.allows_tls12 {
            let met = Met::new(
                Meeting::Alert(Alert::ProtocolVersion),
                Refuser::Etcd,
                Rule::CommonTlsVersion,
            );
            let offered = self.client.library.offered;
            let text = format!("tls: client offered only unsupported versions: {offered}");
            return Err(met.logging(vec![text]).into());
        }
        self.agree_on_key(loaded)?;
        let chain = self.sent(loaded, own);
        if let Some(mut met) = self.check_server(loaded) {
            // Who leaves its certificate at home is refused before it says why.
            if chain.is_empty() && !own.chain.is_empty() && listener.client_roots.is_some() {
                met.logs = vec!["tls: client didn't provide a certificate".to_owned()];
            }
            return Err(met.into());
        }
        let mut build = *self.etcd.build();
        build.go = self.go();
        let dialer = connection::Dialer {
            build: &build,
            check: ServerCheck::Skip,
            chain: &chain,
            allowed: AllowedNames::default(),
            limited_to_tls12: self.only_tls12,
            offer: OfferedSuites::Approved,
        };
        if own.other_key && self.client.pair == PairCheck::Handshake {
            let met = Met::new(
                Meeting::File(FileFault::OtherKey),
                Refuser::Client,
                Rule::KeyFitsCertificate,
            );
            let logs = vec!["remote error: tls: internal error".to_owned()];
            return Err(met.at(&self.told.key_file).logging(logs).into());
        }
        let ended = connection::connect(&dialer, &listener, self.etcd.now());
        if let Err(ended) = ended {
            let why = if chain.is_empty() && !own.chain.is_empty() {
                "it keeps its certificate at home: etcd names no CA that issued it, or no signature for its key"
            } else {
                ""
            };
            return Err(self.ended(ended).because(why).into());
        }
        if own.other_key && !chain.is_empty() && listener.client_roots.is_some() {
            return Err(self.wrong_signature(&chain).into());
        }
        Ok(Taken::ByTls {
            checked: self.checks_server(),
            asked: listener.client_roots.is_some(),
        })
    }

    /// What etcd says of a signature that the certificate's key didn't make.
    fn wrong_signature(&self, chain: &[Vec<u8>]) -> Met {
        let key = chain
            .first()
            .and_then(|der| Certificate::parse(der, READER).ok())
            .and_then(|leaf| leaf.public_key);
        let detail = match key {
            Some(PublicKey::Rsa { .. }) => "crypto/rsa: verification error",
            Some(PublicKey::Ed25519(_)) => "Ed25519 verification failure",
            _ => "ECDSA verification failure",
        };
        let text = format!("tls: invalid signature by the client certificate: {detail}");
        Met::new(
            Meeting::LateAlert(Alert::DecryptError),
            Refuser::Etcd,
            Rule::KeyFitsCertificate,
        )
        .at(&self.told.key_file)
        .logging(vec![text])
    }

    /// What it is told where etcd ends the connection.
    fn ended(&self, ended: Ended) -> Met {
        let sent = &self.told.cert_file;
        match ended {
            Ended::ByClient { cause, text, log } => {
                let fault = ServerFault::Chain;
                let met = self.refused(fault, cause.rule(), Some(text));
                met.logging(vec![log])
            }
            Ended::ByServer {
                cause,
                text,
                alert,
                tls13,
            } => {
                let meeting = if tls13 {
                    Meeting::LateAlert(alert)
                } else {
                    Meeting::Alert(alert)
                };
                let file = match *cause {
                    Cause::NoClientCertificate | Cause::NothingInCommon => "",
                    Cause::UnusableKey { of_server: true } => {
                        &self.etcd.configuration.client.cert_file
                    }
                    _ => sent,
                };
                Met::new(meeting, Refuser::Etcd, cause.rule())
                    .at(file)
                    .logging(vec![text])
            }
            Ended::Closed { cause, text, .. } => {
                let file = match *cause {
                    Cause::Revoked { .. } => sent,
                    _ => &self.etcd.configuration.client.crl_file,
                };
                Met::new(Meeting::Closed, Refuser::Etcd, cause.rule())
                    .at(file)
                    .logging(vec![text])
            }
        }
    }

    /// Whether etcd lets it do what it asks for.
    pub(super) fn authorize(&self, leaf: Option<&Certificate>) -> Result<(), Box<Met>> {
        let forbidden = |rule| Met::new(Meeting::Forbidden, Refuser::Etcd, rule);
        let users = self.etcd.case.users.is_some();
        match self.client.speech {
            Speech::Grpc => self
                .etcd
                .authorize(leaf)
                .map_err(|finding| forbidden(finding.rule).into()),
            Speech::Version2 if !self.etcd.build().has_api_2() => {
                Err(forbidden(Rule::ApiVersion).into())
            }
            // The gateway takes no common name for a user, whoever it is.
            Speech::Gateway if users => Err(forbidden(Rule::CommonNameIsUser).into()),
            Speech::Health | Speech::Version2 | Speech::Gateway => Ok(()),
        }
    }
}
