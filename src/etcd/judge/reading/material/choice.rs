//! What is said in one place holds in another: variables reach the programs that
//! are called, config files get the names under which they are read. Then, of
//! several calls of one program, one is chosen, and of the others it is said why
//! not.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::told::Told;
use super::variables::Variables;
use super::{Caveat, Coat, FileCoat, Invocation, Material, Passage, Program, Unused, flags, words};
use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::variable::{ETCD, ETCDCTL_API, flag_of};

/// What a config file is called that has no name.
const CONFIG_FILE: &str = "etcd.conf.yml";

pub(super) fn finish(reader: &mut Reader) {
    let variables = Variables::new(
        std::mem::take(&mut reader.variables),
        std::mem::take(&mut reader.units),
        std::mem::take(&mut reader.environment_files),
    );
    let told = std::mem::take(&mut reader.told);
    let names = variables.names().map(str::to_owned);
    reader.material.variables = names.collect();
    reader.material.api = variables.value(ETCDCTL_API).map(str::to_owned);
    let material = &mut reader.material;
    name_configurations(material);
    variables.reach(&mut material.invocations);
    material.invocations.extend(variables.of_client());
    if !material.invocations.iter().any(is_whole_etcd) {
        variables.become_calls(material);
    }
    told_by_log(material, &told);
    let is_etcd = |it: &Invocation| it.program == Program::Etcd && !is_aside(it);
    if !material.invocations.iter().any(is_etcd) {
        from_log(material, told);
    }
    material.invocations.sort_by(|one, other| {
        let of = |invocation: &Invocation| {
            (
                invocation.place.source.clone(),
                invocation.place.bytes.start,
            )
        };
        of(one).cmp(&of(other))
    });
    deduplicate(material);
    if material
        .invocations
        .iter()
        .any(|it| it.of_client().is_some())
    {
        material.invocations.retain(|it| !is_heading(it));
    }
    for invocation in &mut material.invocations {
        note_unknown(invocation);
    }
    let stands_alone = material.rest.trim().is_empty() && material.invocations.iter().all(is_aside);
    choose(material, stands_alone);
}

/// Who asks etcd in passing which release it is does not run it so, and `etcd gateway` is
/// no etcd.
fn is_aside(it: &Invocation) -> bool {
    it.program == Program::Etcd
        && (it.arguments.len() == 1 && only_prints(it) || it.starts_gateway())
}

/// `# etcd`, as who shows a configuration may write above it.
fn is_heading(it: &Invocation) -> bool {
    it.program == Program::Etcd
        && it.coat == Coat::Line
        && it.arguments.is_empty()
        && it.environment.is_empty()
}

fn is_whole_etcd(it: &Invocation) -> bool {
    it.program == Program::Etcd && it.cut.is_none() && !is_aside(it)
}

/// Gives config files their names, and the calls that read them.
fn name_configurations(material: &mut Material) {
    let mut naming: Vec<String> = material
        .invocations
        .iter()
        .filter(|it| it.program == Program::Etcd && it.coat != Coat::ConfigFile)
        .filter_map(|it| it.of_etcd(EtcdOption::ConfigurationFile).map(str::to_owned))
        .collect();
    naming.dedup();
    let configurations = material
        .files
        .iter()
        .filter(|file| file.coat == FileCoat::Configuration);
    let alone = configurations.count() == 1;
    let mut given_caveats: Vec<(String, Vec<Caveat>)> = Vec::new();
    let mut numbers = BTreeMap::new();
    for invocation in &mut material.invocations {
        if invocation.coat != Coat::ConfigFile {
            continue;
        }
        let file = material
            .files
            .iter_mut()
            .find(|file| file.coat == FileCoat::Configuration && file.place == invocation.place);
        let Some(file) = file else { continue };
        let base = |name: &str| words::base(name).to_owned();
        let named = file.name.as_deref().map(base);
        let wanted = naming
            .iter()
            .find(|name| Some(base(name)) == named)
            .or_else(|| naming.first().filter(|_| alone && naming.len() == 1));
        if let Some(wanted) = wanted {
            file.name = Some(wanted.clone());
            let caveats = std::mem::take(&mut invocation.caveats);
            given_caveats.push((wanted.clone(), caveats));
            // Another call reads it.
            invocation.arguments.clear();
        } else {
            // Several in one text are told by their number.
            let stem = file.name.take().unwrap_or_else(|| CONFIG_FILE.to_owned());
            let number = numbers.entry(stem.clone()).or_insert(0_usize);
            *number += 1;
            let name = file.name.insert(match number {
                1 => stem,
                number => format!("{number}-{stem}"),
            });
            invocation.arguments = vec![format!("{}={name}", EtcdOption::ConfigurationFile.flag())];
        }
    }
    material
        .invocations
        .retain(|it| it.coat != Coat::ConfigFile || !it.arguments.is_empty());
    for invocation in &mut material.invocations {
        let reads = invocation
            .of_etcd(EtcdOption::ConfigurationFile)
            .map(str::to_owned);
        for (name, caveats) in &given_caveats {
            if reads.as_ref() == Some(name) {
                invocation.caveats.extend(caveats.iter().cloned());
            }
        }
    }
}

