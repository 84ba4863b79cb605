//! etcd's config file, known by its keys wherever it stands, and those of its keys that
//! stand where etcd does not look for them.

use zeroize::Zeroizing;

use super::page::Page;
use super::reader::Reader;
use super::tree::Item;
use super::{Caveat, Coat, FileCoat, Invocation, Program, Source, Use, flags};
use crate::etcd::facts::option::{EtcdOption, Section};

/// Sections of etcd's config file.
const SECTIONS: [&str; 2] = ["client-transport-security", "peer-transport-security"];

impl Reader {
    /// etcd's config file.
    pub(super) fn configuration(&mut self, page: &mut Page, item: &Item, key: &str) -> bool {
        // `addr` is a key of etcd 0.4, in CoreOS' cloud-config; `endpoints` is one of a
        // client's file (etcd client/v3/yaml).
        let is_of_others = ["addr", "endpoints"]
            .iter()
            .any(|key| item.get(key).is_some());
        if matches!(key, "extraArgs" | "extra_args" | "args") || is_of_others {
            return false;
        }
        let known = item
            .pairs()
            .iter()
            .filter(|(key, _)| {
                let key = key.to_ascii_lowercase();
                flags::is_one(&key) || SECTIONS.contains(&key.as_str())
            })
            .count();
        let sections = SECTIONS
            .iter()
            .any(|name| item.get(name).is_some_and(|it| !it.pairs().is_empty()));
        let has = |option: EtcdOption| item.get(option.name()).is_some();
        let tells = [
            EtcdOption::ListenClientUrls,
            EtcdOption::AdvertiseClientUrls,
            EtcdOption::ListenPeerUrls,
            EtcdOption::InitialCluster,
            EtcdOption::DataDirectory,
            EtcdOption::CertificateFile,
            EtcdOption::TrustedCaFile,
        ]
        .into_iter()
        .any(has);
        if !(sections || known >= 2 && tells) {
            return false;
        }
        let mut caveats = misplaced(item);
        let left_out =
            |line: &str| matches!(line.trim_matches([' ', '\t', '#']), "..." | "…" | "[...]");
        let is_part =
            !has(EtcdOption::ListenClientUrls) || page.text(&item.lines).lines().any(left_out);
        if is_part && page.place(&item.lines).source == Source::Pasted {
            caveats.push(Caveat::PartOfFile);
        }
        let json = page.text(&item.lines).trim_start().starts_with('{');
        let contents = if json {
            page.text(&item.lines).to_owned()
        } else {
            dedented(page.text(&item.lines))
        };
        let name = page
            .origin
            .name
            .clone()
            .filter(|name| name.contains('.') || page.origin.fixed.is_none())
            .or_else(|| page.name_above(item.lines.start));
        let lines = item.lines.clone();
        let place = page.place(&lines);
        self.material
            .used
            .push((place.clone(), Use::Invocation(Program::Etcd)));
        self.found(
            page,
            &lines,
            name,
            Zeroizing::new(contents.into_bytes()),
            FileCoat::Configuration,
        );
        self.material.invocations.push(Invocation {
            caveats,
            ..Invocation::etcd(Coat::ConfigFile, Vec::new(), place)
        });
        true
    }
}

/// Keys of etcd's config file that stand where etcd does not look for them
/// (etcd, `server/embed/config.go`, `configYAML` and `securityConfig`).
fn misplaced(item: &Item) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    let mut add = |key: &str, within: Option<&str>, belongs: String| {
        caveats.push(Caveat::MisplacedKey {
            key: key.to_owned(),
            within: within.map(str::to_owned),
            belongs,
        });
    };
    for (key, _) in item.pairs() {
        let name = key.to_ascii_lowercase();
        if is_section_key(&name) {
            add(key, None, format!("client-transport-security.{name}"));
        } else if let Some(inner) = name.strip_prefix("peer-")
            && is_section_key(inner)
        {
            add(key, None, format!("peer-transport-security.{inner}"));
        }
    }
    for section in SECTIONS {
        let pairs = item.get(section).map_or(&[] as &[_], Item::pairs);
        for (key, _) in pairs {
            let name = key.to_ascii_lowercase();
            if is_section_key(&name) {
                continue;
            }
            let inner = name
                .strip_prefix("peer-")
                .filter(|inner| is_section_key(inner));
            if let Some(inner) = inner {
                add(
                    key,
                    Some(section),
                    format!("peer-transport-security.{inner}"),
                );
            } else if matches!(name.as_str(), "ca-file" | "cacert" | "trusted-ca") {
                add(key, Some(section), format!("{section}.trusted-ca-file"));
            } else if flags::is_one(&name) && !name.contains("crl") {
                add(key, Some(section), format!("{name} at the top"));
            }
        }
    }
    caveats
}

/// Whether such a section has a key of this name.
fn is_section_key(name: &str) -> bool {
    let mut options = EtcdOption::ALL.iter();
    options.any(|option| {
        let section = option.key().map(|key| key.section);
        let is_of_tls = matches!(
            section,
            Some(Section::ClientTransport | Section::PeerTransport)
        );
        is_of_tls && option.key_name() == name
    })
}

/// Lines without the blanks that all of them begin with.
fn dedented(text: &str) -> String {
    let blanks = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or_default();
    text.lines().fold(String::new(), |mut all, line| {
        all.push_str(line.get(blanks..).unwrap_or_default());
        all.push('\n');
        all
    })
}
