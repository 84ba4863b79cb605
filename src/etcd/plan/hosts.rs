//! Hosts as people have them at hand, one member a line, or as a range for several:
//! `10.0.0.11-13`, `etcd-[1-3].example.com`; or with their names, as
//! `--initial-cluster` has them. They fill the table of members, which stays to be
//! changed.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use super::{MAXIMUM_MEMBERS, MemberPlan, Plan, Preset};
use crate::etcd::facts::port;
use crate::pki::subject_alternative_name::{SubjectAlternativeName, SubjectAlternativeNameError};

/// etcd's own ports, for a member that has its machine to itself.
const PORTS: (u16, u16) = (port::CLIENT, port::PEER);

/// The first member's ports where several run on one machine; each further one's are
/// a hundred higher.
const SHARED_PORTS: (u16, u16) = (22379, 22380);

/// Why a text is no list of hosts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostsError {
    /// There is nothing.
    #[error(
        "write the members’ addresses or names, one member a line, or a range such as 10.0.0.11-13"
    )]
    Missing,
    /// Something that looks like a range and is none.
    #[error(
        "“{word}” has a range that cannot be read; write one such as 10.0.0.11-13 or etcd-[1-3].example.com"
    )]
    Range {
        /// The word.
        word: String,
    },
    /// A range that ends before it begins.
    #[error("the range in “{word}” ends before it begins; write the lower number first")]
    Backwards {
        /// The word.
        word: String,
    },
    /// A range that leaves the last byte of an address.
    #[error("“{word}” ends above 255, which no address has; end the range there at the latest")]
    BeyondAddress {
        /// The word.
        word: String,
    },
    /// Two ranges of one line, of different lengths.
    #[error("“{line}” has ranges of different lengths, {one} and {other}; give both as many hosts")]
    Lengths {
        /// The line.
        line: String,
        /// How many hosts the first range has.
        one: usize,
        /// How many the other has.
        other: usize,
    },
    /// A host beside a range, which every member of the range would have.
    #[error(
        "“{word}” stands beside a range, and every member would have it; give it a range too, or a line of its own"
    )]
    BesideRange {
        /// The host.
        word: String,
    },
    /// A word without a name among members with names, or a name for a range.
    #[error(
        "“{word}” gives no member its name and one host; write each as m1=10.0.0.11, or leave all names out"
    )]
    Named {
        /// The word.
        word: String,
    },
    /// A host of two members that run on different machines.
    #[error("{} is there for two members; give each member hosts of its own", .host.bare())]
    Twice {
        /// The host.
        host: SubjectAlternativeName,
    },
    /// More members than a plan can have.
    #[error("these are {count} members, and {MAXIMUM_MEMBERS} are the most; leave the others out")]
    TooMany {
        /// How many there are.
        count: u64,
    },
    /// A word that is neither a name nor an address.
    #[error(transparent)]
    Host(#[from] SubjectAlternativeNameError),
}

/// A member as a text gives it.
#[derive(Default)]
struct Given<'a> {
    /// Its name, where the text has names.
    name: Option<&'a str>,
    hosts: Vec<SubjectAlternativeName>,
    /// The port of its URL, which other members dial.
    peer_port: Option<&'a str>,
}

