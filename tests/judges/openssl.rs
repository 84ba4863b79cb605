//! OpenSSL judges what the core makes: every certificate, CSR, key, CRL and
//! PKCS#12 file in each of its forms, and whether the openssl lines that are
//! printed make the same. What it writes itself, current and old, must be read.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]
#![allow(
    clippy::format_push_string,
    reason = "a script is put together line by line, and reads so"
)]

#[path = "../support/mod.rs"]
mod support;

use std::{fs, path::Path, process::Command};

use etcd_pki_lab::{
    etcd::{
        commands,
        plan::{AuthoritySource, IdentityPlan, Plan},
    },
    lab::{
        IssuedAuthority, Lab,
        job::Workbench,
        making,
        wire::{Outcome, PemPair, Task},
    },
    pki::{
        authority::{Authority, AuthorityOptions},
        certificate::Certificate,
        certification_request::{CertificationRequest, RequestedName},
        key::{KeyType, PrivateKey},
        name_constraint::{self, NameConstraints},
        password_encryption::Budget,
        pkcs12,
        purposes::Purposes,
        revocation_list::{RevocationList, RevocationReason, RevokedCertificate},
        subject_alternative_name::{self, SubjectAlternativeName},
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::issued::{self, Issued, Leaf, STRICT, Shape, all, days, now};

fn issue(plan: &Plan) -> Lab {
    making::make(plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap()
}

fn write(lab: &Lab, folder: &Path) {
    for file in lab.files() {
        fs::write(folder.join(file.name), &file.contents).unwrap();
    }
}

/// Runs a script with bash in a folder and gives what it prints; it must end
/// with status 0.
fn bash(folder: &Path, script: &str) -> String {
    let output = Command::new("bash")
        .args(["-c", &format!("{STRICT}{script}")])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{text}");
    text
}

/// OpenSSL's strict opinion of the files in a folder.
fn judge(folder: &Path, clients: &[&str]) {
    bash(folder, "openssl verify -x509_strict -CAfile ca.crt ca.crt");
    bash(
        folder,
        "openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 -CAfile ca.crt etcd.crt",
    );
    bash(
        folder,
        "openssl verify -x509_strict -purpose sslserver -verify_hostname localhost -CAfile ca.crt etcd.crt",
    );
    bash(
        folder,
        "openssl verify -x509_strict -purpose sslclient -CAfile ca.crt etcd.crt",
    );
    for client in clients {
        bash(
            folder,
            &format!(
                "openssl verify -x509_strict -purpose sslclient -CAfile ca.crt '{client}.crt'"
            ),
        );
        bash(
            folder,
            &format!("openssl req -verify -noout -in '{client}.csr'"),
        );
        bash(
            folder,
            &format!("openssl rsa -check -noout -in '{client}.key'"),
        );
    }
    bash(folder, "openssl rsa -check -noout -in etcd.key");
}

/// What two certificates must share: subject, names, usages and constraints.
fn essence(folder: &Path, certificate: &str) -> String {
    bash(
        folder,
        &format!(
            "openssl x509 -in '{certificate}' -noout -subject -issuer -ext basicConstraints,keyUsage,extendedKeyUsage,subjectAltName"
        ),
    )
}

#[test]
fn the_tutorials_files_satisfy_openssls_strict_checks() {
    let folder = tempfile::tempdir().unwrap();
    write(&issue(&Plan::default()), folder.path());
    judge(folder.path(), &["client"]);
}

#[test]
fn the_printed_openssl_lines_make_the_same_certificates() {
    let ours = tempfile::tempdir().unwrap();
    let theirs = tempfile::tempdir().unwrap();
    let mut plan = Plan {
        directory: theirs.path().to_str().unwrap().to_owned(),
        ..Plan::default()
    };
    plan.clients.push(IdentityPlan {
        name: "it's $HOME".to_owned(),
        subject: "/O=a, \"b\" & c/CN=<img src=x onerror=alert(1)>\\/ü".to_owned(),
        names: "client.lab.test, 10.0.0.7, fe80::1".to_owned(),
        ..IdentityPlan::default()
    });
    let lab = issue(&plan);
    write(&lab, ours.path());
    let commands = commands::commands(lab.deployment());
    for step in &commands.openssl {
        bash(
            Path::new("/"),
            &format!(
                "cd {}\n{}",
                shlex::try_quote(&plan.directory).unwrap(),
                step.script
            ),
        );
    }
    for certificate in ["ca.crt", "etcd.crt", "client.crt"] {
        assert_eq!(
            essence(ours.path(), certificate),
            essence(theirs.path(), certificate)
        );
    }
    for folder in [ours.path(), theirs.path()] {
        fs::rename(folder.join("it's $HOME.crt"), folder.join("second.crt")).unwrap();
    }
    assert_eq!(
        essence(ours.path(), "second.crt"),
        essence(theirs.path(), "second.crt")
    );
}

#[test]
fn an_authority_and_a_csr_of_openssls_making_are_taken() {
    for algorithm in [
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "ED25519",
    ] {
        let folder = tempfile::tempdir().unwrap();
        bash(folder.path(), &format!(
            "openssl genpkey -algorithm {algorithm} -out ca.key
             openssl req -x509 -new -key ca.key -days 30 -subj /O=ours/CN=OWN-CA -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt
             openssl genpkey -algorithm {algorithm} -out theirs.key
             openssl req -new -key theirs.key -subj /CN=theirs -addext subjectAltName=DNS:theirs.lab.test -out theirs.csr"
        ));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let now = Timestamp::now();
        let task = Task::ReadAuthority {
            authority: PemPair {
                certificate: read("ca.crt"),
                key: read("ca.key"),
            },
            passphrase: None,
            now,
        };
        let Outcome::Authority(pair) = Workbench::default().finish(task, &mut UnwrapErr(SysRng))
        else {
            panic!("{algorithm}")
        };
        let brought = IssuedAuthority::read(&pair).unwrap();
        let mut plan = Plan::default();
        plan.authority.source = AuthoritySource::Bring;
        plan.server.days = "29".to_owned();
        plan.clients[0] = IdentityPlan {
            name: "theirs".to_owned(),
            csr: read("theirs.csr"),
            names: "theirs.lab.test".to_owned(),
            days: "29".to_owned(),
            ..IdentityPlan::default()
        };
        let lab = making::make(&plan, Some(&brought), now, &mut UnwrapErr(SysRng)).unwrap();
        write(&lab, folder.path());
        bash(
            folder.path(),
            "openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 -CAfile ca.crt etcd.crt",
        );
        bash(
            folder.path(),
            "openssl verify -x509_strict -purpose sslclient -CAfile ca.crt theirs.crt",
        );
        assert!(essence(folder.path(), "theirs.crt").contains("CN = theirs"));
    }
}

fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

const PASSPHRASE: &str = "pässword $x";

/// The line that verifies a leaf; files lie in the folder it runs in.
fn verify(leaf: &Leaf, more: &str) -> String {
    let stem = &leaf.stem;
    let untrusted = match leaf.chain.above() {
        [_root] => String::new(),
        _ => format!("-untrusted {stem}.middle"),
    };
    format!("openssl verify -x509_strict -CAfile {stem}.root {untrusted} {more} {stem}.crt\n")
}

#[test]
fn every_chain_satisfies_openssls_strict_checks_for_its_purposes() {
    for Issued { name, leaves, .. } in all() {
        let folder = tempfile::tempdir().unwrap();
        let mut script = format!(": {name}\n");
        for leaf in &leaves {
            leaf.write(folder.path());
            let stem = &leaf.stem;
            script += &verify(leaf, "-purpose sslclient");
            if leaf.is_server {
                for host in &leaf.names {
                    script += &match host {
                        SubjectAlternativeName::Ip(address) => {
                            verify(leaf, &format!("-purpose sslserver -verify_ip {address}"))
                        }
                        SubjectAlternativeName::Dns(host) => verify(
                            leaf,
                            &format!(
                                "-purpose sslserver -verify_hostname {}",
                                host.as_str().replace('*', "any")
                            ),
                        ),
                    };
                }
            } else {
                script += &format!("refuses {}", verify(leaf, "-purpose sslserver"));
            }
            script += &format!(
                "openssl pkey -check -noout -in {stem}.key
                 same 'openssl pkey -in {stem}.key -pubout' 'openssl x509 -in {stem}.crt -noout -pubkey'\n"
            );
        }
        bash(folder.path(), &script);
    }
}

#[test]
fn every_form_holds_the_same_as_its_pem() {
    for key_type in KeyType::CLASSICAL {
        let folder = tempfile::tempdir().unwrap();
        let issued = issued::issue(Shape::Intermediate, key_type);
        let leaf = &issued.leaves[0];
        leaf.write(folder.path());
        let request = CertificationRequest::create(
            &"/CN=server".parse().unwrap(),
            &leaf.names,
            &leaf.key,
            &mut rng(),
        )
        .unwrap();
        let write = |name: &str, contents: &[u8]| {
            fs::write(folder.path().join(name), contents).unwrap();
        };
        write("crt.der", leaf.chain.first().der());
        write("key.der", &leaf.key.to_pkcs8().unwrap());
        write("csr.pem", request.to_pem().unwrap().as_bytes());
        write("csr.der", &request.to_der().unwrap());
        write("pass", PASSPHRASE.as_bytes());
        let encrypted = leaf.key.to_encrypted_pem(PASSPHRASE, &mut rng()).unwrap();
        write("encrypted.pem", encrypted.as_bytes());
        let encrypted = leaf.key.to_encrypted_pkcs8(PASSPHRASE, &mut rng()).unwrap();
        write("encrypted.der", &encrypted);
        let file = pkcs12::write(&leaf.key, &leaf.chain, "server", PASSPHRASE, &mut rng()).unwrap();
        write("file.p12", &file);
        bash(
            folder.path(),
            "same 'openssl x509 -in server.crt' 'openssl x509 -inform DER -in crt.der'
             openssl req -verify -noout -in csr.pem
             openssl req -verify -noout -inform DER -in csr.der
             same 'openssl pkey -in server.key' 'openssl pkey -inform DER -in key.der'
             same 'openssl pkey -in server.key' 'openssl pkey -passin file:pass -in encrypted.pem'
             same 'openssl pkey -in server.key' 'openssl pkey -passin file:pass -inform DER -in encrypted.der'
             refuses openssl pkey -passin pass:other -in encrypted.pem -noout
             same 'openssl pkey -in server.key' 'openssl pkcs12 -in file.p12 -passin file:pass -nodes -nocerts | openssl pkey'
             same 'openssl x509 -in server.crt' 'openssl pkcs12 -in file.p12 -passin file:pass -nokeys -clcerts | openssl x509'
             test $(openssl pkcs12 -in file.p12 -passin file:pass -nokeys -cacerts | grep -c BEGIN) = 2
             refuses openssl pkcs12 -in file.p12 -passin pass:other -noout",
        );
    }
}

#[test]
fn a_revoked_certificate_is_turned_away_and_no_other() {
    for Issued {
        name,
        authorities,
        leaves,
    } in all()
    {
        let Some(authority) = authorities.last() else {
            continue;
        };
        // kubeadm's CA must not sign lists, which etcd does not mind.
        if !authority.may_sign_revocation_lists() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let client = leaves.iter().find(|leaf| leaf.stem == "client").unwrap();
        client.write(folder.path());
        let list = |revoked: &Certificate| {
            let entry = RevokedCertificate {
                serial_number: revoked.serial(),
                date: now(),
                reason: Some(RevocationReason::KeyCompromise),
            };
            RevocationList::issue(
                authority.issuer(),
                &[entry],
                7,
                days("30"),
                now(),
                &mut rng(),
            )
            .unwrap()
        };
        let write = |name: &str, contents: &[u8]| {
            fs::write(folder.path().join(name), contents).unwrap();
        };
        let revoking = list(client.chain.first());
        write("revoking.pem", revoking.to_pem().unwrap().as_bytes());
        write("revoking.der", revoking.der());
        write(
            "other.pem",
            list(authority.certificate()).to_pem().unwrap().as_bytes(),
        );
        write(
            "ca.pem",
            authority.certificate().to_pem().unwrap().as_bytes(),
        );
        let output = bash(
            folder.path(),
            &format!(
                ": {name}
                 same 'openssl crl -in revoking.pem' 'openssl crl -inform DER -in revoking.der'
                 openssl crl -in revoking.pem -CAfile ca.pem -noout -crlnumber -issuer -nextupdate
                 {}refuses {}",
                verify(client, "-crl_check -CRLfile other.pem"),
                verify(client, "-crl_check -CRLfile revoking.pem"),
            ),
        );
        assert!(output.contains("verify OK"), "{output}");
        assert!(output.contains("crlNumber=0x07"), "{output}");
        assert!(output.contains("certificate revoked"), "{output}");
        // And what OpenSSL says of it is what is read back.
        let listed = revoking.revoked().unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].serial_number, client.chain.first().serial());
    }
}

#[test]
fn what_name_constraints_forbid_here_openssl_forbids_too() {
    let confined = |permitted: &str, excluded: &str| {
        let mut options = AuthorityOptions::new("/CN=CA".parse().unwrap(), days("30"));
        options.name_constraints = NameConstraints {
            permitted: name_constraint::parse_list(permitted).unwrap(),
            excluded: name_constraint::parse_list(excluded).unwrap(),
        };
        Authority::create(&options, issued::key(KeyType::P256, 0), now(), &mut rng()).unwrap()
    };
    // The same name and key without constraints signs what the other refuses.
    let free = confined("", "");
    for (permitted, excluded, name, allowed) in [
        ("lab.test", "", "lab.test", true),
        ("lab.test", "", "a.b.lab.test", true),
        ("lab.test", "", "*.lab.test", true),
        ("lab.test", "", "notlab.test", false),
        (".lab.test", "", "a.lab.test", true),
        (".lab.test", "", "lab.test", false),
        ("", "secret.lab.test", "a.secret.lab.test", false),
        ("", "secret.lab.test", "open.lab.test", true),
        ("10.0.0.0/8", "", "10.255.0.1", true),
        ("10.0.0.0/8", "", "11.0.0.1", false),
        ("10.0.0.0/8", "", "localhost", true),
        ("fd00::/8", "", "fd12::1", true),
        ("fd00::/8", "", "fe80::1", false),
        ("", "0.0.0.0/0", "127.0.0.1", false),
        ("", "0.0.0.0/0", "::1", true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let authority = confined(permitted, excluded);
        let names = subject_alternative_name::parse_list(name).unwrap();
        let key = issued::key(KeyType::P256, 2);
        let subject = "/CN=server".parse().unwrap();
        let request = CertificationRequest::create(&subject, &names, &key, &mut rng()).unwrap();
        let issue = |authority: &Authority| {
            authority.issue(
                &request,
                &names,
                Purposes::ServerAndClient,
                days("7"),
                now(),
                &mut rng(),
            )
        };
        let case = format!("permitted {permitted}, excluded {excluded}: {name}");
        assert_eq!(issue(&authority).is_ok(), allowed, "{case}");
        let write = |name: &str, certificate: &Certificate| {
            fs::write(folder.path().join(name), certificate.to_pem().unwrap()).unwrap();
        };
        write("ca.pem", authority.certificate());
        write("leaf.pem", &issue(&free).unwrap());
        bash(
            folder.path(),
            &format!(
                ": {case}\n{} openssl verify -x509_strict -CAfile ca.pem leaf.pem",
                if allowed { "" } else { "refuses" }
            ),
        );
    }
}

#[test]
fn keys_under_a_passphrase_are_read_as_openssl_writes_and_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    bash(
        folder.path(),
        "openssl genrsa -out rsa.pem 2048
         openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
         for key in rsa ec; do
           for cipher in aes128 aes192 aes256 des3; do
             openssl $key -in $key.pem -$cipher -traditional -passout pass:secret -out traditional-$key-$cipher.pem 2>/dev/null ||
               openssl $key -in $key.pem -$cipher -passout pass:secret -out traditional-$key-$cipher.pem
             openssl pkcs8 -topk8 -in $key.pem -v2 $cipher -passout pass:secret -out pbkdf2-$key-$cipher.pem
           done
           openssl pkcs8 -topk8 -in $key.pem -v2 aes256 -v2prf hmacWithSHA1 -passout pass:secret -out sha1-$key.pem
           openssl pkcs8 -topk8 -in $key.pem -v2 aes256 -v2prf hmacWithSHA512 -passout pass:secret -out sha512-$key.pem
           openssl pkcs8 -topk8 -in $key.pem -scrypt -passout pass:secret -out scrypt-$key.pem
           openssl pkcs8 -topk8 -in $key.pem -v1 PBE-SHA1-3DES -passout pass:secret -out pkcs12pbe-$key.pem
         done
         grep -l 'DEK-Info: AES-256-CBC' traditional-rsa-aes256.pem
         grep -l 'DEK-Info: DES-EDE3-CBC' traditional-ec-des3.pem",
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let mut count = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.contains('-') {
            continue;
        }
        let plain = if name.contains("rsa") {
            "rsa.pem"
        } else {
            "ec.pem"
        };
        let expected = PrivateKey::from_pem(&read(plain)).unwrap().public_key();
        let opened = PrivateKey::from_encrypted_pem(&read(&name), "secret");
        assert_eq!(
            opened.map(|key| key.public_key()),
            Ok(expected),
            "{name}\n{}",
            read(&name)
        );
        for wrong in ["Secret", "secret ", ""] {
            let error = PrivateKey::from_encrypted_pem(&read(&name), wrong)
                .err()
                .unwrap();
            assert!(
                error.to_string().contains("passphrase"),
                "{name} with {wrong:?}: {error}"
            );
        }
        count += 1;
    }
    assert_eq!(count, 24);
}

#[test]
fn weak_encryption_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    bash(
        folder.path(),
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
         openssl pkcs8 -topk8 -in key.pem -v1 PBE-MD5-DES -provider legacy -provider default -passout pass:secret -out pbes1.pem
         openssl ec -in key.pem -des -provider legacy -provider default -passout pass:secret -out des.pem",
    );
    for (file, name) in [
        ("pbes1.pem", "PBES1 with MD5 and DES"),
        ("des.pem", "DES-CBC"),
    ] {
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        let error = PrivateKey::from_encrypted_pem(&text, "secret")
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(name), "{error}");
        assert!(error.contains("openssl pkcs8 -topk8"), "{error}");
    }
}

