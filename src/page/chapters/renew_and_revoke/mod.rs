//! Chapter “Renew and revoke”: which CA signs, an old certificate to be made
//! again, and a CRL. The signing itself is a worker's.

use jiff::Timestamp;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

mod reason;

use self::reason::Revoked as Whose;
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
        chapters::start_etcd::command,
        desk::{Errand, Input},
        field::way,
        session::Session,
        words::{count, day, list},
    },
    pki::revocation_list::RevocationReason,
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
    /// Whether a CA is brought for it rather than taken from the page.
    own: bool,
    certificate: String,
    key: Zeroizing<String>,
    passphrase: Zeroizing<String>,
    /// The old certificate.
    old: String,
    /// The name of the new one's files, without ending.
    stem: String,
    new_key: bool,
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
    attempt: u32,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            own: false,
            certificate: String::new(),
            key: Zeroizing::default(),
            passphrase: Zeroizing::default(),
            old: String::new(),
            stem: String::new(),
            new_key: false,
            renewal_days: "365".to_owned(),
            foreign: false,
            renewal: Work::Idle,
            downloaded: BTreeSet::new(),
            chosen: BTreeSet::new(),
            reasons: BTreeMap::new(),
            revoked: String::new(),
            revoked_reason: None,
            number: "1".to_owned(),
            revocation_days: "30".to_owned(),
            revocation: Work::Idle,
            attempt: 0,
        }
    }
}

/// The names under which a CRL is downloaded.
const DER_NAME: &str = REVOCATION_LIST;
const PEM_NAME: &str = "revoked.crl.pem";

/// The most certificates made here that are listed one by one.
const LISTED: usize = 20;

impl Signing {
    pub(in crate::page) fn type_text(&mut self, input: Input, text: &str) {
        let place = match input {
            Input::SignerCertificate => &mut self.certificate,
            Input::Old => &mut self.old,
            Input::RenewalDays => &mut self.renewal_days,
            Input::Revoked => &mut self.revoked,
            Input::Number => &mut self.number,
            Input::RevocationDays => &mut self.revocation_days,
            Input::SignerKey => {
                self.key = Zeroizing::new(text.to_owned());
                return self.touched(input);
            }
            Input::SignerPassphrase => {
                self.passphrase = Zeroizing::new(text.to_owned());
                return self.touched(input);
            }
            Input::Inspect | Input::InspectPassphrase => return,
        };
        if place != text {
            text.clone_into(place);
            self.touched(input);
        }
    }

    /// A fault goes when what it is about is touched.
    fn touched(&mut self, input: Input) {
        if input == Input::Old {
            self.stem.clear();
            self.foreign = false;
        }
        let about_renewal = !matches!(
            input,
            Input::Revoked | Input::Number | Input::RevocationDays
        );
        let about_revocation = !matches!(input, Input::Old | Input::RenewalDays);
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
        self.type_text(Input::Old, certificate);
        stem.clone_into(&mut self.stem);
    }

    /// A way was chosen. Says whether it was one of these.
    pub(in crate::page) fn choose(&mut self, id: &str) -> bool {
        match id {
            "signer-source-page" => self.own = false,
            "signer-source-own" => self.own = true,
            "renew-source-same" => self.new_key = false,
            "renew-source-new" => self.new_key = true,
            _ => return false,
        }
        self.touched(Input::SignerCertificate);
        true
    }

