//! Name constraints as Go applies them: up to Go 1.25 for each CA while the
//! chain is built (verify.go, `checkNameConstraints`), since Go 1.26 once for
//! the whole chain (`constraints.go`). Both differ from RFC 5280 in that a
//! name without a dot in front covers its subdomains in mail addresses and
//! URIs as well.

use std::cmp::Ordering;

use crate::address;
use crate::certificate::{Certificate, NameSubtrees};
use crate::extensions::general_names;
use crate::mailbox::{Mailbox, is_domain, reverse_labels};
use crate::name_constraint_error::{NameConstraintError, NameKind, NotAuthorized, UnreadableName};
use crate::netip;
use crate::url::{self, Url};
use crate::version::{GoBuild, NameConstraintScope};

type Range = (Vec<u8>, Vec<u8>);

fn range_text((network, mask): &Range) -> String {
    let length: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    format!("{}/{length}", address::text(network))
}

/// Go 1.25 and older: holds the chain below `authority` to its constraints.
///
/// # Errors
///
/// See [`NameConstraintError`].
pub fn check_while_building(
    authority: &Certificate,
    chain: &[&Certificate],
    go: GoBuild,
) -> Result<(), NameConstraintError> {
    if !authority.has_name_constraints() {
        return Ok(());
    }
    let mut checked: Vec<&Certificate> = match go.name_constraint_scope() {
        NameConstraintScope::Chain => chain.to_vec(),
        NameConstraintScope::Leaf | NameConstraintScope::LeafAndAuthority => {
            chain.first().copied().into_iter().collect()
        }
    };
    if go.name_constraint_scope() == NameConstraintScope::LeafAndAuthority {
        checked.push(authority);
    }
    for certificate in checked {
        let Some(value) = certificate.subject_alternative_name() else {
            continue;
        };
        let Ok(names) = general_names(value) else {
            continue;
        };
        for (kind, data) in names {
            check_name(authority, kind, data, go)?;
        }
    }
    Ok(())
}

fn check_name(
    authority: &Certificate,
    kind: u8,
    data: &[u8],
    go: GoBuild,
) -> Result<(), NameConstraintError> {
    let (permitted, excluded) = (&authority.permitted, &authority.excluded);
    let name = String::from_utf8_lossy(data).into_owned();
    match kind {
        1 => {
            let unreadable = UnreadableName::Mail { name: None };
            let mailbox =
                Mailbox::parse(&name, go).ok_or(NameConstraintError::Unreadable(unreadable))?;
            let matches = |constraint: &String, excluded| {
                Ok(mail_matches(&mailbox, constraint, excluded, go))
            };
            compare(
                NameKind::Mail,
                &name,
                &permitted.mail,
                &excluded.mail,
                matches,
                String::clone,
            )
        }
        2 => {
            if reverse_labels(&name, go).is_none() {
                return Err(NameConstraintError::Unreadable(UnreadableName::Dns {
                    name,
                }));
            }
            let matches =
                |constraint: &String, excluded| Ok(domain_matches(&name, constraint, excluded, go));
            compare(
                NameKind::Dns,
                &name,
                &permitted.dns,
                &excluded.dns,
                matches,
                String::clone,
            )
        }
        6 => {
            let uri = url::parse_as(&name, go).map_err(|_| {
                NameConstraintError::Unreadable(UnreadableName::Uri { name: name.clone() })
            })?;
            let matches = |constraint: &String, excluded| {
                uri_host(&uri, go).map(|host| domain_matches(&host, constraint, excluded, go))
            };
            compare(
                NameKind::Uri,
                &name,
                &permitted.uris,
                &excluded.uris,
                matches,
                String::clone,
            )
        }
        7 => {
            let matches = |constraint: &Range, _| Ok(address_matches(data, constraint));
            let text = address::text(data);
            compare(
                NameKind::Address,
                &text,
                &permitted.addresses,
                &excluded.addresses,
                matches,
                range_text,
            )
        }
        _ => Ok(()),
    }
}

