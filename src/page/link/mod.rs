//! A plan in a link's fragment, as words that people read and write:
//! `#cluster?hosts=10.0.0.11-13&etcd=3.7&v=1`; those of earlier releases, with the
//! plan as JSON behind `#plan=`, still open. A fragment is never sent to a server.
//! It holds no secret, because a plan has none, and what looks like one is left out.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod encoding;
mod hosts;
mod words;

pub use words::{VERSION, words};

use base64ct::{Base64UrlUnpadded, Encoding};

use self::encoding::percent_decode;
use crate::{
    etcd::{
        facts::release::Series,
        plan::{HostsError, MAXIMUM_MEMBERS, Plan},
    },
    page::place::Place,
};

/// What a fragment with a plan as JSON begins with, behind the `#`.
const KEY: &str = "plan=";

/// The longest fragment that is read, in bytes: some forty CSRs.
pub const MAXIMUM_LENGTH: usize = 1 << 16;

/// The most clients that a link may ask for.
pub const MAXIMUM_CLIENTS: usize = 200;

/// Why the plan in a link can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Longer than `MAXIMUM_LENGTH`.
    #[error("it is {length} characters long, and {MAXIMUM_LENGTH} is the most")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Neither words, nor base64url, nor percent-encoded JSON of a plan.
    #[error("it is damaged, perhaps cut off where it was copied")]
    Unreadable,
    /// Written for a later page.
    #[error("it has v={version}, and this page reads v={VERSION}; open it with a newer page")]
    Version {
        /// What stands behind `v=`.
        version: String,
    },
    /// A word that no link has.
    #[error("“{word}” is no word of a link; the README lists them")]
    UnknownWord {
        /// The word.
        word: String,
    },
    /// A word of the plan behind a place where no plan is.
    #[error(
        "“{word}” is a word of Make’s links; behind this place there is only etcd, such as etcd=3.6"
    )]
    OfMake {
        /// The word.
        word: String,
    },
    /// The host or the port of a single etcd, where there are members.
    #[error(
        "“{word}” is for one etcd; members have “hosts”, such as hosts=10.0.0.11-13, and “member-client-port”"
    )]
    OfOne {
        /// The word.
        word: String,
    },
    /// A word that is there twice.
    #[error("“{word}” is there twice")]
    Twice {
        /// The word.
        word: String,
    },
    /// A word with something behind it that it can't have.
    #[error("{word}={value} can’t be; there are {wanted}")]
    Value {
        /// The word.
        word: String,
        /// What stands behind it.
        value: String,
        /// What can.
        wanted: String,
    },
    /// The members' hosts can't be read.
    #[error(transparent)]
    Hosts(#[from] HostsError),
    /// More than `MAXIMUM_MEMBERS`.
    #[error("it asks for {count} members, and {MAXIMUM_MEMBERS} is the most")]
    Members {
        /// Their number.
        count: usize,
    },
    /// No client at all, where there are no members either.
    #[error("it asks for no client")]
    NoClient,
    /// More than `MAXIMUM_CLIENTS`.
    #[error("it asks for {count} clients, and {MAXIMUM_CLIENTS} is the most")]
    Clients {
        /// Their number.
        count: usize,
    },
}

/// The fragment for a plan, with its `#`.
#[must_use]
pub fn fragment(plan: &Plan) -> String {
    format!("#{}", words(plan))
}

/// The plan of a fragment, or nothing where the fragment is about something
/// else: `#make` alone is a place.
///
/// # Errors
///
/// Why there is a plan but it can't be used.
pub fn plan(fragment: &str) -> Result<Option<Plan>, LinkError> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let json = fragment.strip_prefix(KEY);
    if json.is_none() && !words::begins_a_plan(fragment) {
        return Ok(None);
    }
    let length = json.unwrap_or(fragment).len();
    if length > MAXIMUM_LENGTH {
        return Err(LinkError::TooLong { length });
    }
    let plan = match json {
        Some(json) => {
            let mut plan = of_json(json)?;
            words::reset_unused(&mut plan);
            plan
        }
        None => words::plan(fragment)?,
    };
    check_members(plan.members.len())?;
    if plan.clients.is_empty() && !plan.preset.has_members() {
        return Err(LinkError::NoClient);
    }
    check_clients(plan.clients.len())?;
    Ok(Some(plan))
}

/// The place that a fragment opens, and the series of etcd that it asks for there; or
/// nothing where it opens Make, a part of the page, or nothing.
///
/// # Errors
///
/// If what stands behind the place can't be used.
#[must_use]
pub fn place(fragment: &str) -> Option<(Place, Result<Option<Series>, LinkError>)> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let (address, words) = fragment.split_once('?')?;
    let mut places = Place::ALL.into_iter().filter(|place| *place != Place::Make);
    let place = places.find(|place| place.address() == address)?;
    Some((place, words::series(words)))
}

