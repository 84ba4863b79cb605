//! Every press of a button.

use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a case for each kind")]
fn every_press_is_answered() {
    let cases: Vec<(Press, fn(Press))> = vec![
        (Press::Make, |press| {
            let mut reader = Reader::new();
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("progress-text"));
            assert!(reader.is_hidden("make") && !reader.is_hidden("making"));
            reader.work();
            assert_eq!(reader.focus().as_deref(), Some("files-heading"));
            assert!(reader.region("status").contains("Made."));
        }),
        (Press::Cancel, |press| {
            let mut reader = Reader::new();
            reader.press(Press::Make);
            reader.press(press);
            assert!(reader.wishes_for(Workers::Restart));
            assert_eq!(reader.focus().as_deref(), Some("make"));
            assert!(reader.region("status").contains("Cancelled."));
        }),
        (Press::AddClient, |press| {
            let mut reader = Reader::new();
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("client-1-name"));
            assert!(reader.region("client-1-summary").contains("CN=client-2"));
        }),
        (Press::AddMember, |press| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("member-3-name"));
            assert!(reader.region("member-3-summary").contains("m4"));
        }),
        (Press::RemoveMember(1), |press| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("add-member"));
            assert!(reader.region("member-1-summary").contains("m3"));
        }),
        (Press::RestoreMember, |press| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            let days = plan(Field::Member(1, MemberField::Days));
            reader.type_text(days, "77");
            reader.press(Press::RemoveMember(1));
            assert!(reader.region("members").contains("put m2 back"));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("member-1-name"));
            assert!(reader.region("member-1-summary").contains("77"));
            assert!(!reader.has("restore-member"));
        }),
        (Press::FillMembers, |press| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            reader.type_text(plan(Field::MemberHosts), "10.0.0.11-");
            reader.press(press.clone());
            assert!(reader.region("member-2-summary").contains("127.0.0.1"));
            assert!(reader.session.form.fault(Field::MemberHosts).is_some());
            reader.type_text(plan(Field::MemberHosts), "10.0.0.11-15");
            reader.press(press);
            assert_eq!(reader.session.form.fault(Field::MemberHosts), None);
            assert!(reader.region("member-4-summary").contains("10.0.0.15"));
        }),
        (Press::RemoveClient(0), |press| {
            let mut reader = Reader::new();
            reader.press(Press::AddClient);
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("add-client"));
            assert!(reader.region("client-0-summary").contains("CN=client-2"));
        }),
        (Press::Mend(Field::Server(IdentityField::Names)), |press| {
            let names = plan(Field::Server(IdentityField::Names));
            let mut reader = Reader::new();
            reader.type_text(names, "127.0.0.1, DNS:10.0.0.1");
            reader.on(Event::Leave(names));
            assert!(!reader.is_hidden("server-names-mend"));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("server-names"));
            let values = view(&reader.session).values;
            assert!(values.contains(&(names, "127.0.0.1, IP:10.0.0.1".to_owned())));
        }),
        (Press::TrustAlone, |press| {
            let mut reader = Reader::new();
            reader.tick(Tick::Intermediate, true);
            reader.make();
            let root = reader.session.files.contents("ca.crt").unwrap();
            let below = reader.session.files.contents("intermediate.crt").unwrap();
            let key = reader.session.files.contents("intermediate.key").unwrap();
            let mut reader = Reader::new();
            reader.choose(Choice::AuthoritySource(AuthoritySource::Bring));
            let both = format!("{}{}", *below, *root);
            let certificate = plan(Field::AuthorityCertificate);
            for (field, text) in [
                (certificate, both.as_str()),
                (plan(Field::AuthorityKey), &key),
            ] {
                reader.type_text(field, text);
                reader.on(Event::Leave(field));
            }
            reader.work();
            let facts = reader.region("authority-facts");
            assert!(facts.contains("Whom it lets in"), "{facts}");
            assert!(facts.contains("/CN=KUBERNETES-CA as well"), "{facts}");
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("authority-certificate"));
            assert_eq!(reader.text_set(certificate), Some(below.as_str()));
            reader.work();
            assert!(!reader.has("trust-alone"));
            reader.make();
            let trusted = reader.session.files.contents("ca.crt").unwrap();
            assert_eq!(trusted.matches("BEGIN CERTIFICATE").count(), 1);
        }),
        (Press::Print, |press| {
            let mut reader = Reader::with_files();
            let sheet = reader.region("sheet");
            for part in [
                "/CN=KUBERNETES-CA",
                "client.crt",
                "22 January 2027",
                "IP:127.0.0.1",
            ] {
                assert!(sheet.contains(part), "{part} is not in {sheet}");
            }
            let lab = reader.session.files.lab().unwrap();
            assert!(sheet.contains(&lab.identities()[0].fingerprint));
            assert!(!sheet.contains("PRIVATE"));
            reader.press(press);
            assert!(reader.wishes == [Wish::Print]);
            reader.on(Event::Go(Place::Inspect));
            assert_eq!(
                reader.region("sheet"),
                "",
                "another place is printed itself"
            );
        }),
        (Press::Need(Need::Deadline), |press| {
            let mut reader = Reader::new();
            for task in Need::ALL {
                assert!(reader.has(format!("task-{task}")), "{task}");
            }
            reader.press(press.clone());
            assert_eq!(reader.focus().as_deref(), Some("diagnosis-text"));
            let words = "Error: context deadline exceeded";
            assert_eq!(reader.text_set(Input::Diagnosis), Some(words));
            assert!(!reader.is_hidden("diagnose"));
            // What stands there already stays.
            reader.press(press);
            assert_eq!(reader.text_set(Input::Diagnosis), None);
            reader.press(Press::Need(Need::Ending));
            assert_eq!(reader.focus().as_deref(), Some("renew-certificate"));
            assert!(!reader.is_hidden("renew-and-revoke"));
            reader.on(Event::Go(Place::Make));
            reader.press(Press::Need(Need::OwnAuthority));
            assert_eq!(reader.focus().as_deref(), Some("authority-certificate"));
            assert!(!reader.is_hidden("authority-bring-fields"));
        }),
        (Press::CopyLink, |press| {
            let mut reader = Reader::new();
            reader.press(press);
            let fragment = reader.session.fragment();
            assert!(reader.wishes == [Wish::CopyLink(fragment)]);
        }),
        (Press::Export, |press| {
            let mut reader = Reader::with_files();
            reader.press(press.clone());
            assert!(
                reader
                    .region("formats-status")
                    .contains("at least one form")
            );
            reader.tick(Tick::OtherForm(OtherForm::Der), true);
            reader.press(press);
            reader.work();
            assert!(reader.region("formats-status").contains("etcd.crt.der"));
        }),
        (Press::View(file("client.key")), |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let [Wish::ShowOrHide(showing)] = reader.wishes.as_slice() else {
                panic!("a text to show");
            };
            assert_eq!(showing.file, "client.key");
            assert!(showing.contents.starts_with("-----BEGIN PRIVATE KEY-----"));
            assert_eq!(showing.shown.word, "Hide");
            assert_eq!(showing.hidden.label, "View client.key");
        }),
        (Press::Copy(file("commands.sh")), |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            assert!(reader.copied().unwrap().contains("etcd"));
        }),
        (Press::CopyText(file("command-etcd")), |press| {
            let mut reader = Reader::new();
            assert!(reader.has("command-etcd"));
            reader.press(press);
            assert!(reader.wishes == [Wish::CopyText("command-etcd".to_owned())]);
        }),
        (Press::Download(file("peers/a.crt")), |_| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Kubeadm));
            let hosts = Field::Member(0, MemberField::Hosts);
            reader.type_text(plan(hosts), "192.0.2.10");
            reader.make();
            let names = reader.session.files.lab().unwrap().files();
            let folder = names.into_iter().find(|file| file.name.contains('/'));
            let name = folder.unwrap().name;
            reader.press(Press::Download(name.clone()));
            let (download, plain, bytes) = reader.download().unwrap();
            assert_eq!(*download, Download::File(name.clone()));
            assert!(name.ends_with(plain) && !plain.contains('/'));
            assert!(!bytes.is_empty());
        }),
        (Press::DownloadTar, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!(
                (download, name),
                (&Download::Archive, &*archive(&reader, "tar"))
            );
            assert!(bytes.starts_with(b"ca.crt"));
        }),
        (Press::DownloadZip, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!(
                (download, name),
                (&Download::Archive, &*archive(&reader, "zip"))
            );
            assert!(bytes.starts_with(b"PK"));
        }),
        (Press::DownloadFor("machine-m1".to_owned()), |_| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            reader.make();
            let recipients = reader.session.files.lab().unwrap().recipients();
            for recipient in recipients {
                assert!(reader.session.has_unsaved_keys());
                reader.press(Press::DownloadFor(recipient.name.clone()));
                let (download, name, _) = reader.download().unwrap();
                assert_eq!(*download, Download::ArchiveFor(recipient.name.clone()));
                assert!(name.ends_with(&format!("-{}.tar", recipient.name)));
                let download = download.clone();
                reader.on(Event::Downloaded(download));
            }
            assert!(
                !reader.session.has_unsaved_keys(),
                "each key went to somebody"
            );
        }),
        (Press::DownloadPicture, |press| {
            let mut reader = Reader::with_files();
            assert!(reader.has("download-picture"));
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!(
                (download, name),
                (&Download::Picture, "who-trusts-whom.svg")
            );
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(
                text.starts_with("<svg ") && text.contains("xmlns="),
                "{text}"
            );
            assert!(text.contains("<desc>KUBERNETES-CA"), "{text}");
        }),
        (Press::DownloadCalendar, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let (_, name, bytes) = reader.download().unwrap();
            let (stem, extension) = name.rsplit_once('.').unwrap();
            assert!(stem.starts_with("KUBERNETES-CA"), "{name}");
            assert_eq!(extension, "ics");
            let text = std::str::from_utf8(bytes).unwrap();
            assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), 3);
            assert!(text.contains("DTSTART;VALUE=DATE:20270122\r\nSUMMARY:client.crt ends\r\n"));
        }),
        (Press::MakeFirst, |press| {
            let mut reader = Reader::new();
            assert!(
                reader
                    .region("authenticate")
                    .contains(&format!("data-action=\"{press}\""))
            );
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("make"));
        }),
        (Press::Run(PUT), |press| {
            let mut reader = Reader::with_files();
            assert!(reader.has(Id::Run(PUT)));
            reader.press(press);
            reader.work();
            assert!(reader.region("authenticate").contains(">OK</pre>"));
        }),
        (Press::Drill(drill("revoked")), |press| {
            let mut reader = Reader::new();
            assert!(reader.has(Id::Drill(drill("revoked"))));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("drill-title"));
            reader.work();
            assert!(reader.region("drill-panel").contains("class=\"refused\""));
        }),
        (Press::DrillMend(drill("revoked")), |press| {
            let mut reader = Reader::new();
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("drill-title"));
            reader.work();
            assert!(reader.region("drill-panel").contains("class=\"seal\""));
        }),
        (Press::DrillDownload, |press| {
            let mut reader = Reader::new();
            reader.press(press.clone());
            assert!(reader.wishes.is_empty(), "there is no drill yet");
            reader.press(Press::Drill(drill("revoked")));
            reader.work();
            reader.press(press);
            let (download, name, _) = reader.download().unwrap();
            assert_eq!((download, name), (&Download::Drill, "drill-revoked.tar"));
        }),
        (Press::DiagnosisClear, |press| {
            let mut reader = with_evidence();
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("diagnosis-text"));
            assert_eq!(reader.text_set(Input::Diagnosis), Some(""));
            assert_eq!(reader.region("diagnosis-result"), "");
        }),
        (Press::DiagnosisRemove(file("etcd.log")), |press| {
            let mut reader = with_evidence();
            assert!(reader.region("diagnosis-result").contains("etcd.log"));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("diagnosis-text"));
            assert!(!reader.region("diagnosis-result").contains("etcd.log"));
        }),
        (Press::DiagnosisMend, |press| {
            let mut reader = Reader::with_files();
            reader.press(press.clone());
            assert_eq!(reader.text_set(Input::Diagnosis), None, "nothing to mend");
            let commands = reader.session.commands().unwrap();
            let lines = format!(
                "{}\n{}",
                commands.etcd, commands.verified.without_certificate
            );
            reader.type_text(Input::Diagnosis, &lines);
            let alarm = Event::Wake(Alarm::Diagnose(1));
            reader.on(alarm);
            reader.work();
            assert!(reader.has("diagnosis-mend"));
            reader.press(press);
            let mended = reader.text_set(Input::Diagnosis).unwrap();
            assert!(mended.contains("--cert"), "{mended}");
        }),
        (Press::InspectMade, |press| {
            let mut reader = Reader::with_files();
            assert!(!reader.is_hidden("inspect-made"));
            reader.press(press);
            reader.work();
            assert!(reader.region("inspection").contains("3 certificates"));
        }),
        (Press::InspectClear, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::InspectMade);
            assert!(reader.has("inspect-clear"));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("inspect-text"));
            assert_eq!(reader.text_set(Input::Inspected), Some(""));
            assert_eq!(reader.text_set(Input::InspectedPassphrase), Some(""));
            assert_eq!(reader.region("inspection"), "");
        }),
        (Press::Anatomy(0), |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::InspectMade);
            reader.work();
            // Of several things none is taken apart unasked.
            assert_eq!(reader.region("anatomy"), "");
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("anatomy-heading"));
            assert!(reader.region("anatomy").contains("Reading…"));
            reader.work();
            let anatomy = reader.region("anatomy");
            for part in [
                "Anatomy of the root CA",
                "tbsCertificate",
                "-----BEGIN CERTIFICATE-----",
                "etcd’s user",
                "RFC 5280 section 4.1.2.5",
            ] {
                assert!(anatomy.contains(part), "{part} is not in {anatomy}");
            }
            // What is given anew puts it away.
            reader.type_text(Input::Inspected, "x");
            assert_eq!(reader.region("anatomy"), "");
        }),
        (Press::AnatomyClose, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::InspectMade);
            reader.work();
            reader.press(Press::Anatomy(0));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("inspected-0-anatomy"));
            reader.work();
            assert_eq!(reader.region("anatomy"), "");
        }),
        (Press::RenewTake(file("client")), |press| {
            let mut reader = Reader::with_files();
            let button = format!("data-action=\"{press}\"");
            assert!(reader.region("renew-made").contains(&button));
            reader.press(press);
            let old = reader.text_set(Input::Signing(SigningInput::Old));
            assert!(old.unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
        }),
        (Press::Renew, |press| {
            let mut reader = Reader::with_files();
            reader.press(press.clone());
            reader.work();
            assert_eq!(
                reader.focus().as_deref(),
                Some("renew-certificate"),
                "it is empty"
            );
            reader.press(Press::RenewTake(file("client")));
            reader.press(press);
            assert!(
                view(&reader.session)
                    .disabled
                    .contains(&(PageElement::Renew.into(), true))
            );
            reader.work();
            assert!(reader.region("renewed").contains("Download client.crt"));
        }),
        (Press::RenewForeign, |press| {
            let mut other = Reader::with_files();
            let foreign = other.session.files.contents("client.crt").unwrap();
            let mut reader = Reader::with_files();
            reader.type_text(Input::Signing(SigningInput::Old), &foreign);
            reader.press(Press::Renew);
            reader.work();
            assert!(reader.has("renew-foreign"));
            reader.press(press);
            reader.work();
            assert!(reader.region("renewed").contains("Renewed"));
            other.press(Press::Cancel);
        }),
        (Press::Revoke, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            reader.work();
            assert!(
                reader
                    .region("revoked")
                    .contains("CRL number 1 revokes 0 certificates")
            );
            assert!(reader.region("start").contains("--client-crl-file"));
        }),
        (Press::RevokeNothing, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::Revoke);
            reader.work();
            assert!(reader.has("revoke-nothing"));
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("revoke"));
            assert!(!reader.region("start").contains("--client-crl-file"));
        }),
        (Press::DownloadSigned(file("revoked.crl")), |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::Revoke);
            reader.work();
            let button = format!("data-action=\"{press}\"");
            assert!(reader.region("revoked").contains(&button));
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!(*download, Download::Signed("revoked.crl".to_owned()));
            assert_eq!((name, bytes.first()), ("revoked.crl", Some(&0x30)));
        }),
        (Press::Forget, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("forget-cancel"));
            assert!(reader.is_hidden("forget") && !reader.is_hidden("forget-question"));
        }),
        (Press::ForgetNo, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::Forget);
            reader.press(press);
            assert_eq!(reader.focus().as_deref(), Some("forget"));
            assert!(reader.is_hidden("forget-question") && reader.session.files.lab().is_some());
        }),
        (Press::ForgetYes, |press| {
            let mut reader = Reader::with_files();
            reader.type_text(plan(Field::AuthorityKey), "a key");
            reader.press(press);
            assert!(reader.wishes_for(Workers::End));
            assert!(reader.wishes.contains(&Wish::ForgetChosenFiles));
            assert_eq!(reader.focus().as_deref(), Some("make"));
            for field in [
                Field::AuthorityCertificate,
                Field::AuthorityKey,
                Field::AuthorityPassphrase,
                Field::ExportPassphrase,
            ] {
                assert_eq!(reader.text_set(plan(field)), Some(""), "{field}");
            }
            for input in Input::beside_the_plan() {
                assert_eq!(reader.text_set(input), Some(input.initial()), "{input}");
            }
            assert!(reader.session.files.lab().is_none());
        }),
    ];
    all(Press::KINDS, cases, Press::kind);
}

/// The name of the archive of all files.
fn archive(reader: &Reader, ending: &str) -> String {
    let lab = reader.session.files.lab().unwrap();
    format!("{}.{ending}", lab.archive_stem())
}
