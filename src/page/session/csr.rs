//! CSRs in the form: whether an identity has one, what it asks for, and which of
//! the names that it asks for the reader keeps.

use jiff::Timestamp;

use super::Session;
use crate::{
    etcd::{
        plan::{Field, IdentityField, Plan, Preset},
        role::Role,
    },
    pki::{
        certification_request::CertificationRequest, name::openssl_spelling,
        subject_alternative_name::SubjectAlternativeName,
    },
};

/// What the form holds about a CSR, for one identity.
#[derive(Default)]
pub(super) struct CsrForm {
    /// Whether there is a CSR rather than a key to make here.
    pub(super) chosen: bool,
    /// The text, kept while the other way is chosen.
    pub(super) text: String,
    /// The text that `facts` is about.
    looked_at: String,
    facts: Option<CsrFacts>,
    /// The names before the CSR's were put there, and after.
    filled: Option<(String, String)>,
}

/// What a CSR that could be read asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsrFacts {
    /// Its subject, in OpenSSL's spelling.
    pub subject: String,
    /// What kind of key it holds.
    pub key: String,
    /// The DNS names and addresses that it asks for.
    pub names: Vec<String>,
    /// Other kinds of names that it asks for and will not get.
    pub left_out: Vec<String>,
    /// Other extensions that it asks for.
    pub other_extensions: Vec<String>,
}

impl Session {
    /// Whether an identity has a CSR rather than a key to be made here.
    #[must_use]
    pub fn has_csr(&self, index: usize) -> bool {
        self.csr_forms.get(index).is_some_and(|form| form.chosen)
    }

    /// What an identity's CSR asks for, if there is one and it can be read.
    #[must_use]
    pub fn csr_facts(&self, index: usize) -> Option<&CsrFacts> {
        let form = self.csr_forms.get(index).filter(|form| form.chosen)?;
        form.facts.as_ref()
    }

    pub(super) fn type_csr(&mut self, index: usize, text: &str) {
        if let Some(form) = self.csr_forms.get_mut(index) {
            text.clone_into(&mut form.text);
        }
        self.settle_csr(index);
    }

    /// Puts a CSR into the plan if that way is chosen, and out of it if not.
    pub(super) fn settle_csr(&mut self, index: usize) {
        let Some(form) = self.csr_forms.get(index) else {
            return;
        };
        let text = if form.chosen {
            form.text.clone()
        } else {
            String::new()
        };
        if let Some(plan) = self.identity_mut(index) {
            plan.csr = text;
        }
    }

    /// An identity's key is to be made here, or there is a CSR.
    pub fn choose_csr(&mut self, index: usize, chosen: bool, now: Timestamp) {
        if let Some(form) = self.csr_forms.get_mut(index) {
            form.chosen = chosen;
        }
        self.settle_csr(index);
        self.check(now);
    }

    /// What a client's CSR is signed for is chosen.
    pub fn choose_usage(&mut self, index: usize, usage: Role, now: Timestamp) {
        if index > 0
            && let Some(plan) = self.identity_mut(index)
        {
            plan.choose_role(usage);
            // What it then lacks is said at once.
            self.leave(Field::Client(index - 1, IdentityField::Names), now);
        }
    }

    /// Whether a name that an identity's CSR asks for is among those that the
    /// certificate gets.
    #[must_use]
    pub fn keeps_name(&self, index: usize, name: &str) -> bool {
        let names = self.identity(index).map(|plan| plan.names.as_str());
        entries(names.unwrap_or_default()).any(|entry| is_same(entry, name))
    }

    /// The reader keeps or strikes a name that an identity's CSR asks for.
    pub fn keep_name(&mut self, index: usize, place: usize, keeps: bool, now: Timestamp) {
        let name = self
            .csr_facts(index)
            .and_then(|facts| facts.names.get(place).cloned());
        let (Some(name), Some(plan)) = (name, self.identity_mut(index)) else {
            return;
        };
        let mut kept: Vec<String> = entries(&plan.names)
            .filter(|entry| !is_same(entry, &name))
            .map(str::to_owned)
            .collect();
        if keeps {
            kept.push(name);
        }
        plan.names = kept.join(", ");
        self.check(now);
    }

    /// As many CSR forms as identities, each filled from the plan when new.
    pub(super) fn fit_csr_forms(&mut self) {
        self.csr_forms.truncate(self.identity_count());
        for index in self.csr_forms.len()..self.identity_count() {
            let text = self.identity(index).map(|plan| plan.csr.clone());
            let text = text.unwrap_or_default();
            // To sign a CSR is what that preset is for.
            let wanted = index > 0 && self.plan.preset == Preset::SignCsr;
            let given = !text.trim().is_empty();
            let chosen = given || wanted;
            self.csr_forms.push(CsrForm {
                chosen,
                // A link says itself which names there are to be.
                looked_at: if given { text.clone() } else { String::new() },
                facts: facts(&text),
                text,
                filled: None,
            });
        }
    }

    /// Reads a CSR that is new, and puts the names that it asks for into the
    /// form, where they can be seen and changed.
    pub(super) fn look_at_csr(&mut self, index: usize) {
        let names = self.identity(index).map(|plan| plan.names.clone());
        let untouched = match index {
            0 => Plan::default().server.names,
            _ => String::new(),
        };
        let (Some(form), Some(names)) = (self.csr_forms.get_mut(index), names) else {
            return;
        };
        if !form.chosen || form.text == form.looked_at {
            return;
        }
        form.looked_at.clone_from(&form.text);
        form.facts = facts(&form.text);
        let Some(facts) = &form.facts else {
            return;
        };
        // The names of an earlier CSR make way for those of the new one.
        let before = match form.filled.take() {
            Some((before, after)) if after == names => before,
            _ => names,
        };
        if facts.names.is_empty() {
            if let Some(plan) = self.identity_mut(index) {
                plan.names = before;
            }
            return;
        }
        let mut filled: Vec<String> = Vec::new();
        if before.trim() != untouched {
            filled.push(before.trim().trim_end_matches(',').to_owned());
        }
        for name in &facts.names {
            if !before.split([',', ' ', '\n']).any(|there| there == name) || filled.is_empty() {
                filled.push(name.clone());
            }
        }
        let after = filled.join(", ");
        form.filled = Some((before, after.clone()));
        if let Some(plan) = self.identity_mut(index) {
            plan.names = after;
        }
    }
}

fn facts(text: &str) -> Option<CsrFacts> {
    let request = CertificationRequest::from_pem(text).ok()?;
    Some(CsrFacts {
        subject: openssl_spelling(request.subject()),
        key: request.public_key().describe(),
        names: request
            .names()
            .iter()
            .map(|name| match name {
                SubjectAlternativeName::Dns(name) => name.as_str().to_owned(),
                SubjectAlternativeName::Ip(address) => address.to_string(),
            })
            .collect(),
        left_out: request.other_names().to_vec(),
        other_extensions: request
            .requested_extensions()
            .iter()
            .filter(|extension| extension.name != "subjectAltName")
            .map(|extension| format!("{} ({})", extension.name, extension.value))
            .collect(),
    })
}

/// The entries of a list of names.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| matches!(character, ',' | ';') || character.is_whitespace())
        .filter(|entry| !entry.is_empty())
}

/// Whether two texts are the same name, however they are spelled.
fn is_same(entry: &str, name: &str) -> bool {
    let read = |text: &str| text.parse::<SubjectAlternativeName>();
    read(entry).is_ok_and(|entry| read(name).as_ref() == Ok(&entry))
}
