//! How a plan becomes a deployment: which files lie where, who trusts whom, and
//! where each member listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{
    Bundle, CertificateOutline, Client, Cluster, ClusterState, Deployment, Member, Pair, PeerPort,
    Standing, Tls,
};
use crate::{
    etcd::{
        facts::{kubeadm, option::EtcdOption, port},
        plan::{
            CLIENT_BUNDLE, CheckedIdentity, CheckedPlan, FilePath, Holder, Preset, REVOCATION_LIST,
            Requested,
        },
        role::Role,
    },
    pki::{
        authority::AuthorityKeyUsage,
        name::{common_name, openssl_spelling, organizations},
        subject_alternative_name::SubjectAlternativeName,
    },
};

impl CheckedPlan {
    /// The folder within the folder that holds etcd's own files: kubeadm keeps
    /// them in `etcd`.
    fn in_folder(&self, file: &str) -> String {
        match self.preset {
            Preset::Kubeadm => format!("etcd/{file}"),
            _ => file.to_owned(),
        }
    }

    /// The place of the authority of a role's certificates.
    fn issuer(&self, role: Role) -> usize {
        let mut identities = self.identities.iter();
        identities
            .find(|identity| identity.request.role == role)
            .map_or(0, |identity| identity.issuer)
    }

    /// The place of the root above an authority.
    #[must_use]
    pub fn root(&self, mut authority: usize) -> usize {
        // Each authority stands behind the one that signs it.
        while let Some(issuer) = self
            .authorities
            .get(authority)
            .and_then(|authority| authority.issuer)
        {
            authority = issuer;
        }
        authority
    }

    /// The certificate of the root of a role's certificates, below the folder.
    fn trusted(&self, role: Role) -> String {
        self.authorities
            .get(self.root(self.issuer(role)))
            .map(|authority| format!("{}.crt", authority.path))
            .unwrap_or_default()
    }

    /// Whether there is a single control-plane node, whose files lie as kubeadm
    /// lays them; with several, each has a folder of its own.
    fn folders(&self) -> impl Iterator<Item = &FilePath> {
        let several = self.preset == Preset::Kubeadm && self.members.len() > 1;
        self.members
            .iter()
            .filter(move |_| several)
            .map(|member| &member.name)
    }

    /// Whether etcd's gateway has a certificate of its own among the files, and this
    /// series no flag to give it.
    fn gateway_lacks_flag(&self) -> bool {
        self.identities.iter().any(CheckedIdentity::is_of_gateway)
            && !EtcdOption::ClientCertificateFile.is_in(self.series)
    }

    /// Files that hold the certificates of several authorities. Where etcd's gateway
    /// can only dial the client port with the server's certificate, that port must
    /// trust the server's authority beside the clients', or etcd has no gateway.
    #[must_use]
    pub fn bundles(&self) -> Vec<Bundle> {
        let (clients, servers) = (self.trusted(Role::Client), self.trusted(Role::Server));
        if !self.gateway_lacks_flag() || self.without_gateway {
            return Vec::new();
        }
        vec![Bundle {
            file: self.in_folder(&format!("{CLIENT_BUNDLE}.crt")),
            parts: vec![clients, servers],
        }]
    }

    /// Copies of public files that each node's own folder holds: the file, and
    /// its copy.
    #[must_use]
    pub fn copies(&self) -> Vec<(String, String)> {
        let mut shared: Vec<String> = [Role::Server, Role::Peer, Role::Client]
            .map(|role| self.trusted(role))
            .into();
        shared.dedup();
        shared.extend(self.bundles().into_iter().map(|bundle| bundle.file));
        self.folders()
            .flat_map(|folder| {
                shared
                    .iter()
                    .map(move |file| (file.clone(), format!("{folder}/{file}")))
            })
            .collect()
    }

    /// The name of a CRL for etcd, below the folder.
    #[must_use]
    pub fn revocation_list_name(&self) -> String {
        self.in_folder(REVOCATION_LIST)
    }