impl Plan {
    /// Fills the table of members with hosts: names that are there stay, if the text has
    /// no others, as do days and kinds of keys. Members on machines of their own get
    /// etcd's own ports, and others only those that share one; a URL's port is the peer
    /// port. `localhost` is added to a cluster's, for whoever asks on the machine
    /// itself; kubeadm's names have it anyway.
    ///
    /// # Errors
    ///
    /// The first thing that can't be read; the plan is then as it was.
    pub fn take_hosts(&mut self, text: &str) -> Result<(), HostsError> {
        let given = members(text)?;
        let first = given.first().and_then(|first| first.hosts.first());
        let shared = given.len() > 1
            && given.iter().all(|Given { hosts, .. }| {
                hosts.first() == first || hosts.iter().all(SubjectAlternativeName::is_loopback)
            });
        if !shared {
            let mut seen = HashSet::new();
            let hosts = given.iter().flat_map(|member| &member.hosts);
            let hosts = hosts.filter(|host| !host.is_loopback());
            for host in hosts {
                if !seen.insert(host) {
                    return Err(HostsError::Twice { host: host.clone() });
                }
            }
        }
        let kubeadm = self.preset == Preset::Kubeadm;
        let mut names = HashSet::new();
        let mut filled = Vec::new();
        for (place, member) in given.iter().enumerate() {
            let hosts = &member.hosts;
            let before = self.members.get(place);
            let pattern = before.or(self.members.last()).cloned();
            let number = place + 1;
            let fallback = if kubeadm {
                format!("node{number}")
            } else {
                format!("m{number}")
            };
            let name = member
                .name
                .map(str::to_owned)
                .or_else(|| label(hosts))
                .or_else(|| before.map(|member| member.name.clone()))
                .unwrap_or_else(|| fallback.clone());
            let name = if names.insert(name.to_lowercase()) {
                name
            } else {
                names.insert(fallback.clone());
                fallback
            };
            let mut hosts: Vec<String> = hosts.iter().map(SubjectAlternativeName::bare).collect();
            if !kubeadm {
                let loopback = ["localhost", "127.0.0.1"].map(str::to_owned);
                let missing = loopback.into_iter().filter(|host| !hosts.contains(host));
                let missing: Vec<String> = missing.collect();
                hosts.extend(missing);
            }
            let further = u16::try_from(place).unwrap_or_default().saturating_mul(100);
            let (client, peer) = if shared {
                (SHARED_PORTS.0 + further, SHARED_PORTS.1 + further)
            } else {
                PORTS
            };
            filled.push(MemberPlan {
                name,
                hosts: hosts.join(", "),
                client_port: client.to_string(),
                peer_port: member
                    .peer_port
                    .map_or_else(|| peer.to_string(), str::to_owned),
                ..pattern.unwrap_or_default()
            });
        }
        self.members = filled;
        Ok(())
    }
}

/// The first part of a member's first host name, where that is a member's name.
fn label(hosts: &[SubjectAlternativeName]) -> Option<String> {
    hosts.iter().find_map(|host| match host {
        SubjectAlternativeName::Dns(name) if !host.is_loopback() => {
            let label = name.as_str().split('.').next()?;
            (label != "*").then(|| label.to_owned())
        }
        _ => None,
    })
}

/// The members of a text, at least one.
fn members(text: &str) -> Result<Vec<Given<'_>>, HostsError> {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().split(';'))
        .map(|line| {
            let words = line.split(|character: char| character.is_whitespace() || character == ',');
            words.filter(|word| !word.is_empty()).collect()
        })
        .filter(|words: &Vec<&str>| !words.is_empty())
        .collect();
    let members = if lines.iter().flatten().any(|word| word.contains('=')) {
        named(&lines.concat())?
    } else {
        let unnamed = unnamed(&lines)?.into_iter();
        let unnamed = unnamed.map(|hosts| Given {
            hosts,
            ..Given::default()
        });
        unnamed.collect()
    };
    match members.len() {
        0 => Err(HostsError::Missing),
        count if count > MAXIMUM_MEMBERS => Err(HostsError::TooMany {
            count: count as u64,
        }),
        _ => Ok(members),
    }
}

/// Members with their names: `m1=10.0.0.11`, or etcd's own setting with whatever stands
/// around it, `--initial-cluster=m1=https://10.0.0.11:2380,…`. A name that comes twice
/// is one member with two hosts, as etcd has it.
fn named<'a>(words: &[&'a str]) -> Result<Vec<Given<'a>>, HostsError> {
    /// A member's hosts at most, by a wide margin: each word is held against all before.
    const HOSTS: usize = 20;
    if words.len() > MAXIMUM_MEMBERS * HOSTS {
        return Err(HostsError::TooMany {
            count: words.len() as u64,
        });
    }
    let quotes = ['"', '\''];
    let mut members: Vec<Given<'a>> = Vec::new();
    for word in words {
        if word.trim_matches(['-', ':']) == "initial-cluster" {
            continue;
        }
        let unreadable = || HostsError::Named {
            word: (*word).to_owned(),
        };
        let (name, url) = word
            .trim_matches(quotes)
            .rsplit_once('=')
            .ok_or_else(unreadable)?;
        let name = name.rsplit('=').next().unwrap_or(name).trim_matches(quotes);
        let url = url.trim_matches(quotes);
        let address = url.split_once("://").map_or(url, |(_, rest)| rest);
        let address = address.trim_end_matches('/');
        let (host, peer_port) = match address.rsplit_once(':') {
            // An IPv6 address has colons of its own.
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
            _ => (address, None),
        };
        if name.is_empty() || host.is_empty() || range(host)?.is_some() {
            return Err(unreadable());
        }
        let host: SubjectAlternativeName = host.trim_matches(['[', ']']).parse()?;
        match members.iter_mut().find(|member| member.name == Some(name)) {
            Some(member) if !member.hosts.contains(&host) => member.hosts.push(host),
            Some(_) => {}
            None => members.push(Given {
                name: Some(name),
                hosts: vec![host],
                peer_port,
            }),
        }
    }
    Ok(members)
}

