//! The form, and the files that are made of it.

use super::*;
use crate::{
    etcd::{
        facts::release::Series,
        plan::{AuthoritySource, Field, Holder, IdentityField, MemberField, Plan, Preset},
        role::Role,
    },
    lab::{job::Workbench, wire::Outcome},
    page::{
        chapters::files::ArchiveKind,
        event::{KeySource, Need, OtherForm},
        id::{HolderPart, Id},
        jobs::JobNumber,
        link,
        session::Notice,
        work::worker_lost,
    },
    pki::key::KeyType,
};

#[test]
fn a_fault_shows_when_its_field_is_left_and_goes_when_it_is_right() {
    let mut session = Session::new(now());
    let days = Field::Client(0, IdentityField::Days);
    session.type_text(days, "6o");
    session.check(now());
    assert_eq!(session.form.fault(days), None, "it is still being typed");
    session.leave(days, now());
    assert!(session.form.fault(days).is_some());
    session.type_text(days, "60");
    session.check(now());
    assert_eq!(session.form.fault(days), None);
    session.type_text(days, "x");
    session.check(now());
    assert_eq!(session.form.fault(days), None, "it is being typed again");
}

#[test]
fn a_host_without_its_name_is_said_beside_the_names() {
    let mut session = Session::new(now());
    type_and_leave(&mut session, Field::Host, "10.0.0.1");
    let names = Field::Server(IdentityField::Names);
    assert!(session.form.fault(names).unwrap().contains("10.0.0.1"));
    assert!(session.commands().unwrap().etcd.contains("127.0.0.1:2379"));
    press(&mut session, Press::Make);
    assert_eq!(focus(&mut session).as_deref(), Some("server-names"));
    assert_eq!(session.notice, Notice::Faults);
}

#[test]
fn commands_follow_the_form_and_no_key_changes() {
    let mut session = Session::new(now());
    made(&mut session);
    let key = session.files.contents("client.key").unwrap();
    type_and_leave(&mut session, Field::Port, "22379");
    type_and_leave(&mut session, Field::Directory, "/srv/pki");
    let etcd = session.commands().unwrap().etcd;
    assert!(etcd.contains(":22379") && etcd.contains("/srv/pki/etcd.key"));
    assert!(!session.is_ahead_of_files());
    // They follow as well while the form asks for other certificates.
    let subject = Field::Client(0, IdentityField::Subject);
    type_and_leave(&mut session, subject, "CN=other");
    type_and_leave(&mut session, Field::Port, "22380");
    assert!(session.is_ahead_of_files());
    assert!(session.commands().unwrap().etcd.contains(":22380"));
    assert_eq!(session.files.contents("client.key").unwrap(), key);
}

#[test]
fn a_fault_costs_nothing_that_was_made() {
    let mut session = Session::new(now());
    made(&mut session);
    let before = session.files.contents("ca.crt");
    type_and_leave(&mut session, Field::AuthoritySubject, "");
    press(&mut session, Press::Make);
    assert_eq!(focus(&mut session).as_deref(), Some("authority-subject"));
    assert_eq!(session.files.contents("ca.crt"), before);
    assert!(region(&session, "status").contains("still there"));
}

#[test]
fn leaving_asks_only_while_a_key_would_be_lost() {
    let mut session = Session::new(now());
    assert!(!session.has_unsaved_keys());
    made(&mut session);
    assert!(session.has_unsaved_keys());
    for name in ["ca.key", "etcd.key"] {
        session.files.downloaded(name);
        assert!(session.has_unsaved_keys());
    }
    session.files.downloaded("client.key");
    assert!(!session.has_unsaved_keys());
    // Another client has another key; the others are the same files still.
    press(&mut session, Press::AddClient);
    made(&mut session);
    assert!(session.has_unsaved_keys());
    session.files.downloaded("client-2.key");
    assert!(!session.has_unsaved_keys());
    session.forget(now());
    assert!(!session.has_unsaved_keys());
}

