//! The elements that there is one of: each has a name here, and the page's markup
//! gives it the identifier beside it. That every one of them is in the markup is
//! tested there.

use std::fmt;

macro_rules! elements {
    ($($name:ident = $id:literal,)*) => {
        /// An element that there is one of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum PageElement {
            $(#[doc = concat!("`", $id, "`.")] $name,)*
        }

        impl PageElement {
            /// All of them, in the order of the alphabet.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its identifier.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }
        }
    };
}

elements! {
    AddClient = "add-client",
    AddMember = "add-member",
    Anatomy = "anatomy",
    AnatomyHeading = "anatomy-heading",
    Authenticate = "authenticate",
    AuthenticateClients = "authenticate-clients",
    Authority = "authority",
    AuthorityBringFields = "authority-bring-fields",
    AuthorityEncoded = "authority-encoded",
    AuthorityFacts = "authority-facts",
    AuthorityForm = "authority-form",
    AuthorityLimitFields = "authority-limit-fields",
    AuthorityMakeFields = "authority-make-fields",
    AuthorityPassphraseFields = "authority-passphrase-fields",
    AuthoritySource = "authority-source",
    AuthoritySummary = "authority-summary",
    BreakHeading = "break-heading",
    BreakIt = "break-it",
    BuildNotices = "build-notices",
    Builds = "builds",
    BuildsOfDiagnosis = "builds-of-diagnosis",
    BuildsOfDrills = "builds-of-drills",
    BuildsSummary = "builds-summary",
    Clients = "clients",
    Copied = "copied",
    Diagnose = "diagnose",
    DiagnoseHeading = "diagnose-heading",
    DiagnosisForm = "diagnosis-form",
    DiagnosisResult = "diagnosis-result",
    DiagnosisStatus = "diagnosis-status",
    DrillList = "drill-list",
    DrillPanel = "drill-panel",
    DrillStatus = "drill-status",
    DrillTitle = "drill-title",
    DryRunStatus = "dry-run-status",
    Endpoint = "endpoint",
    FileList = "file-list",
    Files = "files",
    FilesHeading = "files-heading",
    Forget = "forget",
    ForgetCancel = "forget-cancel",
    ForgetQuestion = "forget-question",
    Formats = "formats",
    FormatsStatus = "formats-status",
    Identities = "identities",
    Inspect = "inspect",
    InspectForm = "inspect-form",
    InspectGiven = "inspect-given",
    InspectHeading = "inspect-heading",
    InspectMade = "inspect-made",
    Inspection = "inspection",
    InspectionStatus = "inspection-status",
    IntermediateFields = "intermediate-fields",
    KindsNotice = "kinds-notice",
    KindsSummary = "kinds-summary",
    Make = "make",
    MakeHeading = "make-heading",
    Making = "making",
    Many = "many",
    ManySummary = "many-summary",
    Members = "members",
    Needs = "needs",
    Page = "page",
    PeerAuthorityFields = "peer-authority-fields",
    Picture = "picture",
    PlaceMake = "place-make",
    Places = "places",
    PlanSummary = "plan-summary",
    PresetHint = "preset-hint",
    Progress = "progress",
    ProgressCandidates = "progress-candidates",
    ProgressText = "progress-text",
    Renew = "renew",
    RenewAndRevoke = "renew-and-revoke",
    RenewForm = "renew-form",
    RenewHeading = "renew-heading",
    RenewMade = "renew-made",
    RenewOld = "renew-old",
    Renewed = "renewed",
    Report = "report",
    Revoke = "revoke",
    RevokeForm = "revoke-form",
    RevokeLast = "revoke-last",
    RevokeMade = "revoke-made",
    Revoked = "revoked",
    RunForm = "run-form",
    SeparateAuthoritiesChoice = "separate-authorities-choice",
    SeparateAuthoritiesFields = "separate-authorities-fields",
    Server = "server",
    Sheet = "sheet",
    SignerForm = "signer-form",
    SignerOwnFields = "signer-own-fields",
    SignerPage = "signer-page",
    Skip = "skip",
    Start = "start",
    StartEtcd = "start-etcd",
    Status = "status",
    Unpack = "unpack",
    Version = "version",
    WithoutGatewayChoice = "without-gateway-choice",
    Workbench = "workbench",
}

impl fmt::Display for PageElement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}
