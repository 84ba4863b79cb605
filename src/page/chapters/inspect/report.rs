//! What the inspector found, as markup: the chain as a tree, then each thing
//! with its remarks and facts. Private keys are told of, never shown.

use jiff::Timestamp;
use maud::{Markup, html};

use super::summary::summary;
use crate::etcd::telling::inspection::EtcdRemark;
use crate::lab::job::inspect::{Described, Inspected};
use crate::page::{
    command::command,
    event::Press,
    id::{FoundPart, Id},
    words::{count, curly, day, list},
};
use crate::pki::inspection::algorithm::Named;
use crate::pki::inspection::certificate::{CertificateFacts, Life, LifeStage};
use crate::pki::inspection::certification_request::RequestFacts;
use crate::pki::inspection::extension::{ExtensionFacts, ExtensionValue};
use crate::pki::inspection::general_name::NameFacts;
use crate::pki::inspection::key::{KeyKind, LockedKind, PrivateKeyFacts, PublicKeyFacts};
use crate::pki::inspection::relation::{Branch, Signer};
use crate::pki::inspection::remark::{Remark, Weight};
use crate::pki::inspection::revocation_list::RevocationListFacts;
use crate::pki::inspection::signed::{NotChecked, SignatureCheck};
use crate::pki::inspection::{Content, Inspection, Item, Location, MAXIMUM_ITEMS, Pkcs12Integrity};

/// The most things whose facts stand open from the beginning.
const OPEN: usize = 3;

/// The most files of archives that are named as not read.
const MOST_BESIDE: usize = 12;

impl Inspected {
    /// Everything that was found.
    #[must_use]
    pub fn report(&self) -> Markup {
        let inspection = &self.inspection;
        let trees = inspection.trees();
        html! {
            p.found { strong { "Found: " (summary(self)) "." } }
            @if inspection.left_out > 0 {
                p.notice {
                    (count(inspection.left_out, "more thing was", "more things were"))
                    " not read: " (MAXIMUM_ITEMS) " at a time are enough. Give fewer."
                }
            }
            @for closed in &self.closed {
                p.fault { code { (closed.file) } " stays closed: " (curly(&closed.reason)) "." }
            }
            @if trees.iter().any(|tree| !tree.signed.is_empty()) || trees.len() > 1 {
                h3 #inspect-tree { "Who signed whom" }
                nav.tree aria-labelledby="inspect-tree" {
                    ul { @for tree in &trees { (branch(inspection, tree)) } }
                }
            }
            @for (place, item) in inspection.items.iter().enumerate() {
                (thing(
                    inspection,
                    place,
                    item,
                    self.etcd.get(place).map(Vec::as_slice).unwrap_or_default(),
                ))
            }
            @for said in &self.described { (in_words(said)) }
            @if !self.beside.is_empty() {
                p.hint {
                    "Also there, with nothing in them that is read here: "
                    @for (index, name) in self.beside.iter().take(MOST_BESIDE).enumerate() {
                        @if index > 0 { ", " }
                        code { (name) }
                    }
                    @if self.beside.len() > MOST_BESIDE {
                        " and " (self.beside.len() - MOST_BESIDE) " more"
                    }
                    "."
                }
            }
        }
    }
}

/// A certificate that OpenSSL's words describe: whose it is said to be.
fn in_words(described: &Described) -> Markup {
    let said = &described.certificate;
    let subject = if said.subject.is_empty() {
        "(no subject)"
    } else {
        &said.subject
    };
    let place = match described.file.as_str() {
        "" => format!("pasted, line {}", described.line),
        file => format!("{file}, line {}", described.line),
    };
    html! {
        details.card.thing open {
            summary {
                span.summary {
                    span.label { "In words" }
                    span.subject { (subject) }
                }
                span.change { "Details" }
            }
            div.card-body {
                p.hint { "From: " (place) }
                p.notice {
                    "These are OpenSSL’s words about a certificate, not the certificate: nobody can verify them, and etcd can’t read them. Paste its BEGIN CERTIFICATE block too."
                }
                dl {
                    dt { "Subject" } dd { (subject) }
                    @if !said.issuer.is_empty() { dt { "Issuer" } dd { (said.issuer) } }
                    @if said.not_before.is_some() || said.not_after.is_some() {
                        dt { "Valid" }
                        dd {
                            @if let Some(from) = said.not_before { (instant(from)) }
                            @if let Some(until) = said.not_after { " to " (instant(until)) }
                        }
                    }
                    @if !said.serial_number.is_empty() {
                        dt { "Serial" } dd { span.fingerprint { (said.serial_number) } }
                    }
                    @if let Some(is_authority) = said.is_authority {
                        dt { "CA" } dd { @if is_authority { "yes" } @else { "no" } }
                    }
                    @for (heading, list) in [
                        ("Names", &said.names),
                        ("Key usage", &said.key_usages),
                        ("Extended key usage", &said.extended_key_usages),
                    ] {
                        @if !list.is_empty() { dt { (heading) } dd { (list.join(", ")) } }
                    }
                }
            }
        }
    }
}

