//! The files in other forms: the choice, how far it is, and what there is.

use maud::{Markup, html};

mod state;

pub use self::state::Exporting;
pub(super) use self::state::PassphraseMissing;

use crate::{
    etcd::plan::Field,
    page::{
        element::PageElement,
        event::{OtherForm, Press, Tick},
        field::{passphrase, tick},
        session::Session,
        view::View,
        words::{count, curly},
    },
};

/// The button was pressed.
pub(in crate::page) fn press(session: &mut Session) {
    let field = Field::ExportPassphrase;
    match session.files.begin_export() {
        None => {}
        Some(Ok(())) => session.form.accept(field),
        Some(Err(missing)) => {
            session.form.refuse(field, missing.to_string());
            session.focus_on(field);
        }
    }
}

/// What is shown of the other forms.
pub(super) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::FormatsStatus, status(session));
    for form in OtherForm::ALL {
        view.choose(
            Tick::OtherForm(form),
            session.files.exporting.is_chosen(form),
        );
    }
}

/// The fields. They are the same whatever is in them.
pub(super) fn form() -> Markup {
    html! {
        details.more #formats-details {
            summary { "Other forms: DER, keys under a passphrase, PKCS#12, Kubernetes Secrets" }
            p { "etcd reads the files above, and no key under a passphrase. These are for browsers, Java, Windows, Kubernetes and safe-keeping." }
            (tick(Tick::OtherForm(OtherForm::Der), "DER", "each certificate and key, for programs that read no PEM"))
            (tick(Tick::OtherForm(OtherForm::Encrypted), "Keys under a passphrase", "PKCS#8 with AES-256, as openssl pkey opens it"))
            (tick(Tick::OtherForm(OtherForm::Pkcs12), "PKCS#12", "key, certificate and chain in one .p12 file; NSS reads none with an Ed25519 key"))
            (tick(Tick::OtherForm(OtherForm::Secret), "Kubernetes Secret", "one for each certificate and key, of the type kubernetes.io/tls, with the CA"))
            (passphrase(Field::ExportPassphrase, "Passphrase", &html! {
                "For encrypted keys and PKCS#12. Guessing it is made slow, so each file takes about a second. Java 8 to 21 reads a PKCS#12 file only if it is ASCII (“Password is not ASCII”)."
            }))
            div.row { button type="button" #export data-action=(Press::Export) { "Make these forms too" } }
            div #formats-status role="status" aria-live="polite" {}
        }
    }
}

/// How far it is, and what there is.
fn status(session: &Session) -> Markup {
    let exporting = &session.files.exporting;
    html! {
        @if exporting.nothing_chosen { p.bad { "Choose at least one form first." } }
        @if let Some(message) = &exporting.failure { p.bad { "This did not work: " (curly(message)) ". The files above are still there." } }
        @if exporting.count > 0 {
            @if exporting.done.len() < exporting.count {
                p { (exporting.done.len()) " of " (count(exporting.count, "certificate", "certificates")) " written in other forms" }
            } @else {
                p.good { "Made, and in both archives from now on:" }
                ul.files {
                    @for file in exporting.files().take(SHOWN) {
                        li.file {
                            div.file-name { code { (file.name) } span.hint { @if file.kind.mode() == 0o600 { "holds a private key · mode 0600" } @else { "mode 0644" } } }
                            div.file-actions {
                                button type="button" data-action=(Press::Download(file.name.clone())) aria-label={ "Download " (file.name) } { "Download" }
                            }
                        }
                    }
                }
                @let more = exporting.files().count().saturating_sub(SHOWN);
                @if more > 0 { p.hint { "And " (more) " more, which the archive has." } }
            }
        }
    }
}

/// How many of many are shown.
const SHOWN: usize = 24;