    /// The files that a CRL takes in the archive: one, or one in each node's own
    /// folder.
    #[must_use]
    pub fn revocation_list_files(&self) -> Vec<String> {
        let name = self.revocation_list_name();
        let of_nodes: Vec<String> = self
            .folders()
            .map(|folder| format!("{folder}/{name}"))
            .collect();
        if of_nodes.is_empty() {
            vec![name]
        } else {
            of_nodes
        }
    }

    /// The URL that clients dial, where no members are named.
    #[must_use]
    pub fn endpoint(&self) -> String {
        url(&self.host, self.port)
    }

    /// The deployment that the plan describes. `archive` is the name of the tar
    /// file with everything.
    #[must_use]
    pub fn deployment(&self, archive: &str) -> Deployment {
        let members: Vec<Member> = match self.preset {
            Preset::Tutorial => self
                .identities
                .iter()
                .filter(|identity| identity.request.role == Role::Server)
                .map(|server| self.single_member(server))
                .collect(),
            Preset::Cluster | Preset::Kubeadm => (0..self.members.len())
                .filter_map(|place| self.member(place))
                .collect(),
            Preset::ClientOnly => Vec::new(),
            // At most one, as the check has seen to.
            Preset::SignCsr => self
                .identities
                .iter()
                .filter_map(|identity| match identity.request.role {
                    Role::Server => Some(self.single_member(identity)),
                    Role::Peer => Some(self.single_peer(identity)),
                    Role::Client => None,
                })
                .collect(),
        };
        let has_peer = members.iter().any(|member| member.peer.is_some());
        let endpoints = if members.is_empty() {
            vec![self.endpoint()]
        } else {
            members
                .iter()
                .flat_map(|member| member.advertise_client_urls.clone())
                .collect()
        };
        Deployment {
            series: self.series,
            members,
            endpoints,
            cluster: has_peer.then(|| Cluster {
                token: (self.preset == Preset::Cluster).then(|| "etcd-lab".to_owned()),
                state: ClusterState::New,
            }),
            clients: self.clients(),
            server_ca: self.server_ca(),
            certificates: self.certificates(),
            bundles: self.bundles(),
            archive: archive.to_owned(),
            kubeadm: self.preset == Preset::Kubeadm,
            recipient: None,
        }
    }

    fn tls(&self, identity: &CheckedIdentity, trusted: &str) -> Tls {
        let path = |file: &str| self.directory.join(file);
        Tls {
            certificate: path(&format!("{}.crt", identity.name)),
            key: path(&format!("{}.key", identity.name)),
            trusted_ca: path(trusted),
            revocation_list: None,
        }
    }

    fn client_tls(&self, server: &CheckedIdentity) -> Tls {
        let trusted = match self.bundles().first() {
            Some(bundle) => bundle.file.clone(),
            None => self.trusted(Role::Client),
        };
        self.tls(server, &trusted)
    }

    /// What the gateway beside a server shows, where it has a certificate of its own.
    fn gateway(&self, server: &CheckedIdentity) -> Option<Pair> {
        let mut identities = self.identities.iter();
        let own = identities.find(|one| one.is_of_gateway() && one.holder == server.holder)?;
        let path = |ending: &str| self.directory.join(&format!("{}.{ending}", own.name));
        Some(Pair {
            certificate: path("crt"),
            key: path("key"),
        })
    }

    fn single_member(&self, server: &CheckedIdentity) -> Member {
        Member {
            name: None,
            data_directory: None,
            directory: self.directory.clone(),
            archive_folder: None,
            listen_client_urls: vec![listen_url(&self.host, self.port)],
            advertise_client_urls: vec![self.endpoint()],
            client_tls: self.client_tls(server),
            gateway: self.gateway(server),
            without_gateway: self.gateway_lacks_flag() && self.without_gateway,
            peer: None,
            metrics_urls: Vec::new(),
            snapshot_count: None,
        }
    }

    /// An etcd with a peer's certificate, which has both usages, on both ports.
    fn single_peer(&self, peer: &CheckedIdentity) -> Member {
        Member {
            peer: Some(PeerPort {
                listen_urls: vec![listen_url(&self.host, port::PEER)],
                advertise_urls: vec![url(&self.host, port::PEER)],
                tls: self.tls(peer, &self.trusted(Role::Peer)),
            }),
            ..self.single_member(peer)
        }
    }

