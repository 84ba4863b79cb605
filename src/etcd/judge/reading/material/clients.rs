//! Configurations of programs that are clients of etcd, each read as a call of etcdctl
//! with the same endpoints and files.

use std::ops::Range;

use super::page::Page;
use super::reader::Reader;
use super::shell::{Call, Surroundings};
use super::tree::{Item, Node};
use super::{Caveat, Coat, Invocation, Oversight, Passage, Program, Through};
use crate::etcd::facts::client_form::{
    BRACED_FORMS, BracedForm, CLIENT_FORMS, CLIENT_VARIABLES, ClientFile, ClientForm,
};
use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::{port, variable};

/// Its properties are written in small letters.
const COREDNS: &str = "CoreDNS";

/// So many lines stand between braces at most.
const MOST_LINES: usize = 40;

/// What a client is told.
#[derive(Default)]
struct Settings {
    endpoints: Vec<String>,
    authority: String,
    certificate: String,
    key: String,
    is_unchecked: bool,
}

impl Settings {
    /// Whether it is told where etcd is, and of TLS or at least of a URL.
    fn tell(&self) -> bool {
        let is_url = |it: &String| it.starts_with("https://") || it.starts_with("http://");
        let is_other = |it: &String| it.contains("://") && !is_url(it);
        !self.endpoints.is_empty()
            && !self.endpoints.iter().any(is_other)
            && (self.names_files() || self.endpoints.iter().any(is_url) || self.asks_members())
    }

    /// Whether it asks at the port between members, by its number.
    fn asks_members(&self) -> bool {
        let of_members = format!(":{}", port::PEER);
        self.endpoints.iter().any(|it| it.ends_with(&of_members))
    }

    fn names_files(&self) -> bool {
        let files = [&self.authority, &self.certificate, &self.key];
        files.iter().any(|file| !file.is_empty())
    }

    /// As words of etcdctl, which asks for something.
    fn arguments(&self) -> Vec<String> {
        let endpoints = self.endpoints.join(",");
        let options = [
            (EtcdctlOption::Endpoints, &endpoints),
            (EtcdctlOption::AuthorityCertificate, &self.authority),
            (EtcdctlOption::Certificate, &self.certificate),
            (EtcdctlOption::Key, &self.key),
        ];
        let given = options.iter().filter(|(_, value)| !value.is_empty());
        let unchecked = self
            .is_unchecked
            .then(|| EtcdctlOption::InsecureSkipTlsVerify.flag().to_owned());
        given
            .map(|(option, value)| format!("{}={value}", option.flag()))
            .chain(unchecked)
            .chain(["get".to_owned(), "/".to_owned()])
            .collect()
    }

    fn of(form: &ClientForm, item: &Item) -> Self {
        let file = |path: &str| {
            let found = at(item, path).into_iter().find_map(Item::text);
            let text = found.unwrap_or_default().trim();
            // The certificate itself stands where others name its file.
            if text.contains("-----BEGIN") {
                path
            } else {
                text
            }
            .to_owned()
        };
        let scheme = file(form.scheme);
        let texts = at(item, form.endpoints).into_iter().filter_map(Item::text);
        Self {
            endpoints: texts.flat_map(|text| endpoints(text, &scheme)).collect(),
            authority: file(form.authority),
            certificate: file(form.certificate),
            key: file(form.key),
            is_unchecked: file(form.unchecked).eq_ignore_ascii_case("true")
                || file(form.checked).eq_ignore_ascii_case("false"),
        }
    }
}

/// The call that variables amount to which a client of etcd reads.
pub(super) fn of_variables(value: impl Fn(&str) -> String, place: &Passage) -> Option<Invocation> {
    let (program, settings) = settings_of(value)?;
    Some(Invocation {
        program: Program::Etcdctl,
        through: vec![Through::Client(program)],
        caveats: vec![Caveat::SettingsOfClient { program }],
        ..Invocation::etcd(Coat::OfClient, settings.arguments(), place.clone())
    })
}

