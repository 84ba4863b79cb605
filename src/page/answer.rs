//! What the page does when something happens to it. Every press, choice, tick,
//! text and file has its place here, and a new one has none until it gets it:
//! nothing is left over for an arm that takes the rest.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    chapters::{
        authority, dry_run, export,
        files::{self, ArchiveKind},
        making, needs, renew_and_revoke,
    },
    destination::{Destination, destination},
    element::PageElement,
    event::{Alarm, Choice, Download, Event, FileOffer, FileRead, KeySource, Press, Tick},
    form::PlanForm,
    id::{FoundPart, Id},
    input::{Input, SigningInput},
    link::{self, LinkError},
    picture::{self, of_session::picture},
    place::Place,
    session::{Notice, Session},
    wish::{FileForDisk, Wish, Workers},
};
use crate::{
    etcd::{
        facts::release::Offer,
        plan::{AuthoritySource, Field, Holder, IdentityField, Plan},
    },
    pki::{
        inspection::unreadable::Unreadable,
        pem::{self, PemError},
    },
};

/// How long what is to be diagnosed rests before it is looked at, in
/// milliseconds.
const REST: i32 = 300;

/// Something happened; gives what the browser is to do.
#[must_use]
pub fn on(session: &mut Session, event: Event, now: Timestamp) -> Vec<Wish> {
    answer(session, event, now);
    session.take_wishes()
}

/// Answers an event: the session changes, and wishes for what is the browser's.
pub(super) fn answer(session: &mut Session, event: Event, now: Timestamp) {
    session.seen = now;
    match event {
        Event::Press(press) => pressed(session, press, now),
        Event::Choose(choice) => chosen(session, choice, now),
        Event::Tick(tick, on) => ticked(session, tick, on, now),
        Event::Type(input, text) => typed(session, input, &text),
        Event::TypeTooMuch(input, length) => too_much(session, input, length),
        Event::Leave(Input::Plan(field)) => session.leave(field, now),
        Event::Leave(
            Input::Diagnosis | Input::Inspected | Input::InspectedPassphrase | Input::Signing(_),
        ) => {}
        Event::Offer(input, files) => offered(session, input, &files),
        Event::Drop(files) => dropped(session, &files),
        Event::Give(input, given) => given_to(session, input, given, now),
        Event::Unreadable => session.report("the browser could not read that file".to_owned()),
        Event::Downloaded(download) => downloaded(session, &download),
        Event::DownloadRefused => session.report(
            "the browser refused the download; allow this page to download, and press again"
                .to_owned(),
        ),
        Event::Wake(Alarm::Check) => session.check_now(now),
        Event::Wake(Alarm::Diagnose(typed)) => session.diagnosis.rest(typed),
        Event::Go(place) => {
            session.go(place);
            session.wish(Wish::ShowPlace(place.heading()));
        }
        Event::Link(fragment) => linked(session, &fragment, now),
        Event::Return(fragment) => returned(session, &fragment, now),
        Event::PutAside => {
            session.jobs.all_ended();
            session.wish(Wish::Workers(Workers::Rest));
        }
        Event::TakeUp => session.wish(Wish::Workers(Workers::Resume)),
    }
}

