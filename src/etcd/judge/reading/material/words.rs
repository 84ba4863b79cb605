//! A shell's line as words: split by `shlex`, with what stands between commands
//! marked before, so that quotes hide it as they do in a shell; and variables put
//! in where they are known.

/// Nobody writes a line with more words by hand.
const MOST_WORDS: usize = 4_000;

/// Stands around an operator, to be told from the same letters in quotes.
const OPERATOR: char = '\u{e001}';

/// A blank within `$(…)` or `<…>`, which is one word.
const BLANK: char = '\u{e002}';

/// The angles of `<your-host>`, as guides write it.
const ANGLES: [char; 2] = ['\u{e003}', '\u{e004}'];

/// A quote is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenQuote;

/// Marks operators, so that they are words of their own where no quote hides
/// them.
fn marked(line: &str) -> String {
    let mut marked = String::with_capacity(line.len() + 16);
    let mut substitutions = 0_usize;
    let mut backtick = false;
    let mut letters = line.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let rest = line.get(place..).unwrap_or_default();
        let inside = substitutions > 0 || backtick;
        match letter {
            // A line that goes on below.
            '\\' if rest.starts_with("\\\n") => {
                marked.push(' ');
                letters.next();
            }
            '\\' => {
                marked.push(letter);
                marked.extend(letters.next().map(|(_, next)| next));
            }
            '(' if substitutions > 0 || marked.ends_with('$') => {
                substitutions += 1;
                marked.push(letter);
            }
            ')' if substitutions > 0 => {
                substitutions -= 1;
                marked.push(letter);
            }
            '`' => {
                backtick = !backtick;
                marked.push(letter);
            }
            letter if inside && letter.is_whitespace() => marked.push(BLANK),
            '<' if is_placeholder(rest) => {
                marked.push(ANGLES[0]);
                while let Some((_, next)) = letters.next_if(|(_, next)| *next != '>') {
                    marked.push(if next == ' ' { BLANK } else { next });
                }
                letters.next();
                marked.push(ANGLES[1]);
            }
            ';' | '|' | '&' | '<' | '>' if !inside => {
                // `2>`: the number belongs to it.
                let number = marked.chars().next_back().filter(char::is_ascii_digit);
                let alone = marked.chars().nth_back(1).is_some_and(char::is_whitespace);
                let number = number.filter(|_| alone && letter == '>');
                if number.is_some() {
                    marked.pop();
                }
                marked.push(' ');
                marked.push(OPERATOR);
                marked.extend(number);
                marked.push(letter);
                while let Some((_, next)) = letters.next_if(|(_, next)| ";|&<>".contains(*next)) {
                    marked.push(next);
                }
                marked.push(OPERATOR);
                marked.push(' ');
            }
            letter => marked.push(letter),
        }
    }
    marked
}

/// `<your-host>`, as guides write it.
fn is_placeholder(rest: &str) -> bool {
    const LONGEST: usize = 40;
    let Some(inner) = rest.strip_prefix('<') else {
        return false;
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_- .".contains(letter);
    let end = inner
        .char_indices()
        .take(LONGEST)
        .find(|(_, letter)| !plain(*letter));
    inner.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && end.is_some_and(|(_, letter)| letter == '>')
}

/// A word as it was before [`marked`].
fn restored(word: &str) -> String {
    if !word.contains(['\u{e001}', '\u{e002}', '\u{e003}', '\u{e004}']) {
        return word.to_owned();
    }
    word.replace(" \u{e001}", "")
        .replace("\u{e001} ", "")
        .replace(BLANK, " ")
        .replace(ANGLES[0], "<")
        .replace(ANGLES[1], ">")
}

/// The commands of a line, each as its words.
pub(super) fn commands(line: &str) -> Result<Vec<Vec<String>>, OpenQuote> {
    let marked = marked(line);
    let mut splitter = shlex::Shlex::new(&marked);
    let mut commands = vec![Vec::new()];
    let mut is_target = false;
    for word in splitter.by_ref().take(MOST_WORDS) {
        let operator = word
            .strip_prefix(OPERATOR)
            .and_then(|rest| rest.strip_suffix(OPERATOR));
        match operator {
            Some(operator) if operator.contains(['<', '>']) => is_target = true,
            Some(_) => commands.push(Vec::new()),
            None if is_target => is_target = false,
            None => {
                if let Some(words) = commands.last_mut() {
                    words.push(restored(&word));
                }
            }
        }
    }
    if splitter.had_error {
        return Err(OpenQuote);
    }
    Ok(commands)
}

/// Whether a word is `NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    is_variable(name).then_some((name, value))
}

