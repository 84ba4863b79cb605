//! What was found, worded for people: the transcript of a terminal, the list of
//! checks, what a pasted text means.

#![deny(clippy::indexing_slicing)]

pub mod anatomy;
pub mod checks;
pub mod diagnosis;
pub mod elsewhere;
pub mod foretold;
pub mod inspection;
mod last_words;
pub mod recipe;
pub mod takers;
pub mod transcript;
