//! `NixOS`' settings of etcd, `services.etcd = { … };`: what stands there as text, number,
//! list or truth value. What Nix would have to calculate is not known.

use std::ops::Range;

use super::page::Page;
use super::reader::Reader;
use super::shell::Call;
use super::{Caveat, Coat, Unused, flags};
use crate::etcd::facts::option::EtcdOption as O;

/// How the settings begin.
const OPENING: &str = "services.etcd";

/// So many lines they have at most.
const MOST_LINES: usize = 80;

/// What `NixOS` gives etcd where nothing else is said, and whose value it takes where
/// another one is (nixpkgs `nixos/modules/services/databases/etcd.nix`).
const DEFAULTS: [(O, &str); 2] = [
    (O::ListenClientUrls, "http://127.0.0.1:2379"),
    (O::ListenPeerUrls, "http://127.0.0.1:2380"),
];
const SAME_AS: [(O, O); 5] = [
    (O::AdvertiseClientUrls, O::ListenClientUrls),
    (O::InitialAdvertisePeerUrls, O::ListenPeerUrls),
    (O::PeerCertificateFile, O::CertificateFile),
    (O::PeerKeyFile, O::KeyFile),
    (O::PeerTrustedCaFile, O::TrustedCaFile),
];

/// What `--name` is there where nothing else is said.
const HOST_NAME: &str = "$(config.networking.hostName)";

/// Variables of etcd's by their names without `ETCD_`.
const EXTRA: &str = "extraConf";

/// A piece of Nix.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Word(String),
    Sign(char),
}

/// The pieces of a text, without comments.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '#' => while letters.next_if(|next| *next != '\n').is_some() {},
            '/' if letters.peek() == Some(&'*') => {
                let mut before = ' ';
                for next in letters.by_ref() {
                    if before == '*' && next == '/' {
                        break;
                    }
                    before = next;
                }
            }
            '\'' if letters.next_if_eq(&'\'').is_some() => {
                let mut inner = String::new();
                while let Some(next) = letters.next() {
                    if next == '\'' && letters.next_if_eq(&'\'').is_some() {
                        break;
                    }
                    inner.push(next);
                }
                tokens.push(Token::Text(inner.trim().to_owned()));
            }
            '"' => {
                let mut inner = String::new();
                let mut depth = 0_usize;
                while let Some(next) = letters.next() {
                    match next {
                        '"' if depth == 0 => break,
                        '\\' => inner.extend(letters.next()),
                        '{' if depth > 0 || inner.ends_with('$') => {
                            depth += 1;
                            inner.push(next);
                        }
                        '}' if depth > 0 => {
                            depth -= 1;
                            inner.push(next);
                        }
                        next => inner.push(next),
                    }
                }
                tokens.push(Token::Text(inner));
            }
            letter if letter.is_whitespace() => {}
            '=' | ';' | '[' | ']' | '{' | '}' | '(' | ')' | '+' => tokens.push(Token::Sign(letter)),
            letter => {
                let mut word = letter.to_string();
                let goes_on =
                    |next: &char| !next.is_whitespace() && !"\"=;[]{}()+#".contains(*next);
                while let Some(next) = letters.next_if(goes_on) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    tokens
}

/// `listenClientUrls` as etcd's flag has it.
fn flag_of(name: &str) -> String {
    let mut flag = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            flag.push('-');
        }
        flag.push(letter.to_ascii_lowercase());
    }
    flag
}

/// A value; how it stands there where it has to be calculated.
fn value(tokens: &[Token]) -> String {
    let text = |token: &Token| match token {
        Token::Text(text) => Some(text.clone()),
        _ => None,
    };
    let known = match tokens {
        [Token::Text(text)] => Some(text.clone()),
        [Token::Word(word)] if word == "true" || word == "false" => Some(word.clone()),
        [Token::Sign('['), items @ .., Token::Sign(']')] => {
            let items: Option<Vec<String>> = items.iter().map(text).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    };
    known.unwrap_or_else(|| {
        let words = tokens.iter().map(|token| match token {
            Token::Text(text) => format!("\"{text}\""),
            Token::Word(word) => word.clone(),
            Token::Sign(sign) => sign.to_string(),
        });
        format!("$({})", words.collect::<Vec<_>>().join(" "))
    })
}

/// The flags of variables, `{ "AUTO_TLS" = "true"; }`.
fn extra(tokens: &[Token]) -> Vec<(String, String)> {
    let [Token::Sign('{'), inner @ .., Token::Sign('}')] = tokens else {
        return Vec::new();
    };
    let of_variable = |statement: &[Token]| match statement {
        [
            Token::Text(name) | Token::Word(name),
            Token::Sign('='),
            behind @ ..,
        ] => {
            let flag = name.to_ascii_lowercase().replace('_', "-");
            flags::is_one(&flag).then(|| (flag, value(behind)))
        }
        _ => None,
    };
    let statements = inner.split(|token| *token == Token::Sign(';'));
    statements.filter_map(of_variable).collect()
}

/// The flags of the settings between the braces, or none where they are not closed.
fn arguments(tokens: &[Token]) -> Vec<(String, String)> {
    let mut given = Vec::new();
    let mut statement: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    for token in tokens {
        match token {
            Token::Sign('{' | '[' | '(') => depth += 1,
            Token::Sign('}' | ']' | ')') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            },
            _ => {}
        }
        if *token == Token::Sign(';') && depth == 0 {
            if let [Token::Word(name), Token::Sign('='), behind @ ..] = statement.as_slice() {
                let flag = flag_of(name);
                if name == EXTRA {
                    given.extend(extra(behind));
                } else if flags::is_one(&flag) && *behind != [Token::Word("null".to_owned())] {
                    given.push((flag, value(behind)));
                }
            }
            statement.clear();
        } else {
            statement.push(token.clone());
        }
    }
    given
}

