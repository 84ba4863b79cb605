//! The five places of the page, of which one is shown at a time. Each has an
//! address, which is a link's fragment.

use super::element::PageElement;

/// One of the places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Where files are made, and tried.
    #[default]
    Make,
    /// Where mistakes are made.
    BreakIt,
    /// Where it is found out what is wrong.
    Diagnose,
    /// Where whatever there is is read.
    Inspect,
    /// Where certificates are renewed and revoked.
    RenewAndRevoke,
}

impl Place {
    /// All of them, in the order of the bar.
    pub const ALL: [Self; 5] = [
        Self::Make,
        Self::BreakIt,
        Self::Diagnose,
        Self::Inspect,
        Self::RenewAndRevoke,
    ];

    /// Its name in the bar and in the window's title.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Make => "Make",
            Self::BreakIt => "Break it",
            Self::Diagnose => "Diagnose",
            Self::Inspect => "Inspect",
            Self::RenewAndRevoke => "Renew and revoke",
        }
    }

    /// Its address, without the `#`.
    #[must_use]
    pub fn address(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::BreakIt => "break-it",
            Self::Diagnose => "diagnose",
            Self::Inspect => "inspect",
            Self::RenewAndRevoke => "renew-and-revoke",
        }
    }

    /// The section that holds it. Make's is not called as its address is, which is
    /// the button's that makes the files.
    #[must_use]
    pub fn section(self) -> PageElement {
        match self {
            Self::Make => PageElement::PlaceMake,
            Self::BreakIt => PageElement::BreakIt,
            Self::Diagnose => PageElement::Diagnose,
            Self::Inspect => PageElement::Inspect,
            Self::RenewAndRevoke => PageElement::RenewAndRevoke,
        }
    }

    /// Its heading, which gets the focus where a reader goes.
    #[must_use]
    pub fn heading(self) -> PageElement {
        match self {
            Self::Make => PageElement::MakeHeading,
            Self::BreakIt => PageElement::BreakHeading,
            Self::Diagnose => PageElement::DiagnoseHeading,
            Self::Inspect => PageElement::InspectHeading,
            Self::RenewAndRevoke => PageElement::RenewHeading,
        }
    }

    /// The identifier of its link in the bar.
    #[must_use]
    pub fn link(self) -> String {
        format!("to-{}", self.address())
    }
}
