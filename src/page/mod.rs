//! Values in, markup out: what the page shows and what changes on which event.
//! Pure, and tested natively; `browser` carries events in and markup out. All
//! text of a reader's goes through `maud`, which escapes it.
//!
//! A [`Session`](session::Session) is everything that one open page knows; a
//! [`View`](view::View) is what of it can be seen.

pub mod answer;
pub mod chapters;
mod command;
pub mod destination;
pub mod element;
pub mod event;
pub mod field;
pub mod form;
pub mod id;
pub mod input;
pub mod jobs;
pub mod kept;
pub mod link;
mod picture;
pub mod place;
pub mod session;
mod spelling;
#[cfg(test)]
mod tests;
pub mod view;
pub mod whole;
pub mod wish;
pub mod words;
pub mod work;
