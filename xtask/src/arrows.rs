//! Which module knows which: the imports of `src/` and of the crates are read, and
//! a circle of files, or an arrow from a lower room to a higher one, is an error.
//!
//! An import is a `use`, or a path in code or in a macro's tokens, outside of tests.
//! A name that a module only passes on (`pub use`) is taken to come from where it
//! is: to pass on is not to know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

use crate::workspace::Workspace;

/// The rooms of the library, the lowest first. An arrow points down or stays.
const FLOORS: [&str; 6] = ["pki", "etcd", "lab", "page", "script", "browser"];

/// The rooms of `etcd`, each with those that it may know beside itself.
const ROOMS_OF_ETCD: [(&str, &[&str]); 8] = [
    ("facts", &[]),
    ("role", &["facts"]),
    ("command", &["facts"]),
    ("plan", &["role", "command", "facts"]),
    ("deployment", &["plan", "role", "command", "facts"]),
    (
        "commands",
        &["deployment", "plan", "role", "command", "facts"],
    ),
    ("judge", &["command", "facts"]),
    ("telling", &["judge", "command", "facts"]),
];

/// A module by its path: `etcd::plan`. The crate's root is empty.
type ModulePath = Vec<String>;

/// One file of a crate.
struct File {
    path: PathBuf,
    module: ModulePath,
    /// What it uses or passes on, by the name that it has here: modules below see
    /// both.
    used: BTreeMap<String, ModulePath>,
    /// What it names, with the line.
    named: Vec<(ModulePath, usize)>,
}

/// An import that was followed to its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: ModulePath,
    to: ModulePath,
    place: Place,
}

/// A file and a line in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: PathBuf,
    line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.path.display(), self.line)
    }
}

/// Reads the imports of all crates and fails when one is wrong.
pub(crate) fn arrows(workspace: &Workspace) -> Result<()> {
    let mut offences = Vec::new();
    let mut count = 0;
    for (root, is_library) in [
        ("src", true),
        ("crates/go-x509/src", false),
        ("crates/rsa-key/src", false),
        ("crates/worker/src", false),
        ("src/bin/etcd-pki-lab", false),
        ("modules/keys/src", false),
        ("modules/lab/src", false),
        ("modules/npm/src", false),
        ("modules/page/src", false),
        ("modules/unpack/src", false),
        ("xtask/src", false),
    ] {
        let crate_of = Crate::read(workspace.root(), Path::new(root))?;
        let arrows = crate_of.arrows();
        count += arrows.len();
        if is_library {
            offences.extend(upward(&arrows));
        }
        offences.extend(circles(&arrows).iter().map(ToString::to_string));
    }
    if !offences.is_empty() {
        bail!(
            "{} offences against the order of the rooms:\n{}",
            offences.len(),
            offences.join("\n")
        );
    }
    println!("{count} imports, none of which points up or in a circle");
    Ok(())
}

/// All files of a crate.
struct Crate {
    files: BTreeMap<ModulePath, File>,
}

impl Crate {
    fn read(workspace: &Path, root: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        let mut left_out = BTreeSet::new();
        for path in rust_files(&workspace.join(root))? {
            // The programs are crates of their own.
            let Ok(inside) = path.strip_prefix(workspace.join(root)) else {
                continue;
            };
            if inside.starts_with("bin") {
                continue;
            }
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let shown = path.strip_prefix(workspace).unwrap_or(&path).to_path_buf();
            let (file, tests) = read(&text, module_of(inside), shown)?;
            left_out.extend(tests);
            files.insert(file.module.clone(), file);
        }
        files.retain(|module, _| !left_out.iter().any(|tests| module.starts_with(tests)));
        Ok(Self { files })
    }

