//! The bar of the places, the link over it, and the window's title.

use maud::{Markup, html};

use crate::page::{element::PageElement, place::Place, session::Session, view::View};

/// What is shown of the places: the bar, the window's title, and one place.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.title = title(session.place);
    view.region(PageElement::Skip, skip(session.place));
    view.region(PageElement::Places, bar(session.place));
    for place in Place::ALL {
        view.hide(place.section(), place != session.place);
    }
}

/// The window's title.
fn title(place: Place) -> String {
    match place {
        Place::Make => "etcd PKI Lab".to_owned(),
        other => format!("{} · etcd PKI Lab", other.name()),
    }
}

/// The link over the bar, to where the place begins.
fn skip(place: Place) -> Markup {
    html! { a #skip-link href={ "#" (place.section()) } { "Skip to " (place.name()) } }
}

fn bar(current: Place) -> Markup {
    html! {
        ul {
            @for place in Place::ALL {
                li {
                    a id=(place.link()) href={ "#" (place.address()) }
                        aria-current=[(place == current).then_some("page")] { (place.name()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_marks_where_one_is_and_nothing_else() {
        let bar = bar(Place::Diagnose).into_string();
        assert_eq!(bar.matches("aria-current=\"page\"").count(), 1);
        let marked = "href=\"#diagnose\" aria-current=\"page\">Diagnose";
        assert!(bar.contains(marked), "{bar}");
        assert_eq!(title(Place::Diagnose), "Diagnose · etcd PKI Lab");
    }
}
