//! What an authority takes, makes and refuses.

use const_oid::ObjectIdentifier;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::pki::{
    chain::ChainError,
    key::KeyType,
    name::hexadecimal,
    name_constraint::{self, NameConstraints},
    subject_alternative_name,
};

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn days(text: &str) -> Days {
    text.parse().unwrap()
}

fn options(subject: &str) -> AuthorityOptions {
    AuthorityOptions::new(subject.parse().unwrap(), days("365"))
}

fn key(rng: &mut ChaCha20Rng) -> PrivateKey {
    PrivateKey::generate(KeyType::Ed25519, rng).unwrap()
}

fn root(options: &AuthorityOptions, rng: &mut ChaCha20Rng) -> Authority {
    let key = key(rng);
    Authority::create(options, key, now(), rng).unwrap()
}

fn below(
    authority: &Authority,
    options: &AuthorityOptions,
    rng: &mut ChaCha20Rng,
) -> Result<Authority, IssueError> {
    let key = key(rng);
    authority.issue_authority(options, key, now(), rng)
}

fn leaf(
    authority: &Authority,
    names: &str,
    rng: &mut ChaCha20Rng,
) -> Result<Certificate, IssueError> {
    let key = key(rng);
    let request =
        CertificationRequest::create(&"/CN=leaf".parse().unwrap(), &[], &key, rng).unwrap();
    let names = subject_alternative_name::parse_list(names).unwrap();
    authority.issue(
        &request,
        &names,
        Purposes::ServerAndClient,
        days("30"),
        now(),
        rng,
    )
}

fn own_key_identifier(certificate: &Certificate) -> Option<String> {
    let identifier = certificate.subject_key_identifier()?;
    Some(hexadecimal(identifier.0.as_bytes(), ":"))
}

fn constraints(permitted: &str, excluded: &str) -> NameConstraints {
    NameConstraints {
        permitted: name_constraint::parse_list(permitted).unwrap(),
        excluded: name_constraint::parse_list(excluded).unwrap(),
    }
}

#[test]
fn an_intermediate_stands_between_its_root_and_its_leaves() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let root = root(&options("/CN=root"), &mut rng);
    let middle = below(&root, &options("/CN=middle"), &mut rng).unwrap();
    assert_eq!(
        middle.certificate().authority_key_identifier(),
        own_key_identifier(root.certificate())
    );
    assert_eq!(
        middle.certificate().check_signed_by(root.certificate()),
        Ok(())
    );
    let leaf = leaf(&middle, "localhost", &mut rng).unwrap();
    let chain = Chain::new(leaf, middle.chain().certificates().cloned().collect()).unwrap();
    let subjects = |chain: &Chain| -> Vec<String> {
        chain
            .certificates()
            .map(|certificate| openssl_spelling(certificate.subject()))
            .collect()
    };
    assert_eq!(subjects(&chain), ["/CN=leaf", "/CN=middle", "/CN=root"]);
    assert_eq!(Chain::from_pem(&chain.to_pem().unwrap()).unwrap(), chain);
}

#[test]
fn an_intermediate_never_outlives_its_issuer() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let root = root(&options("/CN=root"), &mut rng);
    let mut longer = options("/CN=middle");
    longer.days = days("366");
    assert!(matches!(
        below(&root, &longer, &mut rng),
        Err(IssueError::PastAuthority { fitting: 365, .. })
    ));
    let middle = below(&root, &options("/CN=middle"), &mut rng).unwrap();
    assert_eq!(
        middle.certificate().validity(),
        root.certificate().validity()
    );
}

#[test]
fn a_path_length_is_kept_all_the_way_down() {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let with = |subject: &str, path_length| AuthorityOptions {
        path_length,
        ..options(subject)
    };
    let root = root(&with("/CN=root", Some(1)), &mut rng);
    assert_eq!(
        below(&root, &with("/CN=middle", Some(1)), &mut rng)
            .err()
            .unwrap(),
        IssueError::PathLength {
            path_length: 1,
            authority: "/CN=root".into(),
            fitting: 0
        }
    );
    // An intermediate that says nothing is held to what its root says.
    for path_length in [None, Some(0)] {
        let middle = below(&root, &with("/CN=middle", path_length), &mut rng).unwrap();
        assert!(leaf(&middle, "localhost", &mut rng).is_ok());
        assert!(matches!(
            below(&middle, &with("/CN=low", None), &mut rng),
            Err(IssueError::NoAuthorityBelow { .. })
        ));
    }
}