impl Reader {
    /// The settings that begin in a line; the line behind them.
    pub(super) fn nixos(&mut self, page: &mut Page, number: usize) -> Option<usize> {
        let opening = page.free(number)?.trim();
        let behind = opening.strip_prefix(OPENING)?.trim_start();
        let value = behind.strip_prefix('=')?.trim();
        let in_one = value
            .strip_prefix('{')
            .filter(|it| it.trim_end().ends_with("};"));
        if value != "{" && in_one.is_none() {
            let place = page.place(&(number..number + 1));
            self.material.unused.push((place, Unused::Calculated));
            return None;
        }
        let indented = |line: &str| line.len() - line.trim_start().len();
        let margin = indented(page.line(number)?);
        let end = match in_one {
            Some(_) => number,
            None => (number + 1..page.len().min(number + MOST_LINES)).find(|place| {
                let closes =
                    |line: &str| line.trim_start().starts_with('}') && indented(line) <= margin;
                page.line(*place).is_some_and(closes)
            })?,
        };
        let lines: Range<usize> = number..end + 1;
        let inner = (number + 1..end).filter_map(|place| page.line(place));
        let inner: Vec<&str> = in_one.into_iter().chain(inner).collect();
        let mut given = arguments(&tokens(&inner.join("\n")));
        if given.is_empty() {
            return None;
        }
        let known = |given: &[(String, String)], option: O| {
            let mut found = given.iter().filter(|(flag, _)| flag == option.name());
            found.next().map(|(_, value)| value.clone())
        };
        // Its own --initial-cluster has the machine's name, which is not told here.
        let is_of_cluster = known(&given, O::InitialCluster).is_some();
        if is_of_cluster && known(&given, O::Name).is_none() {
            given.push((O::Name.name().to_owned(), HOST_NAME.to_owned()));
        }
        for (option, usual) in DEFAULTS {
            let is_meant = is_of_cluster || option != O::ListenPeerUrls;
            if is_meant && known(&given, option).is_none() {
                given.push((option.name().to_owned(), usual.to_owned()));
            }
        }
        for (option, other) in SAME_AS {
            if let (None, Some(value)) = (known(&given, option), known(&given, other)) {
                given.push((option.name().to_owned(), value));
            }
        }
        let words = given
            .iter()
            .map(|(flag, value)| format!("--{flag}={value}"));
        let call = Call::etcd(words.collect());
        page.take(&lines);
        let caveat = Some(Caveat::NixosDefaults);
        self.call(page, &lines, call, Coat::Nixos, caveat)
            .then_some(lines.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_flags() {
        let text = "enable = true; # on\nlistenClientUrls = [ \"https://10.0.0.1:2379\" \"https://127.0.0.1:2379\" ];\ntrustedCaFile = \"/ca.pem\";\nclientCertAuth = true;\nextraConf = { \"X\" = \"y\"; };\nname = config.networking.hostName;\n";
        let given = arguments(&tokens(text));
        let given: Vec<(&str, &str)> = given
            .iter()
            .map(|(flag, value)| (flag.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            given,
            [
                (
                    "listen-client-urls",
                    "https://10.0.0.1:2379,https://127.0.0.1:2379"
                ),
                ("trusted-ca-file", "/ca.pem"),
                ("client-cert-auth", "true"),
                ("name", "$(config.networking.hostName)"),
            ]
        );
    }

    #[test]
    fn comments_and_what_is_within_strings_part_nothing() {
        let text = "/* a = \"b\"; */ certFile = \"${config.secrets.\"etcd/cert\".path}\";\nkeyFile = ''/a.key'';\npeerKeyFile = null;\nextraConf = { \"AUTO_TLS\" = \"true\"; };";
        let given = arguments(&tokens(text));
        let flags: Vec<&str> = given.iter().map(|(flag, _)| flag.as_str()).collect();
        assert_eq!(flags, ["cert-file", "key-file", "auto-tls"]);
        assert!(given.contains(&("key-file".to_owned(), "/a.key".to_owned())));
    }

    #[test]
    fn what_is_not_closed_is_read_as_far_as_it_goes() {
        assert_eq!(arguments(&tokens("certFile = \"/a")), []);
        assert_eq!(arguments(&tokens("certFile = [ \"/a\" ;")), []);
        assert_eq!(arguments(&tokens("} certFile = \"/a\";")), []);
    }
}