#[test]
fn cancelling_keeps_what_was_there_and_late_answers_change_nothing() {
    let mut session = Session::new(now());
    made(&mut session);
    let before = session.files.contents("ca.crt");
    type_and_leave(&mut session, Field::AuthoritySubject, "CN=OTHER");
    press(&mut session, Press::Make);
    let (number, task) = next_job(&mut session, now()).unwrap();
    press(&mut session, Press::Cancel);
    assert!(session.progress().is_none());
    let outcome = Workbench::default().finish(task, &mut UnwrapErr(SysRng));
    job_done(&mut session, number, outcome, now());
    assert_eq!(session.files.contents("ca.crt"), before);
    assert_eq!(session.notice, Notice::Cancelled);
    assert!(next_job(&mut session, now()).is_none());
}

#[test]
fn a_lost_worker_costs_one_attempt_and_a_second_ends_the_work() {
    let mut session = Session::new(now());
    press(&mut session, Press::Make);
    let lose = |session: &mut Session, number: JobNumber| {
        worker_lost(session, Some(number), "it <b>broke</b>", now());
    };
    let (first, _) = next_job(&mut session, now()).unwrap();
    lose(&mut session, first);
    assert!(session.progress().is_some());
    assert!(region(&session, "status").contains("it &lt;b&gt;broke"));
    let (again, _) = next_job(&mut session, now()).unwrap();
    lose(&mut session, again);
    assert!(session.progress().is_none());
    assert!(region(&session, "status").contains("This did not work"));
    // A press begins anew.
    made(&mut session);
}

#[test]
fn a_csr_fills_the_names_and_another_one_replaces_them() {
    let mut other = Session::new(now());
    let names = Field::Client(0, IdentityField::Names);
    let csr = |session: &mut Session, wanted: &str| {
        type_and_leave(session, names, wanted);
        made(session);
        session.files.contents("client.csr").unwrap().to_string()
    };
    let first = csr(&mut other, "a.lab.test, 10.0.0.1");
    let second = csr(&mut other, "b.lab.test");

    let mut session = Session::new(now());
    choose(
        &mut session,
        Choice::KeySource(Holder::Client(0), KeySource::Request),
    );
    press(&mut session, Press::Make);
    let field = Field::Client(0, IdentityField::Csr);
    assert!(
        session
            .form
            .fault(field)
            .unwrap()
            .contains("nothing was given")
    );
    type_and_leave(&mut session, field, &first);
    assert_eq!(session.form.text(names), Some("a.lab.test, 10.0.0.1"));
    let facts = region(&session, "client-0-csr-facts");
    assert!(facts.contains("/CN=client") && facts.contains("RSA 2048"));
    type_and_leave(&mut session, field, &second);
    assert_eq!(session.form.text(names), Some("b.lab.test"));
    // What the reader wrote stays beside what the CSR asks for.
    type_and_leave(&mut session, names, "mine.lab.test");
    type_and_leave(&mut session, field, &first);
    assert_eq!(
        session.form.text(names),
        Some("mine.lab.test, a.lab.test, 10.0.0.1")
    );
    made(&mut session);
    assert!(session.files.contents("client.key").is_none());
    assert!(session.files.contents("client.crt").is_some());
    // The text is kept, in case the reader comes back to it.
    choose(
        &mut session,
        Choice::KeySource(Holder::Client(0), KeySource::Here),
    );
    assert_eq!(session.form.plan().clients[0].csr, "");
    assert_eq!(session.form.text(field), Some(first.as_str()));
}

#[test]
fn a_press_waits_for_the_authority_to_be_read() {
    let mut other = Session::new(now());
    made(&mut other);
    let certificate = other.files.contents("ca.crt").unwrap();
    let key = other.files.contents("ca.key").unwrap();

    let mut session = Session::new(now());
    choose(
        &mut session,
        Choice::AuthoritySource(AuthoritySource::Bring),
    );
    press(&mut session, Press::Make);
    assert_eq!(
        focus(&mut session).as_deref(),
        Some("authority-certificate")
    );
    session.type_text(Field::AuthorityCertificate, &certificate);
    session.type_text(
        Field::AuthorityKey,
        &other.files.contents("etcd.key").unwrap(),
    );
    press(&mut session, Press::Make);
    assert_eq!(session.notice, Notice::Reading);
    work(&mut session);
    let fault = session.form.fault(Field::AuthorityKey).unwrap();
    assert!(fault.contains("not the key of /CN=KUBERNETES-CA"));
    assert!(session.files.lab().is_none());
    session.type_text(Field::AuthorityKey, &key);
    press(&mut session, Press::Make);
    work(&mut session);
    assert_eq!(session.notice, Notice::Made);
    assert!(
        session.files.contents("ca.key").is_none(),
        "its owner has it"
    );
    assert!(!session.fragment().contains("PRIVATE"));
    assert!(!page(&session).contains("PRIVATE KEY-----\n"));
}

