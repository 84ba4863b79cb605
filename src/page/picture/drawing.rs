//! The picture as SVG 1.1: boxes for certificates, lines for signatures, arrows for
//! what is shown to whom. Colours are the style sheet's, by class; a file of its own
//! brings the few that it needs.

use maud::{Markup, PreEscaped, html};

use super::{Drawn, Picture, words};

/// The picture's width in its own units.
const WIDTH: usize = 520;
/// A box's height, and the room below it.
const BOX: usize = 62;
const GAP: usize = 10;
/// Where the boxes of etcd and of its clients begin, and their width: room for “ended 30
/// September 2026”.
const LEFT: usize = 12;
const RIGHT: usize = 312;
const SIDE: usize = 196;
/// What a card says of its end has room in it, at about seven units a letter.
const _: () = assert!(SIDE - 26 >= "ended 30 September 2026".len() * 7);
/// What a frame has above its boxes.
const TITLE: usize = 30;

/// The colours of a picture that stands alone.
const ALONE: &str = ".box{fill:#fff;stroke:#88939b}.box.ended{stroke:#a3231d}.frame{fill:#f1f3f3;stroke:#d9dedf}\
.tie{fill:none;stroke:#1f5f8b;stroke-width:2}.tie.refused{stroke:#a3231d}.head,.bar{fill:#1f5f8b}.bar.ended{fill:#a3231d}\
text{font:13px sans-serif;fill:#1d2429}.name{font-weight:600}.soft{fill:#56616b;font-size:12px}.bad{fill:#a3231d}.good{fill:#1c6b3f}";

/// Where the bars of the time line begin, and how long the longest is.
const BARS: usize = 150;
const LONGEST_BAR: u32 = 210;
/// The most rows of the time line, and how high each is.
const TIMES: usize = 6;
const ROW: usize = 20;

impl Picture {
    /// Whoever's end is known, the first to end before the others.
    pub(super) fn by_end(&self) -> Vec<(u32, &Drawn)> {
        let all = self.authorities.iter().chain(self.leaves());
        let mut known: Vec<(u32, &Drawn)> = all
            .filter_map(|holder| Some((holder.days?, holder)))
            .collect();
        known.sort_by_key(|(days, _)| *days);
        known
    }

    /// Everybody but the authorities.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Drawn> {
        self.servers.iter().chain(&self.peers).chain(&self.clients)
    }
}

/// The picture within the page.
pub(in crate::page) fn drawing(picture: &Picture) -> Markup {
    svg(picture, false)
}

/// The picture as a file.
pub(in crate::page) fn file(picture: &Picture) -> String {
    svg(picture, true).into_string()
}

/// Where the boxes stand.
struct Rows {
    /// How high the authorities' row is.
    authorities: usize,
    /// Where the frames begin.
    top: usize,
    /// How high they are.
    height: usize,
}

impl Rows {
    fn of(picture: &Picture) -> Self {
        let rows = picture.servers.len().max(picture.clients.len()).max(1);
        let note = if picture.more == (0, 0) { 0 } else { 20 };
        let peers = if picture.peers.len() > 1 { 24 } else { 0 };
        let authorities = 8 + BOX;
        Self {
            authorities,
            top: authorities + 46,
            height: TITLE + rows * (BOX + GAP) + note + peers,
        }
    }

    fn bottom(&self) -> usize {
        self.top + self.height
    }
}

fn svg(picture: &Picture, alone: bool) -> Markup {
    let rows = Rows::of(picture);
    let times = picture.by_end();
    let shown = times.len().min(TIMES);
    let height = rows.bottom() + 40 + shown * ROW;
    let class = if picture.made {
        "picture made"
    } else {
        "picture"
    };
    html! {
        svg class=(class) viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label="Who trusts whom"
            xmlns=[alone.then_some("http://www.w3.org/2000/svg")]
            width=[alone.then_some(WIDTH)] height=[alone.then_some(height)] {
            @if alone {
                style { (PreEscaped(ALONE)) }
                desc { (words(picture).join(" ")) }
            }
            (ties(picture, &rows))
            @for (place, authority) in picture.authorities.iter().take(super::DRAWN).enumerate() {
                (card(authority, authority_left(picture, place), 8, authority_width(picture)))
            }
            @if !picture.servers.is_empty() {
                (frame("etcd", LEFT, &rows))
                @for (place, server) in picture.servers.iter().enumerate() {
                    (card(server, LEFT + 8, row_top(&rows, place), SIDE - 16))
                }
            }
            (frame(if picture.clients.len() > 1 { "Clients" } else { "Client" }, RIGHT, &rows))
            @for (place, client) in picture.clients.iter().enumerate() {
                (card(client, RIGHT + 8, row_top(&rows, place), SIDE - 16))
            }
            (notes(picture, &rows))
            (time_line(&times, rows.bottom() + 24))
        }
    }
}

