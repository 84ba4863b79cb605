//! A key's private bytes in every spelling that a memory may have, and where they are
//! found.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::support::{browser::Browser, shell::run_bash};

/// A run that is looked for.
const RUN: usize = 16;

/// Letters of base64 on a line of PEM.
const LINE: usize = 64;

/// What of a key must be nowhere.
pub(crate) struct Key {
    /// The private numbers as they are written, turned round as a computer counts, and
    /// as the letters of PEM.
    spellings: Vec<Vec<u8>>,
    letters: Vec<String>,
}

impl Key {
    /// Reads a key of PKCS#8 as PEM.
    pub(crate) fn read(path: &Path) -> Self {
        let pem = fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = pem.lines().collect();
        let text: String = lines[1..lines.len() - 1].concat();
        let der = BASE64.decode(&text).unwrap();
        let (from, to) = private_part(&der, path);
        let private = der[from..to].to_vec();
        // Whole letters of these bytes alone, in the lines that they stand in.
        let (first, end) = ((from * 4).div_ceil(3), to * 4 / 3);
        let letters: Vec<String> = (0..text.len().div_ceil(LINE))
            .map(|line| (first.max(line * LINE), end.min((line + 1) * LINE)))
            .filter(|(begin, end)| begin + RUN <= *end)
            .map(|(begin, end)| text[begin..end].to_owned())
            .collect();
        assert!(!letters.is_empty(), "{}", path.display());
        let turned = private.iter().rev().copied().collect();
        let mut spellings: Vec<Vec<u8>> = letters
            .iter()
            .map(|line| line.clone().into_bytes())
            .collect();
        spellings.extend([private, turned]);
        Self { spellings, letters }
    }

    /// Whether a text has any of its letters.
    pub(crate) fn is_in_text(&self, text: &str) -> bool {
        let mut lines = self.letters.iter();
        lines.any(|line| (0..=line.len() - RUN).any(|at| text.contains(&line[at..at + RUN])))
    }
}

/// Where in PKCS#8 the private numbers are: behind what all keys of a kind have in
/// common, and what is public.
fn private_part(der: &[u8], path: &Path) -> (usize, usize) {
    match der.len() {
        // Ed25519 (RFC 8410), P-256 with its public key (RFC 5915).
        48 => (16, 48),
        138 => (36, 68),
        // ML-DSA's seed alone (RFC 9881).
        54 => (22, 54),
        length if length > 1000 => {
            let show = format!("openssl asn1parse -in '{}'", path.display());
            let shown = run_bash(&show, path.parent().unwrap());
            assert!(shown.succeeded().contains("rsaEncryption"));
            // 26 bytes until PKCS#1 begins, 4 + 3 of that, then modulus and exponent.
            (26 + 4 + 3 + 261 + 5, length)
        }
        length => panic!("{}: a key of {length} bytes", path.display()),
    }
}

/// How many runs were found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) page: u64,
    pub(crate) workers: Vec<u64>,
    /// The bytes of all memories that were searched.
    #[expect(dead_code, reason = "it is shown when a test fails")]
    pub(crate) size: u64,
}

/// Looks into every memory of wasm.
pub(crate) fn in_wasm(browser: &Browser, keys: &[Key]) -> Found {
    let secrets: Vec<&Vec<u8>> = keys.iter().flat_map(|key| &key.spellings).collect();
    let answer = browser.execute_async(
        "const [secrets, done] = arguments;
         window.searchAll(secrets).then(done, (error) => done(String(error)));",
        vec![json!(secrets)],
    );
    let number = |of: &Value, name: &str| {
        let number = of[name].as_u64();
        number.unwrap_or_else(|| panic!("{answer}"))
    };
    assert!(number(&answer["page"], "memories") > 0, "{answer}");
    let workers = answer["workers"].as_array().unwrap();
    Found {
        page: number(&answer["page"], "found"),
        workers: workers
            .iter()
            .map(|worker| number(worker, "found"))
            .collect(),
        size: workers
            .iter()
            .chain([&answer["page"]])
            .map(|of| number(of, "size"))
            .sum(),
    }
}

/// Counts the runs in all writable memory of the processes that hold the page: strings
/// of the engine and what it has not collected yet, too.
pub(crate) fn in_engine(browser: &Browser, keys: &[Key]) -> u64 {
    let mut heads: BTreeMap<[u8; 4], Vec<&[u8]>> = BTreeMap::new();
    let mut begins = vec![false; 1 << 16];
    for run in keys
        .iter()
        .flat_map(|key| &key.spellings)
        .flat_map(|secret| secret.windows(RUN))
    {
        let head = [run[0], run[1], run[2], run[3]];
        begins[usize::from(u16::from_le_bytes([run[0], run[1]]))] = true;
        heads.entry(head).or_default().push(run);
    }
    let mut count = 0;
    for process in browser.renderers() {
        let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
        let Ok(mut memory) = fs::File::open(format!("/proc/{process}/mem")) else {
            continue;
        };
        for line in maps.lines().filter(|line| line.contains(" rw")) {
            let range = line
                .split(' ')
                .next()
                .and_then(|range| range.split_once('-'));
            let Some((from, to)) = range else { continue };
            let parse = |text| u64::from_str_radix(text, 16).unwrap();
            let (mut place, end) = (parse(from), parse(to));
            let mut piece = vec![0; 1 << 16];
            while place < end && memory.seek(SeekFrom::Start(place)).is_ok() {
                let length = piece.len().min(usize::try_from(end - place).unwrap());
                let Ok(read) = memory.read(&mut piece[..length]) else {
                    break;
                };
                let bytes = &piece[..read];
                if read < RUN {
                    break;
                }
                // Most of it was never used.
                if bytes.iter().any(|byte| *byte != 0) {
                    for at in 0..=read - RUN {
                        if !begins[usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))] {
                            continue;
                        }
                        let runs = heads.get(&bytes[at..at + 4]);
                        let found = runs.into_iter().flatten();
                        count += found.filter(|run| bytes[at..].starts_with(run)).count() as u64;
                    }
                }
                place += read as u64;
            }
        }
    }
    count
}
