//! Variables that were set on lines of their own: whom they reach, and, where no
//! program is called, whose they are.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::Variable;
use super::{Caveat, Coat, Invocation, Material, Passage, Program, Source, Through, Unused};
use super::{clients, flags, words};
use crate::etcd::facts::client_form;
use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::variable::{ETCD, ETCDCTL, flag_of};

/// Variables in which init scripts keep all of etcd's flags.
const FLAGS_VARIABLES: [&str; 5] = [
    "DAEMON_ARGS",
    "ETCD_OPTS",
    "ETCD_ARGS",
    "ETCD_OPTIONS",
    "ETCD_FLAGS",
];

/// From so many variables on they are a file's, and not some of it.
const OF_WHOLE_FILE: usize = 5;

/// Settings that nobody writes down together: etcdctl's own output has them.
const PRINTED_BY_DEBUG: [&str; 3] = [
    "ETCDCTL_HEX",
    "ETCDCTL_INSECURE_TRANSPORT",
    "ETCDCTL_WRITE_OUT",
];

/// All that were set, in the order in which they were.
pub(super) struct Variables {
    set: Vec<Variable>,
    /// Where the sections of units begin, sorted.
    units: Vec<Passage>,
    /// What `etcdctl --debug` printed of itself.
    printed: Vec<Variable>,
    /// What units name that sets variables: the unit, and its words for it.
    environment_files: BTreeMap<usize, String>,
    /// What each name was set to last, in a unit or anywhere.
    values: BTreeMap<(Option<usize>, String), String>,
    /// Whether another program's are among them, whose names begin as etcd's do.
    is_of_others: bool,
}

impl Variables {
    /// Those that were set, the places where units begin, and what those name.
    pub(super) fn new(
        mut set: Vec<Variable>,
        mut units: Vec<Passage>,
        named: Vec<(Passage, String)>,
    ) -> Self {
        units.sort_by(|one, other| begin(one).cmp(&begin(other)));
        // `etcdctl --debug` prints all of its settings so (`etcdctl/ctlv3/command/global.go`).
        let is_printed = |name: &str| set.iter().any(|it| it.name == name && !it.exported);
        let mut printed = Vec::new();
        if PRINTED_BY_DEBUG.iter().all(|name| is_printed(name)) {
            let of_run = |it: &Variable| !it.exported && it.name.starts_with(ETCDCTL);
            (printed, set) = set.into_iter().partition(of_run);
        }
        let mut environment_files = BTreeMap::new();
        for (place, by) in named {
            if let Some(unit) = unit_at(&units, &place) {
                environment_files.entry(unit).or_insert(by);
            }
        }
        let mut all = Self {
            is_of_others: set.iter().any(|it| flags::is_variable_of_others(&it.name)),
            values: BTreeMap::new(),
            printed,
            environment_files,
            set,
            units,
        };
        for variable in &all.set {
            let unit = unit_at(&all.units, &variable.place);
            for whose in [None, unit] {
                let key = (whose, variable.name.clone());
                all.values.insert(key, variable.value.clone());
            }
        }
        all
    }

