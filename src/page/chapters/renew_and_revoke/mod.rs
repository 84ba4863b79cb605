//! Chapter “Renew and revoke”: which CA signs, an old certificate to be made
//! again, and a CRL. The signing itself is a worker's.

use jiff::Timestamp;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

mod reason;

use crate::{
    etcd::{
        commands::revocation::revocation,
        plan::{Plan, REVOCATION_LIST},
    },
    lab::{
        IssuedAuthority, Lab, archive_stem,
        job::{
            renew::{Renewal, Renewed},
            revoke::{MadeHere, Revocation, Revoked},
            signing::{SigningAuthority, SigningFault, SigningField},
        },
        wire::{Outcome, PemPair, Secret, Task},
    },
    page::{
        command::command,
        event::{Choice, Press, RenewalKey, Signer, Tick, ToRevoke},
        field::way,
        input::{Input, SigningInput},
        jobs::Purpose,
        session::Session,
        view::View,
        wish::Wish,
        words::{count, day, list},
    },
    pki::{certificate::Certificate, name::common_name, pem, revocation_list::RevocationReason},
};

/// How far something is that was pressed for.
#[derive(Default)]
enum Work<T> {
    /// Nothing was pressed.
    #[default]
    Idle,
    /// A worker is to do it.
    Wanted(Box<Task>),
    /// A worker does it.
    UnderWay,
    /// It is done.
    Done(Box<T>),
    /// It can't be done.
    Refused(SigningFault),
}

impl<T> Work<T> {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Wanted(_) | Self::UnderWay)
    }

    fn take_task(&mut self) -> Option<Task> {
        if !matches!(self, Self::Wanted(_)) {
            return None;
        }
        match std::mem::replace(self, Self::UnderWay) {
            Self::Wanted(task) => Some(*task),
            _ => None,
        }
    }

    fn fault(&self) -> Option<&SigningFault> {
        match self {
            Self::Refused(fault) => Some(fault),
            _ => None,
        }
    }
}

/// What is renewed and revoked, and by which CA.
pub struct Signing {
    /// The CA that signs.
    signer: Signer,
    certificate: String,
    key: Zeroizing<String>,
    passphrase: Zeroizing<String>,
    /// The old certificate.
    old: String,
    /// The name of the new one's files, without ending, where one made here is
    /// renewed.
    stem: String,
    /// That of the files that came of it.
    new_stem: String,
    renewal_key: RenewalKey,
    renewal_days: String,
    foreign: bool,
    renewal: Work<Renewed>,
    /// The names of files that came of it and were downloaded.
    downloaded: BTreeSet<String>,
    /// The serial numbers of the certificates made here that are chosen.
    chosen: BTreeSet<String>,
    /// Why certificates made here are revoked, by their serial numbers.
    reasons: BTreeMap<String, RevocationReason>,
    revoked: String,
    /// Why what is pasted is revoked.
    revoked_reason: Option<RevocationReason>,
    number: String,
    revocation_days: String,
    revocation: Work<Revoked>,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            signer: Signer::Page,
            certificate: String::new(),
            key: Zeroizing::default(),
            passphrase: Zeroizing::default(),
            old: String::new(),
            stem: String::new(),
            new_stem: String::new(),
            renewal_key: RenewalKey::Same,
            renewal_days: SigningInput::RenewalDays.initial().to_owned(),
            foreign: false,
            renewal: Work::Idle,
            downloaded: BTreeSet::new(),
            chosen: BTreeSet::new(),
            reasons: BTreeMap::new(),
            revoked: String::new(),
            revoked_reason: None,
            number: SigningInput::Number.initial().to_owned(),
            revocation_days: SigningInput::RevocationDays.initial().to_owned(),
            revocation: Work::Idle,
        }
    }
}

/// The names under which a CRL is downloaded.
const DER_NAME: &str = REVOCATION_LIST;
const PEM_NAME: &str = "revoked.crl.pem";

/// The most certificates made here that are listed one by one.
const LISTED: usize = 20;

