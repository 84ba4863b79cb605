//! The members' hosts as people write them: `10.0.0.11-13` for three. What is
//! written here is what [`Plan::take_hosts`] reads; where no such text gives the
//! same members, each member's hosts are written out instead.

use std::net::Ipv4Addr;

use crate::etcd::plan::{MemberPlan, Plan, Preset};

/// A text that fills the table of members of `base` with the hosts that `plan` has;
/// nothing where there is none, or none is needed.
pub(super) fn hosts(plan: &Plan, base: &Plan) -> Option<String> {
    if !plan.preset.has_members() || has_hosts_of(base, plan) {
        return None;
    }
    let lines: Vec<String> = plan
        .members
        .iter()
        .map(|member| own(member, plan.preset).join(","))
        .collect();
    [range(&lines), Some(lines.join(",")), Some(lines.join(";"))]
        .into_iter()
        .flatten()
        .find(|text| {
            let mut filled = base.clone();
            filled.take_hosts(text).is_ok() && has_hosts_of(&filled, plan)
        })
}

fn has_hosts_of(one: &Plan, other: &Plan) -> bool {
    let hosts = |plan: &Plan| -> Vec<String> {
        let members = plan.members.iter();
        members.map(|member| member.hosts.clone()).collect()
    };
    hosts(one) == hosts(other)
}

/// A member's hosts without those that filling the table adds.
fn own(member: &MemberPlan, preset: Preset) -> Vec<&str> {
    let added =
        |host: &&str| preset != Preset::Kubeadm && ["localhost", "127.0.0.1"].contains(host);
    let hosts = member.hosts.split(',').map(str::trim);
    hosts
        .filter(|host| !host.is_empty() && !added(host))
        .collect()
}

/// One host a member, each a number above the one before: `10.0.0.11-13`,
/// `etcd-[1-3].example.com`.
fn range(hosts: &[String]) -> Option<String> {
    let [first, .., last] = hosts else {
        return None;
    };
    let (from, to) = (first.parse::<Ipv4Addr>(), last.parse::<Ipv4Addr>());
    if let (Ok(from), Ok(to)) = (from, to) {
        let follows = |(address, step): (&String, u32)| {
            let wanted = from.to_bits().checked_add(step).map(Ipv4Addr::from_bits);
            address.parse().ok() == wanted
        };
        let [.., last] = to.octets();
        return hosts
            .iter()
            .zip(0..)
            .all(follows)
            .then(|| format!("{from}-{last}"));
    }
    let second = hosts.get(1)?;
    let shared = first
        .chars()
        .zip(second.chars())
        .take_while(|(one, other)| one == other);
    let shared: String = shared.map(|(one, _)| one).collect();
    let before = shared.trim_end_matches(|character: char| character.is_ascii_digit());
    let rest = first.strip_prefix(before)?;
    let digits = rest
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, after) = rest.split_at_checked(digits)?;
    let number: usize = number.parse().ok()?;
    let follows = |(host, number): (&String, usize)| *host == format!("{before}{number}{after}");
    let end = number.checked_add(hosts.len())?;
    hosts
        .iter()
        .zip(number..end)
        .all(follows)
        .then(|| format!("{before}[{number}-{}]{after}", end - 1))
}