    fn member(&self, place: usize) -> Option<Member> {
        let member = self.members.get(place)?;
        let identity = |role: Role| {
            self.identities.iter().find(|identity| {
                identity.request.role == role && identity.holder == Holder::Member(place)
            })
        };
        let (server, peer) = (identity(Role::Server)?, identity(Role::Peer)?);
        let is_kubeadm = self.preset == Preset::Kubeadm;
        let client_url = listen_url(&member.dialled, member.client_port);
        let loopback = socket_url(Ipv4Addr::LOCALHOST.into(), member.client_port);
        let mut listen_client_urls = vec![client_url];
        // Whoever asks on the machine itself may, where the certificate says so.
        let names_loopback = member.hosts.contains(&Ipv4Addr::LOCALHOST.into());
        let is_an_address = matches!(member.dialled, SubjectAlternativeName::Ip(_));
        let local = is_kubeadm || names_loopback && is_an_address && !member.dialled.is_loopback();
        if local && !listen_client_urls.contains(&loopback) {
            listen_client_urls.insert(0, loopback);
        }
        Some(Member {
            name: Some(member.name.to_string()),
            data_directory: member
                .data_directory
                .as_ref()
                .map(|directory| directory.as_str().to_owned()),
            directory: self.directory.clone(),
            archive_folder: server.folder.as_ref().map(ToString::to_string),
            listen_client_urls,
            advertise_client_urls: vec![url(&member.dialled, member.client_port)],
            client_tls: self.client_tls(server),
            gateway: self.gateway(server),
            without_gateway: self.gateway_lacks_flag() && self.without_gateway,
            peer: Some(PeerPort {
                listen_urls: vec![listen_url(&member.dialled, member.peer_port)],
                advertise_urls: vec![url(&member.dialled, member.peer_port)],
                tls: self.tls(peer, &self.trusted(Role::Peer)),
            }),
            metrics_urls: is_kubeadm
                .then(|| format!("http://127.0.0.1:{}", kubeadm::METRICS_PORT))
                .into_iter()
                .collect(),
            snapshot_count: is_kubeadm.then_some(kubeadm::SNAPSHOT_COUNT),
        })
    }

    /// The certificate of the CA that servers' certificates come from.
    fn server_ca(&self) -> String {
        self.directory.join(&self.server_ca_file())
    }

    /// The file of the CA that servers' certificates come from, below the folder.
    #[must_use]
    pub fn server_ca_file(&self) -> String {
        match self.preset {
            // Whoever only gets a client brings the CA that etcd has.
            Preset::ClientOnly | Preset::SignCsr => self
                .authorities
                .first()
                .map(|authority| format!("{}.crt", authority.path))
                .unwrap_or_default(),
            _ => self.trusted(Role::Server),
        }
    }

    /// The clients, each once: with several nodes, those of the first.
    fn clients(&self) -> Vec<Client> {
        let first = self.folders().next();
        self.identities
            .iter()
            .filter(|identity| {
                identity.request.role == Role::Client
                    && !identity.is_of_gateway()
                    && identity.folder.as_ref() == first
            })
            .map(|identity| Client {
                stem: identity.name.to_string(),
                common_name: common_name(identity.subject()),
                certificate: self.directory.join(&format!("{}.crt", identity.name)),
                key: self.directory.join(&format!("{}.key", identity.name)),
            })
            .collect()
    }