#[test]
fn an_encrypted_key_whose_passphrase_is_given_waits_for_its_certificate() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
               DEK-Info: AES-128-CBC,00\n\nAAEC\n-----END RSA PRIVATE KEY-----\n";
    let mut session = Session::new(now());
    choose(
        &mut session,
        Choice::AuthoritySource(AuthoritySource::Bring),
    );
    session.type_text(Field::AuthorityKey, key);
    press(&mut session, Press::Make);
    let asked = session.form.fault(Field::AuthorityPassphrase).unwrap();
    assert!(asked.contains("give its passphrase"));
    session.type_text(Field::AuthorityPassphrase, "hunter2");
    press(&mut session, Press::Make);
    for field in [Field::AuthorityKey, Field::AuthorityPassphrase] {
        assert_eq!(session.form.fault(field), None, "{field}");
    }
    assert!(session.form.fault(Field::AuthorityCertificate).is_some());
}

#[test]
fn an_answer_about_an_older_authority_is_ignored() {
    let mut session = Session::new(now());
    choose(
        &mut session,
        Choice::AuthoritySource(AuthoritySource::Bring),
    );
    session.type_text(Field::AuthorityCertificate, "a");
    session.type_text(Field::AuthorityKey, "b");
    let (number, _) = next_job(&mut session, now()).unwrap();
    session.type_text(Field::AuthorityKey, "c");
    let refused = Outcome::AuthorityRefused {
        key: true,
        passphrase: false,
        message: "old".to_owned(),
    };
    job_done(&mut session, number, refused, now());
    assert!(session.form.reads_authority());
    assert_eq!(session.form.fault(Field::AuthorityKey), None);
}

#[test]
fn a_file_is_refused_by_its_size() {
    let mut session = Session::new(now());
    let field = Field::AuthorityKey;
    assert!(session.form.admit_file(field, 1 << 20).is_ok());
    assert!(session.form.admit_file(field, 50_000_000).is_err());
    assert!(
        session
            .form
            .fault(field)
            .unwrap()
            .contains("50 MB is far too large")
    );
    session.type_text(field, "x");
    session.check(now());
    assert_eq!(session.form.fault(field), None);
}

#[test]
fn a_link_fills_the_form_and_a_broken_one_leaves_it() {
    let mut plan = Plan::default();
    plan.clients[0].subject = "CN=<b>linked</b>".to_owned();
    plan.clients.push(plan.clients[0].clone());
    let mut session = Session::new(now());
    answer(&mut session, Event::Link(link::fragment(&plan)), now());
    assert_eq!(*session.form.plan(), plan);
    assert!(!page(&session).contains("<b>linked"));
    let taken = Field::Client(1, IdentityField::Name);
    assert!(session.form.fault(taken).unwrap().contains("taken already"));
    answer(
        &mut session,
        Event::Link(("#plan=broken!").to_string()),
        now(),
    );
    assert_eq!(*session.form.plan(), plan);
    assert!(matches!(session.notice, Notice::LinkRefused(_)));
}

#[test]
fn removing_a_client_takes_its_faults_along() {
    let mut session = Session::new(now());
    press(&mut session, Press::AddClient);
    press(&mut session, Press::AddClient);
    let days = |client: usize| Field::Client(client, IdentityField::Days);
    type_and_leave(&mut session, days(2), "0");
    press(&mut session, Press::RemoveClient(1));
    assert!(session.form.fault(days(1)).is_some());
    press(&mut session, Press::RemoveClient(1));
    press(&mut session, Press::RemoveClient(0));
    assert_eq!(session.form.plan().clients.len(), 1, "one stays");
    assert_eq!(session.form.fault(days(0)), None);
}