#[test]
fn a_name_that_the_ca_or_one_above_it_forbids_is_not_issued() {
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let confined = AuthorityOptions {
        name_constraints: constraints("lab.test, 10.0.0.0/8", "secret.lab.test"),
        ..options("/CN=root")
    };
    let root = root(&confined, &mut rng);
    assert_eq!(
        root.certificate().name_constraints(),
        confined.name_constraints
    );
    let middle = below(&root, &options("/CN=middle"), &mut rng).unwrap();
    for authority in [&root, &middle] {
        assert!(leaf(authority, "n1.lab.test, 10.0.0.7", &mut rng).is_ok());
        let refused = |names: &str, rng: &mut ChaCha20Rng| {
            leaf(authority, names, rng).err().unwrap().to_string()
        };
        assert_eq!(
            refused("n1.lab.test, localhost", &mut rng),
            "localhost is forbidden by the CA /CN=root, which permits only lab.test; take the name out, or use another CA"
        );
        assert_eq!(
            refused("127.0.0.1", &mut rng),
            "127.0.0.1 is forbidden by the CA /CN=root, which permits only 10.0.0.0/8; take the name out, or use another CA"
        );
        assert_eq!(
            refused("*.lab.test", &mut rng),
            "*.lab.test is forbidden by the CA /CN=root, which excludes secret.lab.test; take the name out, or use another CA"
        );
    }
    let mut named = options("/CN=other");
    named.names = subject_alternative_name::parse_list("etcd-ca").unwrap();
    assert!(matches!(
        below(&root, &named, &mut rng),
        Err(IssueError::NameForbidden { .. })
    ));
}

#[test]
fn a_ca_is_taken_with_its_chain_and_held_to_it() {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let root = root(&options("/CN=root"), &mut rng);
    let middle = below(&root, &options("/CN=middle"), &mut rng).unwrap();
    let chain = middle.chain().to_pem().unwrap();
    let key = middle.key().to_pem().unwrap();
    let taken = Authority::from_pem(&chain, &key, now()).unwrap();
    assert_eq!(taken.chain(), middle.chain());

    let alone = middle.certificate().to_pem().unwrap();
    assert!(Authority::from_pem(&alone, &key, now()).is_ok());

    let backwards = root.certificate().to_pem().unwrap() + &alone;
    assert_eq!(
        Authority::from_pem(&backwards, &key, now()).err(),
        Some(AuthorityError::Chain(ChainError::Backwards))
    );
    let twice = alone.clone() + &alone;
    assert!(matches!(
        Authority::from_pem(&twice, &key, now()),
        Err(AuthorityError::Chain(ChainError::Disordered {
            position: 1,
            ..
        }))
    ));
    let with_key = alone.clone() + &key;
    assert!(matches!(
        Authority::from_pem(&with_key, &key, now()),
        Err(AuthorityError::Chain(ChainError::Pem(_)))
    ));
}

