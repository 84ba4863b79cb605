//! etcd's and etcdctl's own words, of 3.2 to 3.7: why etcd does not start, what it
//! remarks while it runs, what etcdctl refuses.

use super::{Likely, Saying, SayingKind, Side, Speaker, between, from, likely, said};
use crate::etcd::facts::rule::Rule;

/// What a leader says that is being stopped, and finds nobody to hand over to.
const fn stopping(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "etcd is being stopped, and handed the leadership to nobody in time",
    )];
    said(Side::Etcd, words, &[], CAUSES)
        .of(SayingKind::Harmless)
        .mend_by("nothing")
        .source_in("etcd server/etcdserver/server.go, TryTransferLeadershipOnShutdown")
}

/// What a member says that the others don't reach.
const fn leaderless(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "this member sees no majority of the others: they are down, or can't talk to it by TLS",
    )];
    said(Side::Either, words, &[], CAUSES)
        .mend_by("look at each member's log for “rejected connection” and “prober detected unhealthy status”")
        .source_in("etcd api/v3rpc/rpctypes/error.go, ErrNoLeader, ErrTimeout")
}

/// What etcd says of the one word that is left of lines that end with two backslashes:
/// lines are looked at without them.
const fn lone_backslash(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "a backslash reached etcd as a word: the lines of its unit end with two of them, or a blank stands behind one",
    )];
    said(Side::Etcd, words, &[Rule::KnownFlag], CAUSES)
        .mend_by("end each line with one \\ and nothing behind it, then: systemctl daemon-reload && systemctl restart etcd")
}

const NO_HOST: &[Likely] = &[likely(
    "a URL to listen on has no host: the variable for the machine’s address was empty when the line was written",
)];

/// What etcd says of its users and roles, in its own log and to the client.
const fn of_roles(words: &'static str, causes: &'static [Likely], mend: &'static str) -> Saying {
    said(Side::Either, words, &[], causes)
        .of(SayingKind::Told)
        .mend_by(mend)
        .source_in("etcd server/auth/store.go; api/v3rpc/rpctypes/error.go")
}

/// What etcd answers who adds, removes or promotes a member.
const fn of_members(words: &'static str, causes: &'static [Likely], mend: &'static str) -> Saying {
    said(Side::Either, words, &[], causes)
        .of(SayingKind::Told)
        .mend_by(mend)
        .source_in("etcd api/v3rpc/rpctypes/error.go")
}

/// What is left of that: a request that etcd's users and roles forbid.
const fn refused_by_roles(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "etcd refused a request by its users and roles: nobody’s certificate is at fault",
    )];
    said(Side::Etcd, words, &[], CAUSES)
        .of(SayingKind::Harmless)
        .mend_by("nothing, unless that client fails: then give its user the role")
        .source_in("etcd server/etcdserver/apply; server/auth/store.go")
}

/// What etcd says to who adds or removes a member before all are there.
const fn half_started(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "members that are listed are not all started and connected, and to add or remove one now would risk the majority",
    )];
    said(Side::Either, words, &[], CAUSES)
        .of(SayingKind::Told)
        .mend_by(
            "start the member that was added last, or remove it, and wait until it is connected",
        )
        .source_in("etcd api/v3rpc/rpctypes/error.go, ErrUnhealthy, ErrMemberNotEnoughStarted")
}