/// A bar a certificate, as long as it is valid from now on.
fn time_line(times: &[(u32, &Drawn)], top: usize) -> Markup {
    let longest = times.last().map_or(1, |(days, _)| (*days).max(1));
    let bar = |days: u32| {
        let share = u64::from(days) * u64::from(LONGEST_BAR) / u64::from(longest);
        usize::try_from(share).unwrap_or_default().max(3)
    };
    html! {
        text.name x=(LEFT) y=(top) { "Who ends first" }
        @for (place, (days, holder)) in times.iter().take(TIMES).enumerate() {
            @let line = top + 18 + place * ROW;
            text.soft x=(LEFT) y=(line) { (cut(&holder.certificate, 20)) }
            rect class=(if holder.ended { "bar ended" } else { "bar" })
                x=(BARS) y=(line - 9) width=(bar(*days)) height="9" rx="2" {}
            text class=(if holder.ended { "soft bad" } else { "soft" }) x=(BARS + bar(*days) + 6) y=(line) {
                (holder.life)
            }
        }
    }
}

fn row_top(rows: &Rows, place: usize) -> usize {
    rows.top + TITLE + place * (BOX + GAP)
}

fn authority_width(picture: &Picture) -> usize {
    match picture.authorities.len() {
        1 => 220,
        2 => 200,
        _ => 160,
    }
}

fn authority_left(picture: &Picture, place: usize) -> usize {
    let count = picture.authorities.len().min(super::DRAWN);
    let all = count * authority_width(picture) + (count - 1) * 8;
    (WIDTH - all) / 2 + place * (authority_width(picture) + 8)
}

/// Somebody's certificate.
fn card(holder: &Drawn, left: usize, top: usize, width: usize) -> Markup {
    let class = if holder.ended { "box ended" } else { "box" };
    let letters = (width - 20) / 8;
    html! {
        g.holder {
            rect class=(class) x=(left) y=(top) width=(width) height=(BOX) rx="8" {}
            text.name x=(left + 10) y=(top + 20) { (cut(&holder.name, letters)) }
            text.soft x=(left + 10) y=(top + 37) { (cut(&holder.certificate, letters + 2)) }
            text class=(if holder.ended { "soft bad" } else { "soft" }) x=(left + 10) y=(top + 53) {
                (holder.life)
            }
        }
    }
}

fn frame(title: &str, left: usize, rows: &Rows) -> Markup {
    html! {
        rect.frame x=(left) y=(rows.top) width=(SIDE) height=(rows.height) rx="10" {}
        text.name x=(left + 10) y=(rows.top + 20) { (title) }
    }
}

/// The lines of signatures, and the arrows of what is shown.
fn ties(picture: &Picture, rows: &Rows) -> Markup {
    let signs = |place: usize, to: usize| {
        let place = place.min(super::DRAWN - 1);
        let from = authority_left(picture, place) + authority_width(picture) / 2;
        let (start, end) = (rows.authorities, rows.top);
        let middle = usize::midpoint(start, end);
        format!("M{from} {start}V{middle}H{to}V{end}")
    };
    let issuer = |holders: &[Drawn]| {
        let place = holders.first()?.issuer.unwrap_or(0);
        Some(place).filter(|place| *place < picture.authorities.len())
    };
    let (near, far) = (LEFT + SIDE + 4, RIGHT - 4);
    let first = rows.top + TITLE + 24;
    let second = first + 36;
    let middle = usize::midpoint(near, far);
    let refused = picture.let_in == Some(false);
    html! {
        @if let Some(place) = issuer(&picture.servers) {
            path.tie d=(signs(place, LEFT + SIDE / 2)) {}
        }
        @if let Some(place) = issuer(&picture.clients) {
            path.tie d=(signs(place, RIGHT + SIDE / 2)) {}
        }
        @if !picture.servers.is_empty() {
            path.tie d={ "M" (near) " " (first) "H" (far - 8) } {}
            path.head d={ "M" (far) " " (first) "l-9 -5v10z" } {}
            text.soft x=(middle) y=(first - 7) text-anchor="middle" { "shows its own" }
        }
        @if !picture.servers.is_empty() && !picture.clients.is_empty() {
            path class=(if refused { "tie refused" } else { "tie" }) d={ "M" (far) " " (second) "H" (near + 8) } {}
            path.head d={ "M" (near) " " (second) "l9 -5v10z" } {}
            text.soft x=(middle) y=(second + 17) text-anchor="middle" { "shows its own" }
        }
        @match picture.let_in {
            Some(true) => { text.good x=(middle) y=(first + 23) text-anchor="middle" { "✓ let in" } }
            Some(false) => { text.bad x=(middle) y=(first + 23) text-anchor="middle" { "✗ refused" } }
            None => {}
        }
    }
}

/// What stands at the frames' feet.
fn notes(picture: &Picture, rows: &Rows) -> Markup {
    let (servers, clients) = picture.more;
    let foot = rows.bottom() - 10;
    html! {
        @if picture.peers.len() > 1 {
            text.soft x=(LEFT + 10) y=(foot) {
                "⇄ " (picture.peers.len()) " peers show theirs"
                @if servers > 0 { ", " (servers) " more" }
            }
        }
        @if clients > 0 {
            text.soft x=(RIGHT + 10) y=(foot) { "and " (clients) " more" }
        }
    }
}

/// As many letters of a text as there is room for.
fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    kept + "…"
}