#[test]
fn a_ca_made_again_under_its_old_name_is_told_apart() {
    let mut rng = ChaCha20Rng::seed_from_u64(6);
    let old = root(&options("/CN=root"), &mut rng);
    let new = root(&options("/CN=root"), &mut rng);
    let middle = below(&old, &options("/CN=middle"), &mut rng).unwrap();
    let error = Chain::new(
        middle.certificate().clone(),
        vec![new.certificate().clone()],
    )
    .unwrap_err();
    assert!(
        matches!(error, ChainError::Signature { position: 1, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("made again under the same name"));
}

#[test]
fn a_brought_ca_past_the_path_length_above_it_is_refused() {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let strict = root(
        &AuthorityOptions {
            path_length: Some(0),
            ..options("/CN=root")
        },
        &mut rng,
    );
    // The same name and key without the limit may sign what the other may not.
    let lax =
        Authority::create(&options("/CN=root"), strict.key().clone(), now(), &mut rng).unwrap();
    let middle = below(&lax, &options("/CN=middle"), &mut rng).unwrap();
    let chain = Chain::new(
        middle.certificate().clone(),
        vec![strict.certificate().clone()],
    )
    .unwrap();
    assert_eq!(
        Authority::new(chain, middle.key().clone(), now()).err(),
        Some(AuthorityError::PastPathLength {
            authority: "/CN=root".into(),
            path_length: 0,
            below: 1
        })
    );
}

#[test]
fn a_leaf_or_an_ended_ca_above_is_named() {
    let mut rng = ChaCha20Rng::seed_from_u64(8);
    let root = root(&options("/CN=root"), &mut rng);
    let middle = below(&root, &options("/CN=middle"), &mut rng).unwrap();
    let late = "2027-11-24T10:00:00Z".parse().unwrap();
    let ended = Authority::new(middle.chain().clone(), middle.key().clone(), late);
    assert!(matches!(ended, Err(AuthorityError::Ended { .. })));
    let leaf_key = key(&mut rng);
    let request =
        CertificationRequest::create(&"/CN=leaf".parse().unwrap(), &[], &leaf_key, &mut rng)
            .unwrap();
    let leaf = root
        .issue(&request, &[], Purposes::Client, days("30"), now(), &mut rng)
        .unwrap();
    assert!(matches!(
        Authority::new(leaf.into(), leaf_key, now()),
        Err(AuthorityError::NotAuthority { .. })
    ));
}

#[test]
fn a_ca_that_has_ended_or_not_begun_says_what_time_was_checked() {
    let mut rng = ChaCha20Rng::seed_from_u64(14);
    let root = root(&options("/CN=root"), &mut rng);
    let at = |time: &str| {
        let time = time.parse().unwrap();
        let chain = root.chain().clone();
        Authority::new(chain, root.key().clone(), time)
            .err()
            .unwrap()
    };
    let ended = at("2027-11-24T10:00:00Z");
    assert!(
        matches!(ended, AuthorityError::Ended { time, .. } if time.to_string() == "2027-11-24T10:00:00Z")
    );
    assert_eq!(
        ended.to_string(),
        "this CA ended on 2027-11-23, and now it is 2027-11-24; nothing that it signs is valid: renew the CA, or make a new one"
    );
    assert_eq!(
        at("2026-11-23T09:00:00.25Z").to_string(),
        "this CA is valid only from 2026-11-23T09:55:00Z, and now it is 2026-11-23T09:00:00Z; wait until then, or set this machine's clock right"
    );
}

#[test]
fn kubeadms_ca_may_do_handshakes_and_sign_no_lists() {
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let kubeadm = AuthorityOptions {
        key_usage: AuthorityKeyUsage::SigningAndHandshake,
        names: subject_alternative_name::parse_list("etcd-ca").unwrap(),
        ..options("/CN=etcd-ca")
    };
    let authority = root(&kubeadm, &mut rng);
    let usage = authority.certificate().key_usage().unwrap();
    assert!(usage.digital_signature() && usage.key_cert_sign());
    assert!(!usage.crl_sign() && !usage.key_encipherment());
    assert!(!authority.may_sign_revocation_lists());
    assert_eq!(authority.certificate().names(), kubeadm.names);
    assert!(root(&options("/CN=CA"), &mut rng).may_sign_revocation_lists());
}

/// What a renewal must keep.
fn essence(certificate: &Certificate) -> (String, Vec<SubjectAlternativeName>, Vec<Vec<u8>>) {
    let extensions = ["2.5.29.19", "2.5.29.37", "2.5.29.17", "2.5.29.15"]
        .map(|oid| certificate.raw_extension(ObjectIdentifier::new_unwrap(oid)))
        .into_iter()
        .flatten()
        .map(|extension| extension.extn_value.as_bytes().to_vec())
        .collect();
    (
        openssl_spelling(certificate.subject()),
        certificate.names(),
        extensions,
    )
}

#[test]
fn a_renewed_certificate_says_the_same_for_longer() {
    let mut rng = ChaCha20Rng::seed_from_u64(10);
    let root = root(&options("/CN=root"), &mut rng);
    let old = leaf(&root, "localhost, 127.0.0.1", &mut rng).unwrap();
    let later: Timestamp = "2026-12-20T10:00:00Z".parse().unwrap();
    let same = root.renew(&old, None, days("90"), later, &mut rng).unwrap();
    assert_eq!(essence(&same), essence(&old));
    assert_eq!(same.public_key(), old.public_key());
    assert_eq!(own_key_identifier(&same), own_key_identifier(&old));
    assert_ne!(same.serial(), old.serial());
    assert_eq!(same.validity().days_left(later), 90);
    assert_eq!(same.check_signed_by(root.certificate()), Ok(()));

    let new_key = key(&mut rng).public_key();
    let other = root
        .renew(&old, Some(&new_key), days("90"), later, &mut rng)
        .unwrap();
    assert_eq!(essence(&other), essence(&old));
    assert_eq!(other.public_key().unwrap(), new_key);
    assert_ne!(own_key_identifier(&other), own_key_identifier(&old));

    assert!(matches!(
        root.renew(&old, None, days("365"), later, &mut rng),
        Err(RenewalError::Issue(IssueError::PastAuthority { .. }))
    ));
}

#[test]
fn a_renewal_with_a_key_of_another_kind_drops_what_that_may_not_do() {
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let root = root(&options("/CN=root"), &mut rng);
    let rsa = PrivateKey::generate(KeyType::Rsa2048, &mut rng).unwrap();
    let request =
        CertificationRequest::create(&"/CN=leaf".parse().unwrap(), &[], &rsa, &mut rng).unwrap();
    let old = root
        .issue(&request, &[], Purposes::Client, days("30"), now(), &mut rng)
        .unwrap();
    assert!(old.key_usage().unwrap().key_encipherment());
    for key_type in [KeyType::P256, KeyType::Ed25519] {
        let key = PrivateKey::generate(key_type, &mut rng).unwrap();
        let new = root
            .renew(&old, Some(&key.public_key()), days("30"), now(), &mut rng)
            .unwrap();
        let usage = new.key_usage().unwrap();
        assert!(usage.digital_signature() && !usage.key_encipherment());
    }
    let same = root.renew(&old, None, days("30"), now(), &mut rng).unwrap();
    assert!(same.key_usage().unwrap().key_encipherment());
}

#[test]
fn a_renewal_is_held_to_the_cas_constraints() {
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let free = root(&options("/CN=root"), &mut rng);
    let old = leaf(&free, "localhost", &mut rng).unwrap();
    let confined = root(
        &AuthorityOptions {
            name_constraints: constraints("lab.test", ""),
            ..options("/CN=root")
        },
        &mut rng,
    );
    assert!(matches!(
        confined.renew(&old, None, days("30"), now(), &mut rng),
        Err(RenewalError::Issue(IssueError::NameForbidden { .. }))
    ));
}

#[test]
fn a_ca_is_not_renewed_by_another_one() {
    let mut rng = ChaCha20Rng::seed_from_u64(13);
    let root = root(&options("/CN=root"), &mut rng);
    let middle = below(&root, &options("/CN=middle"), &mut rng).unwrap();
    assert!(matches!(
        root.renew(middle.certificate(), None, days("30"), now(), &mut rng),
        Err(RenewalError::Authority { .. })
    ));
}

#[test]
fn a_ca_that_ends_within_a_day_is_said_to_and_offers_no_days() {
    let said = |fitting| {
        let past = IssueError::PastAuthority {
            days: 30,
            not_after: now(),
            fitting,
        };
        past.to_string()
    };
    assert!(said(0).ends_with(", which is less than a day away; renew the CA"));
    assert!(said(3).ends_with("; choose at most 3, or renew the CA"));
}