    fn certificates(&self) -> Vec<CertificateOutline> {
        let mut certificates = Vec::new();
        // Where each authority stands in the list, as one that is brought along
        // does not.
        let mut places: Vec<Option<usize>> = Vec::new();
        let place = |places: &[Option<usize>], issuer: usize| places.get(issuer).copied().flatten();
        for authority in &self.authorities {
            let Some(request) = &authority.request else {
                places.push(None);
                continue;
            };
            let issuer = authority.issuer.and_then(|issuer| place(&places, issuer));
            places.push(Some(certificates.len()));
            let options = &request.options;
            let name = options.subject.as_name();
            let texts = |constraints: &[crate::pki::name_constraint::NameConstraint]| {
                constraints.iter().map(ToString::to_string).collect()
            };
            certificates.push(CertificateOutline {
                stem: authority.path.to_string(),
                issuer,
                subject: options.subject.to_openssl(),
                common_name: common_name(name),
                organizations: organizations(name),
                names: options.names.clone(),
                standing: Standing::Authority {
                    key_usage: options.key_usage,
                    path_length: options.path_length,
                    permitted: texts(&options.name_constraints.permitted),
                    excluded: texts(&options.name_constraints.excluded),
                },
                days: options.days.get(),
                key_type: Some(request.key_type),
                enciphers_keys: options.key_usage == AuthorityKeyUsage::SigningAndHandshake
                    && request.key_type.modulus().is_some(),
                is_of_gateway: false,
            });
        }
        for identity in &self.identities {
            let name = identity.subject();
            certificates.push(CertificateOutline {
                stem: identity.path().to_string(),
                issuer: place(&places, identity.issuer),
                subject: openssl_spelling(name),
                common_name: common_name(name),
                organizations: organizations(name),
                names: identity.request.names.clone(),
                standing: Standing::Leaf(identity.request.role),
                days: identity.request.days.get(),
                key_type: identity.key_type(),
                enciphers_keys: match &identity.request.subject {
                    Requested::Subject(_, key_type) => key_type.modulus().is_some(),
                    Requested::Csr(request) => request.public_key().enciphers_keys(),
                },
                is_of_gateway: identity.is_of_gateway(),
            });
        }
        certificates
    }
}

fn url(host: &SubjectAlternativeName, port: u16) -> String {
    match host {
        SubjectAlternativeName::Ip(address) => socket_url(*address, port),
        SubjectAlternativeName::Dns(name) => format!("https://{}:{port}", name.as_str()),
    }
}

/// The URL that etcd listens on. etcd binds to addresses and `localhost` only
/// (`embed/config.go`, `checkBindURLs`), so for another name it is every
/// address.
fn listen_url(host: &SubjectAlternativeName, port: u16) -> String {
    match host {
        SubjectAlternativeName::Dns(name) if name.as_str() != "localhost" => {
            socket_url(Ipv4Addr::UNSPECIFIED.into(), port)
        }
        _ => url(host, port),
    }
}

