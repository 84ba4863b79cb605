//! The authorities of a plan: a root or the CA that is brought along, an
//! intermediate below it, and CAs of their own for clients and peers.

use std::fmt;

use super::{Check, Drafted, ExistingAuthority, Fault, Issuers};
use crate::{
    etcd::plan::{
        AuthoritySource, Field, FilePath, Preset,
        checked::{AuthorityRequest, CLIENT_BUNDLE, CheckedAuthority},
    },
    pki::{
        authority::{AuthorityKeyUsage, AuthorityOptions},
        name::DistinguishedName,
        name_constraint::{self, NameConstraints},
        subject_alternative_name::parse_list,
        validity::{Days, Validity},
    },
};

/// Authorities.
impl Check<'_> {
    pub(super) fn authorities(&mut self) -> Issuers {
        let constraints = self.constraints();
        let path_length = self.path_length();
        let authority = &self.plan.authority;
        let days = self.field(Field::AuthorityDays, authority.days.parse());
        let ca = match authority.source {
            AuthoritySource::Bring => self.brought(),
            AuthoritySource::Make => self.root(
                "ca",
                Field::AuthoritySubject,
                &authority.subject,
                days,
                path_length,
                &constraints,
            ),
        };
        let issuer = match &authority.intermediate {
            Some(_) => self.intermediate(ca, path_length),
            None => ca,
        };
        // Where etcd runs already, its CAs are what they are.
        let runs_here = self.plan.preset.has_server() || self.plan.preset.has_members();
        if !self.plan.separate_authorities || !runs_here {
            return Issuers {
                server: issuer,
                peer: issuer,
                client: issuer,
            };
        }
        let bundle = self.stem(CLIENT_BUNDLE);
        self.keep_stem(bundle.clone());
        self.shared.push(bundle);
        let client = self.root(
            "client-ca",
            Field::ClientAuthoritySubject,
            &authority.client_subject,
            days,
            path_length,
            &constraints,
        );
        let peer = if self.plan.preset.has_members() {
            self.root(
                "peer-ca",
                Field::PeerAuthoritySubject,
                &authority.peer_subject,
                days,
                path_length,
                &constraints,
            )
        } else {
            issuer
        };
        Issuers {
            server: issuer,
            peer,
            client,
        }
    }

    fn constraints(&mut self) -> NameConstraints {
        let authority = &self.plan.authority;
        let permitted = self.field(
            Field::AuthorityPermitted,
            name_constraint::parse_list(&authority.permitted),
        );
        let excluded = self.field(
            Field::AuthorityExcluded,
            name_constraint::parse_list(&authority.excluded),
        );
        NameConstraints {
            permitted: permitted.unwrap_or_default(),
            excluded: excluded.unwrap_or_default(),
        }
    }

    fn path_length(&mut self) -> Option<u8> {
        let text = self.plan.authority.path_length.trim();
        if text.is_empty() {
            return None;
        }
        let read = text.parse::<u8>().ok().filter(|length| *length <= 20);
        self.field(
            Field::AuthorityPathLength,
            read.ok_or_else(|| PathLengthError(text.to_owned())),
        )
    }

    fn existing(&self, stem: &FilePath) -> Option<&ExistingAuthority> {
        self.existing?.get(stem.as_str())
    }

    /// The stem of an authority's files.
    fn stem(&self, name: &str) -> FilePath {
        match self.plan.preset {
            Preset::Kubeadm => FilePath::own(&format!("etcd/{name}")),
            _ => FilePath::own(name),
        }
    }

    fn draft(&mut self, drafted: Drafted, stem: &FilePath) -> usize {
        self.keep_stem(stem.clone());
        self.shared.push(stem.clone());
        self.authorities.push(drafted);
        self.authorities.len() - 1
    }

    fn brought(&mut self) -> usize {
        let path = self.stem("ca");
        let existing = self.existing(&path);
        let drafted = Drafted {
            validity: existing.map(|existing| existing.validity),
            constraints: existing
                .map(|existing| existing.constraints.clone())
                .unwrap_or_default(),
            checked: Some(CheckedAuthority {
                path: path.clone(),
                issuer: None,
                request: None,
            }),
        };
        self.draft(drafted, &path)
    }

    fn root(
        &mut self,
        name: &str,
        field: Field,
        subject: &str,
        days: Option<Days>,
        path_length: Option<u8>,
        constraints: &NameConstraints,
    ) -> usize {
        let subject: Option<DistinguishedName> = self.field(field, subject.parse());
        let path = self.stem(name);
        let kubeadm = self.plan.preset == Preset::Kubeadm;
        // kubeadm's own: DNS:etcd-ca.
        let names = if kubeadm && name == "ca" {
            parse_list("etcd-ca").unwrap_or_default()
        } else {
            Vec::new()
        };
        for name in &names {
            self.allow(
                Field::AuthorityPermitted,
                name,
                std::slice::from_ref(constraints),
            );
        }
        let request = subject.zip(days).map(|(subject, days)| AuthorityRequest {
            key_type: self.plan.key_type,
            options: AuthorityOptions {
                path_length,
                name_constraints: constraints.clone(),
                key_usage: if kubeadm {
                    AuthorityKeyUsage::SigningAndHandshake
                } else {
                    AuthorityKeyUsage::Signing
                },
                names,
                ..AuthorityOptions::new(subject, days)
            },
        });
        let validity = match self.existing(&path) {
            Some(existing) => Some(existing.validity),
            None => days.map(|days| Validity::starting(self.now, days)),
        };
        let drafted = Drafted {
            validity,
            constraints: vec![constraints.clone()],
            checked: request.map(|request| CheckedAuthority {
                path: path.clone(),
                issuer: None,
                request: Some(request),
            }),
        };
        self.draft(drafted, &path)
    }

    /// The authority between the root and the certificates. It may sign no
    /// further authority.
    fn intermediate(&mut self, issuer: usize, path_length: Option<u8>) -> usize {
        let Some(plan) = &self.plan.authority.intermediate else {
            return issuer;
        };
        let subject: Option<DistinguishedName> =
            self.field(Field::IntermediateSubject, plan.subject.parse());
        let days = self.days(Field::IntermediateDays, &plan.days, issuer);
        let brings = self.plan.authority.source == AuthoritySource::Bring;
        let (limit, field) = if brings {
            let ca = self.stem("ca");
            let limit = self.existing(&ca).and_then(|ca| ca.path_length);
            (limit, Field::IntermediateSubject)
        } else {
            (path_length, Field::AuthorityPathLength)
        };
        if limit == Some(0) {
            self.faults.push(Fault::new(
                field,
                "the CA’s path length is 0: no CA may follow below it, and the intermediate would; etcd would refuse all that it signs. Raise the path length, or leave the intermediate out",
            ));
        }
        if let (Some(subject), false) = (&subject, brings)
            && self.plan.authority.subject.parse().as_ref() == Ok(subject)
        {
            self.faults.push(Fault::new(
                Field::IntermediateSubject,
                "the intermediate has the CA’s own subject, and could not be told from it; give it another",
            ));
        }
        let path = self.stem("intermediate");
        let validity = match self.existing(&path) {
            Some(existing) => Some(existing.validity),
            None => days.map(|days| Validity::starting(self.now, days)),
        };
        let constraints = self
            .authorities
            .get(issuer)
            .map(|issuer| issuer.constraints.clone())
            .unwrap_or_default();
        let drafted = Drafted {
            validity,
            constraints,
            checked: subject.zip(days).map(|(subject, days)| CheckedAuthority {
                path: path.clone(),
                issuer: Some(issuer),
                request: Some(AuthorityRequest {
                    key_type: self.plan.key_type,
                    options: AuthorityOptions {
                        path_length: Some(0),
                        ..AuthorityOptions::new(subject, days)
                    },
                }),
            }),
        };
        self.draft(drafted, &path)
    }
}

/// This text is no path length.
struct PathLengthError(String);

impl fmt::Display for PathLengthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            formatter,
            "“{text}” is no path length; write how many CAs may follow below this one, such as 0 or 1, or leave it empty"
        )
    }
}