/// `checkNameConstraints`: excluded first, then permitted.
fn compare<T>(
    kind: NameKind,
    name: &str,
    permitted: &[T],
    excluded: &[T],
    matches: impl Fn(&T, bool) -> Result<bool, NotAuthorized>,
    text: impl Fn(&T) -> String,
) -> Result<(), NameConstraintError> {
    for constraint in excluded {
        if matches(constraint, true).map_err(NameConstraintError::NotAuthorized)? {
            return Err(NameConstraintError::NotAuthorized(
                NotAuthorized::Excluded {
                    kind,
                    name: name.to_owned(),
                    constraint: text(constraint),
                },
            ));
        }
    }
    for constraint in permitted {
        if matches(constraint, false).map_err(NameConstraintError::NotAuthorized)? {
            return Ok(());
        }
    }
    if permitted.is_empty() {
        return Ok(());
    }
    Err(NameConstraintError::NotAuthorized(
        NotAuthorized::NotPermitted {
            kind,
            name: name.to_owned(),
        },
    ))
}

fn address_matches(bytes: &[u8], (network, mask): &Range) -> bool {
    bytes.len() == network.len()
        && bytes
            .iter()
            .zip(network)
            .zip(mask)
            .all(|((byte, network), mask)| byte & mask == network & mask)
}

/// `matchDomainConstraint`
fn domain_matches(domain: &str, constraint: &str, excluded: bool, go: GoBuild) -> bool {
    if constraint.is_empty() {
        return true;
    }
    let subdomains_only = constraint.starts_with('.');
    let starts_with_star = domain.starts_with('*');
    let constraint = constraint.strip_prefix('.').unwrap_or(constraint);
    let (Some(domain), Some(constraint)) =
        (reverse_labels(domain, go), reverse_labels(constraint, go))
    else {
        return false;
    };
    if domain.len() < constraint.len() || subdomains_only && domain.len() == constraint.len() {
        return false;
    }
    // The star may stand for the first label of what is excluded.
    let any_first = excluded
        && starts_with_star
        && domain.len() > 1
        && domain.len() == constraint.len()
        && go.excludes_wildcards();
    constraint
        .iter()
        .zip(&domain)
        .take(constraint.len() - usize::from(any_first))
        .all(|(wanted, label)| wanted.eq_ignore_ascii_case(label))
}

fn mail_matches(mailbox: &Mailbox, constraint: &str, excluded: bool, go: GoBuild) -> bool {
    if constraint.contains('@') {
        return Mailbox::parse(constraint, go).is_some_and(|wanted| {
            wanted.local == mailbox.local && wanted.domain.eq_ignore_ascii_case(&mailbox.domain)
        });
    }
    domain_matches(&mailbox.domain, constraint, excluded, go)
}

/// The host of a URI to compare, without its port.
fn uri_host(uri: &Url, go: GoBuild) -> Result<String, NotAuthorized> {
    if uri.host.is_empty() {
        return Err(NotAuthorized::UriWithoutHost {
            uri: uri.text.clone(),
        });
    }
    let mut host = uri.host.as_str();
    if host.contains(':') && !host.ends_with(']') {
        let named = go.checks_name_constraints_last().then(|| host.to_owned());
        (host, _) = address::split_host_port(host)
            .map_err(|error| NotAuthorized::UriHost { named, error })?;
    }
    let is_address = if go.knows_scoped_addresses_in_uris() {
        netip::parse(host).is_ok()
    } else {
        address::parse(host).is_some()
    };
    if is_address || host.starts_with('[') && host.ends_with(']') {
        return Err(NotAuthorized::UriWithAddress {
            uri: uri.text.clone(),
        });
    }
    Ok(host.to_owned())
}

/// Go 1.26 and newer: `checkChainConstraints` over a whole chain, the leaf
/// first.
///
/// # Errors
///
/// See [`NotAuthorized`].
pub(crate) fn check_chain(chain: &[&Certificate], go: GoBuild) -> Result<(), NotAuthorized> {
    let constrained: Vec<(usize, Constraints)> = chain
        .iter()
        .enumerate()
        .filter(|(_, certificate)| certificate.has_name_constraints())
        .map(|(position, certificate)| (position, Constraints::of(certificate, go)))
        .collect();
    for (position, certificate) in chain.iter().enumerate() {
        if certificate.subject_alternative_name().is_none() {
            continue;
        }
        let above: Vec<_> = constrained
            .iter()
            .filter(|(authority, _)| *authority > position)
            .collect();
        if above.is_empty() {
            return Ok(());
        }
        let names = Names::of(certificate, go)?;
        for (_, constraints) in above {
            constraints.check(&names, go)?;
        }
    }
    Ok(())
}

/// The names of one certificate, read to be compared.
struct Names {
    addresses: Vec<Vec<u8>>,
    dns: Vec<String>,
    uris: Vec<(String, String)>,
    mail: Vec<Mailbox>,
}