#[test]
fn forgetting_forgets() {
    let mut session = Session::new(now());
    type_and_leave(&mut session, Field::AuthoritySubject, "CN=mine");
    made(&mut session);
    press(&mut session, Press::Forget);
    session.forget(now());
    assert!(session.files.lab().is_none());
    assert_eq!(*session.form.plan(), Plan::default());
    assert!(!page(&session).contains("CN=mine"));
    assert!(next_job(&mut session, now()).is_none());
}

#[test]
fn what_was_typed_for_a_preset_comes_back_with_it() {
    let mut session = Session::new(now());
    type_and_leave(&mut session, Field::AuthoritySubject, "CN=mine");
    choose(&mut session, Choice::Preset(Preset::Cluster));
    assert_eq!(
        session.form.text(Field::AuthoritySubject),
        Some("CN=etcd-cluster-CA")
    );
    choose(&mut session, Choice::Preset(Preset::Tutorial));
    assert_eq!(session.form.text(Field::AuthoritySubject), Some("CN=mine"));
}

#[test]
fn who_brings_a_ca_brings_it_to_what_is_chosen_next() {
    let source = |session: &Session| session.form.plan().authority.source;
    let mut session = Session::new(now());
    press(&mut session, Press::Need(Need::OwnAuthority));
    for preset in [Preset::Cluster, Preset::Kubeadm, Preset::Tutorial] {
        choose(&mut session, Choice::Preset(preset));
        assert_eq!(source(&session), AuthoritySource::Bring, "{preset}");
    }
    // A CSR asks for the signer's CA by itself; that is nobody's choice until one is given.
    let mut session = Session::new(now());
    choose(&mut session, Choice::Preset(Preset::SignCsr));
    choose(&mut session, Choice::Preset(Preset::Cluster));
    assert_eq!(source(&session), AuthoritySource::Make);
    choose(&mut session, Choice::Preset(Preset::SignCsr));
    let given = "-----BEGIN CERTIFICATE-----";
    type_and_leave(&mut session, Field::AuthorityCertificate, given);
    choose(&mut session, Choice::Preset(Preset::Cluster));
    assert_eq!(source(&session), AuthoritySource::Bring);
}

#[test]
fn a_member_more_has_a_name_and_ports_of_its_own() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::Preset(Preset::Cluster));
    press(&mut session, Press::AddMember);
    let text = |field| session.form.text(Field::Member(3, field)).unwrap();
    assert_eq!(text(MemberField::Name), "m4");
    assert_eq!(text(MemberField::ClientPort), "22679");
    assert_eq!(session.form.fault_count(), 0);
    press(&mut session, Press::RemoveMember(0));
    assert_eq!(
        session.form.text(Field::Member(0, MemberField::Name)),
        Some("m2")
    );
}

#[test]
fn an_address_as_a_dns_name_is_mended_by_a_press() {
    let mut session = Session::new(now());
    let names = Field::Server(IdentityField::Names);
    type_and_leave(&mut session, names, "127.0.0.1, DNS:10.0.0.1");
    assert!(session.form.mended(names).is_some());
    press(&mut session, Press::Mend(names));
    assert_eq!(session.form.text(names), Some("127.0.0.1, IP:10.0.0.1"));
    assert_eq!(session.form.fault_count(), 0);
}

#[test]
fn names_of_a_csr_are_kept_or_struck_one_by_one() {
    let mut other = Session::new(now());
    choose(&mut other, Choice::KeyType(KeyType::P256));
    let names = Field::Client(0, IdentityField::Names);
    type_and_leave(&mut other, names, "a.lab.test, 10.0.0.1");
    made(&mut other);
    let csr = other.files.contents("client.csr").unwrap().to_string();

    let mut session = Session::new(now());
    choose(&mut session, Choice::Preset(Preset::SignCsr));
    choose(&mut session, Choice::AuthoritySource(AuthoritySource::Make));
    let field = Field::Client(0, IdentityField::Csr);
    type_and_leave(&mut session, field, &csr);
    assert!(session.form.keeps_name(Holder::Client(0), "a.lab.test"));
    tick(&mut session, Tick::Name(Holder::Client(0), 0), false);
    assert_eq!(session.form.text(names), Some("10.0.0.1"));
    tick(&mut session, Tick::Name(Holder::Client(0), 0), true);
    assert_eq!(session.form.text(names), Some("10.0.0.1, a.lab.test"));
}