impl Signing {
    pub(in crate::page) fn type_text(&mut self, input: SigningInput, text: &str) {
        let place = match input {
            SigningInput::AuthorityCertificate => &mut self.certificate,
            SigningInput::Old => &mut self.old,
            SigningInput::RenewalDays => &mut self.renewal_days,
            SigningInput::Revoked => &mut self.revoked,
            SigningInput::Number => &mut self.number,
            SigningInput::RevocationDays => &mut self.revocation_days,
            SigningInput::AuthorityKey => {
                self.key = Zeroizing::new(text.to_owned());
                return self.touched(input);
            }
            SigningInput::AuthorityPassphrase => {
                self.passphrase = Zeroizing::new(text.to_owned());
                return self.touched(input);
            }
        };
        if place != text {
            text.clone_into(place);
            self.touched(input);
        }
    }

    /// A fault goes when what it is about is touched.
    fn touched(&mut self, input: SigningInput) {
        if input == SigningInput::Old {
            self.stem.clear();
            self.foreign = false;
        }
        let about_renewal = !matches!(
            input,
            SigningInput::Revoked | SigningInput::Number | SigningInput::RevocationDays
        );
        let about_revocation = !matches!(input, SigningInput::Old | SigningInput::RenewalDays);
        if about_renewal && self.renewal.fault().is_some() {
            self.renewal = Work::Idle;
        }
        if about_revocation && self.revocation.fault().is_some() {
            self.revocation = Work::Idle;
        }
    }

    /// A certificate made here is to be renewed: its name without ending, and
    /// its PEM.
    pub fn take_old(&mut self, stem: &str, certificate: &str) {
        self.type_text(SigningInput::Old, certificate);
        stem.clone_into(&mut self.stem);
    }

    /// The CA that signs was chosen.
    pub(in crate::page) fn choose_signer(&mut self, signer: Signer) {
        self.signer = signer;
        self.touched(SigningInput::AuthorityCertificate);
    }

    /// The key of the new certificate was chosen.
    pub(in crate::page) fn choose_renewal_key(&mut self, key: RenewalKey) {
        self.renewal_key = key;
        self.touched(SigningInput::AuthorityCertificate);
    }

    fn authorities(&self, page: Vec<PemPair>) -> Result<Vec<SigningAuthority>, SigningFault> {
        let missing = |field: SigningField, message: &str| {
            Err(SigningFault {
                field,
                message: message.to_owned(),
            })
        };
        let from_page = self.signer == Signer::Page;
        if from_page && page.is_empty() {
            return missing(
                SigningField::Whole,
                "there is no CA on this page yet: press “Make the files” above, or choose “Another one”",
            );
        }
        if from_page {
            let taken = page.into_iter().map(|pair| SigningAuthority {
                pair,
                passphrase: None,
            });
            return Ok(taken.collect());
        }
        if self.certificate.trim().is_empty() {
            return missing(
                SigningField::AuthorityCertificate,
                "give the CA’s certificate first",
            );
        }
        if self.key.trim().is_empty() {
            return missing(SigningField::AuthorityKey, "give the CA’s key first");
        }
        Ok(vec![SigningAuthority {
            pair: PemPair {
                certificate: self.certificate.clone(),
                key: self.key.to_string(),
            },
            passphrase: (!self.passphrase.is_empty()).then(|| Secret(self.passphrase.to_string())),
        }])
    }

    fn press_renew(&mut self, page: Vec<PemPair>, now: Timestamp) {
        if self.renewal.is_busy() {
            return;
        }
        self.renewal = match self.authorities(page) {
            Err(fault) => Work::Refused(fault),
            Ok(authorities) => {
                self.downloaded.clear();
                Work::Wanted(Box::new(Task::Renew(Box::new(Renewal {
                    authorities,
                    certificate: self.old.clone(),
                    new_key: self.renewal_key == RenewalKey::New,
                    days: self.renewal_days.clone(),
                    foreign: self.foreign,
                    now,
                }))))
            }
        };
    }

    fn press_revoke(&mut self, page: Vec<PemPair>, made: Vec<MadeHere>, now: Timestamp) {
        if self.revocation.is_busy() {
            return;
        }
        self.revocation = match self.authorities(page) {
            Err(fault) => Work::Refused(fault),
            Ok(authorities) => Work::Wanted(Box::new(Task::Revoke(Box::new(Revocation {
                authorities,
                certificates: made,
                text: self.revoked.clone(),
                reason: self.revoked_reason,
                number: self.number.clone(),
                days: self.revocation_days.clone(),
                now,
            })))),
        };
    }