impl Names {
    fn of(certificate: &Certificate, go: GoBuild) -> Result<Self, NotAuthorized> {
        let uris = certificate
            .uris
            .iter()
            .map(|uri| Ok((uri_host(uri, go)?.to_ascii_lowercase(), uri.text.clone())))
            .collect::<Result<_, NotAuthorized>>()?;
        let mail = certificate
            .mail_addresses
            .iter()
            .map(|address| {
                let mut mailbox =
                    Mailbox::parse(address, go).ok_or_else(|| NotAuthorized::UnreadableMail {
                        name: address.clone(),
                    })?;
                mailbox.domain.make_ascii_lowercase();
                Ok(mailbox)
            })
            .collect::<Result<_, NotAuthorized>>()?;
        Ok(Self {
            addresses: certificate.addresses.clone(),
            dns: certificate.dns_names.clone(),
            uris,
            mail,
        })
    }
}

/// The sorted constraints of one CA.
struct Constraints {
    permitted: Sorted,
    excluded: Sorted,
}

struct Sorted {
    source: NameSubtrees,
    ipv4: Vec<Range>,
    ipv6: Vec<Range>,
    dns: DomainSet,
    uris: DomainSet,
    mail_domains: DomainSet,
    mailboxes: Vec<Mailbox>,
}

impl Constraints {
    fn of(certificate: &Certificate, go: GoBuild) -> Self {
        Self {
            permitted: Sorted::of(&certificate.permitted, true, go),
            excluded: Sorted::of(&certificate.excluded, false, go),
        }
    }

    fn check(&self, names: &Names, go: GoBuild) -> Result<(), NotAuthorized> {
        let (permitted, excluded) = (&self.permitted, &self.excluded);
        let judge =
            |kind: NameKind, name: &str, allowed: Option<bool>, forbidden: Option<String>| {
                if allowed == Some(false) {
                    return Err(NotAuthorized::NotPermitted {
                        kind,
                        name: name.to_owned(),
                    });
                }
                forbidden.map_or(Ok(()), |constraint| {
                    Err(NotAuthorized::Excluded {
                        kind,
                        name: name.to_owned(),
                        constraint,
                    })
                })
            };
        for bytes in &names.addresses {
            let allowed = (!permitted.source.addresses.is_empty())
                .then(|| permitted.address(bytes).is_some());
            judge(
                NameKind::Address,
                &address::text(bytes),
                allowed,
                excluded.address(bytes),
            )?;
        }
        for name in &names.dns {
            if !is_domain(name, go) {
                let name = name.clone();
                return Err(UnreadableName::Dns { name }.into());
            }
            let allowed =
                (!permitted.source.dns.is_empty()).then(|| permitted.dns.query(name).is_some());
            judge(NameKind::Dns, name, allowed, excluded.dns.query(name))?;
        }
        for (host, text) in &names.uris {
            if !is_domain(host, go) {
                let name = text.clone();
                return Err(UnreadableName::Uri { name }.into());
            }
            let allowed =
                (!permitted.source.uris.is_empty()).then(|| permitted.uris.query(host).is_some());
            judge(NameKind::Uri, text, allowed, excluded.uris.query(host))?;
        }
        for mailbox in &names.mail {
            let name = format!("{}@{}", mailbox.local, mailbox.domain);
            if !is_domain(&mailbox.domain, go) {
                return Err(UnreadableName::Mail { name: Some(name) }.into());
            }
            let allowed =
                (!permitted.source.mail.is_empty()).then(|| permitted.mail(mailbox).is_some());
            judge(NameKind::Mail, &name, allowed, excluded.mail(mailbox))?;
        }
        Ok(())
    }
}

impl Sorted {
    fn of(source: &NameSubtrees, permitted: bool, go: GoBuild) -> Self {
        let mut ranges: Vec<Range> = source.addresses.clone();
        if go.masks_constraint_addresses() {
            for (network, mask) in &mut ranges {
                for (byte, mask) in network.iter_mut().zip(mask.iter()) {
                    *byte &= mask;
                }
            }
        }
        let (mut ipv4, mut ipv6): (Vec<Range>, Vec<Range>) = ranges
            .into_iter()
            .partition(|(network, _)| network.len() == 4);
        for set in [&mut ipv4, &mut ipv6] {
            set.sort();
            prune(set, range_covers);
        }
        let (full, domains): (Vec<String>, Vec<String>) = source
            .mail
            .iter()
            .cloned()
            .partition(|constraint| constraint.contains('@'));
        let mailboxes = full
            .iter()
            .filter_map(|constraint| Mailbox::parse(constraint, go))
            .map(|mut mailbox| {
                mailbox.domain.make_ascii_lowercase();
                mailbox
            })
            .collect();
        Self {
            source: source.clone(),
            ipv4,
            ipv6,
            dns: DomainSet::new(source.dns.clone(), permitted),
            uris: DomainSet::new(source.uris.clone(), permitted),
            mail_domains: DomainSet::new(domains, permitted),
            mailboxes,
        }
    }

