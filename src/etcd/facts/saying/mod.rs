//! The sayings: words with which etcd, its clients and their TLS libraries refuse
//! something, one row a saying, with the rules that can be behind it; a file for
//! each speaker. Those of a family of clients stand in its folder,
//! [`client`](crate::etcd::facts::client). Data, and in `table` what finds the row of a
//! line; what a whole text points to is
//! [`telling::diagnosis`](crate::etcd::telling::diagnosis).

pub(in crate::etcd::facts) mod alerts;
mod curl;
mod etcd;
mod go;
mod index;
mod open;
mod programs;
mod proxies;
mod schannel;
mod table;

pub(in crate::etcd) use self::open::OTHER_SIDE;
pub use self::table::{SAYINGS, by_place, place_across, place_in};

use serde::{Deserialize, Serialize};

use super::release::EtcdVersion;
use super::rule::Rule;

/// Whose words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// etcd's log.
    Etcd,
    /// The output of etcdctl or of another client.
    Etcdctl,
    /// Either's: the words alone don't say.
    Either,
}

/// Which library or program chose the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// etcd, etcdctl, and what is written in Go.
    Go,
    /// OpenSSL, in curl, Python, Node, Ruby, PHP, NGINX and others.
    OpenSsl,
    /// `BoringSSL`, in gRPC for Python and C++, Netty's tcnative and Envoy.
    BoringSsl,
    /// GnuTLS.
    GnuTls,
    /// NSS, in the curl of older Red Hats.
    Nss,
    /// Windows' Schannel, in curl and .NET.
    Schannel,
    /// rustls.
    Rustls,
    /// Java's own JSSE.
    Jsse,
    /// A program around such a library: its words tell no more of it.
    Program,
}

impl Speaker {
    /// Its name; empty for a program, which has one of its own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Go => "Go",
            Self::OpenSsl => "OpenSSL",
            Self::BoringSsl => "BoringSSL",
            Self::GnuTls => "GnuTLS",
            Self::Nss => "NSS",
            Self::Schannel => "Schannel",
            Self::Rustls => "rustls",
            Self::Jsse => "JSSE",
            Self::Program => "",
        }
    }

    /// The file of its source with its words.
    const fn source(self) -> &'static str {
        match self {
            Self::Go | Self::Program => "",
            Self::OpenSsl => "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c",
            Self::BoringSsl => "BoringSSL ssl/ssl.errordata, crypto/x509/x509_txt.cc",
            Self::GnuTls => "GnuTLS lib/errors.c, lib/alert.c, lib/cert-session.c",
            Self::Nss => "NSS lib/ssl/SSLerrs.h, lib/util/SECerrs.h",
            Self::Schannel => "Windows winerror.h, SEC_E_*; curl lib/vtls/schannel.c",
            Self::Rustls => "rustls src/error.rs, src/enums.rs",
            Self::Jsse => "OpenJDK sun/security/ssl, sun/security/validator",
        }
    }
}

/// A cause, and in whose words it is the likely one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likely {
    /// Where the words stand if this is the cause.
    pub side: Side,
    /// The cause.
    pub text: &'static str,
}

/// Releases from one on, up to another one: what a mend brought to an old series
/// has a span for each series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Releases {
    /// The first one.
    pub since: EtcdVersion,
    /// The first one that is no longer meant.
    pub before: Option<EtcdVersion>,
}

/// From 3.`since` on, minor and patch.
const fn from(since: (u16, u16)) -> Releases {
    Releases {
        since: EtcdVersion {
            minor: since.0,
            patch: since.1,
        },
        before: None,
    }
}

/// From 3.`since` on, but before 3.`before`.
const fn between(since: (u16, u16), before: (u16, u16)) -> Releases {
    Releases {
        before: Some(EtcdVersion {
            minor: before.0,
            patch: before.1,
        }),
        ..from(since)
    }
}

/// What kind of word it is: who refused whom follows from it and from whose word
/// it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SayingKind {
    /// The speaker can't use what it was given itself.
    Own,
    /// The speaker refused the other side.
    Check,
    /// The other side refused the speaker, by an alert or an answer.
    Told,
    /// The connection broke: the other side may have refused the speaker.
    Broken,
    /// A matter of course: no fault.
    Harmless,
    /// Not etcd's, nor that of a client of it.
    Foreign,
}

/// Words that are known, and what they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The words, as they are printed; letter case doesn't matter.
    pub words: &'static str,
    /// Other words that the line must have too.
    pub beside: &'static [&'static str],
    /// Whether the line must be these words alone.
    pub alone: bool,
    /// Who prints them.
    pub side: Side,
    /// Which library or program chose them.
    pub speaker: Speaker,
    /// What kind of word it is.
    pub kind: SayingKind,
    /// The rules that can be behind them, the likeliest first; empty where the
    /// words tell nothing.
    pub rules: &'static [Rule],
    /// Causes, the likeliest first.
    pub causes: &'static [Likely],
    /// What to do, where it is not the mend of the first rule.
    mend: Option<&'static str>,
    /// The releases that print them; empty where every one can.
    releases: &'static [Releases],
    /// The file of the program that prints them, where it is not the source of
    /// the first rule.
    source: Option<&'static str>,
}

