//! Real certificates, CSRs, CRLs and keys taken apart, and what only looks like one.

use super::*;

const TUTORIAL: &str = include_str!("../../../../tests/fixtures/tutorial-client.crt");
const REQUEST: &str = include_str!("../../../../tests/fixtures/client.csr");
/// A CA below another one, with every extension of RFC 5280 that OpenSSL 3.0.19 writes.
const MANY: &str = include_str!("../../../../tests/fixtures/many-extensions.crt");
/// As `openssl ca -gencrl` writes it.
const LIST: &str = include_str!("../../../../tests/fixtures/revoked.crl.pem");

fn anatomy(pem: &str) -> Anatomy {
    Anatomy::of_pem(pem).unwrap()
}

/// The values of the elements that are this field.
fn values(anatomy: &Anatomy, field: Field) -> Vec<&str> {
    let elements = anatomy.elements.iter();
    let wanted = elements.filter(|element| element.field == field);
    wanted.map(|element| element.value.as_str()).collect()
}

/// Each element lies in the one that it is in, and those side by side fill it.
fn assert_whole(anatomy: &Anatomy) {
    for (place, element) in anatomy.elements.iter().enumerate() {
        let inner: Vec<&Element> = anatomy.elements[place + 1..]
            .iter()
            .take_while(|other| other.depth > element.depth)
            .filter(|other| other.depth == element.depth + 1)
            .collect();
        let (Some(first), Some(last)) = (inner.first(), inner.last()) else {
            continue;
        };
        // The first byte of a BIT STRING is its own.
        let own = usize::from(element.tag == "BIT STRING");
        assert_eq!(first.offset, element.offset + element.header + own);
        assert_eq!(last.end(), element.end(), "{element:?}");
        for pair in inner.windows(2) {
            assert_eq!(pair[0].end(), pair[1].offset);
        }
    }
}

#[test]
fn the_tutorials_certificate_has_its_fields_where_they_are() {
    let anatomy = anatomy(TUTORIAL);
    assert_whole(&anatomy);
    assert!(!anatomy.is_cut());
    assert_eq!(anatomy.bytes.len(), anatomy.length);
    assert_eq!(
        values(&anatomy, Field::SerialNumber),
        ["1D735BBDFA81DC2725278AFF896F81329C5388B6"]
    );
    assert_eq!(values(&anatomy, Field::Subject), ["/CN=client"]);
    assert_eq!(
        values(&anatomy, Field::NotAfter),
        ["2025-02-10 21:10:10 UTC"]
    );
    assert_eq!(values(&anatomy, Field::PublicExponent), ["65537"]);
    assert_eq!(
        values(&anatomy, Field::SignatureAlgorithm),
        ["sha256WithRSAEncryption (1.2.840.113549.1.1.11)"]
    );
    assert!(anatomy.elements.iter().all(|it| it.field != Field::Other));
    let first = &anatomy.elements[0];
    assert_eq!((first.offset, first.end()), (0, anatomy.length));
}

#[test]
fn places_in_the_pem_are_those_that_an_editor_shows() {
    let anatomy = anatomy(TUTORIAL);
    let (from, to) = anatomy.elements[0].in_pem();
    assert_eq!((from.line, from.column), (2, 1));
    let lines: Vec<&str> = TUTORIAL.lines().collect();
    let last = lines.len() - 1;
    assert_eq!(to.line, last, "the line above END");
    assert_eq!(to.column, lines[last - 1].trim_end_matches('=').len());
    // The subject's letters, decoded, hold the subject.
    let subject = anatomy
        .elements
        .iter()
        .find(|it| it.field == Field::Subject);
    let (from, to) = subject.unwrap().in_pem();
    assert!(from.line <= to.line && to.line < last);
    assert!(from.column <= PEM_WIDTH && to.column <= PEM_WIDTH);
}

