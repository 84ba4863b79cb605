//! etcd's config file, known by its keys wherever it stands, and those of its keys that
//! stand where etcd does not look for them.

use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::choice::MOST_UNKNOWN;
use super::page::Page;
use super::reader::Reader;
use super::shell::Call;
use super::structures::as_object;
use super::tree::Item;
use super::{Caveat, Coat, FileCoat, Invocation, Oversight, Program, Source, Use, flags, words};
use crate::etcd::facts::option::{EtcdOption, Section};

/// `CoreOS`’ cloud-config, whose keys become etcd's variables (coreos-cloudinit
/// `config/etcd2.go`).
const CLOUD_CONFIG: &str = "etcd2";

/// Container Linux' config, whose keys have underscores for hyphens, and which has no
/// others (`CoreOS` container-linux-config-transpiler, `config/types/etcd.go`).
const CONTAINER_LINUX: &str = "etcd";

/// Headings of etcd's old environment file, which some take for sections of a config file.
const HEADINGS: [&str; 6] = [
    "member",
    "peer",
    "client",
    "security",
    "cluster",
    "clustering",
];

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
        if key == CLOUD_CONFIG {
            return self.cloud_config(page, item);
        }
        if key == CONTAINER_LINUX && self.container_linux(page, item) {
            return true;
        }
        if HEADINGS.contains(&key) && self.heading(page, item, key) {
            return true;
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
            let keys = item.pairs().iter().map(|(key, _)| key);
            let mut underscored = keys.filter(|key| {
                let like = flags::like(key);
                key.contains('_') && like.is_some_and(|it| it.ends_with("-urls"))
            });
            if let (Some(one), Some(_)) = (underscored.next(), underscored.next()) {
                self.material
                    .oversights
                    .push(Oversight::UnderscoredKey { key: one.clone() });
            }
            return false;
        }
        let mut caveats = misplaced(item);
        let values = item.pairs().iter().filter_map(|(_, value)| value.text());
        let unknown = values.filter(|value| words::is_unknown(value));
        let unknown = unknown.take(MOST_UNKNOWN);
        caveats.extend(unknown.map(|word| Caveat::Unknown {
            word: word.to_owned(),
        }));
        let left_out =
            |line: &str| matches!(line.trim_matches([' ', '\t', '#']), "..." | "…" | "[...]");
        let is_part =
            !has(EtcdOption::ListenClientUrls) || page.text(&item.lines).lines().any(left_out);
        if is_part && page.place(&item.lines).source == Source::Pasted {
            caveats.push(Caveat::PartOfFile);
        }
        let text = page.text(&item.lines);
        let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
        let contents = if text.trim_start().starts_with('{') {
            text.to_owned()
        } else if text.trim_start().starts_with('"') && is_json(&as_object(text)) {
            as_object(text)
        } else {
            dedented(text)
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

    fn cloud_config(&mut self, page: &mut Page, item: &Item) -> bool {
        let pairs = item.pairs().iter();
        let known = pairs.filter(|(key, _)| flags::is_one(key));
        let arguments: Vec<String> = known
            .filter_map(|(key, value)| Some(format!("--{key}={}", value.text()?)))
            .collect();
        if arguments.len() < 2 {
            return false;
        }
        let lines = item.lines.clone();
        page.take(&lines);
        self.call(page, &lines, Call::etcd(arguments), Coat::Manifest, None)
    }

    fn container_linux(&mut self, page: &mut Page, item: &Item) -> bool {
        const LEAST: usize = 3;
        let mut arguments = Vec::new();
        let mut hyphened = Vec::new();
        for (key, value) in item.pairs() {
            let flag = key.replace('_', "-");
            let Some(text) = value.text().filter(|_| flags::is_one(&flag)) else {
                continue;
            };
            if key.contains('-') {
                hyphened.push(key.clone());
            } else if key.contains('_') {
                arguments.push(format!("--{flag}={text}"));
            }
        }
        // Other tools have such keys too; what the platform fills in is its own.
        let mut values = item.pairs().iter().filter_map(|(_, value)| value.text());
        if arguments.len() < LEAST || !values.any(words::is_braced) {
            return false;
        }
        let lines = item.lines.clone();
        page.take(&lines);
        if let Some(key) = hyphened.into_iter().next() {
            self.material
                .oversights
                .push(Oversight::HyphenedKey { key });
            return true;
        }
        self.call(page, &lines, Call::etcd(arguments), Coat::Manifest, None)
    }

    /// Keys of etcd's below a heading that etcd's config file does not have.
    fn heading(&mut self, page: &mut Page, item: &Item, key: &str) -> bool {
        const LEAST: usize = 3;
        let keys = || item.pairs().iter().map(|(key, _)| key.as_str());
        let inner = |key: &str| key.strip_prefix("peer-").is_some_and(is_section_key);
        // Anybody's settings may have these.
        let anyones = ["name", "proxy", "discovery", "metrics", "debug", "version"];
        let of_etcd = |key: &&str| !anyones.contains(key) && (flags::is_one(key) || inner(key));
        let is_own = |key: &str| {
            let ends = ["-client-urls", "-peer-urls", "cert-auth", "data-dir"];
            inner(key) || key.starts_with("initial-") || ends.iter().any(|end| key.ends_with(end))
        };
        if keys().filter(of_etcd).count() < LEAST || !keys().any(is_own) {
            return false;
        }
        page.take(&item.lines);
        let known = self.material.oversights.iter_mut().find_map(|it| match it {
            Oversight::Headings { headings } => Some(headings),
            _ => None,
        });
        let heading = key.to_owned();
        match known {
            Some(headings) if headings.contains(&heading) => {}
            Some(headings) => headings.push(heading),
            None => self.material.oversights.push(Oversight::Headings {
                headings: vec![heading],
            }),
        }
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
    let strange = item.pairs().iter().filter_map(|(key, _)| {
        let like = flags::like(key)?;
        let key = key.clone();
        Some(Caveat::StrangeKey { key, like })
    });
    let strange: Vec<Caveat> = strange.collect();
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
    caveats.extend(strange);
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