    pub(in crate::page) fn next_task(&mut self) -> Option<(Purpose, Task)> {
        if let Some(task) = self.renewal.take_task() {
            return Some((Purpose::Renew, task));
        }
        let task = self.revocation.take_task()?;
        Some((Purpose::Revoke, task))
    }

    pub(in crate::page) fn renewed(&mut self, outcome: Outcome) {
        if !matches!(self.renewal, Work::UnderWay) {
            return;
        }
        self.renewal = match outcome {
            Outcome::Renewed(renewed) => {
                self.new_stem = if self.stem.is_empty() {
                    stem_of(&renewed.certificate)
                } else {
                    self.stem.clone()
                };
                Work::Done(renewed)
            }
            outcome => Work::Refused(refusal(outcome)),
        };
    }

    pub(in crate::page) fn listed(&mut self, outcome: Outcome) {
        if !matches!(self.revocation, Work::UnderWay) {
            return;
        }
        self.revocation = match outcome {
            Outcome::Revoked(list) => Work::Done(list),
            outcome => Work::Refused(refusal(outcome)),
        };
    }

    /// A file that came of it, by its name.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        if let Work::Done(list) = &self.revocation {
            match name {
                DER_NAME => return Some(list.der.0.clone()),
                PEM_NAME => return Some(list.pem.as_bytes().to_vec().into()),
                _ => {}
            }
        }
        let Work::Done(renewed) = &self.renewal else {
            return None;
        };
        let stem = &self.new_stem;
        if name == format!("{stem}.crt") {
            Some(renewed.certificate.as_bytes().to_vec().into())
        } else if name == format!("{stem}.key") {
            let key = renewed.key.as_ref()?;
            Some(key.0.as_bytes().to_vec().into())
        } else {
            None
        }
    }

    /// A file that came of it was downloaded.
    pub fn downloaded(&mut self, name: &str) {
        self.downloaded.insert(name.to_owned());
    }

    /// Whether leaving the page would lose a private key that was made here.
    #[must_use]
    pub fn has_unsaved_key(&self) -> bool {
        matches!(&self.renewal, Work::Done(renewed) if renewed.key.is_some())
            && !self.downloaded.contains(&format!("{}.key", self.new_stem))
    }
}

/// The stem of the files of a certificate, after its common name.
fn stem_of(certificate: &str) -> String {
    let name = pem::blocks(certificate).ok().and_then(|blocks| {
        let certificate = Certificate::from_der(&blocks.first()?.der).ok()?;
        common_name(certificate.subject())
    });
    archive_stem(name.as_deref())
}

fn refusal(outcome: Outcome) -> SigningFault {
    match outcome {
        Outcome::SigningRefused(fault) => fault,
        outcome => SigningFault {
            field: SigningField::Whole,
            message: outcome.unexpected().to_string(),
        },
    }
}

/// The CAs that the page has.
fn page_authorities(session: &Session) -> Vec<PemPair> {
    let of = |authority: &IssuedAuthority| PemPair {
        certificate: authority.certificate.clone() + &authority.above,
        key: authority.key.to_string(),
    };
    match session.lab() {
        Some(lab) => lab
            .authorities()
            .map(|(_, authority)| of(authority))
            .collect(),
        None => session.brought().map(of).into_iter().collect(),
    }
}

/// The old certificate is to be renewed. `foreign` allows one of another CA.
pub(in crate::page) fn renew(session: &mut Session, foreign: bool, now: Timestamp) {
    let page = page_authorities(session);
    let signing = &mut session.signing;
    signing.foreign = foreign;
    signing.press_renew(page, now);
    focus_on_fault(session, true);
}

/// What is chosen is to be revoked.
pub(in crate::page) fn revoke(session: &mut Session, now: Timestamp) {
    let page = page_authorities(session);
    let signing = &session.signing;
    let made: Vec<MadeHere> = session
        .lab()
        .map(Lab::identities)
        .unwrap_or_default()
        .iter()
        .filter(|identity| signing.chosen.contains(&identity.serial_number))
        .map(|identity| MadeHere {
            certificate: identity.certificate.clone(),
            reason: signing.reasons.get(&identity.serial_number).copied(),
        })
        .collect();
    session.signing.press_revoke(page, made, now);
    focus_on_fault(session, false);
}

