//! What the page wishes for when something happened to it: what only a browser
//! can do. `browser` carries it out and knows no chapter.

use zeroize::Zeroizing;

use super::{
    element::PageElement,
    event::{Alarm, Download},
    id::Id,
    input::Input,
};

/// Something that a browser is to do.
#[derive(PartialEq, Eq)]
pub enum Wish {
    /// This element gets the focus.
    Focus(Id),
    /// A place is shown from its beginning, and this, its heading, gets the focus.
    ShowPlace(PageElement),
    /// This element is brought into sight.
    ShowPart(Id),
    /// The page's address gets this fragment, as a step that one can go back from.
    Address(String),
    /// The page's address gets this fragment in the place of the one that it has.
    Readdress(String),
    /// An input gets this text.
    SetText(Input, Zeroizing<String>),
    /// Whatever chooses files forgets which were chosen.
    ForgetChosenFiles,
    /// A text is copied, and the button that was pressed says so.
    Copy(Zeroizing<String>),
    /// The page's address with this fragment is copied, likewise; the fragment alone
    /// where the address is a path on the reader's own disk.
    CopyLink(String),
    /// The text of the element with this identifier is copied, likewise.
    CopyText(String),
    /// The text of a file is put where the page has a place for it; where it
    /// stands there already, it is taken away.
    ShowOrHide(Showing),
    /// The page is printed, as its style has it.
    Print,
    /// A file for the reader's disk.
    Download(Download, FileForDisk),
    /// The offered file at this place is read, for an input.
    Read(Input, usize),
    /// This much later, in milliseconds, the page is woken.
    Wake(Alarm, i32),
    /// Something with the workers, before they get anything more to do.
    Workers(Workers),
}

/// A file to download.
#[derive(PartialEq, Eq)]
pub struct FileForDisk {
    /// The name that it gets: a browser's downloads have no folders.
    pub name: String,
    /// What is in it.
    pub contents: Zeroizing<Vec<u8>>,
}

/// The text of a file, and how the button that was pressed is called afterwards.
#[derive(PartialEq, Eq)]
pub struct Showing {
    /// The file's name.
    pub file: String,
    /// Its text.
    pub contents: Zeroizing<String>,
    /// While it is shown.
    pub shown: Face,
    /// While it is not.
    pub hidden: Face,
}

/// How a button is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The word on it.
    pub word: &'static str,
    /// All of its name: what the word is about, too.
    pub label: String,
}

/// What is done with the workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// All end.
    End,
    /// All end, and others begin.
    Restart,
    /// All end until the page is taken up again.
    Rest,
    /// They may begin again.
    Resume,
}
