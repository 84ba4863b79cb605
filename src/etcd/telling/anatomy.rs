//! What etcd does with a field of a certificate or CRL, in a sentence: the fields
//! that decide something there, and those that people think do. What a field is,
//! [`pki::inspection::anatomy`](crate::pki::inspection::anatomy) knows. The
//! rules behind the sentences are `etcd/facts/rule.rs` and `go-x509`.

use crate::pki::inspection::anatomy::Field;

/// What etcd does with a field; nothing where it does nothing worth a sentence.
#[must_use]
pub const fn in_etcd(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::TbsCertificate => {
            "A certificate that was changed in transit is refused for its signature, by etcd and etcdctl alike."
        }
        Field::VersionNumber => {
            "Version 1 is fine for a client and for a root. A server’s certificate needs version 3: names are extensions."
        }
        Field::SerialNumber => {
            "With --client-crl-file etcd looks for this number in the list, and for nothing else."
        }
        Field::Issuer => {
            "etcd and etcdctl look for a CA with exactly these bytes as its subject: another letter case, or another kind of string, is “signed by unknown authority”."
        }
        Field::NotBefore => {
            "A clock that is behind refuses it too: “certificate has expired or is not yet valid”."
        }
        Field::NotAfter => {
            "From the next second on each new connection is refused. An ended certificate does not keep etcd from starting."
        }
        Field::Subject => {
            "With roles, the last common name in it is etcd’s user. It is never compared with a host."
        }
        Field::PublicKeyInfo => {
            "etcd takes RSA, P-256, P-384, P-521 and Ed25519; from Go 1.27 on ML-DSA as well."
        }
        Field::Parameters => {
            "Go refuses an RSA key’s algorithm without NULL here, and an Ed25519 one with it."
        }
        Field::SignedAlgorithm | Field::SignatureAlgorithm => {
            "MD5 is refused below the root, and from Go 1.18 on SHA-1. A root’s own signature is never checked."
        }
        Field::SignatureValue => {
            "etcd checks it with the key of a CA from --trusted-ca-file, etcdctl with one from --cacert."
        }
        Field::AttributeValue => {
            "Names are compared byte for byte: PrintableString and UTF8String differ even where the letters are the same."
        }
        Field::Critical => {
            "A critical extension that Go does not know is refused, whatever it says."
        }
        Field::BasicConstraints | Field::IsAuthority => {
            "A CA of version 3 that does not say TRUE here is refused by both sides: “parent certificate cannot sign this kind of certificate”."
        }
        Field::PathLength => "Both sides count, and refuse a chain that is longer.",
        Field::KeyUsage => {
            "Of a CA etcd asks for keyCertSign, where this is there at all. The key usage of any other certificate is ignored."
        }
        Field::ExtendedKeyUsage | Field::Purpose => {
            "Clients need clientAuth, servers serverAuth, members both; without this extension everything passes. In a CA it restricts all that is below."
        }
        Field::AlternativeNames => {
            "etcdctl compares the endpoint’s host with these alone. etcd compares a member’s address with them, a client’s never."
        }
        Field::DnsName => {
            "A wildcard stands for one label. An address written as a DNS name does not count, and neither does a name with a dot at its end."
        }
        Field::IpAddress => "An endpoint that is an address needs its address here.",
        Field::SubjectKeyIdentifier | Field::AuthorityKeyIdentifier | Field::AuthorityKey => {
            "It makes no difference to what etcd answers."
        }
        Field::NameConstraints | Field::Permitted | Field::Excluded => {
            "Both sides hold the names of every certificate below against it."
        }
        Field::RevocationPlaces => {
            "etcd fetches nothing: it reads the list that --client-crl-file names."
        }
        Field::AuthorityInformation => "etcd asks nobody, and fetches no issuer.",
        Field::RequestInfo | Field::Request => "etcd reads no request. It is for the CA.",
        Field::RevocationList => {
            "Read again at each connection. From 3.6 on only as DER; unreadable or missing, every client is refused."
        }
        Field::TbsCertList => {
            "etcd does not check who signed it: whoever can write the file decides."
        }
        Field::ThisUpdate | Field::NextUpdate => "etcd does not look at the list’s dates.",
        Field::RevokedSerial => {
            "A client that shows a certificate with this number is refused, whichever CA issued it."
        }
        Field::RevocationDate => "It holds at once, whatever the date says.",
        Field::Policies => {
            "etcd asks for none. From Go 1.24 on a chain is refused where a CA demands a policy and none is left."
        }
        Field::RevocationListNumber | Field::RevocationReason => "etcd does not look at it.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_field_is_a_sentence() {
        let said: Vec<&str> = Field::ALL
            .iter()
            .filter_map(|field| in_etcd(*field))
            .collect();
        assert!(said.len() > 20);
        for sentence in said {
            assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
        }
        for field in Field::ALL {
            assert!(field.sentence().ends_with('.'), "{field:?}");
            assert!(!field.source().is_empty() && !field.name().is_empty());
        }
    }
}