#[test]
fn a_csr_is_signed_for_what_the_reader_chooses_and_the_commands_follow() {
    let mut other = Session::new(now());
    choose(&mut other, Choice::KeyType(KeyType::P256));
    made(&mut other);
    let csr = other.files.contents("client.csr").unwrap().to_string();

    let mut session = Session::new(now());
    choose(&mut session, Choice::Preset(Preset::SignCsr));
    choose(&mut session, Choice::AuthoritySource(AuthoritySource::Make));
    let asks_how_it_is_run = |session: &Session| {
        !view(session)
            .hidden
            .contains(&(PageElement::RunForm.into(), true))
    };
    assert!(
        !asks_how_it_is_run(&session),
        "a client's, until it says otherwise"
    );
    type_and_leave(&mut session, Field::Client(0, IdentityField::Csr), &csr);
    assert!(region(&session, "start").contains("Nothing is started here"));
    assert!(!asks_how_it_is_run(&session));
    assert!(region(&session, "unpack").contains("<code>/root/certificates/client.key</code>"));
    for (usage, flag) in [
        (Role::Server, "--cert-file=/root/certificates/etcd.crt"),
        (Role::Peer, "--peer-cert-file=/root/certificates/peer.crt"),
    ] {
        let id = Choice::Usage(Holder::Client(0), usage).into();
        choose(&mut session, Choice::Usage(Holder::Client(0), usage));
        assert_eq!(session.form.fault_count(), 1, "127.0.0.1 is not in the CSR");
        let names = Field::Client(0, IdentityField::Names);
        type_and_leave(&mut session, names, "127.0.0.1");
        assert!(view(&session).chosen.contains(&(id, true)));
        assert!(contents(&page(&session), "command-etcd").contains(flag));
        assert!(asks_how_it_is_run(&session));
        let key = format!("<code>/root/certificates/{}.key</code>", usage.stem());
        assert!(region(&session, "unpack").contains(&key), "{key}");
        type_and_leave(&mut session, names, "");
    }
    type_and_leave(
        &mut session,
        Field::Client(0, IdentityField::Names),
        "127.0.0.1",
    );
    made(&mut session);
    assert!(region(&session, "file-list").contains("members dial each other"));
    assert!(region(&session, "authenticate").contains("whoever made its CSR"));
}

#[test]
fn a_backup_is_made_with_the_client_that_is_called_so_else_as_root() {
    let mut session = Session::new(now());
    let shown = |session: &Session| {
        let markup = region(session, "authenticate");
        contents(&markup, "command-snapshot").replace(" \\\n  ", " ")
    };
    assert!(shown(&session).contains("/client.key snapshot save backup.db"));
    choose(&mut session, Choice::Preset(Preset::Cluster));
    let line = shown(&session);
    assert!(line.contains("/root.key snapshot save"), "{line}");
    assert!(!line.contains(','), "one member is asked: {line}");
    type_and_leave(
        &mut session,
        Field::Client(1, IdentityField::Name),
        "etcd-backup",
    );
    assert!(shown(&session).contains("/etcd-backup.key snapshot save"));
    for (series, program) in [(Series::V3_4, "etcdctl"), (Series::V3_7, "etcdutl")] {
        session.change(now(), |form| form.choose_series(series));
        let markup = region(&session, "authenticate");
        let look = contents(&markup, "command-snapshot-status");
        assert_eq!(look, format!("{program} snapshot status backup.db"));
        let install = region(&session, "unpack");
        assert_eq!(install.contains("/etcdutl "), program == "etcdutl");
    }
}

