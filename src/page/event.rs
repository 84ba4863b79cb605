//! What a reader, or the browser, can do to the page: each of it a value. The
//! markup says it as text, in a button's `data-action` and in the identifiers
//! of inputs; the text is written by `Display` and read by `FromStr` of the same
//! type, so that `browser` makes an [`Event`] of it without knowing a chapter.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::{
    input::Input,
    place::Place,
    spelling::{Unknown, of_holder},
};
use crate::{
    etcd::{
        commands::Form,
        facts::release::{Offer, offers},
        plan::{AuthoritySource, Field, Holder, Preset},
        role::Role,
    },
    lab::drills::Drill,
    pki::{key::KeyType, revocation_list::RevocationReason},
};

/// Defines an enum and, for the tests, the names of its variants: a test can
/// tell that it has a case for each.
macro_rules! kinds {
    (
        $(#[$of_all:meta])*
        pub enum $name:ident {
            $($(#[$of_one:meta])* $kind:ident $(($($value:ty),+))?,)+
        }
    ) => {
        $(#[$of_all])*
        pub enum $name {
            $($(#[$of_one])* $kind $(($($value),+))?,)+
        }

        #[cfg(test)]
        impl $name {
            /// The names of all variants.
            pub(super) const KINDS: &[&str] = &[$(stringify!($kind)),+];

            /// The name of this one's variant.
            pub(super) fn kind(&self) -> &'static str {
                match self {
                    $(Self::$kind { .. } => stringify!($kind),)+
                }
            }
        }
    };
}

/// Defines [`Press`], with the word of each press said once: some say all by
/// their word, the others have something behind it.
macro_rules! presses {
    (
        plain { $($(#[$of_plain:meta])* $plain:ident = $plain_word:literal,)+ }
        about { $($(#[$of_about:meta])* $about:ident($value:ty) = $about_word:literal,)+ }
    ) => {
        kinds! {
            /// A press of a button, as its `data-action` says it.
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub enum Press {
                $($(#[$of_plain])* $plain,)+
                $($(#[$of_about])* $about($value),)+
            }
        }

        impl fmt::Display for Press {
            /// `make`, `remove-client 1`, `view client.crt`.
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$plain => formatter.write_str($plain_word),)+
                    $(Self::$about(value) => {
                        formatter.write_str(concat!($about_word, " "))?;
                        value.write(formatter)
                    })+
                }
            }
        }

        impl FromStr for Press {
            type Err = Unknown;

            /// Reads what [`Display`](fmt::Display) writes.
            fn from_str(text: &str) -> Result<Self, Unknown> {
                let (word, value) = match text.split_once(' ') {
                    Some((word, value)) => (word, Some(value)),
                    None => (text, None),
                };
                let read = match (word, value) {
                    $(($plain_word, None) => Some(Self::$plain),)+
                    $(($about_word, Some(value)) => <$value>::read(value).map(Self::$about),)+
                    _ => None,
                };
                read.ok_or_else(|| Unknown::new(text))
            }
        }
    };
}

presses! {
    plain {
        /// The files are to be made.
        Make = "make",
        /// The work is to stop.
        Cancel = "cancel",
        /// One more client.
        AddClient = "add-client",
        /// One more member.
        AddMember = "add-member",
        /// The member that was removed last is to come back.
        RestoreMember = "restore-member",
        /// The table of members is to be filled from the hosts that were typed.
        FillMembers = "fill-members",
        /// A link to the plan is to be copied.
        CopyLink = "copy-link",
        /// The files are to be made in other forms too.
        Export = "export",
        /// All files as a tar.
        DownloadTar = "download-tar",
        /// All files as a zip.
        DownloadZip = "download-zip",
        /// The picture of who trusts whom, as SVG.
        DownloadPicture = "download-picture",
        /// When each certificate ends, for a calendar.
        DownloadCalendar = "download-calendar",
        /// The CA that was brought is to be trusted without those above it.
        TrustAlone = "trust-alone",
        /// A sheet with the files' names, dates and fingerprints is to be printed.
        Print = "print",
        /// The button that makes the files is to be shown.
        MakeFirst = "make-first",
        /// The files of the drill on show.
        DrillDownload = "drill-download",
        /// Nothing is to be diagnosed any more.
        DiagnosisClear = "diagnosis-clear",
        /// The mistake in the command lines is to be mended.
        DiagnosisMend = "diagnosis-mend",
        /// The files made here are to be looked at.
        InspectMade = "inspect-made",
        /// Nothing is to be looked at any more.
        InspectClear = "inspect-clear",
        /// The anatomy on show is to be put away.
        AnatomyClose = "anatomy-close",
        /// The old certificate is to be renewed.
        Renew = "renew",
        /// It is to be renewed although another CA issued it.
        RenewForeign = "renew-foreign",
        /// A CRL is to be made.
        Revoke = "revoke",
        /// The commands are to start etcd without a CRL again.
        RevokeNothing = "revoke-nothing",
        /// Everything is to be forgotten: that is asked first.
        Forget = "forget",
        /// Nothing is to be forgotten.
        ForgetNo = "forget-no",
        /// Everything is to be forgotten.
        ForgetYes = "forget-yes",
    }
    about {
        /// One of the tasks that no preset is.
        Need(Need) = "task",
        /// The member at this place is to go.
        RemoveMember(usize) = "remove-member",
        /// The client at this place is to go.
        RemoveClient(usize) = "remove-client",
        /// The text of a field is to be mended.
        Mend(Field) = "mend",
        /// The text of a file is to be shown, or hidden again.
        View(String) = "view",
        /// The text of a file is to be copied.
        Copy(String) = "copy",
        /// A file.
        Download(String) = "download",
        /// The archive of the recipient of this name.
        DownloadFor(String) = "download-for",
        /// The text of the element with this identifier is to be copied.
        CopyText(String) = "copy-text",
        /// What etcd would answer to this is to be shown.
        Run(Request) = "run",
        /// A mistake is to be made.
        Drill(Drill) = "drill",
        /// It is to be mended.
        DrillMend(Drill) = "drill-mend",
        /// A file is not to be diagnosed any more.
        DiagnosisRemove(String) = "diagnosis-remove",
        /// What was found at this place is to be taken apart.
        Anatomy(usize) = "anatomy",
        /// The certificate made here with this stem is to be renewed.
        RenewTake(String) = "renew-take",
        /// A file that came of renewing or revoking.
        DownloadSigned(String) = "desk-download",
    }
}

/// A task that no preset is: where it begins, and with what filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The company has a CA, and etcd is to use it.
    OwnAuthority,
    /// etcdctl says no more than that time ran out.
    Deadline,
    /// A certificate ends soon.
    Ending,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OwnAuthority, Self::Deadline, Self::Ending];
}

impl fmt::Display for Need {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OwnAuthority => "own-ca",
            Self::Deadline => "deadline",
            Self::Ending => "ending",
        })
    }
}

/// What stands behind the word of a press.
trait Value: Sized {
    fn write(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result;
    fn read(text: &str) -> Option<Self>;
}

macro_rules! values {
    ($($value:ty),+) => {
        $(impl Value for $value {
            fn write(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{self}")
            }

            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        })+
    };
}

values!(usize, String, Field, Request);

impl Value for Need {
    fn write(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.to_string() == text)
    }
}

impl Value for Drill {
    fn write(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }

    fn read(text: &str) -> Option<Self> {
        Self::from_id(text)
    }
}

/// A call of etcdctl in Make, of which it can be shown what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// Whether etcdctl checks who answers.
    pub verified: bool,
    /// What it asks, and as whom.
    pub operation: Operation,
}

/// What etcdctl asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Something without a certificate.
    WithoutCertificate,
    /// To write, as the client at this place.
    Put(usize),
    /// To read, as the client at this place.
    Get(usize),
}

impl fmt::Display for Request {
    /// As the identifier of the command: `command-verified-put-0`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = if self.verified {
            "verified"
        } else {
            "unverified"
        };
        match self.operation {
            Operation::WithoutCertificate => write!(formatter, "command-{form}-without"),
            Operation::Put(client) => write!(formatter, "command-{form}-put-{client}"),
            Operation::Get(client) => write!(formatter, "command-{form}-get-{client}"),
        }
    }
}

impl FromStr for Request {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let read = || {
            let (form, operation) = text.strip_prefix("command-")?.split_once('-')?;
            let verified = match form {
                "verified" => true,
                "unverified" => false,
                _ => return None,
            };
            let operation = match operation.split_once('-') {
                None if operation == "without" => Operation::WithoutCertificate,
                Some(("put", client)) => Operation::Put(client.parse().ok()?),
                Some(("get", client)) => Operation::Get(client.parse().ok()?),
                _ => return None,
            };
            Some(Self {
                verified,
                operation,
            })
        };
        read().ok_or_else(|| Unknown::new(text))
    }
}

kinds! {
    /// A radio button or an option of a list, as its identifier says it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Choice {
        /// What is needed: `preset-client-only`.
        Preset(Preset),
        /// The kind of all keys: `key-type-p-256`.
        KeyType(KeyType),
        /// Where the CA comes from: `authority-source-make`.
        AuthoritySource(AuthoritySource),
        /// Where somebody's key comes from: `client-0-source-csr`.
        KeySource(Holder, KeySource),
        /// What somebody's CSR is signed for: `client-0-usage-server`.
        Usage(Holder, Role),
        /// The kind of somebody's own key, or that of the plan:
        /// `client-0-key-p-256`, `server-key-plan`.
        OwnKeyType(Holder, Option<KeyType>),
        /// How etcd is run: `run-systemd`.
        Form(Form),
        /// The build of etcd that is asked, and whose series the commands are for:
        /// `etcd-build-3-5-1`.
        Build(Offer),
        /// Which CA renews and revokes: `signer-source-own`.
        Signer(SigningCa),
        /// The key of a certificate that is renewed: `renew-source-new`.
        RenewalKey(RenewalKey),
        /// Why something is revoked: `revoke-made-0-reason-superseded`.
        Reason(ToRevoke, Option<RevocationReason>),
    }
}

/// Where a private key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// It is made here.
    Here,
    /// It is elsewhere, and there is a CSR.
    Request,
}