    /// The names of those that are etcd's or etcdctl's by their first letters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.set.iter().map(|it| it.name.as_str());
        names.filter(|name| name.starts_with(ETCD) || name.starts_with(ETCDCTL))
    }

    /// What one of them was set to last.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let value = self.values.get(&(None, name.to_owned()))?;
        Some(value.as_str())
    }

    /// Gives the calls what reaches them. What a unit sets that calls etcd itself
    /// reaches that call alone: another unit is another machine's.
    pub(super) fn reach(&self, invocations: &mut [Invocation]) {
        let unit = |place: &Passage| unit_at(&self.units, place);
        let calling: BTreeSet<usize> = invocations
            .iter()
            .filter(|it| it.program == Program::Etcd && it.coat == Coat::Unit)
            .filter_map(|it| unit(&it.place))
            .collect();
        let mut effective: BTreeMap<Program, Vec<(Option<usize>, &Variable)>> = BTreeMap::new();
        for program in [Program::Etcd, Program::Etcdctl] {
            // Of what is set twice in one place the last counts; what a shell exports
            // holds from its line on.
            let mut known = BTreeSet::new();
            let mut of_program: Vec<(Option<usize>, &Variable)> = Vec::new();
            for variable in self.set.iter().rev().filter(|it| is_for(program, &it.name)) {
                let unit = unit(&variable.place).filter(|it| calling.contains(it));
                if variable.exported || known.insert((unit, &variable.container, &variable.name)) {
                    of_program.push((unit, variable));
                }
            }
            of_program.reverse();
            effective.insert(program, of_program);
        }
        // What stands on lines of its own is what is named; those of units do, too.
        let is_in_file = |it: &&Variable| !it.in_unit && !it.exported && it.container.is_none();
        let in_file: Vec<&Variable> = self.set.iter().filter(is_in_file).collect();
        for invocation in invocations {
            self.print(invocation);
            let unit = unit(&invocation.place);
            let is_used = |it: &&Variable| {
                let mut words = invocation.arguments.iter();
                is_for(invocation.program, &it.name)
                    || holds_flags(it)
                    || words.any(|word| word.contains('$') && word.contains(&it.name))
            };
            // A line or two may be cited from it.
            let is_given = |it: &Variable| it.place.source != invocation.place.source;
            let mut used = in_file.iter().copied().filter(is_used);
            let has_file = used.clone().count() >= OF_WHOLE_FILE || used.any(is_given);
            let file = unit.and_then(|unit| self.environment_files.get(&unit));
            if let Some(by) = file.filter(|_| invocation.coat == Coat::Unit) {
                let by = by.clone();
                invocation.caveats.push(Caveat::SetElsewhere { by });
            }
            self.expand(invocation, unit);
            if invocation.program == Program::Etcd && self.is_of_others {
                continue;
            }
            let of_program = effective.get(&invocation.program).into_iter().flatten();
            let reaching = of_program
                .filter(|(whose, _)| whose.is_none() || *whose == unit)
                .map(|(_, variable)| *variable);
            bind(invocation, reaching);
            if has_file {
                let is_there = |it: &Caveat| matches!(it, Caveat::SetElsewhere { .. });
                invocation.caveats.retain(|it| !is_there(it));
            }
        }
    }

    /// Gives what `etcdctl --debug` printed to the call that printed it.
    fn print(&self, invocation: &mut Invocation) {
        let says_debug = invocation.arguments.iter().any(|word| word == "--debug");
        if invocation.program != Program::Etcdctl || !says_debug {
            return;
        }
        let options = [
            EtcdctlOption::Endpoints,
            EtcdctlOption::AuthorityCertificate,
            EtcdctlOption::Certificate,
            EtcdctlOption::Key,
        ];
        for option in options {
            let name = option.variable();
            let printed = self.printed.iter().rfind(|it| it.name == name);
            // A list stands in brackets.
            let value = printed
                .map(|it| it.value.trim_matches(['[', ']']))
                .unwrap_or_default();
            if !value.is_empty() && invocation.option(option.name()).is_none() {
                invocation.environment.insert(name, value.to_owned());
            }
        }
    }

    /// Puts known variables into the arguments, as systemd and shells do.
    fn expand(&self, invocation: &mut Invocation, unit: Option<usize>) {
        if !invocation.arguments.iter().any(|word| word.contains('$')) {
            return;
        }
        let known = |name: &str| {
            let of = |whose: Option<usize>| self.values.get(&(whose, name.to_owned()));
            unit.and_then(|_| of(unit)).or_else(|| of(None)).cloned()
        };
        let mut arguments = Vec::new();
        for word in &invocation.arguments {
            let expanded = words::expanded(word, &known);
            // systemd.service(5): `$NAME` as a word of its own is split.
            let splits = word.starts_with('$') && !word.contains(['{', '(', '=']);
            if splits && expanded != *word {
                arguments.extend(expanded.split_whitespace().map(str::to_owned));
            } else {
                arguments.push(expanded);
            }
        }
        invocation.arguments = arguments;
    }

    /// Variables without a program are etcd's environment, a machine's each.
    pub(super) fn become_calls(&self, material: &mut Material) {
        if let Some(other) = self
            .set
            .iter()
            .find(|it| flags::is_variable_of_others(&it.name))
        {
            let mut lines = material.invocations.iter();
            if !lines.any(|line| line.of_client().is_some()) {
                let name = other.name.clone();
                material
                    .unused
                    .push((other.place.clone(), Unused::OthersVariables { name }));
            }
            return;
        }
        for machine in self.machines() {
            let Some(mut invocation) = call_of(&machine) else {
                continue;
            };
            self.expand(&mut invocation, None);
            material.invocations.push(invocation);
        }
    }

    /// The call of a client of etcd that some of them amount to.
    pub(super) fn of_client(&self) -> Option<Invocation> {
        let of_client = |it: &&Variable| client_form::is_variable(&it.name);
        let place = &self.set.iter().find(of_client)?.place;
        let value = |name: &str| {
            let key = (None, name.to_owned());
            self.values.get(&key).cloned().unwrap_or_default()
        };
        clients::of_variables(value, place)
    }

    /// etcd's variables, apart by machine: where they are set once more and another
    /// name is among them, another machine's begin.
    fn machines(&self) -> Vec<Vec<&Variable>> {
        let mut runs: Vec<Vec<&Variable>> = Vec::new();
        let mut known = BTreeSet::new();
        for variable in self.set.iter().filter(|it| is_of_etcd(it)) {
            if !known.insert(&variable.name) {
                known = BTreeSet::from([&variable.name]);
                runs.push(Vec::new());
            }
            match runs.last_mut() {
                Some(run) => run.push(variable),
                None => runs.push(vec![variable]),
            }
        }
        let naming = EtcdOption::Name.variable();
        let name = |run: &[&Variable]| {
            let named = run.iter().rev().find(|it| it.name == naming);
            named.map(|it| it.value.clone())
        };
        let mut machines: Vec<(Option<String>, Vec<&Variable>)> = Vec::new();
        for run in runs {
            let name = name(&run);
            match machines.last_mut() {
                Some((known, machine)) if known.is_none() || name.is_none() || *known == name => {
                    machine.extend(run);
                    *known = name.or(known.take());
                }
                _ => machines.push((name, run)),
            }
        }
        machines.into_iter().map(|(_, machine)| machine).collect()
    }
}

