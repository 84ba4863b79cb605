//! YAML and JSON of those who run etcd: manifests, compose files, a container's
//! inspection, kubeadm's configuration, Helm's values, Ansible's variables,
//! etcd's config file, Secrets. Each is known by its keys, wherever they stand.

use std::ops::Range;

use zeroize::Zeroizing;

use super::container::{Container, WORDS, variables};
use super::page::Page;
use super::reader::Reader;
use super::shell;
use super::tree::{Item, Node};
use super::{FileCoat, FoundFile, Program, Unused, Use, blocks, flags, words};
use crate::etcd::facts::client_form;

/// Deeper than the tree itself there is nothing.
const DEEPEST: usize = 64;

impl Reader {
    /// Looks at a node and at what is in it.
    pub(super) fn walk(&mut self, page: &mut Page, item: &Item, key: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match &item.node {
            Node::Nothing => {}
            Node::Text(text) => self.value(page, text, key, &item.lines),
            Node::List(items) => {
                if !self.bare_list(page, item) {
                    for inner in items {
                        self.walk(page, inner, key, depth + 1);
                    }
                }
            }
            Node::Map(pairs) => {
                let known = self.client_form(page, item, key)
                    || self.configuration(page, item, key)
                    || self.kubeadm(page, item)
                    || self.helm(page, item)
                    || self.ansible_variables(page, item);
                if known {
                    return;
                }
                let container = self.container(page, item, key);
                for (key, inner) in pairs {
                    let words = WORDS.iter().any(|name| key.eq_ignore_ascii_case(name));
                    let is_inspected = key == "Config" || key == "config";
                    if container && words && !is_inspected {
                        continue;
                    }
                    self.walk(page, inner, key, depth + 1);
                }
            }
        }
    }

    /// A text: PEM, base64 of PEM, or a text with lines of its own.
    fn value(&mut self, page: &mut Page, text: &str, key: &str, lines: &Range<usize>) {
        const ENCODED_BEGIN: &str = "LS0tLS1C";
        let trimmed = text.trim();
        if let Some(start) = trimmed.find(ENCODED_BEGIN).filter(|start| *start == 0) {
            let encoded: String = trimmed
                .get(start..)
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            if let Some(bytes) = blocks::decoded(&encoded) {
                self.found(page, lines, name_of_key(key), bytes, FileCoat::Base64);
            } else {
                let key = key.to_owned();
                let place = page.place(lines);
                self.material
                    .unused
                    .push((place, Unused::NotBase64 { key }));
            }
        } else if trimmed.contains("-----BEGIN ") {
            let name = name_of_value(page, key);
            let found = blocks::normalised(trimmed);
            if found.is_empty() {
                self.material
                    .unused
                    .push((page.place(lines), Unused::BrokenBlock));
            } else {
                self.found(page, lines, name, blocks::together(&found), FileCoat::Value);
            }
        } else if text.contains('\n') || is_command(key) && text.contains("etcd") {
            let before = self.material.used.len();
            let place = page.place(lines);
            self.inner(text, key, &place);
            if self.material.used.len() > before {
                page.take(lines);
            }
        }
    }

    pub(super) fn found(
        &mut self,
        page: &mut Page,
        lines: &Range<usize>,
        name: Option<String>,
        bytes: Zeroizing<Vec<u8>>,
        coat: FileCoat,
    ) {
        let place = page.place(lines);
        page.take(lines);
        self.material.used.push((place.clone(), Use::File));
        self.material.files.push(FoundFile {
            name,
            bytes,
            coat,
            place,
        });
    }

    /// A list whose first item is a program, or whose items are etcd's flags: the
    /// middle of a manifest.
    fn bare_list(&mut self, page: &mut Page, item: &Item) -> bool {
        let words: Vec<String> = item
            .list()
            .iter()
            .filter_map(|item| item.text().map(str::to_owned))
            .collect();
        let Some(first) = words.first() else {
            // The middle of a list of variables.
            let variables = variables(item);
            let tells = |name: &str| name.starts_with("ETCD_") || client_form::is_variable(name);
            let of_etcd = variables.iter().any(|(name, _)| tells(name));
            let container = Container {
                environment: variables,
                lines: vec![&item.lines],
                ..Container::default()
            };
            return of_etcd && self.variables_alone(page, container);
        };
        if words.len() < item.list().len() {
            return false;
        }
        let flags = || {
            let of_etcd = words.iter().filter(|word| flags::of_word(word).is_some());
            of_etcd.count() >= 2
                && words
                    .iter()
                    .all(|word| word.starts_with('-') || !word.contains(' '))
        };
        let words = match Program::named(words::base(first)) {
            // Names of which the first is etcd's are no command.
            Some(Program::Etcd) if words.iter().skip(1).any(|word| word.starts_with('-')) => words,
            Some(Program::Etcdctl) if words.len() > 1 => words,
            None if shell::client_named(words::base(first)).is_some() => words,
            None if first.starts_with('-') && flags() => {
                std::iter::once("etcd".to_owned()).chain(words).collect()
            }
            _ => return false,
        };
        let container = Container {
            words,
            lines: vec![&item.lines],
            ..Container::default()
        };
        self.run(page, &container)
    }
}

/// Whether a key's value is a command.
fn is_command(key: &str) -> bool {
    ["cmd", "command", "run", "script", "shell", "exec", "args"]
        .iter()
        .any(|name| key.eq_ignore_ascii_case(name))
}

/// The name of the file that a value with PEM would be: cfssl's `cert`, `key`
/// and `csr` are called as `cfssljson` calls them.
fn name_of_value(page: &Page, key: &str) -> Option<String> {
    let stem = page.origin.name.as_deref().map_or("cert", |name| {
        let base = words::base(name);
        base.split('.').next().unwrap_or(base)
    });
    match key {
        "" => None,
        "cert" => Some(format!("{stem}.pem")),
        "key" => Some(format!("{stem}-key.pem")),
        "csr" => Some(format!("{stem}.csr")),
        key => name_of_key(key),
    }
}

/// The file's name that a key stands for: kubeconfigs end theirs in `-data`.
fn name_of_key(key: &str) -> Option<String> {
    match key {
        "" => None,
        "certificate-authority-data" | "caBundle" | "caData" => Some("ca.crt".to_owned()),
        "client-certificate-data" => Some("client.crt".to_owned()),
        "client-key-data" => Some("client.key".to_owned()),
        key => Some(key.to_owned()),
    }
}