fn check_members(count: usize) -> Result<(), LinkError> {
    if count > MAXIMUM_MEMBERS {
        return Err(LinkError::Members { count });
    }
    Ok(())
}

fn check_clients(count: usize) -> Result<(), LinkError> {
    if count > MAXIMUM_CLIENTS {
        return Err(LinkError::Clients { count });
    }
    Ok(())
}

/// A plan as earlier releases wrote it.
fn of_json(text: &str) -> Result<Plan, LinkError> {
    let bytes = Base64UrlUnpadded::decode_vec(text.trim_end_matches('='))
        .ok()
        .or_else(|| percent_decode(text))
        .ok_or(LinkError::Unreadable)?;
    serde_json::from_slice(&bytes).map_err(|_| LinkError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::{
        facts::release::Series,
        plan::{IdentityPlan, Preset},
        role::Role,
    };
    use crate::pki::key::KeyType;

    fn is_kept(wanted: &Plan, fragment: &str) {
        assert_eq!(super::fragment(wanted), fragment);
        assert_eq!(plan(fragment), Ok(Some(wanted.clone())), "{fragment}");
    }

    #[test]
    fn an_untouched_plan_is_one_word() {
        assert_eq!(fragment(&Plan::default()), "#make");
        for preset in Preset::ALL.into_iter().skip(1) {
            let word = format!("#{}", preset.to_string().replace('_', "-"));
            is_kept(&Plan::preset(preset), &word);
        }
        let tutorial = Ok(Some(Plan::default()));
        for asked in ["#tutorial", "#make?", "#make?v=1", "#tutorial?v=1&"] {
            assert_eq!(plan(asked), tutorial, "{asked}");
        }
    }

    /// Found by `cargo xtask fuzz`: what one etcd is called was written for members too, and
    /// refused where it was read.
    #[test]
    fn a_host_typed_before_there_were_members_is_in_no_link() {
        for preset in [Preset::Cluster, Preset::Kubeadm] {
            let wanted = Plan::preset(preset);
            let typed = Plan {
                host: "10.0.0.1".to_owned(),
                port: "2479".to_owned(),
                ..wanted.clone()
            };
            let written = fragment(&typed);
            assert_eq!(plan(&written), Ok(Some(wanted.clone())), "{written}");
            let json = serde_json::to_string(&typed).unwrap();
            let earlier = format!("#plan={}", json.replace('"', "%22"));
            assert_eq!(plan(&earlier), Ok(Some(wanted)), "{earlier}");
        }
    }

    #[test]
    fn members_are_a_range_where_they_are_one() {
        for (hosts, written) in [
            ("10.0.0.11-13", "10.0.0.11-13"),
            (
                "10.0.0.11 10.0.0.12 10.0.0.15",
                "10.0.0.11,10.0.0.12,10.0.0.15",
            ),
            ("etcd-[1-3].example.com", "etcd-[1-3].example.com"),
            (
                "10.0.0.11, a.lab.test\n10.0.0.12, b.lab.test",
                "10.0.0.11,a.lab.test;10.0.0.12,b.lab.test",
            ),
        ] {
            let mut wanted = Plan::preset(Preset::Cluster);
            wanted.take_hosts(hosts).unwrap();
            is_kept(&wanted, &format!("#cluster?hosts={written}&v=1"));
        }
        let mut wanted = Plan::preset(Preset::Cluster);
        wanted.take_hosts("10.0.0.11-13").unwrap();
        wanted.etcd = Series::V3_5;
        wanted.members[2].days = "30".to_owned();
        wanted.members[1].name = "second".to_owned();
        is_kept(
            &wanted,
            "#cluster?hosts=10.0.0.11-13&members=m1,second,m3&member3-days=30&etcd=3.5&v=1",
        );
        let by_hand = plan("#cluster?hosts=10.0.0.11-13&etcd=3.7")
            .unwrap()
            .unwrap();
        assert_eq!(by_hand.members.len(), 3);
        assert_eq!(by_hand.members[2].hosts, "10.0.0.13, localhost, 127.0.0.1");
        let five = plan("#cluster?members=a,b,c,d,e").unwrap().unwrap();
        let ports: Vec<&str> = five
            .members
            .iter()
            .map(|one| one.client_port.as_str())
            .collect();
        assert_eq!(ports, ["22379", "22479", "22579", "22679", "22779"]);
    }

    #[test]
    fn clients_are_named_and_have_a_subject_of_that_name() {
        let mut wanted = Plan {
            key_type: KeyType::P256,
            port: "2389".to_owned(),
            separate_authorities: true,
            without_gateway: true,
            ..Plan::default()
        };
        wanted.authority.subject = "CN=Lab CA,O=a+b & c".to_owned();
        for name in ["app", "a,b"] {
            wanted.clients.push(IdentityPlan {
                name: name.to_owned(),
                subject: format!("CN={name}"),
                ..IdentityPlan::default()
            });
        }
        wanted.clients[1].days = "7".to_owned();
        wanted.clients[2].key_type = Some(KeyType::Ed25519);
        is_kept(
            &wanted,
            "#make?clients=client,app,a%2Cb&client2-days=7\
             &ca=CN=Lab+CA,O=a%2Bb+%26+c&port=2389&client3-key=ed25519&separate-cas=yes&without-gateway=yes&key=p-256&v=1",
        );
        let root = plan("#cluster?clients=root").unwrap().unwrap();
        assert_eq!(root.clients, Plan::preset(Preset::Cluster).clients[..1]);
        let csr = plan("#sign-csr?own-ca=no&client-usage=server")
            .unwrap()
            .unwrap();
        assert_eq!(csr.clients[0].role, Role::Server);
    }

    #[test]
    fn what_looks_like_a_secret_stays_out_of_a_link() {
        let mut wanted = Plan::default();
        wanted.clients[0].csr = "-----BEGIN PRIVATE KEY-----\nMC4C\n".to_owned();
        wanted.clients[0].subject = "-----BEGIN RSA PRIVATE KEY-----".to_owned();
        wanted.clients[0].days = "7".to_owned();
        assert_eq!(fragment(&wanted), "#make?client-days=7&v=1");
    }

    #[test]
    fn a_link_may_be_written_by_hand() {
        let by_hand = plan("#plan=%7B%22port%22%3A%222380%22%7D")
            .unwrap()
            .unwrap();
        assert_eq!(by_hand.port, "2380");
        assert_eq!(by_hand.host, "127.0.0.1");
    }

    #[test]
    fn a_place_takes_a_series_of_etcd_and_nothing_else() {
        let read = |fragment| place(fragment).map(|(place, series)| (place, series.ok()));
        let asked = Some((Place::Diagnose, Some(Some(Series::V3_6))));
        assert_eq!(read("#diagnose?etcd=3.6&v=1"), asked);
        assert_eq!(read("#break-it?"), Some((Place::BreakIt, Some(None))));
        for other in ["#diagnose", "#make?etcd=3.6", "#nowhere?etcd=3.6"] {
            assert_eq!(read(other), None, "{other}");
        }
        for (broken, reason) in [
            (
                "#diagnose?hosts=a",
                "“hosts” is a word of Make’s links; behind this place there is only etcd, such as etcd=3.6",
            ),
            ("#diagnose?etcd=3.6&etcd=3.7", "“etcd” is there twice"),
            (
                "#diagnose?etcd=3.6&v=2",
                "it has v=2, and this page reads v=1; open it with a newer page",
            ),
        ] {
            let refused = place(broken).unwrap().1.unwrap_err();
            assert_eq!(refused.to_string(), reason, "{broken}");
        }
    }

    #[test]
    fn a_broken_link_is_refused_with_its_reason() {
        for other in ["#files", "", "#make", "#clusters", "#diagnose?hosts=a"] {
            assert_eq!(plan(other), Ok(None), "{other}");
        }
        for broken in [
            "#plan=",
            "#plan=%7",
            "#plan=%zz",
            "#plan=e30x",
            "#plan={\"keys\":1}",
            "#make?port=%7",
            "#make?port=%ff",
        ] {
            assert_eq!(plan(broken), Err(LinkError::Unreadable), "{broken}");
        }
        for (broken, reason) in [
            ("#plan={\"clients\":[]}", "it asks for no client"),
            ("#make?no-clients=yes", "it asks for no client"),
            (
                "#make?hots=a",
                "“hots” is no word of a link; the README lists them",
            ),
            (
                "#make?client2-days=3",
                "“client2-days” is no word of a link; the README lists them",
            ),
            ("#make?port=1&port=2", "“port” is there twice"),
            (
                "#cluster?host=10.0.0.11-13",
                "“host” is for one etcd; members have “hosts”, such as hosts=10.0.0.11-13, and “member-client-port”",
            ),
            (
                "#make?port=1&v=2",
                "it has v=2, and this page reads v=1; open it with a newer page",
            ),
            (
                "#make?etcd=3.9",
                "etcd=3.9 can’t be; there are 3.4, 3.5, 3.6, 3.7",
            ),
            (
                "#make?own-ca=maybe",
                "own-ca=maybe can’t be; there are yes, no",
            ),
            (
                "#cluster?members=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p",
                "it asks for 16 members, and 15 is the most",
            ),
        ] {
            assert_eq!(plan(broken).unwrap_err().to_string(), reason, "{broken}");
        }
        assert!(matches!(
            plan("#cluster?hosts=10.0.0.9-7"),
            Err(LinkError::Hosts(_))
        ));
        for long in ["#plan=", "#make?port="] {
            let long = plan(&format!("{long}{}", "A".repeat(1_000_000)));
            assert!(matches!(long, Err(LinkError::TooLong { .. })));
        }
    }
}