/// The hosts of each member, where none has a name.
fn unnamed(lines: &[Vec<&str>]) -> Result<Vec<Vec<SubjectAlternativeName>>, HostsError> {
    let mut members: Vec<Vec<SubjectAlternativeName>> = Vec::new();
    // Addresses on one line are one machine's only where other lines are there.
    let each_its_own = lines.len() == 1;
    for words in lines {
        let written = words
            .iter()
            .map(|word| Ok((*word, range(word)?)))
            .collect::<Result<Vec<_>, HostsError>>()?;
        let mut ranges = written.iter().filter_map(|(_, range)| range.as_ref());
        let Some(first) = ranges.next() else {
            let hosts = words
                .iter()
                .map(|word| word.parse())
                .collect::<Result<Vec<SubjectAlternativeName>, _>>()?;
            let addresses = hosts
                .iter()
                .all(|host| matches!(host, SubjectAlternativeName::Ip(_)));
            if each_its_own && addresses {
                members.extend(hosts.into_iter().map(|host| vec![host]));
            } else {
                members.push(hosts);
            }
            continue;
        };
        if let Some(other) = ranges.find(|other| other.count() != first.count()) {
            return Err(HostsError::Lengths {
                line: words.join(" "),
                one: usize::try_from(first.count()).unwrap_or(usize::MAX),
                other: usize::try_from(other.count()).unwrap_or(usize::MAX),
            });
        }
        let most = MAXIMUM_MEMBERS as u64;
        if first.count() > most {
            return Err(HostsError::TooMany {
                count: first.count(),
            });
        }
        for step in 0..first.count() {
            let hosts = written.iter().map(|(word, range)| {
                if let Some(range) = range {
                    return Ok(range.host(step).parse()?);
                }
                let host: SubjectAlternativeName = word.parse()?;
                if host.is_loopback() {
                    return Ok(host);
                }
                Err(HostsError::BesideRange {
                    word: (*word).to_owned(),
                })
            });
            members.push(hosts.collect::<Result<_, HostsError>>()?);
        }
    }
    Ok(members)
}

/// A word that stands for several hosts.
struct HostRange<'a> {
    before: &'a str,
    first: u64,
    last: u64,
    /// The least number of digits: a leading zero asks for as many throughout.
    width: usize,
    after: &'a str,
}

impl HostRange<'_> {
    fn count(&self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }

    fn host(&self, step: u64) -> String {
        let width = self.width;
        let number = self.first.saturating_add(step);
        format!("{}{number:0width$}{}", self.before, self.after)
    }
}

