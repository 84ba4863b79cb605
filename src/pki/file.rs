//! Files that somebody gives: a name and bytes that are wiped on drop, since they
//! may be a key. What they hold is not said, only found out.

use std::{fmt, ops::Deref};

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

/// A file's bytes, which travel as base64 and are wiped on drop. What is secret
/// stands in no message of a panic: `Debug` says their number alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FileBytes(pub Zeroizing<Vec<u8>>);

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for FileBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FileBytes({} bytes)", self.0.len())
    }
}

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<&str> for FileBytes {
    fn from(text: &str) -> Self {
        text.as_bytes().to_vec().into()
    }
}

impl Serialize for FileBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Zeroizing::new(Base64::encode_string(&self.0));
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for FileBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = Base64::decode_vec(&text).map_err(de::Error::custom)?;
        Ok(bytes.into())
    }
}

/// A file that the reader gives: to look at, or as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenFile {
    /// Its name, without a folder; empty for what was pasted.
    pub name: String,
    /// Its bytes.
    pub contents: FileBytes,
}

impl GivenFile {
    /// A file of these bytes.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            contents: bytes.to_vec().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_through_whole() {
        for length in 0..9 {
            let bytes: Vec<u8> = (0..length).collect();
            let file = GivenFile::new("x", &bytes);
            let text = serde_json::to_string(&file).unwrap();
            assert_eq!(serde_json::from_str::<GivenFile>(&text).unwrap(), file);
        }
    }
}