#[test]
fn on_a_kubeadm_node_the_client_for_whoever_asks_by_hand_is_named() {
    let mut session = Session::new(now());
    let says = |session: &Session| region(session, "authenticate").contains("By hand, on a node");
    assert!(!says(&session));
    choose(&mut session, Choice::Preset(Preset::Kubeadm));
    type_and_leave(
        &mut session,
        Field::Member(0, MemberField::Hosts),
        "192.0.2.10",
    );
    assert!(says(&session));
    let markup = region(&session, "authenticate");
    let line = contents(&markup, "command-verified-put-0");
    assert!(line.contains("etcd/healthcheck-client.crt"), "{line}");
}

#[test]
fn members_named_as_etcds_setting_has_them_fill_the_table_from_the_field_and_from_a_link() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::Preset(Preset::Cluster));
    let setting = "--initial-cluster=a=https://10.0.0.1:2380,b=https://10.0.0.2:2380";
    type_and_leave(&mut session, Field::MemberHosts, setting);
    press(&mut session, Press::FillMembers);
    let text = |session: &Session, member, field| {
        let text = session.form.text(Field::Member(member, field));
        text.unwrap().to_owned()
    };
    assert_eq!(session.form.member_count(), 2);
    assert_eq!(text(&session, 1, MemberField::Name), "b");
    let linked = link::plan("#cluster?hosts=a=10.0.0.1,b=10.0.0.2&v=1");
    let linked = linked.unwrap().unwrap();
    assert_eq!(linked.members, session.form.plan().members);
    // A word that no member has is said beside the field.
    type_and_leave(&mut session, Field::MemberHosts, "a=10.0.0.1\n10.0.0.2");
    press(&mut session, Press::FillMembers);
    let fault = session.form.fault(Field::MemberHosts).unwrap();
    assert!(fault.contains("write each as m1=10.0.0.11"), "{fault}");
    assert_eq!(session.form.member_count(), 2, "the table is as it was");
}

#[test]
fn with_a_gateway_of_its_own_a_servers_row_says_which_etcd_needs_its_second_usage() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    made(&mut session);
    assert!(region(&session, "file-list").contains("etcd’s own gateway dials it as a client"));
    tick(&mut session, Tick::SeparateAuthorities, true);
    made(&mut session);
    let rows = region(&session, "file-list");
    assert!(rows.contains("serverAuth would do"), "{rows}");
    assert!(!rows.contains("etcd’s own gateway dials it as a client"));
}

#[test]
fn other_forms_are_made_on_request_and_lie_in_the_archive() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::Ed25519));
    made(&mut session);
    tick(&mut session, Tick::OtherForm(OtherForm::Encrypted), true);
    press(&mut session, Press::Export);
    assert!(
        session
            .form
            .fault(Field::ExportPassphrase)
            .unwrap()
            .contains("give a passphrase")
    );
    tick(&mut session, Tick::OtherForm(OtherForm::Encrypted), false);
    tick(&mut session, Tick::OtherForm(OtherForm::Der), true);
    press(&mut session, Press::Export);
    assert_eq!(session.form.fault(Field::ExportPassphrase), None);
    work(&mut session);
    let archive = session.files.archive(ArchiveKind::Tar).unwrap().unwrap();
    let mut archive = tar::Archive::new(archive.contents.as_slice());
    let names: Vec<String> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().display().to_string())
        .collect();
    assert!(names.contains(&"client.key.der".to_owned()), "{names:?}");
    assert!(names.contains(&"README".to_owned()));
    assert!(session.files.bytes("etcd.crt.der").is_some());
    // New files have other forms of their own.
    type_and_leave(&mut session, Field::AuthoritySubject, "CN=other");
    made(&mut session);
    assert!(session.files.bytes("etcd.crt.der").is_none());
}