/// Reads a word's range, where it has one: `10.0.0.11-13`, `10.0.0.11-10.0.0.13`,
/// `etcd-[1-3].example.com`, `etcd-{1..3}.example.com`.
fn range(word: &str) -> Result<Option<HostRange<'_>>, HostsError> {
    let bad = || HostsError::Range {
        word: word.to_owned(),
    };
    if let Some((from, to)) = word.split_once('-')
        && from.parse::<Ipv4Addr>().is_ok()
    {
        let (before, first) = from.rsplit_once('.').ok_or_else(bad)?;
        let last = match to.rsplit_once('.') {
            Some((same, last)) if same == before => last,
            Some(_) => return Err(bad()),
            None => to,
        };
        let before = from.get(..=before.len()).ok_or_else(bad)?;
        let range = numbers(word, before, first, last, "")?;
        if range.last > 255 {
            return Err(HostsError::BeyondAddress {
                word: word.to_owned(),
            });
        }
        return Ok(Some(HostRange { width: 1, ..range }));
    }
    for (open, between, close) in [('[', "-", ']'), ('{', "..", '}')] {
        let Some((before, rest)) = word.split_once(open) else {
            continue;
        };
        let (inside, after) = rest.split_once(close).ok_or_else(bad)?;
        if before.is_empty() && inside.contains(':') {
            // An IPv6 address as URLs have it.
            return Ok(None);
        }
        let (first, last) = inside.split_once(between).ok_or_else(bad)?;
        if after.contains(['[', '{']) {
            return Err(bad());
        }
        return numbers(word, before, first, last, after).map(Some);
    }
    Ok(None)
}

