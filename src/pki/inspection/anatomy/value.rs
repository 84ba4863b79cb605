//! What an element says, in a line: times as times, identifiers by name, long bytes
//! by their beginning.

use der::{
    Decode, Tag,
    asn1::{Any, AnyRef, ObjectIdentifier},
};
use jiff::Timestamp;
use x509_cert::{
    ext::pkix::{KeyUsage, name::GeneralName},
    name::{Name, RdnSequence, RelativeDistinguishedName},
    time::Time,
};

use super::{Element, Field};
use crate::pki::{
    inspection::{algorithm::Named, extension::Reason, general_name::NameFacts},
    key_usage::KeyUsageBit,
    name::{hexadecimal, openssl_spelling, text_of},
    unseen::Unseen,
    validity::from_time,
};

/// So many letters of a value at most.
const LONGEST: usize = 120;
/// So many bytes of a long one.
const MOST_BYTES: usize = 12;

/// What an element says by itself; nothing if that is for what is in it to say.
pub(super) fn value(field: Field, tag: Tag, whole: &[u8], contents: &[u8]) -> String {
    let read = match field {
        Field::Issuer | Field::Subject => Name::from_der(whole)
            .ok()
            .map(|name| openssl_spelling(&name)),
        Field::RelativeName => relative(whole),
        Field::DnsName
        | Field::IpAddress
        | Field::Email
        | Field::Uri
        | Field::OtherName
        | Field::DirectoryName => GeneralName::from_der(whole)
            .ok()
            .map(|name| NameFacts::new(&name).text),
        Field::KeyUsage => KeyUsage::from_der(whole).ok().map(|usage| {
            let set = KeyUsageBit::of(usage).map(KeyUsageBit::name);
            set.collect::<Vec<_>>().join(", ")
        }),
        Field::VersionNumber => match contents {
            [number @ 0..=2] => Some(format!("{number}: version {}", number + 1)),
            _ => None,
        },
        Field::SerialNumber
        | Field::RevokedSerial
        | Field::AuthoritySerial
        | Field::AuthorityKey
        | Field::SubjectKeyIdentifier => Some(hexadecimal(
            contents,
            if field.is_serial() { "" } else { ":" },
        )),
        Field::RevocationReason => match contents {
            [reason] => Some(Reason::of(*reason).name().to_owned()),
            _ => None,
        },
        _ => by_tag(tag, whole, contents),
    };
    plain(&read.unwrap_or_default())
}

impl Field {
    /// Whether its number is written without colons.
    fn is_serial(self) -> bool {
        !matches!(self, Self::AuthorityKey | Self::SubjectKeyIdentifier)
    }
}

/// What an element says by what stands in it.
pub(super) fn summary(field: Field, within: &[Element]) -> String {
    let mut direct = within.iter().filter(|element| {
        within
            .first()
            .is_some_and(|first| element.depth == first.depth)
    });
    match field {
        Field::Version
        | Field::SignedAlgorithm
        | Field::SignatureAlgorithm
        | Field::KeyAlgorithm
        | Field::PublicKeyInfo
        | Field::Extension
        | Field::RevokedEntry
        | Field::RequestAttribute
        | Field::Subtree => direct.next().map(|it| it.value.clone()).unwrap_or_default(),
        Field::AlternativeNames
        | Field::ExtendedKeyUsage
        | Field::Validity
        | Field::Permitted
        | Field::Excluded => {
            let all: Vec<&str> = direct.map(|it| it.value.as_str()).collect();
            let joint = if field == Field::Validity {
                " to "
            } else {
                ", "
            };
            plain(&all.join(joint))
        }
        Field::BasicConstraints if within.is_empty() => "no CA".to_owned(),
        _ => String::new(),
    }
}

fn by_tag(tag: Tag, whole: &[u8], contents: &[u8]) -> Option<String> {
    let any = AnyRef::from_der(whole).ok();
    match tag {
        Tag::ObjectIdentifier => {
            let named = Named::new(ObjectIdentifier::from_der(whole).ok()?);
            Some(if named.is_known() {
                format!("{} ({})", named.name, named.oid)
            } else {
                named.oid
            })
        }
        Tag::UtcTime | Tag::GeneralizedTime => Time::from_der(whole)
            .ok()
            .map(|time| instant(from_time(time))),
        Tag::Boolean => Some(if contents == [0] { "FALSE" } else { "TRUE" }.to_owned()),
        Tag::Null => Some("nothing".to_owned()),
        Tag::Integer | Tag::Enumerated if contents.len() <= 4 => any?
            .decode_as::<i32>()
            .ok()
            .map(|number| number.to_string()),
        Tag::Integer | Tag::OctetString | Tag::Enumerated => Some(bytes(contents)),
        Tag::BitString => Some(bytes(contents.get(1..).unwrap_or_default())),
        tag if tag.is_constructed() => None,
        Tag::ContextSpecific { .. } => Some(bytes(contents)),
        _ => text_of(&Any::from_der(whole).ok()?).map(str::to_owned),
    }
}

fn instant(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn bytes(contents: &[u8]) -> String {
    match contents.get(..MOST_BYTES) {
        Some(begin) if contents.len() > MOST_BYTES => {
            format!("{} bytes: {} …", contents.len(), hexadecimal(begin, " "))
        }
        _ => hexadecimal(contents, " "),
    }
}

/// One step of a name: `CN=client`.
fn relative(set: &[u8]) -> Option<String> {
    let step = RelativeDistinguishedName::from_der(set).ok()?;
    let name = Name::hazmat_from_rdn_sequence(RdnSequence::from(vec![step]));
    Some(openssl_spelling(&name).trim_start_matches('/').to_owned())
}

/// A text without what nobody sees, and not too long.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (place, letter) in text.chars().enumerate() {
        if place >= LONGEST {
            plain.push('…');
            break;
        }
        let mut one = [0; 4];
        if Unseen::first_in(letter.encode_utf8(&mut one)).is_some() {
            plain.extend(letter.escape_unicode());
        } else {
            plain.push(letter);
        }
    }
    plain
}