/// What came of the renewal.
pub(in crate::page) fn renewal_done(session: &mut Session, outcome: Outcome) {
    session.signing.renewed(outcome);
    focus_on_fault(session, true);
}

/// What came of the CRL. The commands start etcd with it, if it is of a CA of
/// this page.
pub(in crate::page) fn revocation_done(session: &mut Session, outcome: Outcome) {
    session.signing.listed(outcome);
    if let (Work::Done(list), Some(lab)) = (&session.signing.revocation, &mut session.lab) {
        lab.revoke(list);
    }
    focus_on_fault(session, false);
}

/// Moves the focus to what is at fault.
fn focus_on_fault(session: &mut Session, renewal: bool) {
    let signing = &session.signing;
    let fault = if renewal {
        signing.renewal.fault()
    } else {
        signing.revocation.fault()
    };
    if let Some(input) = fault.and_then(|fault| input_of(fault.field, renewal)) {
        session.focus_on(input);
    }
}

/// The serial number of a certificate made here, by its place.
fn serial_number(session: &Session, place: usize) -> Option<String> {
    let identity = session.lab()?.identities().get(place)?;
    Some(identity.serial_number.clone())
}

/// Why something is revoked was chosen.
pub(in crate::page) fn choose_reason(
    session: &mut Session,
    what: ToRevoke,
    reason: Option<RevocationReason>,
) {
    match what {
        ToRevoke::Pasted => session.signing.revoked_reason = reason,
        ToRevoke::Made(place) => {
            let Some(serial) = serial_number(session, place) else {
                return;
            };
            let reasons = &mut session.signing.reasons;
            match reason {
                Some(reason) => reasons.insert(serial, reason),
                None => reasons.remove(&serial),
            };
        }
    }
}

/// The commands start etcd without a CRL again.
pub(in crate::page) fn start_without_list(session: &mut Session) {
    if let Some(lab) = &mut session.lab {
        lab.revoke_nothing();
    }
    session.focus_on("revoke");
}

/// The certificate made here at this place was ticked, or no longer is.
pub(in crate::page) fn tick(session: &mut Session, place: usize, ticked: bool) {
    if let Some(serial) = serial_number(session, place) {
        let chosen = &mut session.signing.chosen;
        if ticked {
            chosen.insert(serial);
        } else {
            chosen.remove(&serial);
        }
    }
}

/// A certificate made here, by the stem of its file's name, is to be renewed.
pub(in crate::page) fn take_old(session: &mut Session, stem: &str) {
    let identities = session.lab().map(Lab::identities).unwrap_or_default();
    let Some(identity) = identities.iter().find(|identity| identity.stem() == stem) else {
        return;
    };
    let text = Zeroizing::new(identity.certificate.clone());
    session.signing.take_old(&stem.replace('/', "-"), &text);
    session.wish(Wish::SetText(Input::Signing(SigningInput::Old), text));
}

fn input_of(field: SigningField, renewal: bool) -> Option<SigningInput> {
    Some(match (field, renewal) {
        (SigningField::AuthorityCertificate, _) => SigningInput::AuthorityCertificate,
        (SigningField::AuthorityKey, _) => SigningInput::AuthorityKey,
        (SigningField::Subject | SigningField::Foreign, true) => SigningInput::Old,
        (SigningField::Subject | SigningField::Foreign, false) => SigningInput::Revoked,
        (SigningField::Days, true) => SigningInput::RenewalDays,
        (SigningField::Days, false) => SigningInput::RevocationDays,
        (SigningField::Number, _) => SigningInput::Number,
        (SigningField::Whole, _) => return None,
    })
}

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    let signing = &session.signing;
    view.region("signer-form", signer_form());
    view.region("renew-form", renewal_form());
    view.region("revoke-form", revocation_form());
    view.region("signer-page", page_authority(session));
    view.region("renew-made", made_to_renew(session));
    view.region("revoke-made", made_to_revoke(session));
    view.region("renewed", renewed(signing));
    view.region("revoked", revoked(session));
    for signer in [Signer::Page, Signer::Own] {
        view.choose(Choice::Signer(signer), signer == signing.signer);
    }
    view.hide("signer-own-fields", signing.signer == Signer::Page);
    view.hide("signer-page", signing.signer == Signer::Own);
    for key in [RenewalKey::Same, RenewalKey::New] {
        view.choose(Choice::RenewalKey(key), key == signing.renewal_key);
    }
    for (place, serial) in listed(session) {
        let is_chosen = signing.chosen.contains(serial);
        view.choose(Tick::Revoked(place), is_chosen);
        if is_chosen {
            let reason = signing.reasons.get(serial).copied();
            for (choice, chosen) in ToRevoke::Made(place).chosen(reason) {
                view.choose(choice, chosen);
            }
        }
    }
    for (choice, chosen) in ToRevoke::Pasted.chosen(signing.revoked_reason) {
        view.choose(choice, chosen);
    }
    for (input, fault) in faults(signing) {
        view.fault(Input::Signing(input), fault);
    }
    view.disable("renew", signing.renewal.is_busy());
    view.disable("revoke", signing.revocation.is_busy());
}

