//! Every choice and every tick.

use super::*;

#[test]
fn every_choice_is_answered() {
    const CLIENT: Holder = Holder::Client(0);
    let cases: Vec<(Choice, fn(Choice))> = vec![
        (Choice::Preset(Preset::Kubeadm), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.has("member-0-name"));
        }),
        (Choice::KeyType(KeyType::P384), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("kinds-summary").contains("P-384"));
        }),
        (Choice::AuthoritySource(AuthoritySource::Bring), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.is_hidden("authority-make-fields"));
            reader.choose(Choice::AuthoritySource(AuthoritySource::Make));
            assert!(!reader.is_chosen(choice) && reader.is_hidden("authority-bring-fields"));
        }),
        (Choice::KeySource(CLIENT, KeySource::Request), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.is_hidden("client-0-make-fields"));
            reader.choose(Choice::KeySource(CLIENT, KeySource::Here));
            assert!(!reader.is_chosen(choice) && reader.is_hidden("client-0-csr-fields"));
        }),
        (Choice::Usage(CLIENT, Role::Peer), |choice| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::SignCsr));
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("client-0-summary").contains("Peer"));
        }),
        (
            Choice::OwnKeyType(CLIENT, Some(KeyType::Ed25519)),
            |choice| {
                let mut reader = Reader::new();
                reader.choose(choice);
                assert!(reader.is_chosen(choice));
                assert!(reader.region("client-0-summary").contains("Ed25519"));
            },
        ),
        (Choice::Form(Form::Compose), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("start").contains("services:"));
        }),
        (Choice::Build(offers()[0]), |choice| {
            let mut reader = Reader::with_files();
            reader.press(Press::Run(PUT));
            reader.work();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            let name = offers()[0].version.to_string();
            assert!(reader.region("authenticate").contains(&name));
            reader.work();
            assert!(
                reader
                    .region("authenticate")
                    .contains("class=\"printed of-")
            );
        }),
        (Choice::Signer(SigningCa::Own), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.is_hidden("signer-page"));
            reader.choose(Choice::Signer(SigningCa::Page));
            assert!(reader.is_hidden("signer-own-fields"));
        }),
        (Choice::RenewalKey(RenewalKey::New), |choice| {
            let mut reader = Reader::with_files();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            reader.press(Press::RenewTake(file("client")));
            reader.press(Press::Renew);
            reader.work();
            assert!(reader.region("renewed").contains("Download client.key"));
        }),
        (
            Choice::Reason(ToRevoke::Made(1), Some(RevocationReason::Superseded)),
            |choice| {
                let mut reader = Reader::with_files();
                reader.tick(Tick::Revoked(1), true);
                reader.choose(choice);
                assert!(reader.is_chosen(choice));
                reader.press(Press::Revoke);
                reader.work();
                assert!(reader.region("revoked").contains("superseded"));
                reader.choose(Choice::Reason(ToRevoke::Made(1), None));
                assert!(!reader.is_chosen(choice));
            },
        ),
    ];
    all(Choice::KINDS, cases, Choice::kind);
}

#[test]
fn every_tick_is_answered() {
    let cases: Vec<(Tick, fn(Tick))> = vec![
        (Tick::Intermediate, |tick| {
            let mut reader = Reader::new();
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick) && !reader.is_hidden("intermediate-fields"));
            reader.tick(tick, false);
            assert!(!reader.is_chosen(tick) && reader.is_hidden("intermediate-fields"));
        }),
        (Tick::SeparateAuthorities, |tick| {
            let mut reader = Reader::new();
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick));
            assert!(!reader.is_hidden("separate-authorities-fields"));
        }),
        (Tick::WithoutGateway, |tick| {
            let mut reader = Reader::new();
            reader.tick(Tick::SeparateAuthorities, true);
            assert!(reader.is_hidden("without-gateway-choice"), "3.7 has flags");
            assert!(reader.region("start").contains("--client-cert-file"));
            reader.choose(Choice::Build(Series::V3_4.offer()));
            assert!(!reader.is_hidden("without-gateway-choice"));
            assert!(reader.region("start").contains("trusted-clients.crt"));
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick));
            assert!(!reader.region("start").contains("trusted-clients.crt"));
            assert!(reader.region("start").contains("--enable-grpc-gateway"));
        }),
        (Tick::OtherForm(OtherForm::Pkcs12), |tick| {
            let mut reader = Reader::with_files();
            for form in OtherForm::ALL {
                reader.tick(Tick::OtherForm(form), true);
                assert!(reader.is_chosen(Tick::OtherForm(form)));
            }
            reader.tick(tick, false);
            assert!(!reader.is_chosen(tick));
            reader.press(Press::Export);
            assert_eq!(reader.focus().as_deref(), Some("export-passphrase"));
            assert!(reader.fault(plan(Field::ExportPassphrase)).is_some());
        }),
        (Tick::Name(Holder::Client(0), 0), |tick| {
            let mut reader = Reader::new();
            let source = KeySource::Request;
            reader.choose(Choice::KeySource(Holder::Client(0), source));
            let field = plan(Field::Client(0, IdentityField::Csr));
            reader.type_text(field, &csr());
            reader.on(Event::Wake(Alarm::Check));
            assert!(reader.is_chosen(tick));
            reader.tick(tick, false);
            assert!(!reader.is_chosen(tick));
            let names = Field::Client(0, IdentityField::Names);
            assert_eq!(reader.session.form.text(names), Some("10.0.0.1"));
        }),
        (Tick::Revoked(1), |tick| {
            let mut reader = Reader::with_files();
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick) && reader.has("revoke-made-1-reason"));
            reader.press(Press::Revoke);
            reader.work();
            assert!(reader.region("revoked").contains("revokes 1 certificate"));
            reader.tick(tick, false);
            assert!(!reader.has("revoke-made-1-reason"));
        }),
    ];
    all(Tick::KINDS, cases, Tick::kind);
}