#[test]
fn every_extension_that_etcd_reads_is_named_with_what_it_says() {
    let anatomy = anatomy(MANY);
    assert_whole(&anatomy);
    for (field, wanted) in [
        (Field::VersionNumber, &["2: version 3"] as &[_]),
        (Field::SerialNumber, &["1000"]),
        (Field::Issuer, &["/O=team/CN=ROOT"]),
        (Field::IsAuthority, &["TRUE"]),
        (Field::PathLength, &["1"]),
        (Field::KeyUsage, &["keyCertSign, cRLSign"]),
        (
            Field::ExtendedKeyUsage,
            &["serverAuth (1.3.6.1.5.5.7.3.1), clientAuth (1.3.6.1.5.5.7.3.2)"],
        ),
        (Field::DnsName, &["a.lab.test", "lab.test", "no.lab.test"]),
        (Field::IpAddress, &["10.0.0.1", "::1", "10.0.0.0/8"]),
        (Field::Email, &["ops@lab.test"]),
        (Field::Permitted, &["lab.test, 10.0.0.0/8"]),
        (Field::Excluded, &["no.lab.test"]),
        (Field::Critical, &["TRUE", "TRUE"]),
    ] {
        assert_eq!(values(&anatomy, field), wanted, "{field:?}");
    }
    for field in [
        Field::SubjectKeyIdentifier,
        Field::AuthorityKeyIdentifier,
        Field::AuthorityKey,
        Field::AuthorityIssuer,
        Field::AuthoritySerial,
        Field::Policies,
        Field::RevocationPlaces,
        Field::AuthorityInformation,
        Field::EcdsaSignature,
        Field::SignatureR,
        Field::SignatureS,
    ] {
        assert_eq!(values(&anatomy, field).len(), 1, "{field:?}");
    }
}

#[test]
fn a_request_and_a_list_are_taken_apart_too() {
    let request = anatomy(REQUEST);
    assert_whole(&request);
    assert_eq!(request.elements[0].field, Field::Request);
    assert_eq!(values(&request, Field::RequestVersion), ["0"]);
    assert_eq!(values(&request, Field::Subject), ["/O=elsewhere/CN=client"]);
    assert_eq!(values(&request, Field::KeyBits).len(), 1);

    let list = anatomy(LIST);
    assert_whole(&list);
    assert_eq!(values(&list, Field::RevokedSerial), ["0BB9", "1000"]);
    assert_eq!(
        values(&list, Field::RevocationDate),
        ["2026-11-01 10:00:00 UTC", "2026-11-02 10:00:00 UTC"]
    );
    assert_eq!(values(&list, Field::RevocationReason), ["keyCompromise"]);
    assert_eq!(values(&list, Field::RevocationListNumber), ["3"]);
    assert_eq!(
        values(&list, Field::NextUpdate),
        ["2026-12-29 15:06:10 UTC"]
    );
    assert!(list.elements.iter().all(|it| it.field != Field::Other));
}

#[test]
fn a_private_key_is_never_taken_apart() {
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
    ] {
        let pem = pem::encode(label, &[0x30, 0x03, 0x02, 0x01, 0x00]).unwrap();
        assert_eq!(Anatomy::of_pem(&pem), None, "{label}");
    }
}

#[test]
fn what_is_too_large_or_nested_too_deep_is_cut() {
    // Many empty sequences in one.
    let inner = [0x30, 0x00].repeat(9_000);
    let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
    let wide = [&[0x30, 0x82, length[0], length[1]], inner.as_slice()].concat();
    let anatomy = Anatomy::of_der(Field::Certificate, "CERTIFICATE", &wide);
    assert_eq!(anatomy.elements.len(), MAXIMUM_ELEMENTS);
    assert!(anatomy.is_cut());
    // What is shown ends before the first element that is not.
    assert_eq!(
        anatomy.bytes.len(),
        anatomy.elements[MAXIMUM_ELEMENTS - 1].end()
    );
    let mut deep = vec![0x05, 0x00];
    for _ in 0..60 {
        let length = u8::try_from(deep.len()).unwrap();
        deep = [&[0x30, 0x81, length], deep.as_slice()].concat();
    }
    let anatomy = Anatomy::of_der(Field::Certificate, "CERTIFICATE", &deep);
    assert!(anatomy.elements.iter().all(|it| it.depth <= DEEPEST));
}

#[test]
fn bytes_that_are_no_der_are_an_element() {
    let anatomy = Anatomy::of_der(
        Field::Certificate,
        "CERTIFICATE",
        &[0x30, 0x04, 0x05, 0x00, 0xff, 0x80, 0x01],
    );
    let fields: Vec<Field> = anatomy.elements.iter().map(|it| it.field).collect();
    assert_eq!(
        fields,
        [
            Field::Certificate,
            Field::TbsCertificate,
            Field::NoDer,
            Field::NoDer
        ]
    );
    assert_eq!(anatomy.elements[3].end(), 7);
}

#[test]
fn what_nobody_sees_is_written_out() {
    assert_eq!(value::plain("a\u{202e}b"), "a\\u{202e}b");
    assert_eq!(value::plain(&"x".repeat(500)).chars().count(), 121);
}