/// Which CA renews and revokes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningCa {
    /// The CA of this page.
    #[default]
    Page,
    /// Another one, with its certificate and key.
    Own,
}

/// The key of a certificate that is renewed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RenewalKey {
    /// The old one's.
    #[default]
    Same,
    /// A new one.
    New,
}

/// What is revoked for a reason of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToRevoke {
    /// The certificate made here, by its place among the identities.
    Made(usize),
    /// Whatever is pasted, CAs among it.
    Pasted,
}

impl Choice {
    /// All that are about nobody in particular.
    pub(super) fn fixed() -> impl Iterator<Item = Self> {
        let sources = [AuthoritySource::Make, AuthoritySource::Bring];
        Preset::ALL
            .map(Self::Preset)
            .into_iter()
            .chain(KeyType::ALL.map(Self::KeyType))
            .chain(sources.map(Self::AuthoritySource))
            .chain(Form::ALL.map(Self::Form))
            .chain(offers().into_iter().map(Self::Build))
            .chain([SigningCa::Page, SigningCa::Own].map(Self::Signer))
            .chain([RenewalKey::Same, RenewalKey::New].map(Self::RenewalKey))
    }

    /// All that are about somebody.
    pub(super) fn of(holder: Holder) -> impl Iterator<Item = Self> {
        let sources = [KeySource::Here, KeySource::Request];
        let kinds = [None].into_iter().chain(KeyType::ALL.map(Some));
        kinds
            .map(move |kind| Self::OwnKeyType(holder, kind))
            .chain(sources.map(|source| Self::KeySource(holder, source)))
            .chain(Role::ALL.map(|usage| Self::Usage(holder, usage)))
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hyphened = |text: &dyn fmt::Display| {
            let text = text.to_string().to_lowercase();
            text.replace(['.', '_'], "-")
        };
        match self {
            Self::Preset(preset) => write!(formatter, "preset-{}", hyphened(preset)),
            Self::KeyType(kind) => write!(formatter, "key-type-{}", hyphened(kind)),
            Self::AuthoritySource(AuthoritySource::Make) => {
                formatter.write_str("authority-source-make")
            }
            Self::AuthoritySource(AuthoritySource::Bring) => {
                formatter.write_str("authority-source-bring")
            }
            Self::KeySource(holder, KeySource::Here) => write!(formatter, "{holder}-source-make"),
            Self::KeySource(holder, KeySource::Request) => {
                write!(formatter, "{holder}-source-csr")
            }
            Self::Usage(holder, usage) => write!(formatter, "{holder}-usage-{usage}"),
            Self::OwnKeyType(holder, Some(kind)) => {
                write!(formatter, "{holder}-key-{}", hyphened(kind))
            }
            Self::OwnKeyType(holder, None) => write!(formatter, "{holder}-key-plan"),
            Self::Form(form) => write!(formatter, "run-{form}"),
            Self::Build(build) => {
                write!(formatter, "etcd-build-{}", hyphened(&build.version))?;
                build
                    .go
                    .map_or(Ok(()), |go| write!(formatter, "-{}", hyphened(&go)))
            }
            Self::Signer(SigningCa::Page) => formatter.write_str("signer-source-page"),
            Self::Signer(SigningCa::Own) => formatter.write_str("signer-source-own"),
            Self::RenewalKey(RenewalKey::Same) => formatter.write_str("renew-source-same"),
            Self::RenewalKey(RenewalKey::New) => formatter.write_str("renew-source-new"),
            Self::Reason(what, None) => write!(formatter, "{what}-reason-unspecified"),
            Self::Reason(what, Some(reason)) => write!(formatter, "{what}-reason-{reason}"),
        }
    }
}