fn pressed(session: &mut Session, press: Press, now: Timestamp) {
    match press {
        Press::Make => making::press(session, now),
        Press::Cancel => making::cancel(session),
        Press::AddClient => add(session, now, PlanForm::add_client),
        Press::AddMember => add(session, now, PlanForm::add_member),
        Press::RemoveMember(member) => {
            if session.form.remove_member(member) {
                session.check(now);
                session.focus_on(PageElement::AddMember);
            }
        }
        Press::RestoreMember => add(session, now, PlanForm::restore_member),
        Press::FillMembers => fill_members(session, now),
        Press::RemoveClient(client) => {
            if session.form.remove_client(client) {
                session.check(now);
                session.focus_on(PageElement::AddClient);
            }
        }
        Press::Mend(field) => mend(session, field, now),
        Press::CopyLink => copy_link(session),
        Press::Export => export::press(session),
        Press::View(file) => {
            if let Some(contents) = session.files.contents(&file) {
                session.wish(Wish::ShowOrHide(files::showing(file, contents)));
            }
        }
        Press::Copy(file) => {
            if let Some(contents) = session.files.contents(&file) {
                session.wish(Wish::Copy(contents));
            }
        }
        Press::CopyText(id) => session.wish(Wish::CopyText(id)),
        Press::Download(file) => download_file(session, file),
        Press::DownloadTar => download_archive(session, ArchiveKind::Tar),
        Press::DownloadZip => download_archive(session, ArchiveKind::Zip),
        Press::DownloadFor(recipient) => download_archive_for(session, recipient),
        Press::DownloadPicture => download_picture(session),
        Press::DownloadCalendar => download_calendar(session, now),
        Press::Print => session.wish(Wish::Print),
        Press::TrustAlone => authority::trust_alone(session, now),
        Press::Need(task) => needs::begin(session, task, now),
        Press::MakeFirst => {
            session.go(Place::Make);
            session.focus_on(PageElement::Make);
        }
        Press::Run(request) => dry_run::run(session, request),
        Press::Drill(drill) => {
            session.drills.press(drill, false);
            session.focus_on(PageElement::DrillTitle);
        }
        Press::DrillMend(drill) => {
            session.drills.press(drill, true);
            session.focus_on(PageElement::DrillTitle);
        }
        Press::DrillDownload => match session.drills.archive() {
            Some(Ok(file)) => session.wish(Wish::Download(Download::Drill, file)),
            Some(Err(error)) => session.report(error.to_string()),
            None => {}
        },
        Press::DiagnosisClear => {
            session.diagnosis.clear();
            session.focus_on(Input::Diagnosis);
            set_text(session, Input::Diagnosis, String::new());
        }
        Press::DiagnosisRemove(file) => {
            session.diagnosis.remove(&file);
            session.focus_on(Input::Diagnosis);
        }
        Press::DiagnosisMend => {
            session.focus_on(Input::Diagnosis);
            if let Some(text) = session.diagnosis.mend() {
                set_text(session, Input::Diagnosis, text);
            }
        }
        Press::InspectMade => {
            if let Some(lab) = session.files.lab() {
                session.inspector.add_lab(lab);
            }
        }
        Press::InspectClear => {
            session.inspector.clear();
            session.focus_on(Input::Inspected);
            set_text(session, Input::Inspected, String::new());
            set_text(session, Input::InspectedPassphrase, String::new());
        }
        Press::Anatomy(place) => take_apart(session, place),
        Press::AnatomyClose => put_anatomy_away(session),
        Press::RenewTake(stem) => renew_and_revoke::take_old(session, &stem),
        Press::Renew => renew_and_revoke::renew(session, false, now),
        Press::RenewForeign => renew_and_revoke::renew(session, true, now),
        Press::Revoke => renew_and_revoke::revoke(session, now),
        Press::RevokeNothing => renew_and_revoke::start_without_list(session),
        Press::DownloadSigned(file) => download_signed(session, file),
        Press::Forget => ask_to_forget(session, true),
        Press::ForgetNo => ask_to_forget(session, false),
        Press::ForgetYes => session.forget(now),
    }
}

fn take_apart(session: &mut Session, place: usize) {
    session.inspector.take_apart(place);
    session.focus_on(PageElement::AnatomyHeading);
}

fn put_anatomy_away(session: &mut Session) {
    if let Some(place) = session.inspector.anatomy.close() {
        session.focus_on(Id::OfFound(place, FoundPart::Anatomy));
    }
}

fn download_file(session: &mut Session, file: String) {
    if let Some(contents) = session.files.bytes(&file) {
        // A browser's downloads have no folders.
        let name = file.rsplit('/').next().unwrap_or(&file).to_owned();
        let disk = FileForDisk { name, contents };
        session.wish(Wish::Download(Download::File(file), disk));
    }
}

fn download_picture(session: &mut Session) {
    if let Some(picture) = picture(session) {
        let contents = Zeroizing::new(picture::file(&picture).into_bytes());
        let name = "who-trusts-whom.svg".to_owned();
        let disk = FileForDisk { name, contents };
        session.wish(Wish::Download(Download::Picture, disk));
    }
}

fn download_calendar(session: &mut Session, now: Timestamp) {
    if let Some(lab) = session.files.lab() {
        let contents = Zeroizing::new(picture::calendar::calendar(lab, now).into_bytes());
        let name = format!("{}.ics", lab.archive_stem());
        let disk = FileForDisk { name, contents };
        session.wish(Wish::Download(Download::Picture, disk));
    }
}