/// What etcd says of a disk that keeps it waiting.
const fn slow_disk(words: &'static str, source: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "the disk is slow: etcd waits for it, and members elect a new leader meanwhile",
    )];
    said(Side::Etcd, words, &[], CAUSES)
        .of(SayingKind::Harmless)
        .mend_by("put --data-dir on a disk that syncs within 10 ms, alone if it can be")
        .source_in(source)
}

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    // A matter of course.
    said(Side::Etcd, "setting up serving from embedded etcd failed", &[], &[likely("etcd is being stopped: since 3.6 it says so of every listener that it closes")]).of(SayingKind::Harmless).mend_by("nothing, if a signal or “closing etcd server” stands beside it").of_releases(&[from((6, 0))]).source_in("etcd server/embed/etcd.go, errHandler"),
    said(Side::Etcd, "unrecognized environment variable", &[], &[likely("a variable whose name begins with ETCD_ is none of etcd's, such as Kubernetes sets for a service called etcd")]).of(SayingKind::Harmless).mend_by("nothing, unless it is a misspelled flag").source_in("etcd pkg/flags/flag.go, verifyEnv"),
    said(Side::Etcd, "ignoring common name in gRPC-gateway proxy request", &[], &[likely("a request through the gateway: its certificate's common name is no user there")]).of(SayingKind::Harmless).mend_by("nothing, unless roles are on: then the gateway wants a token").source_in("etcd server/auth/store.go, AuthInfoFromTLS"),
    said(Side::Etcdctl, "ignoring ServerName for user-provided CA", &[], &[likely("a remark of the v2 client alone")]).of(SayingKind::Harmless).mend_by("nothing").source_in("etcd client/transport, 3.1 to 3.3"),
    said(Side::Etcd, "found invalid file/dir under wal dir", &[], &[likely("a file such as lost+found lies beside the log")]).of(SayingKind::Harmless).mend_by("nothing").source_in("etcd wal/repair.go"),
    stopping("leader transfer took too long"),
    stopping("leadership transfer failed"),
    stopping("failed to transfer leadership"),
    slow_disk("wal: sync duration of", "etcd wal/wal.go, sync, up to 3.4"),
    slow_disk("slow fdatasync", "etcd server/storage/wal/wal.go, sync"),
    said(Side::Either, "database space exceeded", &[], &[likely("etcd's quota is used up, and it takes no more writes: no matter of TLS")]).of(SayingKind::Told).mend_by("etcdctl compact, then etcdctl defrag of every member, then etcdctl alarm disarm; and raise --quota-backend-bytes").source_in("etcd api/v3rpc/rpctypes/error.go, ErrGRPCNoSpace"),
    // Learners.
    said(Side::Either, "not supported for learner", &[], &[likely("the member is a learner: it answers /health and /livez, never /readyz, and takes serializable reads alone until it is promoted")]).of(SayingKind::Told).mend_by("ask another member, or call etcdctl member promote once the learner has caught up").source_in("etcd api/v3rpc/rpctypes/error.go, ErrGRPCNotSupportedForLearner; server/etcdserver/api/etcdhttp/health.go"),
    said(Side::Either, "can only promote a learner member which is in sync with leader", &[], &[likely("the learner has not caught up with the leader yet, or can't be reached by it")]).of(SayingKind::Told).mend_by("wait, and look at the learner's log if it stays so").source_in("etcd api/v3rpc/rpctypes/error.go, ErrGRPCLearnerNotReady"),
    // The gateway apart.
    said(Side::Etcdctl, "unexpected HTTP status code received from server: 404", &[Rule::HttpUrlsApart, Rule::SomethingListens], &[likely("etcdctl dials a URL of --listen-client-http-urls, where no gRPC is answered"), likely("what listens there is no etcd")]).of(SayingKind::Told).source_in("google.golang.org/grpc internal/transport/http_util.go"),
    said(Side::Etcdctl, "unexpected HTTP status code received from server: 415", &[Rule::HttpUrlsApart], &[likely("HTTP was spoken to the port for gRPC alone: the gateway is at --listen-client-http-urls")]).of(SayingKind::Told).source_in("google.golang.org/grpc internal/transport/http_util.go"),
    said(Side::Etcd, "cannot bind both --", &[Rule::HttpUrlsApart], &[likely("the same URL stands in --listen-client-urls and in --listen-client-http-urls")]).mend_by("give --listen-client-http-urls a port of its own"),
    // Roles.
    said(Side::Etcdctl, "does not support authentication using TLS Common Name", &[Rule::CommonNameIsUser], &[likely("authentication is on, and the gateway, which Patroni and others dial, takes no certificate's common name for a user")]).of(SayingKind::Told).mend_by("give the client a user's name and password (in Patroni, username: and password: of the section etcd3:), or use gRPC").source_in("etcd Documentation/dev-guide/api_grpc_gateway.md"),
    said(Side::Etcdctl, "cannot be used with gRPC-gateway", &[Rule::CommonNameIsUser], &[likely("authentication is on, and APISIX asks over etcd's gateway, which takes no certificate's common name for a user: the certificate itself is not refused")]).of(SayingKind::Told).by(Speaker::Program).mend_by("give APISIX a user's name and password: etcd.user and etcd.password").source_in("APISIX apisix/cli/etcd.lua"),
    said(Side::Etcd, "cannot find a user for permission check", &[Rule::CommonNameIsUser], &[likely("a request comes from no user that etcd has: with user-name \"\" its certificate has no common name, and no --user was given")]).mend_by("give that client, often a probe, a certificate whose common name is a user, or --user; who only asks whether etcd lives may ask /health").source_in("etcd server/auth/store.go, isOpPermitted"),
    said(Side::Etcdctl, "CommonName of client sending a request against gateway", &[Rule::CommonNameIsUser], &[likely("authentication is on, and the gateway takes no certificate's common name for a user")]).of(SayingKind::Told).mend_by("ask /v3/auth/authenticate for a token with name and password, or use gRPC").source_in("etcd api/v3rpc/rpctypes/error.go; server/auth/store.go"),
    said(Side::Either, "etcdserver: authentication failed, invalid user ID or password", &[Rule::UserAndPassword], &[likely("the password is wrong, and etcdctl ends with status 2; with --user the certificate's common name doesn't count")]).of(SayingKind::Told).source_in("etcd api/v3rpc/rpctypes/error.go, ErrAuthFailed"),
    said(Side::Either, "etcdserver: authentication is not enabled", &[], &[likely("a user was given, and authentication is off")]).of(SayingKind::Told).mend_by("leave --user out, or call etcdctl auth enable").source_in("etcd api/v3rpc/rpctypes/error.go, ErrAuthNotEnabled"),
    said(Side::Either, "auth: authentication is not enabled", &[], &[likely("a user was given, and authentication is off")]).of(SayingKind::Told).mend_by("leave --user out, or call etcdctl auth enable").source_in("etcd server/auth/store.go, ErrAuthNotEnabled"),
    said(Side::Either, "password was given for no password user", &[Rule::CommonNameIsUser], &[likely("the user was made with --no-password; `user passwd` says that it was updated, and every login is refused all the same: etcdctl ends with status 2")]).of(SayingKind::Told).mend_by("leave --user out and use the certificate's common name, or delete the user and add it anew with a password").source_in("etcd server/auth/store.go, ErrNoPasswordUser"),
    said(Side::Etcdctl, "failed to receive from snapshot stream", &[Rule::CommonNameIsUser], &[likely("with roles on a snapshot is for root alone: etcdctl ends with status 5")]).beside(&["permission denied"]).of(SayingKind::Told).mend_by("save the snapshot with a certificate for root").source_in("etcd client/v3/maintenance.go; server/etcdserver/api/v3rpc/maintenance.go"),
    said(Side::Etcdctl, "desc = auth: permission denied", &[Rule::CommonNameIsUser], &[likely("with roles on a snapshot, as all maintenance, is for root alone: etcdctl ends with status 5")]).of(SayingKind::Told).mend_by("use a certificate for root").of_releases(&[between((0, 0), (5, 0))]).source_in("etcd auth/store.go, ErrPermissionDenied"),
    said(Side::Either, " auth: permission denied", &[Rule::CommonNameIsUser], &[likely("the user, which is the certificate's common name unless one was named, has no role for this")]).of(SayingKind::Told).mend_by("grant the user a role with that key, or use a certificate for root").source_in("etcd server/auth/store.go, ErrPermissionDenied"),
    said(Side::Either, "\"auth: permission denied", &[Rule::CommonNameIsUser], &[likely("the user, which is the certificate's common name unless one was named, has no role for this")]).of(SayingKind::Told).mend_by("grant the user a role with that key, or use a certificate for root").source_in("etcd server/auth/store.go, ErrPermissionDenied"),
    of_roles("etcdserver: root user does not exist", &[likely("authentication wants a user named root, and there is none: another name won't do, whatever its role")], "call etcdctl user add root, then etcdctl user grant-role root root, and then etcdctl auth enable"),
    of_roles("auth: root user does not exist", &[likely("authentication wants a user named root, and there is none: another name won't do, whatever its role")], "call etcdctl user add root, then etcdctl user grant-role root root, and then etcdctl auth enable"),
    of_roles("etcdserver: root user does not have root role", &[likely("the user root lacks the role root")], "call etcdctl user grant-role root root, and then etcdctl auth enable"),
    of_roles("auth: root user does not have root role", &[likely("the user root lacks the role root")], "call etcdctl user grant-role root root, and then etcdctl auth enable"),
    said(Side::Either, "etcdserver: user name not found", &[Rule::CommonNameIsUser], &[likely("etcd has no user of that name: where none was named, that is the common name of the client's certificate")]).of(SayingKind::Told).mend_by("add the user and grant it a role, or log in with --user").source_in("etcd api/v3rpc/rpctypes/error.go, ErrUserNotFound"),
    said(Side::Either, "auth: user not found", &[Rule::CommonNameIsUser], &[likely("etcd has no user of that name: where none was named, that is the common name of the client's certificate")]).of(SayingKind::Told).mend_by("add the user and grant it a role, or log in with --user").source_in("etcd server/auth/store.go, ErrUserNotFound"),
    of_roles("etcdserver: invalid auth token", &[likely("the token is none that this member knows: a simple one ends after --auth-token-ttl (300 s) and with the member, a JWT wants the same key on every member")], "log in anew, as etcd's own clients do by themselves; with several members use --auth-token=jwt with one key"),
    of_roles("auth: invalid auth token", &[likely("the token is none that this member knows: a simple one ends after --auth-token-ttl (300 s) and with the member, a JWT wants the same key on every member")], "log in anew, as etcd's own clients do by themselves; with several members use --auth-token=jwt with one key"),
    refused_by_roles("err is auth: "),
    refused_by_roles("\"error\":\"auth: "),
    said(Side::Etcd, "cert has non empty Common Name", &[Rule::ProxyWithoutCommonName], &[likely("etcd grpc-proxy was given a certificate with a common name, and ends with status 1")]),
    // The cluster.
    said(Side::Etcd, "failed to find remote peer in cluster", &[], &[likely("a member calls that this one does not have in its list: while members start or join that is a matter of course")]).of(SayingKind::Harmless).mend_by("nothing, unless it goes on: then that member was removed, or its data directory is of another time; empty its --data-dir, and add it again with etcdctl member add").source_in("etcd server/etcdserver/api/rafthttp/http.go, streamHandler"),
    said(Side::Etcd, "cluster ID mismatch", &[], &[likely("a member of another cluster calls: its data directory is from an earlier one, or --initial-cluster-token differs")]).of(SayingKind::Check).mend_by("remove that member, empty its --data-dir, and add it again with etcdctl member add").source_in("etcd server/etcdserver/api/rafthttp/http.go, checkClusterCompatibilityFromHeader"),
    said(Side::Etcd, "clock difference", &[], &[likely("the clocks of two members differ, which can make certificates not valid yet, or no longer")]).beside(&["too high"]).mend_by("set the clocks by NTP on every member").source_in("etcd rafthttp/probing_status.go, monitorProbingStatus, 3.2 to 3.4"),
    said(Side::Etcd, "prober found high clock drift", &[], &[likely("the clocks of two members differ, which can make certificates not valid yet, or no longer")]).mend_by("set the clocks by NTP on every member").source_in("etcd server/etcdserver/api/rafthttp/probing_status.go"),