fn link(inspection: &Inspection, place: usize) -> Markup {
    html! {
        @if let Some(item) = inspection.items.get(place) {
            a href={ "#" (Id::Found(place)) } { (title(&item.content)) }
        }
    }
}

fn branch(inspection: &Inspection, tree: &Branch) -> Markup {
    let Some(item) = inspection.items.get(tree.place) else {
        return html! {};
    };
    html! {
        li {
            span.node {
                span.label { (kind(&item.content)) }
                (link(inspection, tree.place))
                " " span.hint { (standing(&item.content)) }
                @if let Some(missing) = missing_signer(&item.content) { " " span.hint { (missing) } }
            }
            @if !tree.signed.is_empty() {
                ul { @for signed in &tree.signed { (branch(inspection, signed)) } }
            }
        }
    }
}

/// What is said of something whose signer is not above it in the tree.
fn missing_signer(content: &Content) -> Option<String> {
    let (signer, issuer) = match content {
        Content::Certificate(facts) => (&facts.signer, &facts.issuer.text),
        Content::RevocationList(facts) => (&facts.signer, &facts.issuer.text),
        _ => return None,
    };
    match signer {
        Signer::Item { .. } | Signer::Itself => None,
        Signer::NotGiven => Some(format!("· signed by {issuer}, which is not here")),
        Signer::Namesakes(_) => Some(format!("· signed by another {issuer} than the one here")),
        Signer::Unchecked { .. } => Some("· the signature can’t be checked here".to_owned()),
    }
}

/// What kind of thing it is, in a word or two.
fn kind(content: &Content) -> &'static str {
    match content {
        Content::Certificate(facts) => {
            if facts.signer == Signer::Itself && (facts.is_authority() || facts.version < 3) {
                "Root CA"
            } else if facts.is_authority() {
                "CA"
            } else {
                "Certificate"
            }
        }
        Content::Request(_) => "CSR",
        Content::RevocationList(_) => "CRL",
        Content::PrivateKey(_) => "Private key",
        Content::PublicKey(..) => "Public key",
        Content::Locked(facts) if facts.kind == LockedKind::Pkcs12 => "PKCS#12",
        Content::Locked(_) => "Encrypted key",
        Content::Unreadable(_) => "Unreadable",
    }
}

/// The same within a sentence.
pub(super) fn kind_within(content: &Content) -> &'static str {
    match kind(content) {
        "Certificate" => "certificate",
        "Root CA" => "root CA",
        "Private key" => "private key",
        "Public key" => "public key",
        other => other,
    }
}

pub(super) fn title(content: &Content) -> String {
    let named = |text: &str| {
        if text.is_empty() {
            "(no subject)".to_owned()
        } else {
            text.to_owned()
        }
    };
    match content {
        Content::Certificate(facts) => named(&facts.subject.text),
        Content::Request(facts) => named(&facts.subject.text),
        Content::RevocationList(facts) => format!("of {}", named(&facts.issuer.text)),
        Content::PrivateKey(facts) => facts.kind.to_string(),
        Content::PublicKey(facts, _) => facts.kind.to_string(),
        Content::Locked(_) | Content::Unreadable(_) => String::new(),
    }
}

/// Where it stands: the time left.
fn standing(content: &Content) -> String {
    match content {
        Content::Certificate(facts) => time_left(facts.life),
        Content::RevocationList(facts) => {
            format!("{} revoked", facts.count)
        }
        _ => String::new(),
    }
}

