//! Certificate policies (RFC 5280, section 6.1), which Go processes since
//! 1.24 (`crypto/x509` verify.go, `policiesValid`). etcd asks for no policy,
//! so a chain only fails where a certificate itself requires an explicit one.

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::Certificate;

/// Contents of anyPolicy, 2.5.29.32.0.
const ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

#[derive(Clone, Default)]
struct Node {
    policy: Vec<u8>,
    expected: Vec<Vec<u8>>,
    /// Policies of the parents, one level up.
    parents: BTreeSet<Vec<u8>>,
}

impl Node {
    fn new(policy: &[u8], parents: BTreeSet<Vec<u8>>) -> Self {
        Self {
            policy: policy.to_vec(),
            expected: vec![policy.to_vec()],
            parents,
        }
    }
}

/// The policy graph: for each level the nodes by their policy.
struct Graph(Vec<BTreeMap<Vec<u8>, Node>>);

impl Graph {
    fn new() -> Self {
        let root = Node::new(ANY_POLICY, BTreeSet::new());
        Self(vec![BTreeMap::from([(ANY_POLICY.to_vec(), root)])])
    }

    fn level(&self, above_leaves: usize) -> Option<&BTreeMap<Vec<u8>, Node>> {
        self.0.get(self.0.len().checked_sub(1 + above_leaves)?)
    }

    fn insert(&mut self, node: Node) {
        if let Some(leaves) = self.0.last_mut() {
            leaves.insert(node.policy.clone(), node);
        }
    }

    /// Drops nodes without children, between the root and the leaves.
    fn prune(&mut self) {
        for level in (1..self.0.len().saturating_sub(1)).rev() {
            if let Some([nodes, children]) = self.0.get_mut(level..level + 2) {
                let parents: BTreeSet<&Vec<u8>> = children
                    .values()
                    .flat_map(|node| node.parents.iter())
                    .collect();
                nodes.retain(|policy, _| parents.contains(policy));
            }
        }
    }

    /// Policies whose only parent is anyPolicy, on any level, and anyPolicy
    /// if it is a leaf.
    fn valid_policies(&self) -> BTreeSet<Vec<u8>> {
        let mut valid: BTreeSet<Vec<u8>> = self
            .0
            .iter()
            .flat_map(BTreeMap::values)
            .filter(|node| {
                node.policy != ANY_POLICY
                    && node.parents.len() == 1
                    && node.parents.contains(ANY_POLICY)
            })
            .map(|node| node.policy.clone())
            .collect();
        if self
            .0
            .last()
            .is_some_and(|leaves| leaves.contains_key(ANY_POLICY))
        {
            valid.insert(ANY_POLICY.to_vec());
        }
        valid
    }
}

/// `policiesValid` for a chain, the leaf first, with any policy wanted.
#[must_use]
pub(crate) fn are_valid(chain: &[&Certificate]) -> bool {
    let Some(length) = chain.len().checked_sub(1).filter(|length| *length > 0) else {
        return true;
    };
    let start = i64::try_from(length + 1).unwrap_or(i64::MAX);
    let mut graph = Some(Graph::new());
    let (mut inhibit_any, mut explicit, mut mapping) = (start, start, start);
    for position in (0..length).rev() {
        let Some(certificate) = chain.get(position) else {
            return true;
        };
        let self_issued = certificate.issuer.raw == certificate.subject.raw;
        if certificate.policies.is_empty() {
            graph = None;
        }
        if explicit == 0 && graph.is_none() {
            return false;
        }
        if let Some(graph) = &mut graph {
            let any_allowed = inhibit_any > 0 || position > 0 && self_issued;
            add_level(graph, certificate, any_allowed);
            if position != 0 && !map_policies(graph, certificate, mapping > 0) {
                return false;
            }
        }
        if position != 0 {
            if !self_issued {
                for counter in [&mut explicit, &mut mapping, &mut inhibit_any] {
                    *counter = (*counter - 1).max(0);
                }
            }
            for (limit, counter) in [
                (certificate.require_explicit_policy, &mut explicit),
                (certificate.inhibit_policy_mapping, &mut mapping),
                (certificate.inhibit_any_policy, &mut inhibit_any),
            ] {
                if let Some(limit) = limit.filter(|limit| *limit >= 0) {
                    *counter = limit.min(*counter);
                }
            }
        }
    }
    explicit = (explicit - 1).max(0);
    if chain
        .first()
        .is_some_and(|leaf| leaf.require_explicit_policy == Some(0))
    {
        explicit = 0;
    }
    explicit > 0 || graph.is_some_and(|graph| !graph.valid_policies().is_empty())
}

/// Adds the policies of one certificate below the graph.
fn add_level(graph: &mut Graph, certificate: &Certificate, any_allowed: bool) {
    let parents = graph.level(0).cloned().unwrap_or_default();
    graph.0.push(BTreeMap::new());
    for policy in certificate
        .policies
        .iter()
        .filter(|policy| *policy != ANY_POLICY)
    {
        let mut above: BTreeSet<Vec<u8>> = parents
            .values()
            .filter(|parent| parent.expected.contains(policy))
            .map(|parent| parent.policy.clone())
            .collect();
        if above.is_empty() && parents.contains_key(ANY_POLICY) {
            above.insert(ANY_POLICY.to_vec());
        }
        if !above.is_empty() {
            graph.insert(Node::new(policy, above));
        }
    }
    if any_allowed
        && certificate
            .policies
            .iter()
            .any(|policy| policy == ANY_POLICY)
    {
        let leaves = graph.level(0).cloned().unwrap_or_default();
        let mut missing: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for parent in parents.values() {
            for expected in parent
                .expected
                .iter()
                .filter(|expected| !leaves.contains_key(*expected))
            {
                missing
                    .entry(expected.clone())
                    .or_default()
                    .insert(parent.policy.clone());
            }
        }
        for (policy, above) in missing {
            graph.insert(Node::new(&policy, above));
        }
    }
    graph.prune();
}

/// Applies policy mappings; false if one maps anyPolicy.
fn map_policies(graph: &mut Graph, certificate: &Certificate, allowed: bool) -> bool {
    let mut mappings: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
    for (issuer, subject) in &certificate.policy_mappings {
        if allowed {
            if issuer == ANY_POLICY || subject == ANY_POLICY {
                return false;
            }
            mappings
                .entry(issuer.clone())
                .or_default()
                .push(subject.clone());
        } else if let Some(leaves) = graph.0.last_mut() {
            leaves.remove(issuer);
        }
    }
    graph.prune();
    for (issuer, subjects) in mappings {
        let Some(leaves) = graph.0.last_mut() else {
            return true;
        };
        if let Some(node) = leaves.get_mut(&issuer) {
            node.expected = subjects;
        } else if leaves.contains_key(ANY_POLICY) {
            // Go hangs the new node below the leaf anyPolicy, on its level.
            let mut node = Node::new(&issuer, BTreeSet::from([ANY_POLICY.to_vec()]));
            node.expected = subjects;
            leaves.insert(issuer, node);
        }
    }
    true
}