#[test]
fn pkcs12_files_are_read_as_openssl_writes_and_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    let issued = issued::issue(Shape::Intermediate, KeyType::P384);
    let leaf = &issued.leaves[1];
    leaf.write(folder.path());
    bash(
        folder.path(),
        "export='openssl pkcs12 -export -in client.chain -inkey client.key -certfile client.root -name my-key -passout pass:secret'
         $export -out current.p12
         $export -legacy -out legacy.p12
         $export -legacy -certpbe PBE-SHA1-3DES -out legacy3des.p12
         $export -macalg sha512 -iter 10000 -out sha512.p12
         $export -keypbe NONE -certpbe NONE -out plain.p12
         $export -nomac -out nomac.p12",
    );
    for (name, authenticated) in [
        ("current", true),
        ("legacy", true),
        ("legacy3des", true),
        ("sha512", true),
        ("plain", true),
        ("nomac", false),
    ] {
        let file = fs::read(folder.path().join(format!("{name}.p12"))).unwrap();
        let contents = pkcs12::read(&file, "secret", &mut Budget::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            contents.keys[0].public_key(),
            leaf.key.public_key(),
            "{name}"
        );
        assert_eq!(
            issued::chain_of(&contents.certificates, &leaf.key).as_ref(),
            Some(&leaf.chain),
            "{name}"
        );
        assert_eq!(contents.friendly_name.as_deref(), Some("my-key"), "{name}");
        assert_eq!(contents.authenticated, authenticated, "{name}");
        let wrong = pkcs12::read(&file, "other", &mut Budget::default())
            .err()
            .unwrap()
            .to_string();
        assert!(wrong.contains("passphrase"), "{name}: {wrong}");
    }
}

