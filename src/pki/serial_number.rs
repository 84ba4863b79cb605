//! Serial numbers of certificates, as people copy them out of `openssl x509
//! -serial`, of etcd's log or of a certificate viewer.

use std::{collections::HashSet, fmt, str::FromStr};

use x509_cert::certificate::{Profile, Rfc5280};

use super::name::hexadecimal;

/// A positive serial number of at most 20 bytes (RFC 5280 section 4.1.2.2), as
/// its bytes without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SerialNumber(Vec<u8>);

/// Why a text is no serial number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SerialNumberError {
    /// Nothing was written.
    #[error("write a serial number in hexadecimal, as openssl x509 -serial prints it")]
    Empty,
    /// A character that is no hexadecimal digit.
    #[error(
        "“{text}” is no serial number; write it in hexadecimal, as openssl x509 -serial prints it"
    )]
    NotHexadecimal {
        /// The text.
        text: String,
    },
    /// Zero, which RFC 5280 forbids and no CA gives.
    #[error(
        "no certificate has the serial number 0; look it up with: openssl x509 -noout -serial -in FILE"
    )]
    Zero,
    /// More than 20 bytes.
    #[error("“{text}” is longer than 20 bytes, the most that a serial number has; check it")]
    TooLong {
        /// The text.
        text: String,
    },
    /// Written twice.
    #[error("{serial_number} is there twice; remove one")]
    Duplicate {
        /// The number.
        serial_number: SerialNumber,
    },
}

impl fmt::Display for SerialNumber {
    /// Hexadecimal without separators, as `openssl x509 -serial` prints it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hexadecimal(&self.0, ""))
    }
}

impl FromStr for SerialNumber {
    type Err = SerialNumberError;

    /// Reads hexadecimal, with or without `0x`, `serial=`, colons or spaces.
    fn from_str(text: &str) -> Result<Self, SerialNumberError> {
        let text = text.trim();
        let digits = text.strip_prefix("serial=").unwrap_or(text);
        let digits = digits
            .strip_prefix("0x")
            .or_else(|| digits.strip_prefix("0X"))
            .unwrap_or(digits);
        let digits: String = digits
            .chars()
            .filter(|character| *character != ':' && !character.is_whitespace())
            .collect();
        if digits.is_empty() {
            return Err(SerialNumberError::Empty);
        }
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(SerialNumberError::NotHexadecimal {
                text: text.to_owned(),
            });
        }
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Err(SerialNumberError::Zero);
        }
        let even = format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" });
        let too_long = || SerialNumberError::TooLong {
            text: text.to_owned(),
        };
        if even.len() > 40 {
            return Err(too_long());
        }
        let bytes =
            base16ct::mixed::decode_vec(&even).map_err(|_| SerialNumberError::NotHexadecimal {
                text: text.to_owned(),
            })?;
        let number = Self(bytes);
        // With its highest bit set it would take a 21st byte.
        number.to_x509::<Rfc5280>().map_err(|_| too_long())?;
        Ok(number)
    }
}

/// Reads a list, its entries apart by commas or new lines. An empty text is an
/// empty list.
///
/// # Errors
///
/// The first entry that is no serial number, or that is there twice.
pub fn parse_list(text: &str) -> Result<Vec<SerialNumber>, SerialNumberError> {
    let mut numbers = Vec::new();
    let mut seen = HashSet::new();
    for entry in text.split([',', ';', '\n']).map(str::trim) {
        if entry.is_empty() {
            continue;
        }
        let serial_number: SerialNumber = entry.parse()?;
        if !seen.insert(serial_number.clone()) {
            return Err(SerialNumberError::Duplicate { serial_number });
        }
        numbers.push(serial_number);
    }
    Ok(numbers)
}

impl SerialNumber {
    /// As it stands in a certificate or CRL, whatever its length there; a
    /// negative one, which only faulty CAs gave, is taken by its bytes.
    pub(super) fn from_x509<P: Profile>(
        number: &x509_cert::serial_number::SerialNumber<P>,
    ) -> Self {
        let bytes = number.as_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Self(bytes.get(zeros..).unwrap_or_default().to_vec())
    }

    pub(super) fn to_x509<P: Profile>(
        &self,
    ) -> der::Result<x509_cert::serial_number::SerialNumber<P>> {
        x509_cert::serial_number::SerialNumber::new(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_openssl_and_of_viewers_are_read() {
        for text in [
            "0BB9",
            "bb9",
            "0xbb9",
            "serial=0BB9",
            "0b:b9",
            " 0B B9 ",
            "000BB9",
        ] {
            assert_eq!(
                text.parse::<SerialNumber>().unwrap().to_string(),
                "0BB9",
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_serial_number_is_refused() {
        let refused = |text: &str| text.parse::<SerialNumber>().unwrap_err();
        assert_eq!(refused(" "), SerialNumberError::Empty);
        assert_eq!(refused("0x00"), SerialNumberError::Zero);
        for text in ["client", "-1", "12é4"] {
            assert!(matches!(
                refused(text),
                SerialNumberError::NotHexadecimal { .. }
            ));
        }
        for text in ["1".repeat(41), "F".repeat(40), "1".repeat(100_000)] {
            assert!(matches!(refused(&text), SerialNumberError::TooLong { .. }));
        }
        assert!("7F".repeat(20).parse::<SerialNumber>().is_ok());
        assert!(matches!(
            parse_list("0A\n a"),
            Err(SerialNumberError::Duplicate { .. })
        ));
    }
}