    /// All imports from one file to another.
    fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeSet::new();
        for file in self.files.values() {
            for (path, line) in &file.named {
                let to = self.home(path, 0);
                if to == file.module || !self.files.contains_key(&to) {
                    continue;
                }
                arrows.insert(Arrow {
                    from: file.module.clone(),
                    to,
                    place: Place {
                        path: file.path.clone(),
                        line: *line,
                    },
                });
            }
        }
        arrows.into_iter().collect()
    }

    /// The module in which what a path names is written.
    fn home(&self, path: &[String], depth: usize) -> ModulePath {
        let mut module = path.len();
        while module > 0 && !self.files.contains_key(&path[..module]) {
            module -= 1;
        }
        let (module, rest) = path.split_at(module);
        let Some(file) = self.files.get(module).filter(|_| depth < 8) else {
            return module.to_vec();
        };
        let Some((name, rest)) = rest.split_first() else {
            return module.to_vec();
        };
        if let Some(other) = file.used.get(name) {
            let other: Vec<String> = other.iter().chain(rest).cloned().collect();
            return self.home(&other, depth + 1);
        }
        module.to_vec()
    }
}

/// The Rust files below a folder, in a fixed order.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The module that a file is, by its path inside of the crate's sources.
fn module_of(inside: &Path) -> ModulePath {
    let mut module: ModulePath = inside
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module
        .last()
        .is_some_and(|last| last == "mod" || module.len() == 1 && (last == "lib" || last == "main"))
    {
        module.pop();
    }
    module
}

/// Reads a file: what it names, and the modules in files of their own that are
/// tests.
fn read(text: &str, module: ModulePath, path: PathBuf) -> Result<(File, Vec<ModulePath>)> {
    let syntax =
        syn::parse_file(text).with_context(|| format!("cannot read {}", path.display()))?;
    let mut reader = Reader {
        module: module.clone(),
        inner: module.clone(),
        file: File {
            path,
            module,
            used: BTreeMap::new(),
            named: Vec::new(),
        },
        children: BTreeSet::new(),
        tests: Vec::new(),
    };
    for item in &syntax.items {
        if let Item::Mod(item) = item {
            reader.children.insert(item.ident.to_string());
        }
    }
    reader.visit_file(&syntax);
    Ok((reader.file, reader.tests))
}

/// Walks through a file.
struct Reader {
    /// The file's own module.
    module: ModulePath,
    /// The module in which the walk is: a module may stand within a file.
    inner: ModulePath,
    file: File,
    children: BTreeSet<String>,
    tests: Vec<ModulePath>,
}

