//! The words of Windows' Schannel, in curl for Windows, .NET and `PowerShell`; and
//! of .NET itself. From winerror.h, curl's `lib/vtls/schannel.c` and .NET's
//! `System.Net.Security` resources.

use super::alerts::{self, LeftOpen};
use super::{Likely, Saying, Speaker, likely};
use crate::etcd::facts::rule::Rule;

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    super::told(words, alert).by(Speaker::Schannel)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::checked(words, rules, causes).by(Speaker::Schannel)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::own(words, rules, causes)
        .by(Speaker::Program)
        .source_in("grpc-dotnet src/Grpc.Net.Client/GrpcChannel.cs, ResolveCredentials")
}

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    own("unable to determine the tls configuration of the channel", &[], &[likely("the client was given no credentials, and its connection string no http:// or https:// that reaches the channel")]).mend_by("set channelOptions.Credentials: ChannelCredentials.SecureSsl for https://, ChannelCredentials.Insecure for http://"),
    own("sslcredentials with non-null arguments is not supported", &[], &[likely("Grpc.Net.Client takes neither CA nor client certificate from SslCredentials")]).mend_by("give them to the HttpHandler: SocketsHttpHandler with SslOptions.ClientCertificates and a RemoteCertificateValidationCallback that takes the CA"),
    checked("sec_e_untrusted_root", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not among the trusted roots")]),
    checked("0x80090325", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not among the trusted roots")]),
    checked("terminated in a root certificate which is not trusted", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not among the trusted roots")]),
    checked("cert_e_untrustedroot", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not among the trusted roots")]),
    checked("untrustedroot", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not among the trusted roots")]),
    checked("partialchain", alerts::SERVER_CA, &[likely("a CA above etcd's certificate is not known to the client")]),
    checked("crypt_e_no_revocation_check", &[Rule::ServerCaKnown], &[likely("Schannel wants to ask for revocation, and etcd's CA names nobody to ask")]).mend_by("call curl with --ssl-no-revoke"),
    checked("crypt_e_revocation_offline", &[Rule::ServerCaKnown], &[likely("Schannel could not ask whether etcd's certificate is revoked")]).mend_by("call curl with --ssl-no-revoke"),
    checked("sec_e_wrong_principal", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("0x80090322", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("remotecertificatenamemismatch", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("target principal name is incorrect", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("sec_e_cert_expired", &[Rule::ValidityEnds, Rule::ValidityBegins], alerts::ENDED),
    checked("nottimevalid", &[Rule::ValidityEnds, Rule::ValidityBegins], alerts::ENDED),
    checked("cert_e_wrong_usage", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("notvalidforusage", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("remotecertificatechainerrors", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("add the CA to the client's trusted roots; the words behind say more"),
    checked("remote certificate is invalid", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("add the CA to the client's trusted roots; the words behind say more"),
    checked("remote certificate was rejected", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("add the CA to the client's trusted roots; the words behind say more"),
    told("sec_e_cert_unknown", &alerts::UNSUPPORTED),
    told("sec_e_no_credentials", &alerts::REQUIRED),
    told("sec_e_illegal_message", &alerts::HANDSHAKE_FAILURE),
    told("0x80090326", &alerts::HANDSHAKE_FAILURE),
    told("sec_e_algorithm_mismatch", &alerts::HANDSHAKE_FAILURE),
    told("sec_e_unsupported_function", &alerts::PROTOCOL_VERSION),
    checked("sec_e_invalid_token", &[Rule::PlainEndpoint, Rule::CommonTlsVersion], &[likely("what came back is no TLS: the port speaks plain HTTP")]),
    checked("cannot determine the frame size or a corrupted frame was received", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]),
    super::broken("schannel: server closed abruptly", &alerts::LOST).by(Speaker::Schannel),
    super::broken("received an unexpected eof or 0 bytes from the transport stream", &alerts::NO_TLS).by(Speaker::Schannel),
    super::broken("schannel: failed to receive handshake", &alerts::NO_TLS).by(Speaker::Schannel),
    super::broken("the ssl connection could not be established", &alerts::TIMED_OUT).by(Speaker::Schannel),
    super::broken("actively refused it", &alerts::REFUSED).by(Speaker::Schannel),
];