#[test]
fn a_csr_of_openssls_making_is_shown_whole() {
    let folder = tempfile::tempdir().unwrap();
    bash(
        folder.path(),
        "openssl genpkey -algorithm ED25519 -out key.pem
         openssl req -new -key key.pem -subj /CN=theirs -out csr.pem \
           -addext 'subjectAltName=DNS:a.lab.test,IP:10.0.0.1,email:a@lab.test,URI:https://lab.test/,DNS:a.lab.test,DNS:bad..name' \
           -addext 'keyUsage=critical,digitalSignature,keyCertSign' \
           -addext 'extendedKeyUsage=serverAuth,1.2.3.4' \
           -addext 'basicConstraints=CA:TRUE,pathlen:0' \
           -addext '1.2.3.4.5=DER:04:01:00'",
    );
    let text = fs::read_to_string(folder.path().join("csr.pem")).unwrap();
    let request = CertificationRequest::from_pem(&text).unwrap();
    let names: Vec<String> = request
        .requested_names()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        names,
        [
            "DNS:a.lab.test",
            "IP:10.0.0.1",
            "email:a@lab.test",
            "URI:https://lab.test/",
            "DNS:bad..name",
        ]
    );
    let issuable = |name: &&RequestedName| matches!(name, RequestedName::Issuable(_));
    assert_eq!(request.requested_names().iter().filter(issuable).count(), 2);
    let extensions: Vec<String> = request
        .requested_extensions()
        .iter()
        .map(|it| {
            format!(
                "{}{}: {}",
                it.name,
                if it.critical { " critical" } else { "" },
                it.value
            )
        })
        .collect();
    for wanted in [
        "keyUsage critical: digitalSignature, keyCertSign",
        "extendedKeyUsage: serverAuth, 1.2.3.4",
        "basicConstraints: CA:TRUE, pathlen:0",
        "1.2.3.4.5: 3 bytes",
    ] {
        assert!(extensions.contains(&wanted.to_owned()), "{extensions:?}");
    }
}

#[test]
fn a_renewed_certificate_and_a_renewed_root_satisfy_openssl() {
    for key_type in KeyType::CLASSICAL {
        let folder = tempfile::tempdir().unwrap();
        let issued = issued::issue(Shape::Root, key_type);
        let (root, server) = (&issued.authorities[0], &issued.leaves[0]);
        server.write(folder.path());
        let new_key = issued::key(KeyType::P256, 3).public_key();
        let renewed = root
            .renew(
                server.chain.first(),
                Some(&new_key),
                days("120"),
                now(),
                &mut rng(),
            )
            .unwrap();
        fs::write(folder.path().join("new.crt"), renewed.to_pem().unwrap()).unwrap();
        bash(
            folder.path(),
            "verify='openssl verify -x509_strict -purpose sslserver -verify_hostname n1.lab.test'
             for certificate in server.crt new.crt; do
               $verify -CAfile server.root $certificate
             done",
        );
    }
}