/// The time that is left, or gone: `59 days left`, `ended 3 hours ago`.
fn time_left(life: Life) -> String {
    match life.stage {
        LifeStage::Valid { seconds } => format!("{} left", span(seconds)),
        LifeStage::Ended { seconds } => format!("ended {} ago", span(seconds)),
        LifeStage::Early { seconds } => format!("begins in {}", span(seconds)),
    }
}

fn span(seconds: i64) -> String {
    let number = |seconds: i64, unit: i64| usize::try_from(seconds / unit).unwrap_or_default();
    match seconds {
        ..60 => count(number(seconds, 1), "second", "seconds"),
        60..3_600 => count(number(seconds, 60), "minute", "minutes"),
        3_600..172_800 => count(number(seconds, 3_600), "hour", "hours"),
        172_800..63_072_000 => count(number(seconds, 86_400), "day", "days"),
        _ => count(number(seconds, 31_536_000), "year", "years"),
    }
}

fn thing(inspection: &Inspection, place: usize, item: &Item, etcd: &[EtcdRemark]) -> Markup {
    let open = inspection.items.len() <= OPEN;
    let remarks: &[Remark] = match &item.content {
        Content::Certificate(facts) => &facts.remarks,
        Content::Request(facts) => &facts.remarks,
        Content::RevocationList(facts) => &facts.remarks,
        _ => &[],
    };
    let faults = remarks
        .iter()
        .map(Remark::weight)
        .chain(etcd.iter().map(EtcdRemark::weight))
        .filter(|weight| *weight == Weight::Fault)
        .count();
    html! {
        details.card.thing id=(Id::Found(place)) open[open] {
            summary {
                span.summary {
                    span.label { (kind(&item.content)) }
                    span.subject { (title(&item.content)) }
                    " " span.facts { (standing(&item.content)) }
                    @if faults > 0 { " " span.bad { (count(faults, "fault", "faults")) } }
                }
                span.change { "Details" }
            }
            div.card-body {
                p.hint { (locations(&item.locations)) }
                @match &item.content {
                    Content::Unreadable(why) => { p.fault { "It can’t be read: " (curly(&why.to_string())) "." } }
                    Content::Locked(facts) => { p.notice { (curly(&capitalised(&facts.to_string()))) "." } }
                    _ => {}
                }
                (remarks_list(remarks, etcd))
                @match &item.content {
                    Content::Certificate(facts) => { (certificate(inspection, place, facts)) }
                    Content::Request(facts) => { (request(inspection, place, facts)) }
                    Content::RevocationList(facts) => { (revocation_list(inspection, place, facts)) }
                    Content::PrivateKey(facts) => { (private_key(inspection, place, facts)) }
                    Content::PublicKey(facts, _) => {
                        dl { (key(facts)) (belongs(inspection, place)) }
                    }
                    Content::Locked(_) | Content::Unreadable(_) => {}
                }
                (anatomy_button(place, &item.content))
            }
        }
    }
}

/// What takes a thing apart, or why that is not done.
fn anatomy_button(place: usize, content: &Content) -> Markup {
    html! {
        @match content {
            Content::PrivateKey(_) => {
                p.hint { "It has no anatomy here: a private key’s bytes are never shown." }
            }
            content if content.pem().is_some() => {
                div.row {
                    button.quiet type="button" id=(Id::OfFound(place, FoundPart::Anatomy)) data-action=(Press::Anatomy(place)) {
                        "Anatomy: its bytes and fields"
                    }
                }
            }
            Content::RevocationList(_) => { p.hint { "It is too large to be taken apart here." } }
            _ => {}
        }
    }
}