/// Whether an item is compiled for tests alone.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute
                    .meta
                    .require_list()
                    .is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl Reader {
    /// A path from the crate's root on, if it is one within this crate.
    fn absolute(&self, segments: &[String]) -> Option<ModulePath> {
        let (first, rest) = segments.split_first()?;
        let mut module = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.inner.clone(),
            "super" => {
                let (_, parents) = self.inner.split_last()?;
                parents.to_vec()
            }
            child if self.children.contains(child) => {
                let mut module = self.module.clone();
                module.push(child.to_owned());
                module
            }
            _ => return None,
        };
        for segment in rest {
            if segment == "super" {
                module.pop();
            } else {
                module.push(segment.clone());
            }
        }
        Some(module)
    }

    fn name(&mut self, segments: &[String], line: usize) {
        if let Some(path) = self.absolute(segments) {
            self.file.named.push((path, line));
        }
    }

    /// Every name of a `use`, with the name that it has here.
    fn of_use(&mut self, tree: &UseTree, before: &[String], passes_on: bool) {
        match tree {
            UseTree::Path(path) => {
                let before = [before, &[path.ident.to_string()]].concat();
                self.of_use(&path.tree, &before, passes_on);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.of_use(tree, before, passes_on);
                }
            }
            UseTree::Name(name) => {
                let own = name.ident.to_string();
                let path = if own == "self" {
                    before.to_vec()
                } else {
                    [before, std::slice::from_ref(&own)].concat()
                };
                self.used(&path, own, passes_on, tree.span().start().line);
            }
            UseTree::Rename(name) => {
                let path = [before, &[name.ident.to_string()]].concat();
                let own = name.rename.to_string();
                self.used(&path, own, passes_on, tree.span().start().line);
            }
            UseTree::Glob(_) => {
                // Of all names that are passed on none is told apart: it is to know
                // that module.
                self.name(before, tree.span().start().line);
            }
        }
    }

    fn used(&mut self, path: &[String], own: String, passes_on: bool, line: usize) {
        let Some(path) = self.absolute(path) else {
            return;
        };
        if !passes_on {
            self.file.named.push((path.clone(), line));
        }
        self.file.used.insert(own, path);
    }

    /// Paths in the tokens of a macro, which are no syntax yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    if colons != 2 {
                        self.name_of_tokens(&mut path, line);
                        line = word.span().start().line;
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.name_of_tokens(&mut path, line);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.name_of_tokens(&mut path, line);
    }

    fn name_of_tokens(&mut self, path: &mut Vec<String>, line: usize) {
        if path.len() > 1 {
            self.name(path, line);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes: &[Attribute] = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        } else if let Item::Mod(ItemMod {
            content: None,
            ident,
            ..
        }) = item
        {
            let mut module = self.module.clone();
            module.push(ident.to_string());
            self.tests.push(module);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.inner.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inner.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let passes_on = !matches!(item.vis, Visibility::Inherited);
        self.of_use(&item.tree, &[], passes_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1 {
            self.name(&segments, path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {
        // `pub(in crate::page)` says who may know this, not what this knows.
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
    }
}

/// Arrows that point up: to a higher room, or to a room of `etcd` that this one is
/// not to know.
fn upward(arrows: &[Arrow]) -> Vec<String> {
    arrows
        .iter()
        .filter_map(|arrow| {
            let rule = broken_rule(&arrow.from, &arrow.to)?;
            Some(format!("{}: {rule}", arrow.place))
        })
        .collect()
}

fn broken_rule(from: &[String], to: &[String]) -> Option<String> {
    let floor = |module: &[String]| {
        let first = module.first()?;
        FLOORS.iter().position(|floor| floor == first)
    };
    let words = |module: &[String]| module.join("::");
    if floor(from)? < floor(to)? {
        return Some(format!("{} may not know {}", words(from), words(to)));
    }
    let ([first, from_room, ..], [second, to_room, ..]) = (from, to) else {
        return None;
    };
    if first != "etcd" || second != "etcd" || from_room == to_room {
        return None;
    }
    let room = ROOMS_OF_ETCD.iter().find(|(room, _)| room == from_room);
    match room {
        None => Some(format!(
            "etcd::{from_room} is a room that xtask/src/arrows.rs has no place for"
        )),
        Some((_, known)) if !known.contains(&to_room.as_str()) => {
            Some(format!("{} may not know {}", words(from), words(to)))
        }
        Some(_) => None,
    }
}

/// Files each of which knows the next, and the last the first.
struct Circle {
    files: Vec<ModulePath>,
    places: Vec<Place>,
}

impl fmt::Display for Circle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a circle of {} files:", self.files.len())?;
        let next = self.files.iter().cycle().skip(1);
        for ((from, to), place) in self.files.iter().zip(next).zip(&self.places) {
            write!(
                formatter,
                "\n    {place}: {} knows {}",
                shown(from),
                shown(to)
            )?;
        }
        Ok(())
    }
}

/// The circles of files, each told by a shortest way around. What a file knows of
/// the module that it is a part of makes none: the two are one module.
fn circles(arrows: &[Arrow]) -> Vec<Circle> {
    let mut known: BTreeMap<&ModulePath, BTreeMap<&ModulePath, &Place>> = BTreeMap::new();
    for arrow in arrows {
        if arrow.from.starts_with(&arrow.to) {
            continue;
        }
        let of_file = known.entry(&arrow.from).or_default();
        of_file.entry(&arrow.to).or_insert(&arrow.place);
    }
    let mut told: BTreeSet<BTreeSet<&ModulePath>> = BTreeSet::new();
    let mut circles = Vec::new();
    for start in known.keys() {
        let Some(way) = way_back(start, &known) else {
            continue;
        };
        if told.insert(way.iter().copied().collect()) {
            let next = way.iter().cycle().skip(1);
            let places = way
                .iter()
                .zip(next)
                .filter_map(|(from, to)| known.get(from)?.get(to).copied().cloned());
            circles.push(Circle {
                places: places.collect(),
                files: way.iter().copied().cloned().collect(),
            });
        }
    }
    circles
}

fn shown(module: &[String]) -> String {
    if module.is_empty() {
        "the root".to_owned()
    } else {
        module.join("::")
    }
}

/// The shortest way from a file back to itself.
fn way_back<'a>(
    start: &'a ModulePath,
    known: &BTreeMap<&'a ModulePath, BTreeMap<&'a ModulePath, &'a Place>>,
) -> Option<Vec<&'a ModulePath>> {
    let mut ways: Vec<Vec<&ModulePath>> = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let last = way.last()?;
            for next in known.get(last).into_iter().flat_map(BTreeMap::keys) {
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    longer.push([way.as_slice(), &[*next]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows_of(files: &[(&str, &str)]) -> Vec<Arrow> {
        let mut all = BTreeMap::new();
        let mut left_out = Vec::new();
        for (path, text) in files {
            let (file, tests) =
                read(text, module_of(Path::new(path)), PathBuf::from(path)).unwrap();
            left_out.extend(tests);
            all.insert(file.module.clone(), file);
        }
        all.retain(|module, _| !left_out.contains(module));
        Crate { files: all }.arrows()
    }

    fn upward_in(files: &[(&str, &str)]) -> Vec<String> {
        upward(&arrows_of(files))
    }

    #[test]
    fn an_arrow_that_points_up_is_told_with_its_file_and_line() {
        let files = [
            ("pki/mod.rs", "\nuse crate::page::view::View;"),
            ("page/view.rs", "pub struct View;"),
        ];
        assert_eq!(
            upward_in(&files),
            ["pki/mod.rs:2: pki may not know page::view"]
        );
        assert_eq!(
            upward_in(&[files[1], ("browser/a.rs", "use crate::page::view;")]),
            [""; 0]
        );
    }

    #[test]
    fn paths_in_code_and_in_macros_are_imports_too() {
        for text in [
            "fn a() { crate::lab::b::c() }",
            "fn a() -> crate::lab::b::D { todo() }",
            "fn a() { html! { p { (crate::lab::b::c()) } } }",
            "use crate::{lab::b::{self, c as d}};",
        ] {
            let files = [("pki/a.rs", text), ("lab/b.rs", "")];
            assert_eq!(
                upward_in(&files),
                ["pki/a.rs:1: pki::a may not know lab::b"],
                "{text}"
            );
        }
    }

    #[test]
    fn tests_may_know_everything() {
        let files = [
            ("pki/a.rs", "#[cfg(test)] mod tests { use crate::lab::b; }"),
            ("pki/c.rs", "#[cfg(test)] mod tests;"),
            ("pki/c/tests.rs", "use crate::lab::b;"),
            ("lab/b.rs", ""),
        ];
        assert_eq!(upward_in(&files), [""; 0]);
    }

    #[test]
    fn the_rooms_of_etcd_know_those_below_them() {
        let files = [
            ("etcd/facts/a.rs", "use crate::etcd::plan::b::B;"),
            ("etcd/plan/b.rs", "use crate::etcd::facts::a;"),
            ("etcd/new/c.rs", "use crate::etcd::facts::a;"),
        ];
        assert_eq!(
            upward_in(&files),
            [
                "etcd/facts/a.rs:1: etcd::facts::a may not know etcd::plan::b",
                "etcd/new/c.rs:1: etcd::new is a room that xtask/src/arrows.rs has no place for",
            ]
        );
    }

    #[test]
    fn a_circle_is_told_once_with_every_step() {
        let arrows = arrows_of(&[
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use super::c::C;"),
            ("c.rs", "fn c() { crate::a::a() }"),
            ("d.rs", "use crate::a;"),
        ]);
        let told: Vec<String> = circles(&arrows).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "a circle of 3 files:\n    a.rs:1: a knows b\n    b.rs:1: b knows c\n    c.rs:1: c knows a"
            ]
        );
    }

    #[test]
    fn to_pass_a_name_on_is_not_to_know_it() {
        let arrows = arrows_of(&[
            (
                "a/mod.rs",
                "mod b; mod c; pub use b::B; pub use self::c::C;",
            ),
            ("a/b.rs", "use super::C;"),
            ("a/c.rs", "pub struct C;"),
        ]);
        let told: Vec<String> = arrows
            .iter()
            .map(|arrow| format!("{} {}", shown(&arrow.from), shown(&arrow.to)))
            .collect();
        assert_eq!(told, ["a::b a::c"]);
        assert!(circles(&arrows).is_empty());
    }
}
