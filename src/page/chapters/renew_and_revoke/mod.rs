//! Chapter “Renew and revoke”: which CA signs, an old certificate to be made
//! again, and a CRL. The signing itself is a worker's.

use jiff::Timestamp;
use maud::{Markup, html};
use zeroize::Zeroizing;

mod glance;
mod reason;
mod renewal;
mod revocation;
mod state;
mod work;

pub use self::state::Signing;

use self::{state::input_of, work::Work};
use crate::{
    lab::{
        IssuedAuthority, Lab,
        job::{revoke::MadeHere, signing::SigningFault},
        wire::{Outcome, PemPair},
    },
    page::{
        element::PageElement,
        event::{Choice, Press, RenewalKey, SigningCa, Tick, ToRevoke},
        field::{passphrase, pem, way},
        input::{Input, SigningInput},
        session::Session,
        view::View,
        wish::Wish,
        words::day,
    },
    pki::revocation_list::RevocationReason,
};

/// The most certificates made here that are listed one by one.
const LISTED: usize = 20;

/// The CAs that were made here, or the one that was brought.
fn authorities_here(session: &Session) -> Vec<&IssuedAuthority> {
    match session.files.lab() {
        Some(lab) => lab.authorities().map(|(_, authority)| authority).collect(),
        None => session.form.brought().into_iter().collect(),
    }
}

/// The same, to sign with.
fn page_authorities(session: &Session) -> Vec<PemPair> {
    let of = |authority: &IssuedAuthority| PemPair {
        certificate: authority.certificate.clone() + &authority.above,
        key: authority.key.to_string(),
    };
    authorities_here(session).into_iter().map(of).collect()
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
        .files
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
/// this page. The next CRL follows it, unless the reader takes it away.
pub(in crate::page) fn revocation_done(session: &mut Session, outcome: Outcome) {
    session.signing.listed(outcome);
    if let Work::Done(list) = &session.signing.revocation {
        let last = Zeroizing::new(list.pem.clone());
        if let Some(lab) = session.files.lab_mut() {
            lab.revoke(list);
        }
        for (input, text) in [
            (SigningInput::Before, last),
            (SigningInput::Number, Zeroizing::default()),
        ] {
            session.signing.type_text(input, &text);
            session.wish(Wish::SetText(Input::Signing(input), text));
        }
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
        session.focus_on(Input::from(input));
    }
}

/// The serial number of a certificate made here, by its place.
fn serial_number(session: &Session, place: usize) -> Option<String> {
    let identity = session.files.lab()?.identities().get(place)?;
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
    if let Some(lab) = session.files.lab_mut() {
        lab.revoke_nothing();
    }
    session.focus_on(PageElement::Revoke);
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
    let identities = session.files.lab().map(Lab::identities).unwrap_or_default();
    let Some(identity) = identities.iter().find(|identity| identity.stem() == stem) else {
        return;
    };
    let text = Zeroizing::new(identity.certificate.clone());
    session.signing.take_old(&stem.replace('/', "-"), &text);
    session.wish(Wish::SetText(Input::Signing(SigningInput::Old), text));
}

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    let signing = &session.signing;
    view.region(PageElement::SignerForm, signer_form());
    view.region(PageElement::RenewForm, renewal::form());
    view.region(PageElement::RevokeForm, revocation::form());
    view.region(PageElement::SignerPage, page_authority(session));
    view.region(PageElement::RenewMade, renewal::made_here(session));
    view.region(PageElement::RevokeMade, revocation::made_here(session));
    view.region(PageElement::RenewOld, signing.old_seen.shown(session.seen));
    view.region(
        PageElement::RevokeLast,
        signing.before_seen.shown(session.seen),
    );
    view.region(PageElement::Renewed, renewal::renewed(signing));
    view.region(PageElement::Revoked, revocation::revoked(session));
    let chosen = signing.signer(!authorities_here(session).is_empty());
    for signer in [SigningCa::Page, SigningCa::Own] {
        view.choose(Choice::Signer(signer), signer == chosen);
    }
    view.hide(PageElement::SignerOwnFields, chosen == SigningCa::Page);
    view.hide(PageElement::SignerPage, chosen == SigningCa::Own);
    for key in [RenewalKey::Same, RenewalKey::New] {
        view.choose(Choice::RenewalKey(key), key == signing.renewal_key);
    }
    for (place, serial) in revocation::listed(session) {
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
    view.disable(PageElement::Renew, signing.renewal.is_busy());
    view.disable(PageElement::Revoke, signing.revocation.is_busy());
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

fn signer_form() -> Markup {
    html! {
        fieldset.ways {
            legend { "Which CA signs?" }
            (way("signer-source", Choice::Signer(SigningCa::Page), "The CA of this page", "made or brought in Make"))
            (way("signer-source", Choice::Signer(SigningCa::Own), "Another one", "with its certificate and key"))
        }
        div #signer-page {}
        div.fields #signer-own-fields hidden {
            (pem(SigningInput::AuthorityCertificate, "CA’s certificate (ca.crt)", "-----BEGIN CERTIFICATE-----",
                &html! { "With an intermediate CA: its own first, then those above it." }))
            (pem(SigningInput::AuthorityKey, "CA’s private key (ca.key)", "-----BEGIN PRIVATE KEY-----",
                &html! { "It signs in this tab and goes nowhere." }))
            (passphrase(SigningInput::AuthorityPassphrase, "Its passphrase, if it has one",
                &html! { "It opens the key in this tab, and goes nowhere else." }))
        }
    }
}

fn page_authority(session: &Session) -> Markup {
    let authorities = authorities_here(session);
    html! {
        @for authority in &authorities {
            p.hint { code { (authority.subject) } ", valid until " (day(authority.validity.not_after)) }
        }
        @if authorities.len() > 1 {
            p.hint { "Of these, the one that issued the certificate signs." }
        }
        @if authorities.is_empty() {
            p.hint { "There is none yet: press “Make the files” in Make, or bring another one." }
        }
    }
}

fn download(file: &str) -> Markup {
    html! {
        button type="button" data-action=(Press::DownloadSigned(file.to_owned())) { "Download " (file) }
    }
}