impl FromStr for Choice {
    type Err = Unknown;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Unknown> {
        let is_it = |choice: &Self| choice.to_string() == text;
        let of_somebody = of_holder(text).and_then(|(holder, _)| Self::of(holder).find(is_it));
        let reason = || {
            let (what, word) = text.split_once("-reason-")?;
            let reason = RevocationReason::read(word).ok()?;
            Some(Self::Reason(what.parse().ok()?, reason)).filter(is_it)
        };
        of_somebody
            .or_else(reason)
            .or_else(|| Self::fixed().find(is_it))
            .ok_or_else(|| Unknown::new(text))
    }
}

impl fmt::Display for ToRevoke {
    /// `revoke-made-0`, `revoke-text`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made(place) => write!(formatter, "revoke-made-{place}"),
            Self::Pasted => formatter.write_str("revoke-text"),
        }
    }
}

impl FromStr for ToRevoke {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        if text == "revoke-text" {
            return Ok(Self::Pasted);
        }
        let place = text.strip_prefix("revoke-made-");
        place
            .and_then(|place| place.parse().ok())
            .map(Self::Made)
            .ok_or_else(|| Unknown::new(text))
    }
}

kinds! {
    /// A check box, as its identifier says it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Tick {
        /// An intermediate CA issues.
        Intermediate,
        /// Clients and peers have CAs of their own.
        SeparateAuthorities,
        /// With them, etcd 3.4 has no gateway.
        WithoutGateway,
        /// A form that the files are written in too.
        OtherForm(OtherForm),
        /// The name at this place of somebody's CSR is kept: `client-0-keep-1`.
        Name(Holder, usize),
        /// The certificate made here at this place is revoked: `revoke-made-0`.
        Revoked(usize),
    }
}