/// Whether a word can name a variable.
pub(super) fn is_variable(name: &str) -> bool {
    name.bytes().enumerate().all(|(place, byte)| {
        byte == b'_' || byte.is_ascii_alphabetic() || place > 0 && byte.is_ascii_digit()
    }) && !name.is_empty()
}

/// Whether something in a word is not known: a variable, a command's output, what is to be
/// filled in.
pub(super) fn is_unknown(word: &str) -> bool {
    let begins_name =
        |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let angled = word.split_once('<');
    word.contains("$(")
        || word.contains("${")
        || word.contains('`')
        || word.split('$').nth(1).is_some_and(begins_name)
        || word.contains("{{")
        || is_marked(word)
        || is_braced(word)
        || angled.is_some_and(|(_, rest)| rest.contains('>'))
}

/// `{PRIVATE_IPV4}`, as Container Linux' config writes what the platform fills in.
pub(super) fn is_braced(word: &str) -> bool {
    let is_name = |it: &str| {
        let is_of_name =
            |byte: u8| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit();
        it.len() > 1 && it.bytes().all(is_of_name)
    };
    let mut opened = word.split('{').skip(1);
    opened.any(|rest| rest.split_once('}').is_some_and(|(name, _)| is_name(name)))
}

/// `##host##` and `@@host@@`, as scripts write what they fill in.
fn is_marked(word: &str) -> bool {
    let is_name = |it: &str| {
        !it.is_empty()
            && it
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
    };
    ["##", "@@"].iter().any(|mark| {
        word.split(mark).skip(1).step_by(2).any(is_name) && word.matches(mark).count() > 1
    })
}

/// The last part of a path, without Windows' ending.
pub(super) fn base(word: &str) -> &str {
    let base = word.rsplit(['/', '\\']).next().unwrap_or(word);
    base.strip_suffix(".exe").unwrap_or(base)
}

/// A word with the variables that are known: `$NAME`, `${NAME}`, `$(NAME)` and
/// `${NAME:-default}`. The others stay as they are.
pub(super) fn expanded(word: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    // A variable that doubles itself on each line must not grow for ever.
    const LONGEST: usize = 4_096;
    let mut result = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('$') {
        if result.len() > LONGEST {
            return word.to_owned();
        }
        result.push_str(before);
        let (name, behind, default) = name_of(after);
        let value = name.and_then(|name| known(name).or_else(|| default.map(str::to_owned)));
        if let Some(value) = value {
            result.push_str(&value);
            rest = behind;
        } else {
            result.push('$');
            rest = after;
        }
    }
    result.push_str(rest);
    result
}

/// The name behind a `$`, what is behind it, and its default.
fn name_of(after: &str) -> (Option<&str>, &str, Option<&str>) {
    let open = |close: char| {
        let (inner, behind) = after.get(1..)?.split_once(close)?;
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        is_variable(name).then_some((Some(name), behind, default))
    };
    let nothing = (None, after, None);
    match after.chars().next() {
        Some('{') => open('}').unwrap_or(nothing),
        Some('(') => open(')').unwrap_or(nothing),
        _ => {
            let end = after
                .find(|letter: char| !(letter == '_' || letter.is_ascii_alphanumeric()))
                .unwrap_or(after.len());
            let (name, behind) = after.split_at(end);
            if is_variable(name) {
                (Some(name), behind, None)
            } else {
                nothing
            }
        }
    }
}