fn download_signed(session: &mut Session, file: String) {
    if let Some(contents) = session.signing.file(&file) {
        let name = file.clone();
        let disk = FileForDisk { name, contents };
        session.wish(Wish::Download(Download::Signed(file), disk));
    }
}

/// Adds somebody to the form, and moves the focus there.
fn add(session: &mut Session, now: Timestamp, adds: fn(&mut PlanForm) -> Option<Field>) {
    if let Some(field) = adds(&mut session.form) {
        session.check(now);
        session.focus_on(field);
    }
}

/// Puts the mended text into a field, where its fault can be mended.
fn mend(session: &mut Session, field: Field, now: Timestamp) {
    let Some(mended) = session.form.mended(field).map(str::to_owned) else {
        return;
    };
    session.type_text(field, &mended);
    session.check(now);
    session.focus_on(field);
}

/// Asks whether everything is to be forgotten, or takes the question back.
fn ask_to_forget(session: &mut Session, asking: bool) {
    session.asks_to_forget = asking;
    session.focus_on(if asking {
        PageElement::ForgetCancel
    } else {
        PageElement::Forget
    });
}

fn copy_link(session: &mut Session) {
    let fragment = session.fragment();
    let length = fragment.len();
    if length > link::MAXIMUM_LENGTH {
        session.report(format!(
            "the plan is too long for a link: {}",
            LinkError::TooLong { length }
        ));
    } else {
        session.wish(Wish::CopyLink(fragment));
    }
}

/// A link was followed, or the page opened by one: to a place, or with a plan,
/// which fills the form.
fn linked(session: &mut Session, fragment: &str, now: Timestamp) {
    session.is_addressed(fragment);
    if let Some((place, series)) = link::place(fragment) {
        session.place = place;
        session.wish(Wish::ShowPlace(place.heading()));
        match series {
            Ok(Some(series)) => ask_of(session, series.offer(), now),
            Ok(None) => {}
            Err(error) => session.notice = Notice::LinkRefused(error.to_string()),
        }
        return;
    }
    let plan = link::plan(fragment);
    let is_plan = !matches!(plan, Ok(None));
    if is_plan {
        session.place = Place::Make;
    }
    match plan {
        Ok(None) => match destination(fragment) {
            Some(Destination::Place(place)) => {
                // A page that was just opened, without a link, is left alone.
                let opened = session.place == place && fragment.is_empty();
                session.place = place;
                if !opened {
                    session.wish(Wish::ShowPlace(place.heading()));
                }
            }
            Some(Destination::Part(place, part)) => {
                session.place = place;
                session.wish(Wish::ShowPart(part));
            }
            None => {}
        },
        Ok(Some(plan)) => {
            session.open(plan, now);
            session.notice = Notice::LinkRead;
        }
        Err(error) => {
            session.notice = Notice::LinkRefused(error.to_string());
            return;
        }
    }
    // A link of an earlier release, or to a part of Make, says the plan from now on.
    if is_plan || *session.form.plan() != Plan::default() {
        session.address_plan(Wish::Readdress);
    }
}

/// The browser went back, or forward, or loaded the page again: to what the page
/// itself had put into its address.
fn returned(session: &mut Session, fragment: &str, now: Timestamp) {
    let untouched = matches!(fragment, "" | "#" | "#make");
    let plan = match link::plan(fragment) {
        Ok(None) if untouched => Some(Plan::default()),
        Ok(plan) => plan,
        Err(_) => None,
    };
    let Some(plan) = plan else {
        return linked(session, fragment, now);
    };
    session.is_addressed(fragment);
    if session.place != Place::Make {
        session.place = Place::Make;
        session.wish(Wish::ShowPlace(Place::Make.heading()));
    }
    if *session.form.plan() != plan {
        session.open(plan, now);
        if matches!(
            session.notice,
            Notice::LinkRead | Notice::LinkRefused(_) | Notice::Faults
        ) {
            session.notice = Notice::Nothing;
        }
    }
}

/// From now on another build of etcd is asked, and everything of it again.
fn ask_of(session: &mut Session, build: Offer, now: Timestamp) {
    let series = build.version.series();
    if session.form.plan().etcd != series {
        session.change(now, |form| form.choose_series(series));
    }
    if session.builds.choose(build) {
        dry_run::again(session);
        session.drills.again();
        session.diagnosis.again();
    }
}