#[test]
fn one_client_has_a_key_of_its_own_kind_and_its_line_says_so() {
    let mut session = Session::new(now());
    let client = Holder::Client(0);
    choose(&mut session, Choice::Build(Series::V3_4.offer()));
    choose(
        &mut session,
        Choice::OwnKeyType(client, Some(KeyType::Ed25519)),
    );
    let taken_id = |holder| Id::OfHolder(holder, HolderPart::KeyTaken).to_string();
    let view = view(&session);
    assert!(region(&session, "client-0-summary").contains("60 days, Ed25519"));
    assert!(!region(&session, "server-summary").contains("RSA"));
    assert!(region(&session, &taken_id(client)).contains("3.4.18 and earlier"));
    assert!(region(&session, &taken_id(Holder::Server)).contains("every etcd 3.4 takes it"));
    let chosen = |holder, kind| {
        let choice = Choice::OwnKeyType(holder, kind).into();
        view.chosen.contains(&(choice, true))
    };
    assert!(chosen(client, Some(KeyType::Ed25519)));
    assert!(chosen(Holder::Server, None));
    // The others keep to the plan's.
    choose(&mut session, Choice::KeyType(KeyType::P384));
    let checked = session.form.checked().unwrap();
    let [server, client] = checked.identities.as_slice() else {
        panic!("a server and a client");
    };
    assert_eq!(server.key_type(), Some(KeyType::P384));
    assert_eq!(client.key_type(), Some(KeyType::Ed25519));
}

#[test]
fn each_certificate_has_one_row_that_says_when_it_ends() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    made(&mut session);
    let rows = region(&session, "file-list");
    assert_eq!(rows.matches("<li class=\"document\">").count(), 3);
    for end in [
        "ends in <strong>10 years</strong>, on 20 November 2036",
        "ends in <strong>1 year</strong>, on 23 November 2027",
        "ends in <strong>60 days</strong>, on 22 January 2027",
    ] {
        assert!(rows.contains(end), "{end}: {rows}");
    }
    for file in [
        "ca.crt",
        "ca.key",
        "etcd.crt",
        "etcd.key",
        "client.crt",
        "client.key",
    ] {
        let button = format!("data-action=\"download {file}\"");
        assert_eq!(rows.matches(&button).count(), 1, "{file}");
    }
    // A month later the same rows count fewer days.
    let later = "2026-12-23T10:00:00Z".parse().unwrap();
    answer(&mut session, Event::TakeUp, later);
    assert!(region(&session, "file-list").contains("ends in <strong>30 days</strong>, on 22"));
    let over = "2027-02-01T10:00:00Z".parse().unwrap();
    answer(&mut session, Event::TakeUp, over);
    assert!(region(&session, "file-list").contains("ended</strong>, on 22 January 2027"));
}

#[test]
fn what_changed_since_the_files_were_made_is_marked_as_not_made_yet() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    made(&mut session);
    let marked = |session: &Session| -> Vec<&'static str> {
        let ids = [
            "authority-summary",
            "server-summary",
            "client-0-summary",
            "many-summary",
            "kinds-summary",
        ];
        let is_marked = |id: &&str| region(session, id).contains("not made yet");
        ids.into_iter().filter(is_marked).collect()
    };
    assert!(marked(&session).is_empty());
    type_and_leave(&mut session, Field::Port, "2389");
    assert!(marked(&session).is_empty(), "commands follow by themselves");
    type_and_leave(&mut session, Field::Client(0, IdentityField::Days), "7");
    assert_eq!(marked(&session), ["client-0-summary"]);
    assert!(region(&session, "status").contains("not made yet"));
    type_and_leave(&mut session, Field::AuthorityDays, "4000");
    choose(&mut session, Choice::KeyType(KeyType::P384));
    assert_eq!(
        marked(&session),
        ["authority-summary", "client-0-summary", "kinds-summary"]
    );
    made(&mut session);
    assert!(marked(&session).is_empty());
}

#[test]
fn the_order_in_which_a_subject_is_encoded_is_shown_where_it_could_be_another() {
    let mut session = Session::new(now());
    let subject = Field::Client(0, IdentityField::Subject);
    for (text, shown) in [
        ("CN=client", None),
        ("CN=client,O=team", Some("/O=team/CN=client")),
        ("/O=team/CN=client", Some("/O=team/CN=client")),
        ("client", Some("/CN=client")),
        ("CN=", None),
    ] {
        type_and_leave(&mut session, subject, text);
        let encoded = region(&session, "client-0-encoded");
        let wanted = shown.map(|name| format!("<code>{name}</code>"));
        assert_eq!(wanted.is_none(), encoded.is_empty(), "{text}: {encoded}");
        assert!(
            encoded.contains(&wanted.unwrap_or_default()),
            "{text}: {encoded}"
        );
    }
}