/// A form that the files can be written in beside the one that etcd reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherForm {
    /// DER.
    Der,
    /// Keys under a passphrase.
    Encrypted,
    /// PKCS#12.
    Pkcs12,
    /// Kubernetes Secrets.
    Secret,
}

impl OtherForm {
    /// All of them, in the page's order.
    pub const ALL: [Self; 4] = [Self::Der, Self::Encrypted, Self::Pkcs12, Self::Secret];
}

impl fmt::Display for Tick {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Name(holder, place) => return write!(formatter, "{holder}-keep-{place}"),
            Self::Revoked(place) => return ToRevoke::Made(*place).fmt(formatter),
            Self::Intermediate => "intermediate",
            Self::SeparateAuthorities => "separate-authorities",
            Self::WithoutGateway => "without-gateway",
            Self::OtherForm(OtherForm::Der) => "format-der",
            Self::OtherForm(OtherForm::Encrypted) => "format-encrypted",
            Self::OtherForm(OtherForm::Pkcs12) => "format-pkcs12",
            Self::OtherForm(OtherForm::Secret) => "format-secret",
        })
    }
}

impl FromStr for Tick {
    type Err = Unknown;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Unknown> {
        let name = of_holder(text).and_then(|(holder, rest)| {
            let place = rest.strip_prefix("keep-")?.parse().ok()?;
            Some(Self::Name(holder, place))
        });
        let revoked = || match text.parse().ok()? {
            ToRevoke::Made(place) => Some(Self::Revoked(place)),
            ToRevoke::Pasted => None,
        };
        let mut fixed = [
            Self::Intermediate,
            Self::SeparateAuthorities,
            Self::WithoutGateway,
        ]
        .into_iter()
        .chain(OtherForm::ALL.map(Self::OtherForm));
        name.or_else(revoked)
            .or_else(|| fixed.find(|tick| tick.to_string() == text))
            .ok_or_else(|| Unknown::new(text))
    }
}