/// What is wrong with each input.
fn faults(signing: &Signing) -> impl Iterator<Item = (SigningInput, Option<&str>)> {
    SigningInput::ALL.into_iter().map(|input| {
        let is_here =
            |fault: &&SigningFault, renewal| input_of(fault.field, renewal) == Some(input);
        let of_renewal = signing.renewal.fault().filter(|fault| is_here(fault, true));
        let of_revocation = || {
            signing
                .revocation
                .fault()
                .filter(|fault| is_here(fault, false))
        };
        let fault = of_renewal.or_else(of_revocation);
        (input, fault.map(|fault| fault.message.as_str()))
    })
}

/// The certificates made here that are listed one by one: their places and
/// serial numbers.
fn listed(session: &Session) -> impl Iterator<Item = (usize, &str)> {
    let identities = session.lab().map(Lab::identities).unwrap_or_default();
    let listed = identities.iter().take(LISTED).enumerate();
    listed.map(|(place, identity)| (place, identity.serial_number.as_str()))
}

/// A PEM text with a file beside it.
fn text_area(input: SigningInput, label: &str, placeholder: &str, hint: &Markup) -> Markup {
    html! {
        div.field {
            label for=(input) { (label) }
            textarea id=(input) rows="4" placeholder=(placeholder) data-drop=(input)
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby={ (input) "-hint " (input) "-fault" } {}
            div.file {
                label for={ (input) "-file" } { "or choose its file" }
                input id={ (input) "-file" } type="file" data-for=(input);
            }
            (below(input, hint))
        }
    }
}

fn short(input: SigningInput, label: &str, hint: &Markup) -> Markup {
    html! {
        div.field.field-short {
            label for=(input) { (label) }
            input id=(input) type="text" inputmode="numeric" value=(input.initial()) autocomplete="off"
                aria-describedby={ (input) "-hint " (input) "-fault" };
            (below(input, hint))
        }
    }
}

fn below(input: SigningInput, hint: &Markup) -> Markup {
    html! {
        p.hint id={ (input) "-hint" } { (hint) }
        p.fault id={ (input) "-fault" } role="alert" hidden {}
    }
}

fn signer_form() -> Markup {
    html! {
        fieldset.ways {
            legend { "Which CA signs?" }
            (way("signer-source", Choice::Signer(Signer::Page), "The CA of this page", "made or brought above"))
            (way("signer-source", Choice::Signer(Signer::Own), "Another one", "with its certificate and key"))
        }
        div #signer-page {}
        div.fields #signer-own-fields hidden {
            (text_area(SigningInput::AuthorityCertificate, "CA’s certificate (ca.crt)", "-----BEGIN CERTIFICATE-----",
                &html! { "With an intermediate CA: its own first, then those above it." }))
            (text_area(SigningInput::AuthorityKey, "CA’s private key (ca.key)", "-----BEGIN PRIVATE KEY-----",
                &html! { "It signs in this tab and goes nowhere." }))
            div.field {
                label for=(SigningInput::AuthorityPassphrase) { "Its passphrase, if it has one" }
                input id=(SigningInput::AuthorityPassphrase) type="password" autocomplete="off"
                    aria-describedby={ (SigningInput::AuthorityPassphrase) "-fault" };
                p.fault id={ (SigningInput::AuthorityPassphrase) "-fault" } hidden {}
            }
        }
    }
}