/// What variables tell a client of etcd that reads them, and which.
fn settings_of(value: impl Fn(&str) -> String) -> Option<(&'static str, Settings)> {
    let of_etcd = [
        EtcdOption::Name,
        EtcdOption::DataDirectory,
        EtcdOption::ListenClientUrls,
        EtcdOption::ListenPeerUrls,
        EtcdOption::InitialCluster,
        EtcdOption::TrustedCaFile,
    ];
    let is_etcds = of_etcd
        .iter()
        .any(|option| !value(&option.variable()).is_empty());
    CLIENT_VARIABLES.iter().find_map(|row| {
        // Some are called as etcd's own are, or as anybody calls his.
        let is_own = row.endpoints.starts_with(variable::ETCD);
        if is_own && (is_etcds || value(row.files[0]).is_empty()) {
            return None;
        }
        let [authority, certificate, key] = row.files.map(&value);
        let settings = Settings {
            endpoints: endpoints(&value(row.endpoints), &value(row.scheme)),
            authority,
            certificate,
            key,
            is_unchecked: false,
        };
        settings.tell().then_some((row.program, settings))
    })
}

/// The endpoints of a text with commas, with the scheme that others have for those without.
fn endpoints(text: &str, scheme: &str) -> Vec<String> {
    let with_scheme = |endpoint: &str| match scheme {
        "http" | "https" if !endpoint.contains("://") => format!("{scheme}://{endpoint}"),
        _ => endpoint.to_owned(),
    };
    listed(text).map(with_scheme).collect()
}

/// The items of a text with commas.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// What a path of keys leads to; lists on the way are gone through.
fn at<'i>(item: &'i Item, path: &str) -> Vec<&'i Item> {
    let mut found = vec![item];
    if path.is_empty() {
        return Vec::new();
    }
    for key in path.split('.') {
        found = found
            .into_iter()
            .flat_map(each)
            .filter_map(|it| it.get(key))
            .collect();
    }
    found.into_iter().flat_map(each).collect()
}

/// The items of a list, or the one.
fn each(item: &Item) -> Vec<&Item> {
    match &item.node {
        Node::List(items) => items.iter().collect(),
        _ => vec![item],
    }
}

/// Whether a map under this key may be of this form.
fn fits(form: &ClientForm, item: &Item, key: &str) -> bool {
    let has = |path: &&str| !at(item, path).is_empty();
    let stands = form.under.is_empty() || form.under.contains(&key);
    // Keys that many have tell nothing without one that is the program's own.
    let own = [form.authority, form.certificate, form.key];
    let is_named = || {
        let mut names = at(item, form.named).into_iter().filter_map(Item::text);
        names.any(|name| {
            let mut words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
            words.any(|word| word.eq_ignore_ascii_case("etcd"))
        })
    };
    // etcd's own settings may have such keys among them.
    let is_of_etcd = item.pairs().iter().any(|(key, _)| key.contains("listen"));
    let is_meant = if form.named.is_empty() {
        has(&form.endpoints)
    } else {
        is_named()
    };
    stands
        && !is_of_etcd
        && is_meant
        && form.beside.iter().all(has)
        && (!form.beside.is_empty() || own.iter().any(has) || asks_members(form, item))
}

/// Whether a map under a program's own key asks etcd at the port between members.
fn asks_members(form: &ClientForm, item: &Item) -> bool {
    !form.under.is_empty() && Settings::of(form, item).asks_members()
}

/// What APISIX does not read as it was meant, in its `etcd`.
fn of_apisix(item: &Item) -> impl Iterator<Item = Oversight> {
    let authority = at(item, "tls.ssl_trusted_certificate");
    let authority = authority.into_iter().find_map(Item::text);
    let hosts = item.get("host").map(Item::list).unwrap_or_default();
    let mut hosts = hosts.iter().filter_map(Item::text);
    let in_one = hosts.any(|host| host.matches("://").count() > 1);
    let authority = authority.map(|path| Oversight::ApisixAuthority {
        path: path.to_owned(),
    });
    let in_one = in_one.then_some(Oversight::UrlsInOneItem { program: "APISIX" });
    authority.into_iter().chain(in_one)
}