leaderless("etcdserver: no leader"),
    leaderless("etcdserver: request timed out"),
    said(Side::Either, "etcdserver: leader changed", &[], &[likely("a new leader was elected meanwhile: the disk or the network is slow, or a member was started again")]).of(SayingKind::Told).mend_by("ask again; if it goes on, look for “slow fdatasync” in each member's log").source_in("etcd api/v3rpc/rpctypes/error.go, ErrLeaderChanged"),
    of_members("etcdserver: member not found", &[likely("the cluster has no member of this ID: it was removed, and comes with the data of that time, or the ID is another one")], "see etcdctl member list; empty that member's --data-dir, add it again with etcdctl member add, and start it with --initial-cluster-state=existing"),
    of_members("etcdserver: member ID already exist", &[likely("the cluster has this member already")], "see etcdctl member list, and remove the old entry before the member is added again"),
    of_members("etcdserver: Peer URLs already exist", &[likely("another entry of the cluster's has these peer URLs, perhaps the same member from before")], "see etcdctl member list, and remove the old entry before the member is added again"),
    of_members("etcdserver: too many learner members in cluster", &[likely("the cluster has as many learners as it may, one by default")], "promote or remove the other learner, or raise --max-learners, which etcd has since 3.6"),
    of_members("etcdserver: can only promote a learner member", &[likely("the member is no learner, or has not yet all that the leader has")], "wait until it has caught up, and ask again; see IS LEARNER in etcdctl member list"),
    half_started("etcdserver: unhealthy cluster"),
    half_started("etcdserver: re-configuration failed due to not enough started members"),
    said(Side::Etcd, "the member has been permanently removed from the cluster", &[], &[likely("this member was removed from the cluster, and says so when it ends; one that shall be in it again starts with the data of that time")]).of(SayingKind::Harmless).mend_by("nothing, if it was to be removed; else empty its --data-dir, and add it again with etcdctl member add").source_in("etcd rafthttp/http.go, errMemberRemoved"),
    said(Side::Etcdctl, "this server is a not a member of the etcd cluster", &[], &[likely("the member list has this node of K3s or RKE2 with another address than it has now")]).mend_by("give the node its address of then with --node-ip, or reset the cluster to one member: --cluster-reset").source_in("K3s pkg/etcd/etcd.go, ErrNotMember"),
    said(Side::Etcd, "member count is unequal", &[Rule::ExistingClusterHasMembers], &[likely("--initial-cluster lists other members than the running cluster has")]).mend_by("call etcdctl member add first, and write --initial-cluster as it prints it").source_in("etcd server/etcdserver/errors.go"),
    said(Side::Etcd, "unmatched member while checking PeerURLs", &[Rule::AdvertisedInCluster], &[likely("a peer URL in --initial-cluster is not the one that the running cluster knows")]).mend_by("write the URLs as etcdctl member list prints them").source_in("etcd server/etcdserver/api/membership/cluster.go, ValidateClusterAndAssignIDs"),
    said(Side::Etcd, "member has already been bootstrapped", &[Rule::ExistingClusterHasMembers], &[likely("--initial-cluster-state=new, and the cluster knows this member already: its --data-dir is lost")]).mend_by("remove the member, add it again, and write existing").source_in("etcd server/etcdserver/server.go"),
    said(Side::Etcd, "cannot access data directory", &[Rule::DataDirWritable], &[likely("the data directory, or its volume, belongs to another user than etcd's")]),
    said(Side::Either, "unsupported protocol scheme \"\"", &[Rule::SomethingListens], &[likely("a URL has no scheme")]).mend_by("write https:// in front of the endpoint").source_in("Go net/http transport.go"),
    said(Side::Either, "unsupported protocol scheme", &[Rule::TlsEndpoint], &[likely("neither http:// nor https:// stands in front of the endpoint: what does, or its host, is taken for the scheme")]).mend_by("write http:// or, for an etcd with TLS, https:// in front of the endpoint").source_in("Go net/http transport.go, roundTrip"),
    said(
        Side::Etcdctl,
        "etcdserver: permission denied",
        &[Rule::CommonNameIsUser],
        &[likely("the user, by --user or else the common name of the client's certificate, has no role for this, or is none of etcd's")],
    )
    .source_in("etcd api/v3rpc/rpctypes/error.go, ErrPermissionDenied"),
    said(
        Side::Etcd,
        "invalid user name",
        &[Rule::CommonNameIsUser],
        &[likely("the common name of the client's certificate is no etcd user")],
    ),
    said(Side::Either, "bind: permission denied", &[], &[likely("the port is below 1024, and this user may not listen there")]).mend_by("listen on a port above 1023, or give the program CAP_NET_BIND_SERVICE").source_in("Go syscall, EACCES"),
    said(Side::Etcd, "cannot assign requested address", &[], &[likely("etcd’s own gateway dials the address that etcd listens on as [::], and this machine or container has no IPv6: nobody refused a certificate")]).beside(&["dial tcp [::]:"]).mend_by("listen on 127.0.0.1 or an address of the machine instead of 0.0.0.0, give the container IPv6, or update etcd").source_in("etcd server/embed/serve.go, registerGateway"),
    said(
        Side::Etcd,
        "bind: cannot assign requested address",
        &[Rule::ListenOnOwnAddress],
        &[likely("a URL to listen on has an address that this machine doesn't have, as behind NAT")],
    ),
    said(
        Side::Etcd,
        "bind: address already in use",
        &[Rule::PortIsFree],
        &[likely("another process, often another etcd, listens on the port")],
    ),
    said(
        Side::Etcd,
        " is HTTP while ",
        &[Rule::CertificatesNeedHttps],
        &[likely("the URL to listen on has http://, so that the port speaks no TLS")],
    ),
    said(
        Side::Etcdctl,
        "exceeded header timeout",
        &[Rule::SomethingListens],
        &[
            likely("the port answers nothing to plain HTTP"),
            likely("the member has no leader: its log tells of TLS between members"),
        ],
    )
    .mend_by("look at etcd's log for tls; port 4001 is only the v2 client's default"),
    said(
        Side::Etcd,
        "do not match in --initial-advertise-peer-urls",
        &[Rule::AdvertisedInCluster],
        &[
            likely("a host in the URLs can't be resolved"),
            likely("--initial-advertise-peer-urls and the member's own URLs in --initial-cluster differ"),
        ],
    ),
    said(Side::Etcd, "unexpected TLS cipher suite", &[Rule::KnownCipherSuite], &[likely("--cipher-suites has a name that Go doesn't know")]).mend_by("leave --cipher-suites out, or correct the name"),
    said(Side::Etcd, "http2: TLSConfig.CipherSuites", &[Rule::KnownCipherSuite], &[likely("--cipher-suites lacks the AES-128-GCM suite that HTTP/2 demands, or has it behind weaker ones")]).mend_by("put TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 first"),
    said(Side::Etcd, "cipher suites cannot be configured", &[Rule::TlsVersions], &[likely("--cipher-suites goes with TLS 1.2, and only TLS 1.3 is allowed")]).mend_by("drop --cipher-suites or --tls-min-version"),
    said(Side::Etcd, "unexpected TLS version", &[Rule::TlsVersions], &[likely("a TLS version other than TLS1.2 and TLS1.3")]).mend_by("write TLS1.2 or TLS1.3"),
    said(Side::Etcd, "is greater than max version", &[Rule::TlsVersions], &[likely("--tls-min-version is above --tls-max-version")]).mend_by("exchange the two"),
    said(Side::Either, "must both be present", &[Rule::CertificateAndKeyTogether], &[likely("a certificate was given without its key, or a key without its certificate")]),
    said(Side::Etcd, "must be provided for client url", &[Rule::HttpsNeedsKeyPair], &[likely("etcd shall listen on https://, and has no certificate")]).mend_by("name --cert-file and --key-file (or try with --auto-tls), or listen on http://"),
    said(Side::Etcd, "KeyFile and CertFile are not presented", &[Rule::HttpsNeedsKeyPair], &[likely("etcd shall listen for peers on https://, and has no certificate")]).mend_by("name --peer-cert-file and --peer-key-file, or try with --peer-auto-tls"),
    said(Side::Etcd, "are mutually exclusive", &[Rule::OneKindOfAllowedName], &[likely("allowed common names and allowed host names were both given")]),
    said(Side::Etcd, "--advertise-client-urls is required", &[Rule::AdvertiseWhatYouListenOn], &[likely("--listen-client-urls was given alone")]),
    said(Side::Etcd, "must advertise accessible url", &[Rule::AdvertiseWhatYouListenOn], &[likely("--listen-client-urls was given alone")]).of_releases(&[between((0, 0), (5, 0))]),
    said(Side::Etcd, "in URL for binding (https://:", &[Rule::ListenOnAddress], NO_HOST),
    said(Side::Etcd, "in URL for binding (http://:", &[Rule::ListenOnAddress], NO_HOST),
    said(Side::Etcd, "expected IP in URL for binding", &[Rule::ListenOnAddress], &[likely("a URL to listen on has a name instead of an address")]),
    said(Side::Etcd, "must be \"host:port\"", &[Rule::AdvertiseHost], &[likely("an advertised URL has no host")]),
    said(Side::Etcd, "must be in the format \"host:port\"", &[Rule::AdvertiseHost], &[likely("an advertised URL has no host")]).of_releases(&[from((7, 0))]),
    said(Side::Either, "shadowed by corresponding command-line flag", &[Rule::FlagOrVariable], &[likely("the same option is set as flag and as environment variable")]),
    said(Side::Either, "is shadowed by corresponding", &[Rule::FlagOrVariable], &[likely("the same option is set as flag and as environment variable")]),
    said(Side::Etcd, "converting YAML to JSON", &[Rule::ConfigFile], &[likely("the config file is no YAML")]).mend_by("correct the line that is named"),
    said(Side::Etcd, "unmarshaling JSON", &[Rule::ConfigFile], &[likely("the config file has a value of another type: a text for a boolean, or one text for a list")]).mend_by("correct the key that is named"),
    said(Side::Etcd, "unexpected error setting up", &[Rule::ConfigFile], &[likely("a URL in the config file can't be read")]).mend_by("correct the key that is named"),
    said(Side::Etcd, "couldn't find local name", &[Rule::NameInCluster], &[likely("--name is not among the names of --initial-cluster")]),
    said(Side::Etcdctl, "invalid URL port", &[Rule::PortInRange], &[likely("several endpoints were taken for one URL, or the port is no number")]).mend_by("write the endpoints as this program wants them: in a Corefile with blanks between them, for etcdctl with commas").source_in("Go net/url url.go, parseHost"),
    said(Side::Either, "failed to do connect handshake", &[Rule::SomethingListens], &[likely("a proxy for HTTP stands between: what it answered is in the line")]).of(SayingKind::Broken).mend_by("let the program reach its own network without the proxy: NO_PROXY with 127.0.0.1 and the members' addresses").source_in("google.golang.org/grpc internal/transport/proxy.go, doHTTPConnectHandshake"),
    said(Side::Either, "invalid port", &[Rule::PortInRange, Rule::KnownFlag, Rule::KnownFlagOfEtcdctl, Rule::VariableValue, Rule::ConfigFile, Rule::SomethingListens], &[likely("a port is no number, or over 65535")]),
    said(Side::Etcd, "invalid value", &[Rule::KnownFlag, Rule::VariableValue], &[likely("a flag or variable has a value that it doesn't take")]).mend_by("correct the value"),
    said(Side::Etcd, "invalid boolean value", &[Rule::KnownFlag], &[likely("a flag that takes true or false has another value")]).mend_by("write true or false, with `=`"),
    lone_backslash("'' is not a valid flag"),
    lone_backslash("\"\" is not a valid flag"),
    said(Side::Etcd, "is not a valid flag", &[Rule::KnownFlag], &[likely("a word without dashes among etcd's flags")]).mend_by("write flags with `--` and values with `=`"),
    said(Side::Either, "flag provided but not defined", &[Rule::ApiVersion, Rule::KnownFlag, Rule::KnownFlagOfEtcdctl], &[likely("ETCDCTL_API=2 with flags of version 3"), likely("a flag that this version doesn't have")]).mend_by("set ETCDCTL_API=3, or correct the flag"),
    said(Side::Either, "flag needs an argument", &[Rule::KnownFlag, Rule::KnownFlagOfEtcdctl], &[likely("a flag without its value")]).mend_by("write the value with `=`"),
    said(Side::Etcd, "bad flag syntax", &[Rule::KnownFlag], &[likely("a flag that begins with something else than letters")]),
    said(Side::Etcdctl, "invalid argument \"", &[Rule::KnownFlagOfEtcdctl], &[likely("a flag of etcdctl has a value that it doesn't take")]).mend_by("correct the value"),
    said(Side::Etcdctl, "unknown shorthand flag", &[Rule::KnownFlagOfEtcdctl], &[likely("a flag of etcdctl with one dash")]).mend_by("write the flag with two dashes"),
    said(Side::Etcdctl, "unknown flag: ", &[Rule::KnownFlagOfEtcdctl], &[likely("a flag that etcdctl doesn't have")]),
    said(Side::Etcdctl, "unsupported output format", &[Rule::KnownFlagOfEtcdctl], &[likely("--write-out has a format that etcdctl doesn't have")]).mend_by("write simple, json, fields, table or protobuf"),
    said(Side::Etcdctl, "unknown command", &[Rule::KnownCommand], &[likely("a command that etcdctl doesn't have"), likely("a flag without `=` that swallowed the command")]).mend_by("correct the command, and write flags with `=`"),
    said(Side::Etcdctl, "command needs", &[Rule::KnownCommand], &[likely("a command without the words that it needs")]),
    said(Side::Etcdctl, "empty string is passed to", &[Rule::NoEmptyPath], &[likely("--cert, --key or --cacert without a path")]),
    said(Side::Etcdctl, "no available endpoints", &[Rule::EndpointsNamed], &[likely("--endpoints is empty")]),
    said(Side::Etcdctl, "unsupported API version", &[Rule::ApiVersion], &[likely("ETCDCTL_API is neither 2 nor 3")]),
    said(Side::Etcdctl, "No help topic for", &[Rule::ApiVersion], &[likely("ETCDCTL_API=2 with a command of version 3")]),
    said(Side::Etcdctl, "response is invalid json", &[Rule::ApiVersion], &[likely("the v2 API was asked, which etcd 3.4 and newer answer only with --enable-v2, and 3.6 not at all: by ETCDCTL_API=2, or by a client of that API")]).mend_by("ask the v3 API: ETCDCTL_API=3, in Vault etcd_api = \"v3\""),
    said(Side::Etcd, "unknown logger option", &[Rule::SettingInRange], &[likely("--logger has a word that this etcd doesn't know")]).mend_by("leave --logger out"),
    said(Side::Etcd, "unknown auto-compaction-mode", &[Rule::SettingInRange], &[likely("--auto-compaction-mode is neither periodic nor revision")]),
    said(Side::Etcd, "undefined auto-compaction-mode", &[Rule::SettingInRange], &[likely("--auto-compaction-mode is empty")]).mend_by("write periodic or revision"),
    said(Side::Etcd, "compact-hash-check-time must be", &[Rule::SettingInRange], &[likely("--experimental-compact-hash-check-time is zero")]),
    said(Side::Etcd, "tracing sampling rate must be", &[Rule::SettingInRange], &[likely("--experimental-distributed-tracing-sampling-rate is below 0 or above 1000000")]),
    said(Side::Etcd, "error listing data dir", &[Rule::SettingInRange, Rule::DataDirWritable], &[likely("--data-dir names a file, or a folder that can't be read")]),
    said(Side::Etcd, "supports only 1 value in '--log-outputs'", &[Rule::SettingInRange], &[likely("--logger=capnslog takes one output")]).mend_by("name one output"),
    said(Side::Etcd, "unrecognized level", &[Rule::SettingInRange], &[likely("--log-level has a word that etcd doesn't know")]).mend_by("write debug, info, warn, error, panic or fatal").of_releases(&[from((5, 0))]),
    said(Side::Etcd, "both --discovery-token and --discovery-endpoints", &[Rule::SettingInRange], &[likely("one of the two flags is missing")]).mend_by("give both, or neither").of_releases(&[from((6, 0))]),
    said(Side::Etcd, "v2 proxy is deprecated", &[Rule::SettingInRange], &[likely("--discovery-fallback is proxy")]).mend_by("leave --discovery-fallback out").of_releases(&[from((6, 0))]),
    said(Side::Etcd, "unexpected clusterState", &[Rule::SettingInRange], &[likely("initial-cluster-state in the config file is neither new nor existing")]).mend_by("write new or existing"),
    said(Side::Etcd, "feature gate", &[Rule::SettingInRange, Rule::KnownFlag, Rule::VariableValue, Rule::ConfigFile], &[likely("--feature-gates names a gate that this release doesn't have, or one that needs another")]).mend_by("correct --feature-gates").of_releases(&[from((6, 0))]),
    said(Side::Etcd, "missing bool value for", &[Rule::KnownFlag, Rule::VariableValue, Rule::ConfigFile], &[likely("--feature-gates names a gate without true or false")]).mend_by("write GATE=true or GATE=false").of_releases(&[from((6, 0))]),
    said(Side::Etcd, "at the same time, please", &[Rule::SettingInRange], &[likely("a flag is given under its old name and under its new one")]).mend_by("keep the new one").of_releases(&[from((6, 0))]),
    said(Side::Etcd, "unknown log format", &[Rule::SettingInRange], &[likely("--log-format is neither json nor console")]).of_releases(&[from((6, 0))]),
    said(Side::Etcd, "too many learner members in cluster", &[Rule::SettingInRange], &[likely("--max-learners is below the number of learners")]).of_releases(&[from((6, 0))]),
    said(Side::Either, "bit keys are insecure", &[Rule::KeyCanSign], &[likely("an RSA key of fewer than 1024 bits")]).mend_by("make a key of 2048 bits"),
    said(Side::Etcd, "--heartbeat-interval must be", &[Rule::SettingInRange], &[likely("--heartbeat-interval is zero")]),
    said(Side::Etcd, "--election-timeout", &[Rule::SettingInRange], &[likely("--election-timeout is shorter than five heartbeats")]).beside(&["times as --heartbeat-interval"]).mend_by("make it at least five times the heartbeat, and at most 50 s"),
    said(Side::Etcd, "--election-timeout", &[Rule::SettingInRange], &[likely("--election-timeout is longer than etcd takes")]).beside(&["is too long"]).mend_by("make it at least five times the heartbeat, and at most 50 s"),
    said(Side::Etcd, "--election-timeout must be", &[Rule::SettingInRange], &[likely("--election-timeout is zero")]).mend_by("make it at least five times the heartbeat, and at most 50 s"),
    said(Side::Etcdctl, "user name is empty", &[Rule::CommonNameIsUser, Rule::NamesNeedClientCertAuth], &[likely("authentication is on, and the client named no user: it gave neither name and password nor a certificate whose common name is one"), likely("etcd runs without --client-cert-auth: then no certificate's common name is a user"), likely("a request over the gateway brings no token"), likely("an etcd before 3.2 takes no certificate's common name for a user")]).source_in("etcd api/v3rpc/rpctypes/error.go, ErrUserEmpty"),
    said(Side::Etcd, "accept tcp", &[Rule::KnownCipherSuite], &[likely("etcd closed its listener, for a reason in the lines before"), likely("--cipher-suites lacks the AES-128-GCM suite that HTTP/2 demands")]),
    said(Side::Etcd, "invalid memory address or nil pointer dereference", &[Rule::KnownCipherSuite], &[likely("etcd 3.4 with a --cipher-suites that lacks the AES-128-GCM suite that HTTP/2 demands")]).of_releases(&[between((4, 20), (4, 30))]),
    said(Side::Etcd, "selfSignedCertValidity is invalid", &[Rule::KnownFlag], &[likely("--self-signed-cert-validity is zero")]).mend_by("leave the flag out, or write years"),
    said(Side::Etcd, "but missing from --initial-", &[Rule::AdvertisedInCluster], &[likely("--initial-advertise-peer-urls and the member's own URLs in --initial-cluster differ")]),
    said(Side::Etcd, "in SRV records", &[Rule::DiscoveredByDns], &[likely("no SRV record of the domain of --discovery-srv names this member: its target must lead to the address of --initial-advertise-peer-urls")]).beside(&["cannot find local etcd member"]).mend_by("add this member's record (_etcd-server-ssl._tcp for https), or advertise the name that a record has").source_in("etcd server/config/config.go; client/pkg/srv/srv.go"),
    said(Side::Etcd, "get cluster for etcd-server", &[], &[likely("etcd asks for SRV records with TLS and without, and needs one kind: that the other is not there is a matter of course")]).of(SayingKind::Harmless).mend_by("nothing").source_in("etcd server/embed/config.go, GetDNSClusterNames"),
    said(Side::Etcd, "couldn't resolve during SRV discovery", &[Rule::DiscoveredByDns], &[likely("the domain of --discovery-srv has no SRV records of members, so that etcd doesn't start: no matter of certificates")]).mend_by("add the records _etcd-server-ssl._tcp for https:// peers, _etcd-server._tcp for http://, each with a member's host and port 2380; or name the members with --initial-cluster").source_in("etcd client/pkg/srv/srv.go, GetCluster"),
    said(Side::Etcd, "error setting up initial cluster: error querying DNS SRV records", &[Rule::DiscoveredByDns], &[likely("the domain of --discovery-srv has no SRV records of members, so that etcd doesn't start: no matter of certificates")]).mend_by("add the records _etcd-server-ssl._tcp for https:// peers, _etcd-server._tcp for http://, each with a member's host and port 2380; or name the members with --initial-cluster").source_in("etcd client/pkg/srv/srv.go, GetCluster"),
    said(Side::Etcd, "error setting up initial cluster", &[Rule::InitialCluster, Rule::DiscoveredByDns], &[likely("a URL in --initial-cluster can't be read"), likely("with --discovery-srv: DNS has no records of the members")]).mend_by("correct --initial-cluster, or the domain's SRV records"),
    said(Side::Etcd, "has duplicate url", &[Rule::InitialCluster], &[likely("two members of --initial-cluster have the same URL")]).mend_by("give each member its own URL"),
    said(Side::Etcd, "cannot fetch cluster info from peer urls", &[Rule::ExistingClusterHasMembers], &[likely("--initial-cluster-state=existing, but no other member answers")]).mend_by("start the other members first, or write new for a new cluster"),
    said(Side::Etcdctl, "error #1: dial tcp 127.0.0.1:4001: ", &[], &[likely("4001 is the port of etcd before 2.0, which etcdctl of API 2 asks after 2379 where it is given no endpoint")]).of(SayingKind::Harmless).mend_by("give etcdctl --endpoints").source_in("etcd etcdctl/ctlv2/command/util.go, getPeersFlagValue"),
    said(Side::Etcdctl, "error #0: EOF", &[Rule::TlsEndpoint], &[likely("etcdctl of API 2 asked in plain text, as at its own http://127.0.0.1:2379 where it is given no endpoint, and a TLS port hung up")]).of(SayingKind::Broken).mend_by("give etcdctl --endpoints=https://HOST:2379 and --ca-file (of API 3: --cacert)").source_in("etcd client/v2 client.go, ClusterError"),
    said(Side::Etcdctl, "dns lookup errors", &[Rule::EndpointsByDns], &[likely("--discovery-srv names a domain without SRV records of clients")]).mend_by("add the records, or name the endpoints with --endpoints"),
    said(Side::Etcd, "multiple discovery or bootstrap flags are set", &[Rule::OneWayToTheCluster], &[likely("more than one of --initial-cluster, --discovery and --discovery-srv is set")]),
    said(Side::Etcdctl, "member name not provided", &[Rule::KnownCommand], &[likely("a command without the words that it needs")]).mend_by("write the name"),
    said(Side::Etcdctl, "bad lease ID", &[Rule::KnownFlagOfEtcdctl], &[likely("--lease is no hexadecimal number")]).mend_by("write the lease as etcdctl printed it"),
    said(Side::Etcdctl, "bad sort target", &[Rule::KnownFlagOfEtcdctl], &[likely("--sort-by has a word that etcdctl doesn't know")]).mend_by("write CREATE, KEY, MODIFY, VALUE or VERSION"),
    said(Side::Etcdctl, "unknown consistency flag", &[Rule::KnownFlagOfEtcdctl], &[likely("--consistency has a word that etcdctl doesn't know")]).mend_by("write l or s"),
    said(Side::Etcd, "error parsing CompactionRetention", &[Rule::SettingInRange], &[likely("--auto-compaction-retention is neither a number nor a duration")]).mend_by("write hours as a number, or a duration such as 30m"),
    said(Side::Etcd, "requires a single file path when --log-rotate-config-json", &[Rule::SettingInRange], &[likely("logs can be rotated only with one file in --log-outputs")]).mend_by("name one file in --log-outputs, or leave rotation out"),
    said(Side::Etcd, "improperly formatted log rotation config", &[Rule::SettingInRange], &[likely("--log-rotation-config-json is no JSON of the right kinds of values")]).mend_by("correct the JSON"),
    said(Side::Etcd, "invalid auth options", &[Rule::SettingInRange], &[likely("--auth-token is neither simple nor jwt with its options")]).mend_by("write simple, or correct the options of jwt"),
    said(Side::Etcd, "multi logoutput for", &[Rule::SettingInRange], &[likely("--log-outputs names default and something else")]).mend_by("keep one of them"),
    said(Side::Etcd, "unknown level", &[Rule::SettingInRange], &[likely("--log-level has a word that etcd doesn't know")]).mend_by("write debug, info, warn, error, panic or fatal").of_releases(&[between((0, 0), (5, 0))]),
    said(Side::Etcd, "requires experimental-enable-lease-checkpoint", &[Rule::SettingInRange], &[likely("--experimental-enable-lease-checkpoint-persist without the flag that it builds on")]).mend_by("add --experimental-enable-lease-checkpoint"),
];