fn page_authority(session: &Session) -> Markup {
    let authorities: Vec<&IssuedAuthority> = match session.lab() {
        Some(lab) => lab.authorities().map(|(_, authority)| authority).collect(),
        None => session.brought().into_iter().collect(),
    };
    html! {
        @for authority in &authorities {
            p.hint { code { (authority.subject) } ", valid until " (day(authority.validity.not_after)) }
        }
        @if authorities.len() > 1 {
            p.hint { "Of these, the one that issued the certificate signs." }
        }
        @if authorities.is_empty() {
            p.hint { "There is none yet: press “Make the files” above, or bring another one." }
        }
    }
}

fn renewal_form() -> Markup {
    html! {
        (text_area(SigningInput::Old, "Old certificate", "-----BEGIN CERTIFICATE-----",
            &html! { "Subject, SANs and usages are taken over as they are." }))
        div #renew-made {}
        fieldset.ways {
            legend { "For which key?" }
            (way("renew-source", Choice::RenewalKey(RenewalKey::Same), "The old key", "its owner keeps it"))
            (way("renew-source", Choice::RenewalKey(RenewalKey::New), "A new key", "of the same kind, made here"))
        }
        (short(SigningInput::RenewalDays, "Valid for, in days", &html! { "From now, and at most until the CA’s own end." }))
        div.row { button type="button" #renew data-action=(Press::Renew) { "Renew it" } }
        div #renewed aria-live="polite" {}
    }
}

fn made_to_renew(session: &Session) -> Markup {
    html! {
        @if let Some(lab) = session.lab() {
            div.row {
                @for identity in lab.identities().iter().take(LISTED) {
                    button.quiet type="button" data-action=(Press::RenewTake(identity.stem().to_owned())) {
                        "Use " (identity.stem()) ".crt"
                    }
                }
            }
        }
    }
}

fn download(file: &str) -> Markup {
    html! {
        button type="button" data-action=(Press::DownloadSigned(file.to_owned())) { "Download " (file) }
    }
}

fn renewed(signing: &Signing) -> Markup {
    html! {
        @match &signing.renewal {
            Work::Idle => {}
            Work::Wanted(_) | Work::UnderWay => { p.reading { "Signing…" } }
            Work::Refused(fault) if fault.field == SigningField::Foreign => {
                div.row {
                    button type="button" #renew-foreign data-action=(Press::RenewForeign) { "Renew it under this CA all the same" }
                }
            }
            Work::Refused(fault) if fault.field == SigningField::Whole => { p.fault { (fault.message) } }
            Work::Refused(_) => {}
            Work::Done(renewed) => {
                @let stem = &signing.new_stem;
                div.read {
                    p { "Renewed " code { (renewed.subject) } ", valid until " (day(renewed.not_after)) "." }
                    dl {
                        @if !renewed.names.is_empty() { dt { "SANs" } dd { (list(&renewed.names)) } }
                        dt { "Serial" } dd.fingerprint { (renewed.serial_number) }
                    }
                    @for note in &renewed.notes { p.notice { (note) } }
                    div.row {
                        (download(&format!("{stem}.crt")))
                        @if renewed.key.is_some() { (download(&format!("{stem}.key"))) }
                    }
                    p.hint {
                        "Put the new files in the place of the old ones. etcd reads its own at each handshake, so it needs no restart; a client reads its own when it starts."
                    }
                    details.more #renewed-details { summary { "PEM" } (command("renewed-pem", &renewed.certificate)) }
                }
            }
        }
    }
}

fn revocation_form() -> Markup {
    html! {
        div #revoke-made {}
        (text_area(SigningInput::Revoked, "Certificates or serial numbers", "1D735BBDFA81DC27…",
            &html! {
                "PEM, or serial numbers in hexadecimal, one on each line, as " code { "openssl x509 -serial" }
                " prints them. A line may end with a reason of its own, such as " code { "keyCompromise" } "."
            }))
        div.why { (ToRevoke::Pasted.select()) }
        p.hint { "etcd turns away whoever is on the list and looks at no reason; people and other programs do. “Not said” is left out of the CRL, as RFC 5280 wants it." }
        (short(SigningInput::Number, "Number of this CRL", &html! { "Each new CRL needs a larger number than the one before." }))
        (short(SigningInput::RevocationDays, "Next CRL due in, days", &html! { "etcd does not look at this; other programs refuse the CRL afterwards." }))
        div.row { button type="button" #revoke data-action=(Press::Revoke) { "Make the CRL" } }
        div #revoked aria-live="polite" {}
    }
}

fn made_to_revoke(session: &Session) -> Markup {
    html! {
        @if let Some(lab) = session.lab() {
            fieldset.ways {
                legend { "Made here" }
                @for (index, identity) in lab.identities().iter().take(LISTED).enumerate() {
                    @let tick = Tick::Revoked(index);
                    div.way {
                        input type="checkbox" id=(tick);
                        label for=(tick) {
                            code { (identity.stem()) ".crt" } " "
                            span.hint { (identity.subject) }
                        }
                    }
                    @if session.signing.chosen.contains(&identity.serial_number) {
                        div.why { (ToRevoke::Made(index).select()) }
                    }
                }
                @if lab.identities().len() > LISTED {
                    p.hint { "and " (lab.identities().len() - LISTED) " more: paste them, or their serial numbers." }
                }
            }
        }
    }
}

fn revoked(session: &Session) -> Markup {
    let signing = &session.signing;
    html! {
        @match &signing.revocation {
            Work::Idle => {}
            Work::Wanted(_) | Work::UnderWay => { p.reading { "Signing…" } }
            Work::Refused(fault) if fault.field == SigningField::Whole => { p.fault { (fault.message) } }
            Work::Refused(_) => {}
            Work::Done(list) => {
                div.read {
                    p {
                        "CRL number " (list.number) " revokes "
                        (count(list.entries.len(), "certificate", "certificates"))
                        "; the next one is due by " (day(list.next_update)) "."
                    }
                    @if !list.entries.is_empty() {
                        ul.given-files {
                            @for entry in &list.entries {
                                li {
                                    span.fingerprint { (entry.serial_number) }
                                    @if let Some(reason) = entry.reason { " " span.hint { (reason) } }
                                }
                            }
                        }
                    }
                    @for note in &list.notes { p.notice { (note) } }
                    div.row { (download(DER_NAME)) (download(PEM_NAME)) }
                    @if let Some(file) = started_with(session, list) {
                        p {
                            "The commands of chapter 4 start etcd with it now, and the archive has it as "
                            code { (file) } ": download it again, or put this file where the commands name it."
                        }
                        div.row {
                            button.quiet type="button" #revoke-nothing data-action=(Press::RevokeNothing) { "Leave it out of the commands" }
                        }
                    } @else {
                        p { "Put " code { (DER_NAME) } " beside etcd’s other files, and start etcd with one more flag:" }
                        (command("command-crl", &flag(session.commands_plan())))
                    }
                    (versions())
                }
            }
        }
    }
}

/// The file of a CRL among the files, if the commands start etcd with it.
fn started_with(session: &Session, list: &Revoked) -> Option<String> {
    let lab = session.lab()?;
    let started_with = lab.revocation_list()?;
    if started_with.pem != list.pem {
        return None;
    }
    lab.revocation_list_file()
}

/// The flag, for the folder of the plan.
fn flag(plan: &Plan) -> String {
    let folder = plan.directory.trim().trim_end_matches('/');
    let [client, _] = revocation(plan.etcd, &format!("{folder}/{DER_NAME}"));
    client.flag
}

/// What each etcd reads.
fn versions() -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label="What each etcd reads" {
            table {
                thead { tr { th scope="col" { "etcd" } th scope="col" { "reads" } } }
                tbody {
                    tr { td { "3.4, 3.5" } td { "PEM or DER" } }
                    tr { td { "3.6, 3.7" } td { "DER only" } }
                }
            }
        }
        p.hint {
            "DER works in all of them. etcd reads the file again at each connection, so a newer CRL needs no restart; a file that is missing or unreadable turns every client away. The config file has no key for it: use the flag, or the variable " code { "ETCD_CLIENT_CRL_FILE" } ". For peers it is " code { "--peer-crl-file" } ". A revoked client sees EOF or a broken pipe; etcd logs “certificate serial … revoked”."
        }
    }
}
