//! The five places of the page, of which one is shown at a time. Each has an
//! address, which is a link's fragment (WHATWG HTML, "scroll to the fragment");
//! what a fragment leads to is worked out here, and `browser` goes there.

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

/// The identifiers of the page's own parts that links lead to, and their places.
/// Those of Make were chapters once, and links to them still open.
const PARTS: &[(&str, Place)] = &[
    ("needs", Place::Make),
    ("authority", Place::Make),
    ("identities", Place::Make),
    ("workbench", Place::Make),
    ("files", Place::Make),
    ("start-etcd", Place::Make),
    ("authenticate-clients", Place::Make),
];

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

    /// The identifier of the section that holds it. Make's differs from its
    /// address, which is the button's that makes the files.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Make => "place-make",
            other => other.address(),
        }
    }

    /// The identifier of its heading, which gets the focus where a reader goes.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Make => "make-heading",
            Self::BreakIt => "break-heading",
            Self::Diagnose => "diagnose-heading",
            Self::Inspect => "inspect-heading",
            Self::RenewAndRevoke => "renew-heading",
        }
    }

    /// The identifier of its link in the bar.
    #[must_use]
    pub fn link(self) -> String {
        format!("to-{}", self.address())
    }
}

/// Where a fragment leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// A place, at its beginning.
    Place(Place),
    /// A part of a place, by its identifier.
    Part(Place, &'a str),
}

/// Where a fragment leads to, with its `#` or without it; nothing where it names
/// nothing of the page's. Without a fragment it is Make.
#[must_use]
pub fn destination(fragment: &str) -> Option<Destination<'_>> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.is_empty() {
        return Some(Destination::Place(Place::Make));
    }
    let is_place = |place: &Place| place.address() == fragment || place.section() == fragment;
    if let Some(place) = Place::ALL.into_iter().find(is_place) {
        return Some(Destination::Place(place));
    }
    if fragment.starts_with("inspected-") {
        return Some(Destination::Part(Place::Inspect, fragment));
    }
    let part = PARTS.iter().find(|part| part.0 == fragment)?;
    Some(Destination::Part(part.1, fragment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_leads_to_its_place_and_no_fragment_to_make() {
        for place in Place::ALL {
            let there = Some(Destination::Place(place));
            assert_eq!(destination(&format!("#{}", place.address())), there);
            assert_eq!(destination(&format!("#{}", place.section())), there);
        }
        for none in ["", "#"] {
            assert_eq!(destination(none), Some(Destination::Place(Place::Make)));
        }
    }

    #[test]
    fn links_to_the_chapters_of_old_lead_into_make() {
        for id in [
            "authority",
            "identities",
            "files",
            "start-etcd",
            "authenticate-clients",
        ] {
            let there = Some(Destination::Part(Place::Make, id));
            assert_eq!(destination(&format!("#{id}")), there);
        }
        let found = Some(Destination::Part(Place::Inspect, "inspected-3"));
        assert_eq!(destination("#inspected-3"), found);
        assert_eq!(destination("#nowhere"), None);
        assert_eq!(destination("#Make"), None, "identifiers have a case");
    }
}