kinds! {
    /// Something that happens to the page.
    pub enum Event {
        /// A button was pressed.
        Press(Press),
        /// A radio button or an option was chosen.
        Choose(Choice),
        /// A box was ticked, or its tick taken away.
        Tick(Tick, bool),
        /// This is in an input now.
        Type(Input, Zeroizing<String>),
        /// So many UTF-16 code units are in an input that they were not read.
        TypeTooMuch(Input, usize),
        /// An input was left.
        Leave(Input),
        /// Files were chosen for an input or dropped on it; nothing of them is
        /// read yet.
        Offer(Input, Vec<FileOffer>),
        /// A file was read.
        Give(Input, FileRead),
        /// A file could not be read.
        Unreadable,
        /// The browser took a download.
        Downloaded(Download),
        /// The browser refused one.
        DownloadRefused,
        /// The time that was asked for is over.
        Wake(Alarm),
        /// Files were dropped beside every input.
        Drop(Vec<FileOffer>),
        /// A link of the page's own to a place was followed.
        Go(Place),
        /// The page was opened with this fragment, or got it by a link.
        Link(String),
        /// The browser's history leads to a fragment that the page gave itself.
        Return(String),
        /// The browser puts the page aside.
        PutAside,
        /// It takes it up again.
        TakeUp,
    }
}

/// A file that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOffer {
    /// Its name.
    pub name: String,
    /// Its length in bytes; of a text that is pasted, in UTF-16 code units.
    pub length: usize,
}

/// A file that was read.
pub struct FileRead {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub contents: Zeroizing<Vec<u8>>,
    /// Whether it was offered alone.
    pub alone: bool,
}

/// What a download was of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Download {
    /// A file, by its name.
    File(String),
    /// All files.
    Archive,
    /// Those of the recipient of this name.
    ArchiveFor(String),
    /// A file that came of renewing or revoking, by its name.
    Signed(String),
    /// The files of a drill.
    Drill,
    /// The picture, or the dates: nothing that would be lost.
    Picture,
}

/// What a time was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The form is to be looked at.
    Check,
    /// What is to be diagnosed was typed for this many times, and rests since,
    /// perhaps.
    Diagnose(u32),
}