/// Variables that etcd's log says were used reach what that log was begun by: its own
/// line, or the one that names where they stand. A log with another name is another
/// machine's, and one that tells of a variable whose flag is on the line another start's.
fn told_by_log(material: &mut Material, told: &Told) {
    let mut of_log: Vec<&mut Invocation> = material
        .invocations
        .iter_mut()
        .filter(|it| it.program == Program::Etcd)
        .filter(|it| it.coat == Coat::Log || it.set_elsewhere().is_some())
        .collect();
    // Of several it is not told whose they are.
    if let [invocation] = of_log.as_mut_slice() {
        let of_log = told.variables.get(&EtcdOption::Name.variable());
        let of_log = of_log.map(String::as_str).or(told.value(EtcdOption::Name));
        let own = invocation.of_etcd(EtcdOption::Name);
        if own.zip(of_log).is_some_and(|(own, of_log)| own != of_log) {
            return;
        }
        for (name, value) in &told.variables {
            if flag_of(ETCD, name).is_some_and(|flag| invocation.option(&flag).is_some()) {
                continue;
            }
            invocation
                .environment
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
    }
}

/// What the log told, where it told enough: without a listener's URL the rest
/// means nothing.
fn from_log(material: &mut Material, told: Told) {
    let Some(place) = told.place.clone() else {
        return;
    };
    if told.variables.keys().any(|name| flags::is_set_by(name)) {
        let mut invocation = Invocation::etcd(Coat::Log, Vec::new(), place);
        invocation.environment = told.variables;
        material.invocations.push(invocation);
        return;
    }
    let Some(urls) = told.value(EtcdOption::ListenClientUrls) else {
        return;
    };
    if urls.contains("https://") && told.value(EtcdOption::CertificateFile).is_none() {
        return;
    }
    let mut arguments: Vec<String> = told
        .flags
        .iter()
        .map(|(option, value)| format!("{}={value}", option.flag()))
        .collect();
    if told.value(EtcdOption::AdvertiseClientUrls).is_none() {
        let flag = EtcdOption::AdvertiseClientUrls.flag();
        arguments.push(format!("{flag}={urls}"));
    }
    material
        .invocations
        .push(Invocation::etcd(Coat::Log, arguments, place));
}

/// So many calls are compared with each other.
const MOST_COMPARED: usize = 100;

/// A call that is told twice, by a unit and its process, is one.
fn deduplicate(material: &mut Material) {
    let mut known: Vec<(Vec<String>, BTreeMap<String, String>)> = Vec::new();
    material.invocations.retain(|it| {
        if it.cut.is_some() || it.program != Program::Etcd {
            return true;
        }
        let mut words = it.arguments.clone();
        words.sort();
        let key = (words, it.environment.clone());
        let is_new = !known.contains(&key);
        if is_new && known.len() < MOST_COMPARED {
            known.push(key);
        }
        is_new
    });
}

/// So many words that are not known are named.
pub(super) const MOST_UNKNOWN: usize = 20;

/// Says of what stays unknown that it is.
fn note_unknown(invocation: &mut Invocation) {
    let given = invocation.arguments.iter();
    let words: Vec<String> = given
        .chain(invocation.environment.values())
        .filter(|word| words::is_unknown(word))
        .take(MOST_UNKNOWN)
        .cloned()
        .collect();
    for word in words {
        invocation.caveats.push(Caveat::Unknown { word });
    }
}

/// Options by which an etcd that was meant is told from one that was tried.
const TELLING: [EtcdOption; 8] = [
    EtcdOption::CertificateFile,
    EtcdOption::TrustedCaFile,
    EtcdOption::ListenClientUrls,
    EtcdOption::ConfigurationFile,
    EtcdOption::AutoTls,
    EtcdOption::PeerCertificateFile,
    EtcdOption::AdvertiseClientUrls,
    EtcdOption::ClientCertificateAuthentication,
];

fn only_prints(invocation: &Invocation) -> bool {
    invocation.arguments.iter().any(|word| {
        matches!(word.trim_start_matches('-'), "version" | "help" | "h") && word.len() > 1
    })
}

/// The host of the first endpoint that a client asks, if it tells one machine
/// from another.
fn asked_host(client: &Invocation) -> Option<String> {
    let endpoints = client
        .option(EtcdctlOption::Endpoints.name())
        .or_else(|| client.option("endpoint"))?;
    let first = endpoints.split(',').next()?;
    let host = first.split("://").last()?;
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let everywhere = matches!(host, "127.0.0.1" | "localhost" | "[::1]" | "0.0.0.0" | "");
    (!everywhere).then(|| host.to_owned())
}

/// Chooses. What was asked in passing counts only where it stands alone.
fn choose(material: &mut Material, stands_alone: bool) {
    let indices = |program: Program, material: &Material| -> Vec<usize> {
        let whole = material
            .invocations
            .iter()
            .enumerate()
            .filter(|(_, it)| it.program == program && it.cut.is_none())
            .filter(|(_, it)| (stands_alone || !is_aside(it)) && !it.starts_gateway());
        let (does, prints): (Vec<_>, Vec<_>) = whole.partition(|(_, it)| !only_prints(it));
        let all = if does.is_empty() { prints } else { does };
        all.into_iter().map(|(index, _)| index).collect()
    };
    for program in [Program::Etcdctl, Program::Etcdutl, Program::Curl] {
        let all = indices(program, material);
        let is = |index: usize, wanted: &dyn Fn(&Invocation) -> bool| {
            material.invocations.get(index).is_some_and(wanted)
        };
        let itself = |index: &&usize| is(**index, &|it| it.of_client().is_none());
        let its_own = |index: &&usize| itself(index) && is(**index, &|it| !it.is_cited);
        let last = all.iter().rfind(its_own).or(all.iter().rfind(itself));
        if let Some(last) = last.or(all.last()) {
            material.chosen.insert(program, *last);
        }
    }
    let asked = material.chosen(Program::Etcdctl).and_then(asked_host);
    let machine = material
        .chosen(Program::Etcdctl)
        .and_then(|it| it.machine.clone());
    let all = indices(Program::Etcd, material);
    let of = |index: &&usize| material.invocations.get(**index);
    let telling: Vec<&usize> = all
        .iter()
        .filter(|index| {
            of(index).is_some_and(|it| TELLING.iter().any(|option| it.of_etcd(*option).is_some()))
        })
        .collect();
    let its_own = |index: &&&usize| of(index).is_some_and(|it| !it.is_cited);
    let own: Vec<&usize> = telling.iter().filter(its_own).copied().collect();
    let telling = if own.is_empty() { telling } else { own };
    let serves = |it: &Invocation| {
        asked.as_ref().is_some_and(|host| {
            [
                EtcdOption::AdvertiseClientUrls,
                EtcdOption::ListenClientUrls,
            ]
            .into_iter()
            .any(|option| {
                it.of_etcd(option)
                    .is_some_and(|urls| urls.contains(&format!("//{host}:")))
            }) || it.of_etcd(EtcdOption::Name) == Some(host)
                || it.container.as_ref() == Some(host)
        })
    };
    let asked_for = telling
        .iter()
        .rev()
        .find(|index| of(index).is_some_and(serves))
        .or_else(|| {
            telling.iter().rev().find(|index| {
                of(index).is_some_and(|it| it.machine.is_some() && it.machine == machine)
            })
        });
    let chosen = asked_for
        .or(telling.last())
        .copied()
        .or(all.last())
        .copied();
    if let Some(chosen) = chosen {
        material.chosen.insert(Program::Etcd, chosen);
    }
    let asks_several = material
        .chosen(Program::Etcdctl)
        .and_then(|it| it.option(EtcdctlOption::Endpoints.name()))
        .is_some_and(|endpoints| endpoints.contains(','));
    material.machines = match chosen {
        Some(chosen) if asks_several || asked_for.is_none() => machines(material, chosen),
        _ => Vec::new(),
    };
    say_unused(material);
}

/// The etcds that have a name each, if the one that was chosen is among them: they are
/// a cluster's.
fn machines(material: &Material, chosen: usize) -> Vec<usize> {
    let mut names = BTreeMap::new();
    for (index, invocation) in material.invocations.iter().enumerate() {
        if invocation.program != Program::Etcd || invocation.cut.is_some() {
            continue;
        }
        // A config file's own name stands within it.
        let name = invocation.of_etcd(EtcdOption::Name).or_else(|| {
            let is_whole_file = invocation.coat == Coat::ConfigFile;
            let file = invocation.of_etcd(EtcdOption::ConfigurationFile);
            file.filter(|_| is_whole_file)
        });
        if let Some(name) = name
            && names.insert(name, index).is_some()
        {
            return Vec::new();
        }
    }
    let mut all: Vec<usize> = names.into_values().collect();
    all.sort_unstable();
    if all.len() > 1 && all.contains(&chosen) {
        all
    } else {
        Vec::new()
    }
}

/// Says of the calls that were not chosen why not.
pub(super) fn say_unused(material: &mut Material) {
    let is_choice =
        |(_, why): &(Passage, Unused)| matches!(why, Unused::NotChosen { .. } | Unused::Cut { .. });
    material.unused.retain(|it| !is_choice(it));
    for (index, invocation) in material.invocations.iter().enumerate() {
        let program = invocation.program;
        if let Some(cut) = invocation.cut {
            material
                .unused
                .push((invocation.place.clone(), Unused::Cut { program, cut }));
            continue;
        }
        let chosen = material.chosen.get(&program).copied();
        if let Some(chosen) = chosen.filter(|chosen| *chosen != index)
            && let Some(taken) = material.invocations.get(chosen)
        {
            let chosen = taken.place.clone();
            material.unused.push((
                invocation.place.clone(),
                Unused::NotChosen { program, chosen },
            ));
        }
    }
}
