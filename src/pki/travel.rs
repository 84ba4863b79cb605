//! How the validated types travel, to a worker and back: as the text that they
//! are read from, so that what arrives is read by the same rules again and
//! nobody needs a second type for the way. Used by `serde` alone.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{
    certification_request::CertificationRequest, name::DistinguishedName,
    name_constraint::NameConstraint, subject_alternative_name::SubjectAlternativeName,
    validity::Days,
};

/// Has types travel as the text that their `Display` writes and their `FromStr`
/// reads.
macro_rules! as_text {
    ($($validated:ty),+) => { $(
        impl serde::Serialize for $validated {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $validated {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+ };
}

as_text!(Days, NameConstraint);

impl Serialize for SubjectAlternativeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SubjectAlternativeName {
    /// What a certificate had already arrives, though nobody may write it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).map_err(de::Error::custom)
    }
}

impl Serialize for DistinguishedName {
    /// As OpenSSL spells it, in the order of encoding.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_openssl())
    }
}

impl<'de> Deserialize<'de> for DistinguishedName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl Serialize for CertificationRequest {
    /// As PEM.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pem = self.to_pem().map_err(ser::Error::custom)?;
        serializer.serialize_str(&pem)
    }
}

impl<'de> Deserialize<'de> for CertificationRequest {
    /// Its signature is checked again.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_pem(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back<T>(value: &T) -> T
    where
        T: Serialize + for<'de> Deserialize<'de>,
    {
        serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
    }

    #[test]
    fn what_was_read_arrives_as_it_was() {
        for text in [
            "CN=client,O=team",
            "/O=a\\/b/CN=x+UID=y",
            "CN=a\\,b \\\" c",
            "CN=ä",
        ] {
            let name: DistinguishedName = text.parse().unwrap();
            assert_eq!(there_and_back(&name), name, "{text}");
        }
        for text in ["DNS:a.lab.test", "*.lab.test", "IP:::1", "10.0.0.1"] {
            let name: SubjectAlternativeName = text.parse().unwrap();
            assert_eq!(there_and_back(&name), name, "{text}");
        }
        for text in ["lab.test", ".lab.test", "10.0.0.0/8", "::1/128"] {
            let constraint: NameConstraint = text.parse().unwrap();
            assert_eq!(there_and_back(&constraint), constraint, "{text}");
        }
        let days: Days = "365".parse().unwrap();
        assert_eq!(there_and_back(&days), days);
        let pem = include_str!("../../tests/fixtures/client.csr");
        let request = CertificationRequest::from_pem(pem).unwrap();
        assert_eq!(there_and_back(&request), request);
    }

    #[test]
    fn a_space_at_the_end_of_a_value_is_not_lost_on_the_way() {
        for text in [
            "CN=root\\ ",
            "CN=root\\ \\ ",
            "/O=team\\ /CN=third",
            "CN=\"a \"+UID=\\ b\\ ",
        ] {
            let name: DistinguishedName = text.parse().unwrap();
            assert_eq!(there_and_back(&name), name, "{text}");
        }
    }

    #[test]
    fn a_domain_that_looks_like_an_address_arrives_as_a_domain() {
        for text in ["DNS:2", "DNS:05.0.0.1", "DNS:.7", "dns:1.2.3"] {
            let constraint: NameConstraint = text.parse().unwrap();
            assert_eq!(there_and_back(&constraint), constraint, "{text}");
        }
    }

    #[test]
    fn a_name_that_ends_in_a_number_arrives_from_a_certificate() {
        for text in ["DNS:2", "DNS:05.0.0.1", "DNS:a.0x1"] {
            let name = SubjectAlternativeName::read(text).unwrap();
            assert_eq!(there_and_back(&name), name, "{text}");
        }
    }

    #[test]
    fn what_is_not_valid_does_not_arrive() {
        assert!(serde_json::from_str::<Days>("\"0\"").is_err());
        assert!(serde_json::from_str::<DistinguishedName>("\"CN=\"").is_err());
        assert!(serde_json::from_str::<SubjectAlternativeName>("\"a b\"").is_err());
        assert!(serde_json::from_str::<CertificationRequest>("\"\"").is_err());
    }
}