fn chosen(session: &mut Session, choice: Choice, now: Timestamp) {
    match choice {
        Choice::Preset(preset) => session.change(now, |form| form.choose_preset(preset)),
        Choice::KeyType(kind) => session.change(now, |form| form.choose_key_type(kind)),
        Choice::AuthoritySource(source) => {
            session.change(now, |form| form.choose_authority(source));
        }
        Choice::KeySource(holder, source) => {
            let has_csr = source == KeySource::Request;
            session.change(now, |form| form.choose_csr(holder, has_csr));
        }
        Choice::Usage(holder, role) => {
            // What it then lacks is said at once.
            if let Some(field) = session.form.choose_role(holder, role) {
                session.leave(field, now);
            }
        }
        Choice::OwnKeyType(holder, kind) => {
            session.change(now, |form| form.choose_own_key_type(holder, kind));
        }
        Choice::Form(form) => session.run_form = Some(form),
        Choice::Build(build) => ask_of(session, build, now),
        Choice::Signer(signer) => session.signing.choose_signer(signer),
        Choice::RenewalKey(key) => session.signing.choose_renewal_key(key),
        Choice::Reason(what, reason) => renew_and_revoke::choose_reason(session, what, reason),
    }
}

fn ticked(session: &mut Session, tick: Tick, on: bool, now: Timestamp) {
    match tick {
        Tick::Intermediate => session.change(now, |form| form.choose_intermediate(on)),
        Tick::SeparateAuthorities => {
            session.change(now, |form| form.choose_separate_authorities(on));
        }
        Tick::WithoutGateway => session.change(now, |form| form.choose_no_gateway(on)),
        Tick::OtherForm(form) => session.files.exporting.choose(form, on),
        Tick::Name(holder, place) => {
            session.change(now, |form| form.keep_name(holder, place, on));
        }
        Tick::Revoked(place) => renew_and_revoke::tick(session, place, on),
    }
}

fn typed(session: &mut Session, input: Input, text: &str) {
    match input {
        Input::Plan(field) => session.type_text(field, text),
        Input::Diagnosis => {
            let alarm = session.diagnosis.type_text(text);
            session.wish(Wish::Wake(alarm, REST));
            return;
        }
        Input::Inspected => session.inspector.type_text(text),
        Input::InspectedPassphrase => session.inspector.type_passphrase(text),
        Input::Signing(input) => session.signing.type_text(input, text),
    }
    session.check_soon();
}

/// More is in an input than is read of it.
fn too_much(session: &mut Session, input: Input, length: usize) {
    match input {
        Input::Inspected | Input::InspectedPassphrase => session.inspector.refuse(length),
        Input::Plan(_) | Input::Diagnosis | Input::Signing(_) => {
            session.report(Unreadable::TooLarge { length }.to_string());
        }
    }
}

/// Files are offered: those that are not too large are read.
fn offered(session: &mut Session, input: Input, files: &[FileOffer]) {
    for (place, file) in files.iter().enumerate() {
        let is_read = match input {
            // Two at once are a CA's certificate and its key.
            Input::Plan(field) => place < 2 && session.form.admit_file(field, file.length).is_ok(),
            Input::Diagnosis => session.diagnosis.admits(&file.name, file.length),
            Input::Inspected => {
                if !session.inspector.admits(file.length) {
                    return;
                }
                true
            }
            Input::InspectedPassphrase => false,
            Input::Signing(_) if place > 0 => false,
            Input::Signing(_) if file.length > pem::MAXIMUM_LENGTH => {
                let length = file.length;
                session.report(PemError::TooLarge { length }.to_string());
                false
            }
            Input::Signing(_) => true,
        };
        if is_read {
            session.wish(Wish::Read(input, place));
        }
    }
}