impl Reader {
    /// A map that tells a client of etcd where to go and with what.
    pub(super) fn client_form(&mut self, page: &mut Page, item: &Item, key: &str) -> bool {
        if key == "etcd" {
            self.material.oversights.extend(of_apisix(item));
        }
        let told = CLIENT_FORMS
            .iter()
            .filter(|form| fits(form, item, key))
            .map(|form| (form, Settings::of(form, item)))
            // Prometheus may look for its targets elsewhere.
            .find(|(form, settings)| {
                settings.tell()
                    || !form.named.is_empty()
                        && settings.endpoints.is_empty()
                        && settings.names_files()
            });
        // A program may have two names for its CA's file.
        let told = told.map(|(form, settings)| {
            let of_same = CLIENT_FORMS.iter().filter(|it| it.program == form.program);
            let mut others = of_same
                .filter(|it| fits(it, item, key))
                .map(|it| (it, Settings::of(it, item)));
            let better =
                others.find(|(_, it)| settings.authority.is_empty() && !it.authority.is_empty());
            better.unwrap_or((form, settings))
        });
        told.is_some_and(|(form, settings)| {
            let lines = item.lines.clone();
            page.take(&lines);
            self.client(page, &lines, form.program, &settings)
        })
    }

    /// Lines between braces that tell one; the line behind them.
    pub(super) fn braced_form(&mut self, page: &mut Page, number: usize) -> Option<usize> {
        let opening = words(page.free(number)?);
        let (last, opening) = opening.split_last()?;
        let begins = |form: &&BracedForm| {
            // The domains that CoreDNS serves stand behind its word.
            opening.starts_with(form.opening) && (form.opening.len() == 1 || opening.len() == 2)
        };
        let form = BRACED_FORMS.iter().find(begins).filter(|_| *last == "{")?;
        let mut settings = Settings::default();
        let mut end = number + 1;
        let mut depth = 1_usize;
        while end < page.len().min(number + MOST_LINES) {
            let line = page.line(end)?;
            end += 1;
            if line.trim_end().ends_with('{') {
                depth += 1;
            } else if line.trim() == "}" {
                depth -= 1;
            }
            if depth == 0 {
                break;
            }
            let all = words(line);
            let Some((word, values)) = all.split_first() else {
                continue;
            };
            if *word == form.endpoints {
                let urls = values.iter().flat_map(|value| listed(value));
                settings.endpoints.extend(urls.map(str::to_owned));
            }
            let is_almost =
                |(known, _): &&(&str, _)| known != word && known.eq_ignore_ascii_case(word);
            if form.program == COREDNS && form.files.iter().any(|it| is_almost(&it)) {
                let word = (*word).to_owned();
                self.material
                    .oversights
                    .push(Oversight::CorednsProperty { word });
            }
            let files = form.files.iter().filter(|(known, _)| known == word);
            // One value of three is the CA.
            let kinds = files.map(|(_, kinds)| match (*kinds, values) {
                ([_, _, authority], [_]) => std::slice::from_ref(authority),
                (kinds, _) => kinds,
            });
            for (kind, value) in kinds.flat_map(|kinds| kinds.iter().zip(values)) {
                let file = match kind {
                    ClientFile::Authority => &mut settings.authority,
                    ClientFile::Certificate => &mut settings.certificate,
                    ClientFile::Key => &mut settings.key,
                };
                (*value).clone_into(file);
            }
        }
        let lines = number..end;
        let taken = settings.tell() && self.client(page, &lines, form.program, &settings);
        taken.then(|| {
            page.take(&lines);
            end
        })
    }

    /// The variables of a container that tell one.
    pub(super) fn client_variables(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        environment: &[(String, String)],
    ) -> bool {
        let value = |name: &str| {
            let mut set = environment.iter().rev();
            let found = set.find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        settings_of(value)
            .is_some_and(|(program, settings)| self.client(page, lines, program, &settings))
    }

    fn client(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        program: &'static str,
        settings: &Settings,
    ) -> bool {
        let surroundings = Surroundings {
            through: vec![Through::Client(program)],
            ..Surroundings::default()
        };
        let call = Call::of(Program::Etcdctl, settings.arguments(), surroundings);
        self.call(page, lines, call, Coat::OfClient, None::<Caveat>)
    }
}

/// The words of a line, without `=` between them, quotes and a comment.
fn words(line: &str) -> Vec<&str> {
    let line = line.split(" #").next().unwrap_or(line);
    let words = line.split(|letter: char| letter.is_whitespace() || letter == '"');
    words
        .filter(|word| !word.is_empty() && *word != "=")
        .collect()
}
