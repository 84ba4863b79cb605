//! The deployment of a checked plan with one server.

use crate::{
    etcd::{
        deployment::{
            AuthorityKeyUsage, CertificateFacts, CertificateRole, Client, Deployment, Member,
            Series, Tls,
        },
        plan::{CheckedIdentity, CheckedPlan, Requested},
    },
    pki::{
        authority::Usage,
        key::KeyType,
        name::{common_name, openssl_spelling},
    },
};

/// The deployment; `archive` is the name of the tar file.
#[must_use]
pub fn deployment(plan: &CheckedPlan, archive: &str) -> Deployment {
    let path = |stem: &str, extension: &str| plan.directory.join(&format!("{stem}.{extension}"));
    let server = plan.server.name.as_str();
    let mut certificates = Vec::new();
    if let Some(authority) = &plan.authority {
        certificates.push(CertificateFacts {
            stem: "ca".to_owned(),
            issuer: None,
            subject: authority.subject.to_openssl(),
            common_name: common_name(authority.subject.as_name()),
            organizations: Vec::new(),
            names: Vec::new(),
            role: CertificateRole::Authority {
                key_usage: AuthorityKeyUsage::Signing,
                path_length: None,
                permitted: Vec::new(),
                excluded: Vec::new(),
            },
            days: authority.days.get(),
            key_type: Some(KeyType::Rsa2048),
            enciphers_keys: false,
        });
    }
    let issuer = plan.authority.as_ref().map(|_| 0);
    certificates.extend(plan.identities().map(|identity| facts(identity, issuer)));
    Deployment {
        series: Series::V3_5,
        members: vec![Member {
            name: None,
            data_directory: None,
            directory: plan.directory.clone(),
            archive_folder: None,
            listen_client_urls: vec![plan.listen_url()],
            advertise_client_urls: vec![plan.endpoint()],
            client_tls: Tls {
                certificate: path(server, "crt"),
                key: path(server, "key"),
                trusted_ca: path("ca", "crt"),
                revocation_list: None,
            },
            peer: None,
            metrics_urls: Vec::new(),
            snapshot_count: None,
        }],
        endpoints: vec![plan.endpoint()],
        cluster: None,
        clients: plan
            .clients
            .iter()
            .map(|client| {
                let stem = client.name.as_str();
                Client {
                    stem: stem.to_owned(),
                    common_name: subject(client).1,
                    certificate: path(stem, "crt"),
                    key: path(stem, "key"),
                    server_ca: path("ca", "crt"),
                }
            })
            .collect(),
        certificates,
        bundles: Vec::new(),
        archive: archive.to_owned(),
    }
}

fn subject(identity: &CheckedIdentity) -> (String, Option<String>) {
    let name = match &identity.request {
        Requested::Subject(subject) => subject.as_name(),
        Requested::Csr(request) => request.subject(),
    };
    (openssl_spelling(name), common_name(name))
}

fn facts(identity: &CheckedIdentity, issuer: Option<usize>) -> CertificateFacts {
    let (subject, common_name) = subject(identity);
    let (key_type, enciphers_keys) = match &identity.request {
        Requested::Subject(_) => (Some(KeyType::Rsa2048), true),
        Requested::Csr(request) => (None, request.public_key().enciphers_keys()),
    };
    CertificateFacts {
        stem: identity.name.as_str().to_owned(),
        issuer,
        subject,
        common_name,
        organizations: Vec::new(),
        names: identity.names.clone(),
        role: match identity.usage {
            Usage::Server => CertificateRole::Server,
            Usage::Client => CertificateRole::Client,
        },
        days: identity.days.get(),
        key_type,
        enciphers_keys,
    }
}
