//! A CSR in the form: whether there is one, what it asks for, and which of the
//! names that it asks for the reader keeps.

use crate::pki::{
    certification_request::CertificationRequest, name::openssl_spelling,
    subject_alternative_name::SubjectAlternativeName,
};

/// What the form holds about the CSR of one server or client.
#[derive(Default)]
pub struct CsrForm {
    /// Whether there is a CSR rather than a key to make here.
    chosen: bool,
    /// The text, kept while the other way is chosen.
    text: String,
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

impl CsrForm {
    /// A CSR that the plan has, perhaps an empty one. `wanted` says that there is
    /// to be one, whatever is there yet.
    pub(super) fn new(text: &str, wanted: bool) -> Self {
        let given = !text.trim().is_empty();
        Self {
            chosen: given || wanted,
            text: text.to_owned(),
            // A link says itself which names there are to be.
            looked_at: if given {
                text.to_owned()
            } else {
                String::new()
            },
            facts: facts(text),
            filled: None,
        }
    }

    /// Whether there is a CSR rather than a key to be made here.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        self.chosen
    }

    /// Whether there is to be a CSR and none was given.
    pub(super) fn is_missing(&self) -> bool {
        self.chosen && self.text.trim().is_empty()
    }

    /// The text, whichever way is chosen.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that belongs into the plan.
    pub(super) fn in_plan(&self) -> &str {
        if self.chosen { &self.text } else { "" }
    }

    /// What it asks for, if there is one and it can be read.
    #[must_use]
    pub fn facts(&self) -> Option<&CsrFacts> {
        self.facts.as_ref().filter(|_| self.chosen)
    }

    pub(super) fn choose(&mut self, chosen: bool) {
        self.chosen = chosen;
    }

    pub(super) fn type_text(&mut self, text: &str) {
        text.clone_into(&mut self.text);
    }

    /// Reads the CSR, if it is new, and puts the names that it asks for among
    /// those of the form. `untouched` are the names that nobody typed.
    pub(super) fn read(&mut self, names: &mut String, untouched: &str) {
        if !self.chosen || self.text == self.looked_at {
            return;
        }
        self.looked_at.clone_from(&self.text);
        self.facts = facts(&self.text);
        let Some(facts) = &self.facts else {
            return;
        };
        // The names of an earlier CSR make way for those of the new one.
        let before = match self.filled.take() {
            Some((before, after)) if after == *names => before,
            _ => names.clone(),
        };
        if facts.names.is_empty() {
            *names = before;
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
        self.filled = Some((before, after.clone()));
        *names = after;
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
            .map(|name| {
                // A name such as 2 needs its kind, or it would be another one.
                let bare = name.bare();
                if SubjectAlternativeName::read(&bare).as_ref() == Ok(name) {
                    bare
                } else {
                    name.to_string()
                }
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

/// Whether a name is among those of a text.
pub(super) fn is_among(names: &str, name: &str) -> bool {
    entries(names).any(|entry| is_same(entry, name))
}

/// The names of a text, with this one among them or without it.
pub(super) fn kept(names: &str, name: &str, keeps: bool) -> String {
    let others = entries(names).filter(|entry| !is_same(entry, name));
    let kept: Vec<&str> = others.chain(keeps.then_some(name)).collect();
    kept.join(", ")
}

/// The entries of a list of names.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| matches!(character, ',' | ';') || character.is_whitespace())
        .filter(|entry| !entry.is_empty())
}

/// Whether two texts are the same name, however they are spelled.
fn is_same(entry: &str, name: &str) -> bool {
    let read = |text: &str| SubjectAlternativeName::read(text);
    read(entry).is_ok_and(|entry| read(name).as_ref() == Ok(&entry))
}