/// Where something begins, to be sorted by.
fn begin(place: &Passage) -> (&Source, usize) {
    (&place.source, place.bytes.start)
}

/// The unit, of those that begin at these places, in which something stands.
fn unit_at(units: &[Passage], place: &Passage) -> Option<usize> {
    let behind = units.partition_point(|unit| begin(unit) <= begin(place));
    let unit = behind.checked_sub(1)?;
    (units.get(unit)?.source == place.source).then_some(unit)
}

/// Whether a variable is one that a program reads.
fn is_for(program: Program, name: &str) -> bool {
    match program {
        Program::Etcd => name.starts_with(ETCD),
        Program::Etcdctl => name.starts_with(ETCDCTL),
        Program::Etcdutl | Program::Curl => false,
    }
}

/// Whether a variable is etcd's, or an init script's with etcd's flags.
fn is_of_etcd(variable: &Variable) -> bool {
    is_for(Program::Etcd, &variable.name) || holds_flags(variable)
}

fn holds_flags(variable: &Variable) -> bool {
    FLAGS_VARIABLES.contains(&variable.name.as_str())
        && variable.value.trim_start().starts_with('-')
}

/// Gives a call the variables that reach it.
fn bind<'a>(invocation: &mut Invocation, variables: impl Iterator<Item = &'a Variable>) {
    let is_open = matches!(invocation.coat, Coat::Line | Coat::Unit | Coat::Process);
    if !is_open && invocation.set_elsewhere().is_none() {
        return;
    }
    let container = invocation.through.iter().find_map(|through| match through {
        Through::Container { by } => Some(by.clone()),
        _ => None,
    });
    let sudo = invocation.through.iter().any(|through| {
        matches!(
            through,
            Through::Sudo {
                keeps_environment: false,
                ..
            }
        )
    });
    let own: BTreeSet<String> = invocation.environment.keys().cloned().collect();
    for variable in variables {
        let name = &variable.name;
        if own.contains(name) {
            continue;
        }
        let later = variable.place.source == invocation.place.source
            && variable.place.bytes.start > invocation.place.bytes.start;
        if variable.exported && later {
            continue;
        }
        // etcd refuses a flag that is also a variable; a file that merely lies
        // beside a call says nothing of that.
        let sets_flag = invocation.program == Program::Etcd
            && invocation.coat != Coat::Unit
            && !variable.exported
            && flag_of(ETCD, name).is_some_and(|flag| invocation.option(&flag).is_some());
        if sets_flag
            || invocation.program == Program::Etcd
                && invocation.of_etcd(EtcdOption::ConfigurationFile).is_some()
        {
            continue;
        }
        let by = match (&container, sudo) {
            (Some(by), _)
                if invocation.program == Program::Etcdctl && variable.container.is_none() =>
            {
                Some(by.clone())
            }
            (_, true) if variable.exported => Some("sudo".to_owned()),
            _ => None,
        };
        if let Some(by) = by {
            let name = name.clone();
            let lost = Caveat::VariableLost { name, by };
            if !invocation.caveats.contains(&lost) {
                invocation.caveats.push(lost);
            }
        } else {
            invocation
                .environment
                .insert(name.clone(), variable.value.clone());
        }
    }
}

/// A call of etcd that these variables amount to, if they tell enough.
fn call_of(variables: &[&Variable]) -> Option<Invocation> {
    let tells = |it: &&Variable| flags::is_set_by(&it.name);
    let all_flags = variables.iter().copied().rfind(|it| holds_flags(it));
    if all_flags.is_none() && !variables.iter().any(tells) {
        return None;
    }
    let of_etcd = variables
        .iter()
        .copied()
        .filter(|it| is_for(Program::Etcd, &it.name));
    let place = hull(of_etcd.clone().chain(all_flags).map(|it| &it.place))?;
    let arguments = all_flags
        .and_then(|it| shlex::split(&it.value))
        .unwrap_or_default();
    let mut invocation = Invocation::etcd(Coat::Variables, arguments, place);
    for variable in of_etcd.filter(|it| !FLAGS_VARIABLES.contains(&it.name.as_str())) {
        invocation
            .environment
            .insert(variable.name.clone(), variable.value.clone());
    }
    Some(invocation)
}

/// A place from the first of several to the last in the same source.
fn hull<'a>(places: impl Iterator<Item = &'a Passage>) -> Option<Passage> {
    let mut hull: Option<Passage> = None;
    for place in places {
        match &mut hull {
            Some(known) if known.source == place.source => {
                known.bytes.start = known.bytes.start.min(place.bytes.start);
                known.bytes.end = known.bytes.end.max(place.bytes.end);
            }
            Some(_) => {}
            None => hull = Some(place.clone()),
        }
    }
    hull
}