    fn address(&self, bytes: &[u8]) -> Option<String> {
        let set = if bytes.len() == 4 {
            &self.ipv4
        } else {
            &self.ipv6
        };
        search(
            set,
            |(network, _)| network.as_slice().cmp(bytes),
            |range| address_matches(bytes, range),
        )
        .map(range_text)
    }

    fn mail(&self, mailbox: &Mailbox) -> Option<String> {
        if self.mailboxes.contains(mailbox) {
            return Some(format!("{}@{}", mailbox.local, mailbox.domain));
        }
        self.mail_domains.query(&mailbox.domain)
    }
}

/// `ipNetworkSubset`: whether `one` covers `other`.
fn range_covers(one: &Range, other: &Range) -> bool {
    let last: Vec<u8> = other
        .0
        .iter()
        .zip(&other.1)
        .map(|(byte, mask)| byte | !mask)
        .collect();
    address_matches(&other.0, one) && address_matches(&last, one)
}

/// `sortAndPrune`, after sorting: drops what the one before it covers.
fn prune<T>(set: &mut Vec<T>, covers: impl Fn(&T, &T) -> bool) {
    set.dedup_by(|current, previous| covers(previous, current));
}

/// `search`: the constraint equal to the name, else the one sorted before it
/// if it matches.
fn search<T>(
    set: &[T],
    compare: impl Fn(&T) -> Ordering,
    matches: impl Fn(&T) -> bool,
) -> Option<&T> {
    match set.binary_search_by(compare) {
        Ok(position) => {
            // The first of equal ones, as Go's search finds.
            set.get(position)
        }
        Err(position) => set
            .get(position.saturating_sub(1))
            .filter(|constraint| matches(constraint)),
    }
}

/// Domains, sorted from their last label on.
struct DomainSet {
    all: bool,
    permitted: bool,
    set: Vec<String>,
}

impl DomainSet {
    fn new(mut set: Vec<String>, permitted: bool) -> Self {
        let all = set.iter().any(String::is_empty);
        set.sort_by(|one, other| compare_domains(one, other));
        prune(&mut set, |one, other| is_suffix(one, other));
        Self {
            all,
            permitted,
            set,
        }
    }

    fn query(&self, name: &str) -> Option<String> {
        if self.all {
            return Some(String::new());
        }
        let found = search(
            &self.set,
            |constraint| compare_domains(constraint, name),
            |constraint| is_suffix(constraint, name),
        );
        if let Some(constraint) = found {
            return Some(constraint.clone());
        }
        // An excluded a.example.com also excludes *.example.com.
        if !self.permitted && name.starts_with('*') {
            let parent = after_first_label(name)?.to_ascii_lowercase();
            return self
                .set
                .iter()
                .rev()
                .map(|constraint| constraint.to_ascii_lowercase())
                .find(|constraint| after_first_label(constraint) == Some(&parent));
        }
        None
    }
}

fn after_first_label(name: &str) -> Option<&str> {
    name.find('.').map(|dot| &name[dot..])
}

/// `dnsHasSuffix`: whether `constraint` is `name` or a domain above it.
fn is_suffix(constraint: &str, name: &str) -> bool {
    let (constraint, name) = (constraint.as_bytes(), name.as_bytes());
    let start = name.len().checked_sub(constraint.len());
    let Some((before, end)) = start.and_then(|start| name.split_at_checked(start)) else {
        return false;
    };
    end.eq_ignore_ascii_case(constraint)
        && (constraint.first() == Some(&b'.') || before.last().is_none_or(|&last| last == b'.'))
}

/// `dnsCompare`: from the end, without letter case, the dot before all.
fn compare_domains(one: &str, other: &str) -> Ordering {
    let key = |byte: u8| {
        if byte == b'.' {
            0
        } else {
            byte.to_ascii_lowercase()
        }
    };
    one.bytes().rev().map(key).cmp(other.bytes().rev().map(key))
}