    fn authorities(&self, page: Vec<PemPair>) -> Result<Vec<SigningAuthority>, SigningFault> {
        let missing = |field: SigningField, message: &str| {
            Err(SigningFault {
                field,
                message: message.to_owned(),
            })
        };
        if !self.own && page.is_empty() {
            return missing(
                SigningField::Whole,
                "there is no CA on this page yet: press “Make the files” above, or choose “Another one”",
            );
        }
        if !self.own {
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
        self.attempt = self.attempt.wrapping_add(1);
        self.renewal = match self.authorities(page) {
            Err(fault) => Work::Refused(fault),
            Ok(authorities) => {
                self.downloaded.clear();
                Work::Wanted(Box::new(Task::Renew(Box::new(Renewal {
                    authorities,
                    certificate: self.old.clone(),
                    new_key: self.new_key,
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
        self.attempt = self.attempt.wrapping_add(1);
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

    pub(in crate::page) fn next_task(&mut self) -> Option<(Errand, Task)> {
        let attempt = self.attempt;
        if let Some(task) = self.renewal.take_task() {
            return Some((Errand::Renew(attempt), task));
        }
        let task = self.revocation.take_task()?;
        Some((Errand::Revoke(attempt), task))
    }

    pub(in crate::page) fn renewed(&mut self, outcome: Outcome) {
        if !matches!(self.renewal, Work::UnderWay) {
            return;
        }
        self.renewal = match outcome {
            Outcome::Renewed(renewed) => Work::Done(renewed),
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

    fn stem(&self) -> String {
        if !self.stem.is_empty() {
            return self.stem.clone();
        }
        match &self.renewal {
            Work::Done(renewed) => {
                let name = renewed
                    .subject
                    .rsplit_once("CN=")
                    .map(|(_, name)| name.split('/').next().unwrap_or(name));
                archive_stem(name)
            }
            _ => "renewed".to_owned(),
        }
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
        let stem = self.stem();
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
            && !self.downloaded.contains(&format!("{}.key", self.stem()))
    }
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

/// What a reader does here.
impl Session {
    /// The CAs that the page has.
    fn page_authorities(&self) -> Vec<PemPair> {
        let of = |authority: &IssuedAuthority| PemPair {
            certificate: authority.certificate.clone() + &authority.above,
            key: authority.key.to_string(),
        };
        match self.lab() {
            Some(lab) => lab
                .authorities()
                .map(|(_, authority)| of(authority))
                .collect(),
            None => self.brought().map(of).into_iter().collect(),
        }
    }

    /// The old certificate is to be renewed. `foreign` allows one of another CA.
    pub fn press_renew(&mut self, foreign: bool, now: Timestamp) {
        let page = self.page_authorities();
        let signing = &mut self.desk.signing;
        signing.foreign = foreign;
        signing.press_renew(page, now);
        self.focus_on_fault(true);
    }

    /// What is chosen is to be revoked.
    pub fn press_revoke(&mut self, now: Timestamp) {
        let page = self.page_authorities();
        let signing = &self.desk.signing;
        let made: Vec<MadeHere> = self
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
        self.desk.signing.press_revoke(page, made, now);
        self.focus_on_fault(false);
    }

    /// Moves the focus to what is at fault.
    pub(in crate::page) fn focus_on_fault(&mut self, renewal: bool) {
        let signing = &self.desk.signing;
        let fault = if renewal {
            signing.renewal.fault()
        } else {
            signing.revocation.fault()
        };
        if let Some(input) = fault.and_then(|fault| input_of(fault.field, renewal)) {
            self.focus_on(&input.to_string());
        }
    }

    /// The serial number of a certificate made here, by its place.
    fn serial_number(&self, place: usize) -> Option<String> {
        let identity = self.lab()?.identities().get(place)?;
        Some(identity.serial_number.clone())
    }

    /// Why something is revoked was chosen, by the identifier of the option.
    pub fn choose_reason(&mut self, option: &str) {
        match reason::choice(option) {
            Some((Whose::Pasted, reason)) => self.desk.signing.revoked_reason = reason,
            Some((Whose::Made(place), reason)) => {
                let Some(serial) = self.serial_number(place) else {
                    return;
                };
                let reasons = &mut self.desk.signing.reasons;
                match reason {
                    Some(reason) => reasons.insert(serial, reason),
                    None => reasons.remove(&serial),
                };
            }
            None => {}
        }
    }

    /// A CRL is there: the commands start etcd with it, if it is of a CA of this
    /// page.
    pub(in crate::page) fn start_with_revocation_list(&mut self) {
        if let Work::Done(list) = &self.desk.signing.revocation {
            let list = list.clone();
            if let Some(lab) = self.lab_mut() {
                lab.revoke(&list);
            }
        }
    }

    /// The commands start etcd without a CRL again.
    pub fn start_without_revocation_list(&mut self) {
        if let Some(lab) = self.lab_mut() {
            lab.revoke_nothing();
        }
        self.focus_on("revoke");
    }

    /// A certificate made here was ticked, or no longer is.
    pub fn tick(&mut self, id: &str, ticked: bool) {
        let serial = id
            .strip_prefix("revoke-made-")
            .and_then(|index| index.parse::<usize>().ok())
            .and_then(|index| self.serial_number(index));
        if let Some(serial) = serial {
            let chosen = &mut self.desk.signing.chosen;
            if ticked {
                chosen.insert(serial);
            } else {
                chosen.remove(&serial);
            }
        }
    }

    /// A certificate made here, by the stem of its file's name, is to be renewed.
    /// Gives its PEM, for the input.
    pub fn take_old(&mut self, stem: &str) -> Option<String> {
        let identities = self.lab()?.identities();
        let identity = identities.iter().find(|identity| identity.stem() == stem)?;
        let text = identity.certificate.clone();
        self.desk.signing.take_old(&stem.replace('/', "-"), &text);
        Some(text)
    }
}

fn input_of(field: SigningField, renewal: bool) -> Option<Input> {
    Some(match (field, renewal) {
        (SigningField::AuthorityCertificate, _) => Input::SignerCertificate,
        (SigningField::AuthorityKey, _) => Input::SignerKey,
        (SigningField::Subject | SigningField::Foreign, true) => Input::Old,
        (SigningField::Subject | SigningField::Foreign, false) => Input::Revoked,
        (SigningField::Days, true) => Input::RenewalDays,
        (SigningField::Days, false) => Input::RevocationDays,
        (SigningField::Number, _) => Input::Number,
        (SigningField::Whole, _) => return None,
    })
}

/// The regions of the chapter, outer ones first.
pub(in crate::page) fn regions(session: &Session) -> Vec<(String, String)> {
    let signing = &session.desk.signing;
    let region = |id: &str, markup: Markup| (id.to_owned(), markup.into_string());
    let mut regions = vec![
        region("signer-form", signer_form()),
        region("renew-form", renewal_form()),
        region("revoke-form", revocation_form()),
        region("signer-page", page_authority(session)),
        region("renew-made", made_to_renew(session)),
        region("revoke-made", made_to_revoke(session)),
        region("renewed", renewed(signing)),
        region("revoked", revoked(session)),
    ];
    for (input, fault) in faults(signing) {
        let text = fault.unwrap_or_default();
        regions.push(region(&format!("{input}-fault"), html! { (text) }));
    }
    regions
}

/// What is wrong with each input.
fn faults(signing: &Signing) -> Vec<(Input, Option<String>)> {
    Input::ALL
        .into_iter()
        .filter(|input| !matches!(input, Input::Inspect | Input::InspectPassphrase))
        .map(|input| {
            let of = |fault: Option<&SigningFault>, renewal: bool| {
                fault
                    .filter(|fault| input_of(fault.field, renewal) == Some(input))
                    .map(|fault| fault.message.clone())
            };
            let fault =
                of(signing.renewal.fault(), true).or_else(|| of(signing.revocation.fault(), false));
            (input, fault)
        })
        .collect()
}

pub(in crate::page) fn hidden(session: &Session) -> Vec<(String, bool)> {
    let signing = &session.desk.signing;
    let mut hidden = vec![
        ("signer-own-fields".to_owned(), !signing.own),
        ("signer-page".to_owned(), signing.own),
    ];
    for (input, fault) in faults(signing) {
        hidden.push((format!("{input}-fault"), fault.is_none()));
    }
    hidden
}

/// The certificates made here that are listed one by one: their places and
/// serial numbers.
fn listed(session: &Session) -> impl Iterator<Item = (usize, &str)> {
    let identities = session.lab().map(Lab::identities).unwrap_or_default();
    let listed = identities.iter().take(LISTED).enumerate();
    listed.map(|(place, identity)| (place, identity.serial_number.as_str()))
}

pub(in crate::page) fn invalid(session: &Session) -> Vec<(String, bool)> {
    faults(&session.desk.signing)
        .into_iter()
        .map(|(input, fault)| (input.to_string(), fault.is_some()))
        .collect()
}

pub(in crate::page) fn chosen(session: &Session) -> Vec<(String, bool)> {
    let signing = &session.desk.signing;
    let mut chosen = vec![
        ("signer-source-page".to_owned(), !signing.own),
        ("signer-source-own".to_owned(), signing.own),
        ("renew-source-same".to_owned(), !signing.new_key),
        ("renew-source-new".to_owned(), signing.new_key),
    ];
    for (place, serial) in listed(session) {
        let is_chosen = signing.chosen.contains(serial);
        chosen.push((format!("revoke-made-{place}"), is_chosen));
        if is_chosen {
            let reason = signing.reasons.get(serial).copied();
            chosen.extend(Whose::Made(place).chosen(reason));
        }
    }
    chosen.extend(Whose::Pasted.chosen(signing.revoked_reason));
    chosen
}

pub(in crate::page) fn disabled(session: &Session) -> Vec<(String, bool)> {
    let signing = &session.desk.signing;
    vec![
        ("renew".to_owned(), signing.renewal.is_busy()),
        ("revoke".to_owned(), signing.revocation.is_busy()),
    ]
}

/// A PEM text with a file beside it.
fn text_area(input: Input, label: &str, placeholder: &str, hint: &Markup) -> Markup {
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

fn short(input: Input, label: &str, value: &str, hint: &Markup) -> Markup {
    html! {
        div.field.field-short {
            label for=(input) { (label) }
            input id=(input) type="text" inputmode="numeric" value=(value) autocomplete="off"
                aria-describedby={ (input) "-hint " (input) "-fault" };
            (below(input, hint))
        }
    }
}

fn below(input: Input, hint: &Markup) -> Markup {
    html! {
        p.hint id={ (input) "-hint" } { (hint) }
        p.fault id={ (input) "-fault" } role="alert" hidden {}
    }
}

fn signer_form() -> Markup {
    html! {
        fieldset.ways {
            legend { "Which CA signs?" }
            (way("signer-source", "signer-source-page", "The CA of this page", "made or brought above"))
            (way("signer-source", "signer-source-own", "Another one", "with its certificate and key"))
        }
        div #signer-page {}
        div.fields #signer-own-fields hidden {
            (text_area(Input::SignerCertificate, "CA’s certificate (ca.crt)", "-----BEGIN CERTIFICATE-----",
                &html! { "With an intermediate CA: its own first, then those above it." }))
            (text_area(Input::SignerKey, "CA’s private key (ca.key)", "-----BEGIN PRIVATE KEY-----",
                &html! { "It signs in this tab and goes nowhere." }))
            div.field {
                label for=(Input::SignerPassphrase) { "Its passphrase, if it has one" }
                input id=(Input::SignerPassphrase) type="password" autocomplete="off"
                    aria-describedby={ (Input::SignerPassphrase) "-fault" };
                p.fault id={ (Input::SignerPassphrase) "-fault" } hidden {}
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
        (text_area(Input::Old, "Old certificate", "-----BEGIN CERTIFICATE-----",
            &html! { "Subject, SANs and usages are taken over as they are." }))
        div #renew-made {}
        fieldset.ways {
            legend { "For which key?" }
            (way("renew-source", "renew-source-same", "The old key", "its owner keeps it"))
            (way("renew-source", "renew-source-new", "A new key", "of the same kind, made here"))
        }
        (short(Input::RenewalDays, "Valid for, in days", "365", &html! { "From now, and at most until the CA’s own end." }))
        div.row { button type="button" #renew data-action="renew" { "Renew it" } }
        div #renewed aria-live="polite" {}
    }
}

fn made_to_renew(session: &Session) -> Markup {
    html! {
        @if let Some(lab) = session.lab() {
            div.row {
                @for identity in lab.identities().iter().take(LISTED) {
                    button.quiet type="button" data-action="renew-take" data-file=(identity.stem()) {
                        "Use " (identity.stem()) ".crt"
                    }
                }
            }
        }
    }
}

fn download(file: &str) -> Markup {
    html! {
        button type="button" data-action="desk-download" data-file=(file) { "Download " (file) }
    }
}

fn renewed(signing: &Signing) -> Markup {
    html! {
        @match &signing.renewal {
            Work::Idle => {}
            Work::Wanted(_) | Work::UnderWay => { p.reading { "Signing…" } }
            Work::Refused(fault) if fault.field == SigningField::Foreign => {
                div.row {
                    button type="button" #renew-foreign data-action="renew-foreign" { "Renew it under this CA all the same" }
                }
            }
            Work::Refused(fault) if fault.field == SigningField::Whole => { p.fault { (fault.message) } }
            Work::Refused(_) => {}
            Work::Done(renewed) => {
                @let stem = signing.stem();
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
        (text_area(Input::Revoked, "Certificates or serial numbers", "1D735BBDFA81DC27…",
            &html! {
                "PEM, or serial numbers in hexadecimal, one on each line, as " code { "openssl x509 -serial" }
                " prints them. A line may end with a reason of its own, such as " code { "keyCompromise" } "."
            }))
        div.why { (Whose::Pasted.select()) }
        p.hint { "etcd turns away whoever is on the list and looks at no reason; people and other programs do. “Not said” is left out of the CRL, as RFC 5280 wants it." }
        (short(Input::Number, "Number of this CRL", "1", &html! { "Each new CRL needs a larger number than the one before." }))
        (short(Input::RevocationDays, "Next CRL due in, days", "30", &html! { "etcd does not look at this; other programs refuse the CRL afterwards." }))
        div.row { button type="button" #revoke data-action="revoke" { "Make the CRL" } }
        div #revoked aria-live="polite" {}
    }
}

fn made_to_revoke(session: &Session) -> Markup {
    html! {
        @if let Some(lab) = session.lab() {
            fieldset.ways {
                legend { "Made here" }
                @for (index, identity) in lab.identities().iter().take(LISTED).enumerate() {
                    @let id = format!("revoke-made-{index}");
                    div.way {
                        input type="checkbox" id=(id);
                        label for=(id) {
                            code { (identity.stem()) ".crt" } " "
                            span.hint { (identity.subject) }
                        }
                    }
                    @if session.desk.signing.chosen.contains(&identity.serial_number) {
                        div.why { (Whose::Made(index).select()) }
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
    let signing = &session.desk.signing;
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
                            button.quiet type="button" #revoke-nothing data-action="revoke-nothing" { "Leave it out of the commands" }
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