/// Files were dropped beside every input: they go where the place that is shown wants
/// such, or to be looked at.
fn dropped(session: &mut Session, files: &[FileOffer]) {
    let ends_in = |endings: &[&str]| {
        let mut names = files.iter().map(|file| file.name.to_lowercase());
        names.any(|name| endings.iter().any(|ending| name.ends_with(ending)))
    };
    let client = Holder::Client(0);
    let input: Input = match session.place {
        Place::Make if session.form.has_csr(client) && ends_in(&[".csr", ".req"]) => {
            Field::Client(0, IdentityField::Csr).into()
        }
        Place::Make if session.form.plan().authority.source == AuthoritySource::Bring => {
            let key_alone = files.len() == 1 && ends_in(&[".key"]);
            if key_alone {
                Field::AuthorityKey.into()
            } else {
                Field::AuthorityCertificate.into()
            }
        }
        Place::Diagnose => Input::Diagnosis,
        Place::RenewAndRevoke if ends_in(&[".crl"]) => SigningInput::Before.into(),
        Place::RenewAndRevoke => SigningInput::Old.into(),
        Place::Make | Place::BreakIt | Place::Inspect => Input::Inspected,
    };
    if input == Input::Inspected && session.place != Place::Inspect {
        session.go(Place::Inspect);
        let heading = Place::Inspect.heading();
        session.wish(Wish::ShowPlace(heading));
    }
    offered(session, input, files);
}

/// A file was read.
fn given_to(session: &mut Session, input: Input, mut given: FileRead, now: Timestamp) {
    match input {
        Input::Plan(field) => {
            let text = match field {
                Field::AuthorityCertificate => text_of_signed(&given, "CERTIFICATE"),
                _ => text_of(&given),
            };
            let field = if given.alone {
                field
            } else {
                of_the_two(field, &text)
            };
            session.type_text(field, &text);
            session.leave(field, now);
            session.wish(Wish::SetText(Input::Plan(field), text));
        }
        Input::Diagnosis => {
            let contents = std::mem::take(&mut *given.contents);
            session.diagnosis.add(&given.name, contents);
        }
        Input::Inspected => {
            if session.inspector.admits(given.contents.len()) {
                session.inspector.add_file(&given.name, &given.contents);
            }
        }
        Input::InspectedPassphrase => {}
        Input::Signing(signing) => {
            let text = match signing {
                SigningInput::AuthorityCertificate | SigningInput::Old | SigningInput::Revoked => {
                    text_of_signed(&given, "CERTIFICATE")
                }
                SigningInput::Before => text_of_signed(&given, "X509 CRL"),
                _ => text_of(&given),
            };
            session.signing.type_text(signing, &text);
            session.wish(Wish::SetText(input, text));
        }
    }
}

/// The first byte of everything that is signed, in DER (X.690 section 8.9).
const SEQUENCE: u8 = 0x30;

/// The text of a file where something signed is wanted: one in DER as PEM.
fn text_of_signed(given: &FileRead, label: &str) -> Zeroizing<String> {
    let is_der =
        given.contents.first() == Some(&SEQUENCE) && std::str::from_utf8(&given.contents).is_err();
    let pem = is_der.then(|| pem::encode(label, &given.contents).ok());
    pem.flatten().map_or_else(|| text_of(given), Zeroizing::new)
}

fn text_of(given: &FileRead) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(&given.contents).into_owned())
}

/// Where one of two files belongs that were dropped on a CA's certificate or key.
fn of_the_two(field: Field, text: &str) -> Field {
    match field {
        Field::AuthorityCertificate | Field::AuthorityKey => {
            if text.contains("PRIVATE KEY") {
                Field::AuthorityKey
            } else {
                Field::AuthorityCertificate
            }
        }
        field => field,
    }
}

fn downloaded(session: &mut Session, download: &Download) {
    match download {
        Download::File(file) => session.files.downloaded(file),
        Download::Archive => session.files.archive_downloaded(),
        Download::ArchiveFor(recipient) => session.files.archive_downloaded_for(recipient),
        Download::Signed(file) => session.signing.downloaded(file),
        Download::Drill | Download::Picture => {}
    }
}

fn fill_members(session: &mut Session, now: Timestamp) {
    session.change(now, PlanForm::fill_members);
    session.focus_on(Input::Plan(Field::MemberHosts));
}

fn download_archive(session: &mut Session, kind: ArchiveKind) {
    match session.files.archive(kind) {
        Some(Ok(file)) => session.wish(Wish::Download(Download::Archive, file)),
        Some(Err(error)) => session.report(error.to_string()),
        None => {}
    }
}

fn download_archive_for(session: &mut Session, recipient: String) {
    match session.files.archive_for(&recipient) {
        Some(Ok(file)) => session.wish(Wish::Download(Download::ArchiveFor(recipient), file)),
        Some(Err(error)) => session.report(error.to_string()),
        None => {}
    }
}

pub(super) fn set_text(session: &mut Session, input: Input, text: String) {
    session.wish(Wish::SetText(input, Zeroizing::new(text)));
}
