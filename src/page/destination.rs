//! Where a link's fragment leads to (WHATWG HTML, "scroll to the fragment"): worked out
//! here, and `browser` goes there.

use super::{element::PageElement, id::Id, place::Place};

/// The parts of Make that links lead to: they were chapters once.
const PARTS_OF_MAKE: [PageElement; 7] = [
    PageElement::Needs,
    PageElement::Authority,
    PageElement::Identities,
    PageElement::Workbench,
    PageElement::Files,
    PageElement::StartEtcd,
    PageElement::AuthenticateClients,
];

/// Where a fragment leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A place, at its beginning.
    Place(Place),
    /// A part of a place.
    Part(Place, Id),
}

/// Where a fragment leads to, with its `#` or without it; nothing where it names
/// nothing of the page's. Without a fragment it is Make.
#[must_use]
pub fn destination(fragment: &str) -> Option<Destination> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.is_empty() {
        return Some(Destination::Place(Place::Make));
    }
    let is_place = |place: &Place| place.address() == fragment || place.section().id() == fragment;
    if let Some(place) = Place::ALL.into_iter().find(is_place) {
        return Some(Destination::Place(place));
    }
    let part = fragment.parse().ok()?;
    let place = match part {
        Id::Found(_) | Id::OfFound(..) => Place::Inspect,
        Id::Element(element) if PARTS_OF_MAKE.contains(&element) => Place::Make,
        _ => return None,
    };
    Some(Destination::Part(place, part))
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
        for (id, element) in [
            ("authority", PageElement::Authority),
            ("identities", PageElement::Identities),
            ("files", PageElement::Files),
            ("start-etcd", PageElement::StartEtcd),
            ("authenticate-clients", PageElement::AuthenticateClients),
        ] {
            let there = Some(Destination::Part(Place::Make, element.into()));
            assert_eq!(destination(&format!("#{id}")), there);
        }
        let found = Some(Destination::Part(Place::Inspect, Id::Found(3)));
        assert_eq!(destination("#inspected-3"), found);
        assert_eq!(destination("#nowhere"), None);
        assert_eq!(destination("#Make"), None, "identifiers have a case");
    }
}