fn numbers<'a>(
    word: &'a str,
    before: &'a str,
    first: &'a str,
    last: &'a str,
    after: &'a str,
) -> Result<HostRange<'a>, HostsError> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let read = digits.then(|| text.parse::<u64>().ok()).flatten();
        read.ok_or_else(|| HostsError::Range {
            word: word.to_owned(),
        })
    };
    let range = HostRange {
        before,
        first: number(first)?,
        last: number(last)?,
        width: if first.starts_with('0') {
            first.len()
        } else {
            1
        },
        after,
    };
    if range.last < range.first {
        return Err(HostsError::Backwards {
            word: word.to_owned(),
        });
    }
    Ok(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Vec<(String, String, String)> {
        let mut plan = Plan::preset(Preset::Cluster);
        plan.take_hosts(text).unwrap();
        let now = "2026-11-29T10:00:00Z".parse().unwrap();
        assert_eq!(plan.check(None, now).err(), None, "{text}");
        let members = plan.members.into_iter();
        members
            .map(|member| {
                let ports = format!("{} {}", member.client_port, member.peer_port);
                (member.name, member.hosts, ports)
            })
            .collect()
    }

    fn row(name: &str, hosts: &str, ports: &str) -> (String, String, String) {
        (name.to_owned(), hosts.to_owned(), ports.to_owned())
    }

    #[test]
    fn a_range_of_addresses_is_as_many_members_on_machines_of_their_own() {
        let wanted = [11, 12, 13].map(|last| {
            row(
                &format!("m{}", last - 10),
                &format!("10.0.0.{last}, localhost, 127.0.0.1"),
                "2379 2380",
            )
        });
        for text in [
            "10.0.0.11-13",
            "10.0.0.11-10.0.0.13",
            " 10.0.0.[11-13]\n",
            "10.0.0.{11..13}",
            "10.0.0.11\n10.0.0.12\n\n10.0.0.13 # the last",
            "10.0.0.11, 10.0.0.12, 10.0.0.13",
            "10.0.0.11;10.0.0.12;10.0.0.13",
        ] {
            assert_eq!(filled(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_members_name_is_the_first_part_of_its_hosts_name() {
        let wanted = [1, 2].map(|number| {
            row(
                &format!("etcd-0{number}"),
                &format!("etcd-0{number}.example.com, 10.0.0.1{number}, localhost, 127.0.0.1"),
                "2379 2380",
            )
        });
        for text in [
            "etcd-[01-02].example.com 10.0.0.11-12",
            "etcd-01.example.com 10.0.0.11\netcd-02.example.com\t10.0.0.12",
        ] {
            assert_eq!(filled(text), wanted, "{text}");
        }
    }

    #[test]
    fn members_on_one_machine_get_ports_of_their_own() {
        for text in [
            "10.0.0.5\n10.0.0.5\n10.0.0.5",
            "localhost\n127.0.0.1\nlocalhost",
        ] {
            let ports: Vec<String> = filled(text).into_iter().map(|row| row.2).collect();
            assert_eq!(
                ports,
                ["22379 22380", "22479 22480", "22579 22580"],
                "{text}"
            );
        }
        assert_eq!(filled("localhost")[0].2, "2379 2380", "it is alone");
    }

    #[test]
    fn members_with_their_names_are_taken_as_etcds_own_setting_has_them() {
        let wanted = [("infra0", "2380"), ("infra1", "2390")].map(|(name, port)| {
            row(
                name,
                &format!("10.0.1.1{}, localhost, 127.0.0.1", &name[5..]),
                &format!("2379 {port}"),
            )
        });
        let setting = "infra0=https://10.0.1.10:2380,infra1=https://10.0.1.11:2390";
        for text in [
            setting.to_owned(),
            format!("--initial-cluster={setting}"),
            format!("--initial-cluster {setting}"),
            format!("initial-cluster: {setting}"),
            format!("initial-cluster: \"{setting}\""),
            format!("ETCD_INITIAL_CLUSTER=\"{setting}\""),
            format!("ETCD_INITIAL_CLUSTER='{setting}'"),
            setting.replace(',', "\n"),
            "infra0=10.0.1.10 # the first\ninfra1=10.0.1.11:2390/".to_owned(),
        ] {
            assert_eq!(filled(&text), wanted, "{text}");
        }
        let two = "a=https://10.0.0.1:2380,a=https://a.lab.test:2380,b=https://[2001:db8::2]:2380";
        assert_eq!(
            filled(two),
            [
                row(
                    "a",
                    "10.0.0.1, a.lab.test, localhost, 127.0.0.1",
                    "2379 2380"
                ),
                row("b", "2001:db8::2, localhost, 127.0.0.1", "2379 2380"),
            ]
        );
        // As etcd's own documentation has members on one machine.
        let here = "a=http://127.0.0.1:12380,b=http://127.0.0.1:32380";
        let ports: Vec<String> = filled(here).into_iter().map(|row| row.2).collect();
        assert_eq!(ports, ["22379 12380", "22479 32380"]);
    }

    #[test]
    fn what_is_no_list_of_hosts_is_said_with_what_to_write() {
        let mut plan = Plan::preset(Preset::Cluster);
        let before = plan.clone();
        for (text, part) in [
            (" \n# nobody", "one member a line"),
            ("10.0.0.11-", "write one such as 10.0.0.11-13"),
            ("10.0.0.11-x", "write one such as 10.0.0.11-13"),
            ("10.0.0.11-10.0.1.13", "write one such as"),
            ("etcd-[1-3.example.com", "write one such as"),
            ("etcd-[1].example.com", "write one such as"),
            ("etcd-[1-2]-[3-4]", "write one such as"),
            ("10.0.0.13-11", "lower number first"),
            ("10.0.0.250-260", "255"),
            ("etcd-[1-3] 10.0.0.11-12", "3 and 2"),
            ("etcd-[1-3] 10.0.0.11", "line of its own"),
            (
                "10.0.0.11\n10.0.0.12\n10.0.0.11",
                "10.0.0.11 is there for two",
            ),
            ("10.0.0.1-200", "200 members"),
            ("n[1-18446744073709551615]", "members"),
            ("https://10.0.0.11:2379", "without scheme"),
            ("10.0.0.300", "no IP address"),
            (
                "m1=10.0.0.11\n10.0.0.12",
                "“10.0.0.12” gives no member its name",
            ),
            ("m1=10.0.0.11-13", "leave all names out"),
            ("=10.0.0.11", "write each as m1=10.0.0.11"),
            ("m1=", "write each as m1=10.0.0.11"),
            ("m1=10.0.0.300", "no IP address"),
            ("m1=10.0.0.11,m2=10.0.0.11,m3=10.0.0.12", "there for two"),
            ("--initial-cluster=", "write each as"),
        ] {
            let error = plan.take_hosts(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
            assert_eq!(plan, before, "{text}");
        }
    }

    #[test]
    fn kubeadms_nodes_are_filled_in_as_well() {
        let mut plan = Plan::example(Preset::Kubeadm);
        plan.take_hosts("192.0.2.10-12").unwrap();
        let names: Vec<&str> = plan.members.iter().map(|member| &*member.name).collect();
        assert_eq!(names, ["node1", "node2", "node3"]);
        assert_eq!(plan.members[2].hosts, "192.0.2.12");
        assert_eq!(plan.members[2].data_directory, "/var/lib/etcd");
    }
}