fn socket_url(address: IpAddr, port: u16) -> String {
    format!("https://{}", SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::{
        facts::release::Series,
        plan::{IntermediatePlan, Plan},
    };

    fn checked(plan: &Plan) -> CheckedPlan {
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        plan.check(None, now).unwrap()
    }

    fn stems(plan: &CheckedPlan) -> Vec<String> {
        plan.deployment("x.tar")
            .certificates
            .into_iter()
            .map(|certificate| certificate.stem)
            .collect()
    }

    #[test]
    fn the_tutorial_is_deployed_as_it_always_was() {
        let deployment = checked(&Plan::default()).deployment("KUBERNETES-CA.tar");
        let member = &deployment.members[0];
        assert_eq!(member.name, None);
        assert_eq!(member.peer, None);
        assert_eq!(deployment.cluster, None);
        assert_eq!(member.client_tls.certificate, "/root/certificates/etcd.crt");
        assert_eq!(member.client_tls.trusted_ca, "/root/certificates/ca.crt");
        assert_eq!(deployment.endpoints, ["https://127.0.0.1:2379"]);
        let client = &deployment.clients[0];
        assert_eq!(client.common_name.as_deref(), Some("client"));
        assert_eq!(deployment.server_ca, "/root/certificates/ca.crt");
        assert_eq!(stems(&checked(&Plan::default())), ["ca", "etcd", "client"]);
        assert_eq!(deployment.certificates[1].issuer, Some(0));
    }

    #[test]
    fn a_cluster_can_run_on_one_machine() {
        let plan = checked(&Plan::preset(Preset::Cluster));
        let deployment = plan.deployment("x.tar");
        assert_eq!(
            stems(&plan),
            [
                "ca",
                "m1-server",
                "m1-peer",
                "m2-server",
                "m2-peer",
                "m3-server",
                "m3-peer",
                "root",
                "client"
            ]
        );
        assert_eq!(
            deployment.endpoints,
            [
                "https://127.0.0.1:22379",
                "https://127.0.0.1:22479",
                "https://127.0.0.1:22579"
            ]
        );
        let peer = deployment.members[2].peer.as_ref().unwrap();
        assert_eq!(peer.advertise_urls, ["https://127.0.0.1:22580"]);
        assert_eq!(peer.tls.key, "/etc/etcd/pki/m3-peer.key");
        assert!(deployment.cluster.is_some());
    }

    #[test]
    fn kubeadms_files_lie_where_kubeadm_lays_them() {
        let plan = checked(&Plan::example(Preset::Kubeadm));
        let deployment = plan.deployment("x.tar");
        assert_eq!(
            stems(&plan),
            [
                "etcd/ca",
                "etcd/server",
                "etcd/peer",
                "etcd/healthcheck-client",
                "apiserver-etcd-client"
            ]
        );
        let names = |place: usize| {
            let names = &deployment.certificates[place].names;
            names.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names(0), ["DNS:etcd-ca"]);
        assert_eq!(
            names(1),
            [
                "DNS:node1",
                "DNS:localhost",
                "IP:192.0.2.10",
                "IP:127.0.0.1",
                "IP:::1"
            ]
        );
        assert_eq!(names(2), names(1));
        assert_eq!(deployment.certificates[1].subject, "/CN=node1");
        let member = &deployment.members[0];
        assert_eq!(
            member.listen_client_urls,
            ["https://127.0.0.1:2379", "https://192.0.2.10:2379"]
        );
        assert_eq!(member.metrics_urls, ["http://127.0.0.1:2381"]);
        assert_eq!(member.snapshot_count, Some(10_000));
        assert_eq!(member.archive_folder, None);
        assert_eq!(
            member.peer.as_ref().unwrap().tls.trusted_ca,
            "/etc/kubernetes/pki/etcd/ca.crt"
        );
    }

    #[test]
    fn several_nodes_have_a_folder_each_with_all_that_belongs_there() {
        let mut plan = Plan::example(Preset::Kubeadm);
        let mut second = plan.members[0].clone();
        second.name = "node2".to_owned();
        second.hosts = "192.0.2.11".to_owned();
        plan.members.push(second);
        let plan = checked(&plan);
        let all = stems(&plan);
        assert!(all.contains(&"node2/etcd/server".to_owned()));
        assert!(all.contains(&"node1/apiserver-etcd-client".to_owned()));
        assert_eq!(all.len(), 1 + 2 * 4);
        assert_eq!(
            plan.copies(),
            [
                ("etcd/ca.crt".to_owned(), "node1/etcd/ca.crt".to_owned()),
                ("etcd/ca.crt".to_owned(), "node2/etcd/ca.crt".to_owned())
            ]
        );
        let deployment = plan.deployment("x.tar");
        let member = &deployment.members[1];
        assert_eq!(member.archive_folder.as_deref(), Some("node2"));
        assert_eq!(
            member.client_tls.key, "/etc/kubernetes/pki/etcd/server.key",
            "where it is unpacked there is no folder of the node"
        );
        assert_eq!(deployment.clients.len(), 2, "each is named once");
    }

    #[test]
    fn an_intermediate_issues_and_its_root_is_trusted() {
        let mut plan = Plan::default();
        plan.authority.intermediate = Some(IntermediatePlan::default());
        let plan = checked(&plan);
        let deployment = plan.deployment("x.tar");
        assert_eq!(stems(&plan), ["ca", "intermediate", "etcd", "client"]);
        assert_eq!(deployment.certificates[1].issuer, Some(0));
        assert_eq!(deployment.certificates[2].issuer, Some(1));
        let trusted = &deployment.members[0].client_tls.trusted_ca;
        assert_eq!(trusted, "/root/certificates/ca.crt");
        assert!(deployment.bundles.is_empty());
    }

    #[test]
    fn separate_authorities_are_trusted_where_their_certificates_come() {
        let mut plan = Plan::preset(Preset::Cluster);
        plan.separate_authorities = true;
        let of = |plan: &Plan| checked(plan).deployment("x.tar");
        let deployment = of(&plan);
        let member = &deployment.members[0];
        assert_eq!(member.client_tls.trusted_ca, "/etc/etcd/pki/client-ca.crt");
        assert_eq!(deployment.bundles, [], "nobody else is trusted");
        let peer = member.peer.as_ref().unwrap();
        assert_eq!(peer.tls.trusted_ca, "/etc/etcd/pki/peer-ca.crt");
        assert_eq!(deployment.server_ca, "/etc/etcd/pki/ca.crt");
        assert_eq!(member.asks_with().0, "/etc/etcd/pki/m1-gateway.crt");
        assert!(!member.without_gateway);
        let stems: Vec<&str> = deployment
            .clients
            .iter()
            .map(|one| one.stem.as_str())
            .collect();
        assert_eq!(
            stems,
            ["root", "client"],
            "a gateway is no client of the plan"
        );

        // 3.4 lacks the flags: both are trusted, or the gateway is off.
        plan.etcd = Series::V3_4;
        let deployment = of(&plan);
        let member = &deployment.members[0];
        assert_eq!(
            member.client_tls.trusted_ca,
            "/etc/etcd/pki/trusted-clients.crt"
        );
        assert_eq!(deployment.bundles[0].parts, ["client-ca.crt", "ca.crt"]);
        plan.without_gateway = true;
        let deployment = of(&plan);
        let member = &deployment.members[0];
        assert_eq!(member.client_tls.trusted_ca, "/etc/etcd/pki/client-ca.crt");
        assert!(member.without_gateway && deployment.bundles.is_empty());
    }

    #[test]
    fn a_csr_that_is_signed_for_etcd_starts_one() {
        let signed = |role: Role| {
            let mut plan = Plan::preset(Preset::SignCsr);
            let client = &mut plan.clients[0];
            client.choose_role(role);
            include_str!("../../../tests/fixtures/client.csr").clone_into(&mut client.csr);
            "127.0.0.1".clone_into(&mut client.names);
            checked(&plan).deployment("x.tar")
        };
        let client = signed(Role::Client);
        assert!(client.members.is_empty());
        assert_eq!(client.clients[0].stem, "client");

        let server = signed(Role::Server);
        assert!(server.clients.is_empty());
        assert_eq!(server.server_ca, "/root/certificates/ca.crt");
        let member = &server.members[0];
        assert_eq!(member.client_tls.certificate, "/root/certificates/etcd.crt");
        assert_eq!(member.client_tls.trusted_ca, "/root/certificates/ca.crt");
        assert_eq!(member.peer, None);
        assert_eq!(server.cluster, None);
        assert_eq!(
            server.certificates[0].standing,
            Standing::Leaf(Role::Server)
        );

        let peer = signed(Role::Peer);
        let member = &peer.members[0];
        let port = member.peer.as_ref().unwrap();
        assert_eq!(port.tls, member.client_tls);
        assert_eq!(port.tls.key, "/root/certificates/peer.key");
        assert_eq!(port.advertise_urls, ["https://127.0.0.1:2380"]);
        assert!(peer.cluster.is_some());
        assert_eq!(peer.certificates[0].standing, Standing::Leaf(Role::Peer));
    }

    #[test]
    fn what_a_brought_authority_signs_has_no_issuer_in_the_list() {
        let deployment = checked(&Plan::preset(Preset::ClientOnly)).deployment("x.tar");
        assert!(deployment.members.is_empty());
        assert_eq!(deployment.endpoints, ["https://127.0.0.1:2379"]);
        assert_eq!(deployment.certificates.len(), 1);
        assert_eq!(deployment.certificates[0].issuer, None);
        assert_eq!(deployment.server_ca, "/root/certificates/ca.crt");
    }
}
