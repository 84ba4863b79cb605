//! Every rule is reached: the verdicts on all cases are asked for their causes,
//! and each one that the engine knows is among them, or is listed here with the
//! reason why no case of two command lines can have it.

use std::collections::BTreeSet;

use etcd_pki_lab::etcd::judge::cause::Cause;

use crate::cases;
use crate::record::answer;

/// The name of each cause. A cause that is new fails to compile here, so that
/// its place in the list below is not forgotten.
const fn name(cause: &Cause) -> &'static str {
    match cause {
        Cause::ServerConfiguration(_) => "ServerConfiguration",
        Cause::NoServerKeyPair { .. } => "NoServerKeyPair",
        Cause::HalfKeyPair => "HalfKeyPair",
        Cause::ImpossiblePort { .. } => "ImpossiblePort",
        Cause::NameNotInCluster { .. } => "NameNotInCluster",
        Cause::InitialCluster { .. } => "InitialCluster",
        Cause::AdvertisedNotInCluster { .. } => "AdvertisedNotInCluster",
        Cause::NobodyToJoin => "NobodyToJoin",
        Cause::NotDiscovered { .. } => "NotDiscovered",
        Cause::UnknownCipherSuite(_) => "UnknownCipherSuite",
        Cause::CipherSuitesForHttp2 => "CipherSuitesForHttp2",
        Cause::FileUnreadable(_) => "FileUnreadable",
        Cause::KeyPair(_) => "KeyPair",
        Cause::TrustedCa(_) => "TrustedCa",
        Cause::ExclusiveNames => "ExclusiveNames",
        Cause::ClientConfiguration(_) => "ClientConfiguration",
        Cause::Unreachable => "Unreachable",
        Cause::HttpAlone => "HttpAlone",
        Cause::UrlTwice { .. } => "UrlTwice",
        Cause::PlainToTls => "PlainToTls",
        Cause::TlsToPlain => "TlsToPlain",
        Cause::NoServerName => "NoServerName",
        Cause::NothingInCommon => "NothingInCommon",
        Cause::ServerRefused(_) => "ServerRefused",
        Cause::ServerChainUnreadable(_) => "ServerChainUnreadable",
        Cause::NoClientCertificate => "NoClientCertificate",
        Cause::ClientRefused(_) => "ClientRefused",
        Cause::ClientChainUnreadable(_) => "ClientChainUnreadable",
        Cause::HugeRsaKey => "HugeRsaKey",
        Cause::UnusableKey { .. } => "UnusableKey",
        Cause::PostQuantumKey { .. } => "PostQuantumKey",
        Cause::PostQuantumIssuer { .. } => "PostQuantumIssuer",
        Cause::AllowedHostname { .. } => "AllowedHostname",
        Cause::AllowedCommonName { .. } => "AllowedCommonName",
        Cause::Revoked { .. } => "Revoked",
        Cause::RevocationListMissing(_) => "RevocationListMissing",
        Cause::RevocationListUnreadable(_) => "RevocationListUnreadable",
        Cause::PeerAddress { .. } => "PeerAddress",
        Cause::PermissionDenied { .. } => "PermissionDenied",
        Cause::NobodysName => "NobodysName",
        Cause::NoSuchUser { .. } => "NoSuchUser",
        Cause::ProxyCommonName => "ProxyCommonName",
    }
}

const ALL: [&str; 42] = [
    "HttpAlone",
    "UrlTwice",
    "ServerConfiguration",
    "NoServerKeyPair",
    "HalfKeyPair",
    "ImpossiblePort",
    "NameNotInCluster",
    "InitialCluster",
    "AdvertisedNotInCluster",
    "NobodyToJoin",
    "NotDiscovered",
    "UnknownCipherSuite",
    "CipherSuitesForHttp2",
    "FileUnreadable",
    "KeyPair",
    "TrustedCa",
    "ExclusiveNames",
    "ClientConfiguration",
    "Unreachable",
    "PlainToTls",
    "TlsToPlain",
    "NoServerName",
    "NothingInCommon",
    "ServerRefused",
    "ServerChainUnreadable",
    "NoClientCertificate",
    "ClientRefused",
    "ClientChainUnreadable",
    "HugeRsaKey",
    "UnusableKey",
    "PostQuantumKey",
    "PostQuantumIssuer",
    "AllowedHostname",
    "AllowedCommonName",
    "Revoked",
    "RevocationListMissing",
    "RevocationListUnreadable",
    "PeerAddress",
    "PermissionDenied",
    "NobodysName",
    "NoSuchUser",
    "ProxyCommonName",
];

/// Rules that a question with two command lines can't reach, and why.
const ELSEWHERE: [(&str, &str); 11] = [
    (
        "HttpAlone",
        "measured with the newest builds alone: see bug-reports/v03-v30-etcdctl-at-http-port",
    ),
    (
        "UrlTwice",
        "measured with the newest builds alone: see bug-reports/v03-v31-http-url-twice",
    ),
    (
        "HugeRsaKey",
        "a key of more than 8192 bits takes longer to make than all the other cases",
    ),
    (
        "PostQuantumKey",
        "one of the two is built with Go 1.27: see post_quantum.rs",
    ),
    (
        "PostQuantumIssuer",
        "etcd and etcdctl are built with two Gos: see post_quantum.rs",
    ),
    (
        "AllowedCommonName",
        "only the peer port has it: see peers.rs, other-common-name",
    ),
    (
        "PeerAddress",
        "only the peer port has it: see peers.rs, other-address",
    ),
    (
        "PermissionDenied",
        "needs authentication turned on, which no command line tells: see the drills' tests",
    ),
    (
        "NobodysName",
        "needs authentication turned on, which no command line tells: see roles.rs",
    ),
    (
        "NoSuchUser",
        "needs authentication turned on, which no command line tells: see roles.rs",
    ),
    (
        "ProxyCommonName",
        "a proxy is no etcd: see roles.rs, a_proxy_takes_no_certificate_with_a_common_name",
    ),
];

#[test]
fn every_rule_decides_at_least_one_case() {
    let mut reached = BTreeSet::new();
    let mut rules = BTreeSet::new();
    for case in cases::all() {
        // An old build and a new one.
        for version in ["3.4.23", "3.5.30"] {
            let Some(cause) = answer(&case, version).cause else {
                continue;
            };
            reached.insert(name(&cause));
            let rule = cause.rule();
            assert!(
                !rule.sentence().is_empty() && !rule.source().is_empty() && !rule.mend().is_empty(),
                "{} says what, where and how",
                rule.id()
            );
            rules.insert(rule.id());
        }
    }
    for known in ALL {
        let elsewhere = ELSEWHERE.iter().any(|(listed, _)| *listed == known);
        assert_ne!(
            reached.contains(known),
            elsewhere,
            "{known} is reached by a case, or listed with a reason"
        );
    }
    println!("{} causes, {} rules reached", reached.len(), rules.len());
}