fn locations(locations: &[Location]) -> String {
    let said: Vec<String> = locations
        .iter()
        .map(|location| {
            let file = if location.file.is_empty() {
                "pasted"
            } else {
                location.file.as_str()
            };
            match (location.in_pkcs12, location.line, &location.label) {
                (Some(Pkcs12Integrity::Mac), ..) => format!("in the PKCS#12 file {file}"),
                (Some(Pkcs12Integrity::Nothing), ..) => format!(
                    "in the PKCS#12 file {file}, which has no MAC: whoever held it may have changed it"
                ),
                (None, Some(line), Some(label)) => format!("{file}, line {line}, {label}"),
                (None, Some(line), None) => format!("{file}, line {line}"),
                (None, None, _) => file.to_owned(),
            }
        })
        .collect();
    match said.as_slice() {
        [only] => format!("From: {only}"),
        several => format!("Given {} times: {}", several.len(), list(several)),
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

fn remarks_list(remarks: &[Remark], etcd: &[EtcdRemark]) -> Markup {
    html! {
        @if !remarks.is_empty() || !etcd.is_empty() {
            ul.remarks {
                @for remark in remarks {
                    li.remark-fault[remark.weight() == Weight::Fault] {
                        (curly(&remark.to_string())) " " span.hint { (remark.source()) }
                    }
                }
                @for remark in etcd {
                    li.remark-fault[remark.weight() == Weight::Fault] {
                        (remark) " " span.hint { "etcd" }
                    }
                }
            }
        }
    }
}

/// A value that is worth copying, with its button.
fn copyable(id: Id, text: &str) -> Markup {
    html! {
        span.fingerprint id=(id) { (text) }
        " " button.copy-inline type="button" data-action=(Press::CopyText(id.to_string())) aria-describedby=(id) { "Copy" }
    }
}

fn certificate(inspection: &Inspection, place: usize, facts: &CertificateFacts) -> Markup {
    let id = |part| Id::OfFound(place, part);
    html! {
        dl {
            dt { "Subject" } dd { (named(&facts.subject.text)) }
            dt { "Issuer" } dd { (named(&facts.issuer.text)) }
            dt { "Signed by" } dd { (signer(inspection, place, &facts.signer)) }
            dt { "Version" } dd { (facts.version) }
            dt { "Valid" } dd {
                (day(facts.life.not_before)) " to " (day(facts.life.not_after))
                ", " (count(usize::try_from(facts.life.days()).unwrap_or_default(), "day", "days"))
                ": " strong { (time_left(facts.life)) }
                br; span.hint { (instant(facts.life.not_before)) " to " (instant(facts.life.not_after)) }
            }
            (key(&facts.key))
            dt { "Signature" } dd { (facts.signature_algorithm.name) }
            dt { "Serial" } dd { (copyable(id(FoundPart::Serial), &facts.serial_number)) }
            dt { "SHA-256" } dd { (copyable(id(FoundPart::Sha256), &facts.sha256)) }
            dt { "SHA-1" } dd { (copyable(id(FoundPart::Sha1), &facts.sha1)) }
            (belongs(inspection, place))
        }
        (extensions(&facts.extensions, "Extensions"))
        (pem(place, &facts.pem))
    }
}

fn named(subject: &str) -> Markup {
    html! {
        @if subject.is_empty() { span.hint { "none" } } @else { code { (subject) } }
    }
}

fn instant(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn signer(inspection: &Inspection, place: usize, signer: &Signer) -> Markup {
    html! {
        @match signer {
            Signer::Itself => { "itself; the signature holds" }
            Signer::Item { place, also } => {
                (link(inspection, *place)) "; the signature holds"
                @for twin in also { ", and with the key of " (link(inspection, *twin)) }
            }
            Signer::Namesakes(others) => {
                @if others.contains(&place) {
                    "not by itself, although it says so"
                } @else {
                    "another of that name than "
                    @for (index, other) in others.iter().enumerate() {
                        @if index > 0 { " and " }
                        (link(inspection, *other))
                    }
                    ": the signature does not hold"
                }
            }
            Signer::Unchecked { place: other, reason } => {
                @if *other == place { "itself, perhaps" } @else { (link(inspection, *other)) ", perhaps" }
                ": " (not_checked(reason))
            }
            Signer::NotGiven => { "somebody who is not here: give the issuer’s certificate as well" }
        }
    }
}

fn not_checked(reason: &NotChecked) -> String {
    match reason {
        NotChecked::Algorithm(named) => {
            format!("signatures with {} are not checked here", named.name)
        }
        NotChecked::Key(kind) => format!("signatures by {kind} keys are not checked here"),
        NotChecked::TooMany => "too many signatures to check them all".to_owned(),
    }
}

fn key(facts: &PublicKeyFacts) -> Markup {
    html! {
        dt { "Key" }
        dd {
            (facts.kind)
            @if let KeyKind::Rsa { exponent, .. } = &facts.kind { span.hint { ", exponent " (exponent) } }
        }
        dt { "Key’s SHA-256" } dd.fingerprint { (facts.sha256) }
    }
}

/// The other halves of a key.
fn belongs(inspection: &Inspection, place: usize) -> Markup {
    let others = inspection.same_key(place);
    html! {
        @if !others.is_empty() {
            dt { "Same key" }
            dd {
                @for (index, other) in others.iter().enumerate() {
                    @if index > 0 { ", " }
                    @if let Some(item) = inspection.items.get(*other) {
                        (kind_within(&item.content)) " "
                        (link(inspection, *other))
                    }
                }
            }
        }
    }
}

fn private_key(inspection: &Inspection, place: usize, facts: &PrivateKeyFacts) -> Markup {
    let alone = inspection.same_key(place).is_empty();
    html! {
        dl {
            @if let Some(public) = &facts.public_key { (key(public)) } @else { dt { "Key" } dd { (facts.kind) } }
            dt { "Form" } dd { (facts.form) }
            (belongs(inspection, place))
        }
        @if alone {
            p.hint { "Nothing else here has this key. Give its certificate as well to see that they belong together." }
        }
        p.hint { "The key itself is not shown." }
    }
}

fn request(inspection: &Inspection, place: usize, facts: &RequestFacts) -> Markup {
    html! {
        dl {
            dt { "Subject" } dd { (named(&facts.subject.text)) }
            (key(&facts.key))
            dt { "Signature" }
            dd {
                (facts.signature_algorithm.name) ": "
                @match &facts.signature {
                    SignatureCheck::Holds => { "it holds, so whoever made this has the key" }
                    SignatureCheck::Wrong => { span.bad { "it does not hold" } }
                    SignatureCheck::NotChecked(reason) => { (not_checked(reason)) }
                }
            }
            @if !facts.attributes.is_empty() {
                dt { "Attributes" } dd { (names(&facts.attributes)) }
            }
            (belongs(inspection, place))
        }
        @if facts.extensions.is_empty() {
            p.hint { "It asks for no extension." }
        }
        (extensions(&facts.extensions, "It asks for"))
        (pem(place, &facts.pem))
    }
}

fn revocation_list(inspection: &Inspection, place: usize, facts: &RevocationListFacts) -> Markup {
    html! {
        dl {
            dt { "Issuer" } dd { (named(&facts.issuer.text)) }
            dt { "Signed by" } dd { (signer(inspection, place, &facts.signer)) }
            dt { "Version" } dd { (facts.version) }
            dt { "Made" } dd { (instant(facts.this_update)) }
            dt { "Next one" }
            dd {
                @match facts.next_update {
                    Some(due) => { (instant(due)) @if facts.overdue { " " span.bad { "overdue" } } }
                    None => { "not said" }
                }
            }
            dt { "Number" } dd { @match &facts.number { Some(number) => { (number) } None => { "none" } } }
            dt { "Signature" } dd { (facts.signature_algorithm.name) }
        }
        h4 { (count(facts.count, "certificate is revoked", "certificates are revoked")) }
        @if facts.count > 0 {
            div.table tabindex="0" role="region" aria-label="Revoked certificates" {
                table {
                    thead { tr { th scope="col" { "Serial" } th scope="col" { "Since" } th scope="col" { "Reason" } } }
                    tbody {
                        @for entry in &facts.revoked {
                            tr {
                                td.fingerprint { (entry.serial_number) }
                                td { (instant(entry.at)) }
                                td { @if let Some(reason) = entry.reason { (reason.name()) } }
                            }
                        }
                    }
                }
            }
            @if facts.count > facts.revoked.len() {
                p.hint { "and " (facts.count - facts.revoked.len()) " more" }
            }
        }
        (extensions(&facts.extensions, "Extensions"))
        @if let Some(text) = &facts.pem { (pem(place, text)) }
    }
}

fn extensions(extensions: &[ExtensionFacts], heading: &str) -> Markup {
    html! {
        @if !extensions.is_empty() {
            h4 { (heading) }
            dl.extensions {
                @for extension in extensions {
                    dt {
                        (extension.id.name)
                        @if extension.critical { " " span.critical { "critical" } }
                    }
                    dd { (extension_value(&extension.value)) }
                }
            }
        }
    }
}

/// What an extension says.
pub(in crate::page) fn extension_value(value: &ExtensionValue) -> Markup {
    html! {
        @match value {
            ExtensionValue::BasicConstraints { authority, path_length } => {
                @if *authority { "a CA" } @else { "no CA" }
                @if let Some(length) = path_length {
                    ", with at most " (count(usize::from(*length), "CA", "CAs")) " below it"
                }
            }
            ExtensionValue::KeyUsage(usages) => { (joined(usages.iter().map(|usage| usage.name()))) }
            ExtensionValue::ExtendedKeyUsage(purposes) => { (names(purposes)) }
            ExtensionValue::SubjectAlternativeName(names)
            | ExtensionValue::IssuerAlternativeName(names)
            | ExtensionValue::RevocationListPlaces(names) => { (general(names)) }
            ExtensionValue::SubjectKeyIdentifier(key) => { span.fingerprint { (key) } }
            ExtensionValue::AuthorityKeyIdentifier { key, issuer, serial_number } => {
                @if let Some(key) = key { span.fingerprint { (key) } }
                @if !issuer.is_empty() { " " (general(issuer)) }
                @if let Some(number) = serial_number { " serial " span.fingerprint { (number) } }
            }
            ExtensionValue::NameConstraints { permitted, excluded } => {
                @if !permitted.is_empty() { "only within " (general(permitted)) }
                @if !permitted.is_empty() && !excluded.is_empty() { "; " }
                @if !excluded.is_empty() { "not within " (general(excluded)) }
            }
            ExtensionValue::CertificatePolicies(policies) => { (names(policies)) }
            ExtensionValue::AuthorityInformation(places) => {
                @for (index, (method, place)) in places.iter().enumerate() {
                    @if index > 0 { ", " }
                    (method.name) " at " code { (place.text) }
                }
            }
            ExtensionValue::RevocationListNumber(number) => { (number) }
            ExtensionValue::RevocationReason(reason) => { (reason.name()) }
            ExtensionValue::Unknown(bytes) => {
                span.fingerprint { (bytes.start) }
                @if bytes.start.len() / 3 + 1 < bytes.length { " … " (bytes.length) " bytes" }
            }
            ExtensionValue::Unreadable { fault, bytes } => {
                span.bad { "malformed: " (fault) } " "
                span.fingerprint { (bytes.start) }
            }
        }
    }
}

fn names(named: &[Named]) -> String {
    joined(named.iter().map(|named| named.name.as_str()))
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn general(names: &[NameFacts]) -> Markup {
    html! {
        @for (index, name) in names.iter().enumerate() {
            @if index > 0 { ", " }
            code { (name) }
        }
    }
}

fn pem(place: usize, text: &str) -> Markup {
    html! {
        details.more id=(Id::OfFound(place, FoundPart::PemDetails)) {
            summary { "PEM" }
            (command(&Id::OfFound(place, FoundPart::Pem).to_string(), text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{file::GivenFile, job::inspect::look};

    fn shown(bytes: &[u8], now: &str) -> String {
        let files = [GivenFile::new("client.crt", bytes)];
        look(&files, None, now.parse().unwrap())
            .report()
            .into_string()
    }

    #[test]
    fn the_tutorials_certificate_reads_as_a_person_would_tell_it() {
        let markup = shown(
            include_bytes!("../../../../tests/fixtures/tutorial-client.crt"),
            "2024-12-20T00:00:00Z",
        );
        for part in [
            "1 certificate",
            "/CN=client",
            "12 December 2024 to 10 February 2025, 60 days: <strong>52 days left</strong>",
            "RSA 2048",
            "Version 1, without extensions",
            "1D735BBDFA81DC2725278AFF896F81329C5388B6",
        ] {
            assert!(markup.contains(part), "{part} is not in {markup}");
        }
        assert!(!markup.contains(" style="));
    }

    #[test]
    fn spans_are_told_in_the_unit_that_people_would_use() {
        assert_eq!(span(1), "1 second");
        assert_eq!(span(3_599), "59 minutes");
        assert_eq!(span(90_000), "25 hours");
        assert_eq!(span(172_800), "2 days");
        assert_eq!(span(63_072_000), "2 years");
    }

    #[test]
    fn what_is_hostile_stays_text() {
        let markup = shown(
            b"-----BEGIN <img src=x>-----\nMAA=\n-----END <img src=x>-----\n",
            "2026-01-01T00:00:00Z",
        );
        assert!(!markup.contains("<img"));
        assert!(markup.contains("&lt;img"));
    }
}