impl Saying {
    /// What to do, where that is not the mend of the rule.
    #[must_use]
    pub const fn own_mend(&self) -> Option<&'static str> {
        self.mend
    }

    /// What to do.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        let of_rule = || self.rules.first().map_or("", |rule| rule.mend());
        self.mend.unwrap_or_else(of_rule)
    }

    /// Where the words, or else the rule behind them, are written.
    #[must_use]
    pub fn source(&self) -> &'static str {
        let of_speaker = self.speaker.source();
        let of_rule = || self.rules.first().map_or("", |rule| rule.source());
        match self.source {
            Some(source) => source,
            None if of_speaker.is_empty() => of_rule(),
            None => of_speaker,
        }
    }

    /// Whether a rule is behind them, or a connection that failed.
    #[must_use]
    pub fn tells_of_fault(&self) -> bool {
        !self.rules.is_empty() || self.kind == SayingKind::Broken
    }

    /// Whether a release can print them.
    #[must_use]
    pub fn is_of(&self, version: EtcdVersion) -> bool {
        let has = |releases: &Releases| {
            releases.since <= version && releases.before.is_none_or(|before| version < before)
        };
        self.releases.is_empty() || self.releases.iter().any(has)
    }

    /// The causes for words that stand on this side: those of the other side
    /// are left out, unless there are no others.
    #[must_use]
    pub fn causes_on(&self, side: Side) -> Vec<&'static str> {
        let elsewhere = |likely: &&Likely| {
            side != Side::Either && likely.side != Side::Either && likely.side != side
        };
        let text = |likely: &Likely| likely.text;
        let here: Vec<&str> = self
            .causes
            .iter()
            .filter(|likely| !elsewhere(likely))
            .map(text)
            .collect();
        if here.is_empty() {
            self.causes.iter().map(text).collect()
        } else {
            here
        }
    }

    pub(in crate::etcd::facts) const fn mend_by(mut self, mend: &'static str) -> Self {
        self.mend = Some(mend);
        self
    }

    pub(in crate::etcd::facts) const fn of_releases(
        mut self,
        releases: &'static [Releases],
    ) -> Self {
        self.releases = releases;
        self
    }

    pub(in crate::etcd::facts) const fn source_in(mut self, source: &'static str) -> Self {
        self.source = Some(source);
        self
    }

    pub(in crate::etcd::facts) const fn beside(mut self, words: &'static [&'static str]) -> Self {
        self.beside = words;
        self
    }

    pub(in crate::etcd::facts) const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    pub(in crate::etcd::facts) const fn of(mut self, kind: SayingKind) -> Self {
        self.kind = kind;
        self
    }

    pub(in crate::etcd::facts) const fn by(mut self, speaker: Speaker) -> Self {
        self.speaker = speaker;
        self
    }
}

const fn said(
    side: Side,
    words: &'static str,
    rules: &'static [Rule],
    causes: &'static [Likely],
) -> Saying {
    Saying {
        words,
        beside: &[],
        alone: false,
        side,
        speaker: Speaker::Go,
        kind: SayingKind::Own,
        rules,
        causes,
        mend: None,
        releases: &[],
        source: None,
    }
}

/// The other side's refusal of a client, as the client hears it.
pub(in crate::etcd::facts) const fn told(words: &'static str, alert: &alerts::LeftOpen) -> Saying {
    Saying {
        mend: alert.mend,
        ..said(Side::Etcdctl, words, alert.rules, alert.causes).of(SayingKind::Told)
    }
}

/// A client's refusal of the server.
pub(in crate::etcd::facts) const fn checked(
    words: &'static str,
    rules: &'static [Rule],
    causes: &'static [Likely],
) -> Saying {
    said(Side::Etcdctl, words, rules, causes).of(SayingKind::Check)
}

/// What a client can't use of its own.
pub(in crate::etcd::facts) const fn own(
    words: &'static str,
    rules: &'static [Rule],
    causes: &'static [Likely],
) -> Saying {
    said(Side::Etcdctl, words, rules, causes)
}

/// A connection of a client that broke.
pub(in crate::etcd::facts) const fn broken(
    words: &'static str,
    alert: &alerts::LeftOpen,
) -> Saying {
    Saying {
        mend: alert.mend,
        ..said(Side::Etcdctl, words, alert.rules, alert.causes).of(SayingKind::Broken)
    }
}

/// A cause on either side.
pub(in crate::etcd::facts) const fn likely(text: &'static str) -> Likely {
    Likely {
        side: Side::Either,
        text,
    }
}

/// A cause of words in etcd's log.
const fn in_log(text: &'static str) -> Likely {
    Likely {
        side: Side::Etcd,
        text,
    }
}

/// A cause of words that a client prints.
const fn printed(text: &'static str) -> Likely {
    Likely {
        side: Side::Etcdctl,
        text,
    }
}
