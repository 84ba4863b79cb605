//! The command line of `etcd grpc-proxy start`, as far as certificates go.

use super::command_line::CommandLine;

/// What a proxy is told to dial with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proxy<'a> {
    /// `--cert`
    pub certificate: &'a str,
    /// `--key`
    pub key: &'a str,
    /// `--cacert`
    pub authority: &'a str,
}

impl<'a> Proxy<'a> {
    /// The proxy that a command line starts, if it starts one.
    #[must_use]
    pub fn of(line: &'a CommandLine) -> Option<Self> {
        let words: Vec<&str> = line.arguments.iter().map(String::as_str).collect();
        matches!(words.as_slice(), ["grpc-proxy", "start", ..]).then(|| Self {
            certificate: line.flag("cert").unwrap_or_default(),
            key: line.flag("key").unwrap_or_default(),
            authority: line.flag("cacert").unwrap_or_default(),
        })
    }

    /// The files that it names.
    pub fn named_files(self) -> impl Iterator<Item = &'a str> {
        let files = [self.authority, self.certificate, self.key];
        files.into_iter().filter(|file| !file.is_empty())
    }
}
