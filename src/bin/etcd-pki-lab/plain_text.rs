//! The page's markup as lines of text, so that a terminal says what the page says
//! in the same words. It reads what this project's own templates write, and no
//! other HTML.

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "p", "div", "section", "article", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "pre",
    "details", "summary", "nav", "table", "tr", "caption", "thead", "tbody",
];

/// Elements that only somebody with a pointer has a use for.
const CONTROLS: &[&str] = &["button", "input", "label", "select", "textarea", "svg"];

/// Markup as text. Whatever carries the class `row` is a row of controls and is
/// left out with all that is in it.
pub(crate) fn of_markup(markup: &str) -> String {
    let mut text = Text::default();
    // How many elements are open inside of one that is left out.
    let mut skipped = 0_usize;
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        if skipped == 0 {
            text.push(&unescaped(before));
        }
        let Some((tag, after)) = after.split_once('>') else {
            break;
        };
        rest = after;
        let name = tag.trim_start_matches('/');
        let name = name.split([' ', '/']).next().unwrap_or_default();
        let is_void = matches!(name, "input" | "br" | "hr" | "wbr");
        if tag.starts_with('/') {
            if skipped > 0 {
                skipped -= 1;
            } else {
                text.end(name);
            }
        } else if skipped > 0 || CONTROLS.contains(&name) || is_row(tag) {
            skipped += usize::from(!is_void);
        } else {
            text.begin(name);
        }
    }
    if skipped == 0 {
        text.push(&unescaped(rest));
    }
    text.finish()
}

fn is_row(tag: &str) -> bool {
    tag.split_once(" class=\"")
        .and_then(|(_, classes)| classes.split('"').next())
        .is_some_and(|classes| classes.split(' ').any(|class| class == "row"))
}

/// The five references that the templates write.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Lines as they grow.
#[derive(Default)]
struct Text {
    lines: Vec<String>,
    line: String,
    /// How many lists are open.
    depth: usize,
    preformatted: bool,
}

impl Text {
    fn push(&mut self, words: &str) {
        if self.preformatted {
            for (place, line) in words.split('\n').enumerate() {
                if place > 0 {
                    self.end_line();
                }
                if self.line.is_empty() {
                    self.line.push_str("    ");
                }
                self.line.push_str(line);
            }
            return;
        }
        for word in words.split_inclusive(char::is_whitespace) {
            let is_space = word.trim().is_empty();
            if is_space && (self.line.trim().is_empty() || self.line.ends_with(' ')) {
                continue;
            }
            self.line
                .push_str(word.trim_end_matches(['\n', '\r', '\t']));
        }
    }

    fn begin(&mut self, name: &str) {
        if !BLOCKS.contains(&name) {
            return;
        }
        // What a term is stands behind it.
        if name != "dd" {
            self.end_line();
        }
        match name {
            "h2" | "h3" | "h4" if !self.lines.is_empty() => self.lines.push(String::new()),
            "ul" | "ol" => self.depth += 1,
            "li" => {
                self.line = format!("{}- ", "  ".repeat(self.depth));
            }
            "dt" => self.line.push_str("  "),
            "pre" => self.preformatted = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "dt" => {
                self.line.push_str(": ");
                return;
            }
            "ul" | "ol" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        if name == "pre" {
            self.preformatted = false;
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !matches!(line.trim(), "" | "-") {
            self.lines.push(line.trim_end().to_owned());
        } else if line.trim() == "-" {
            // What is in a list's item begins with a block of its own.
            self.line = line;
        }
    }

    fn finish(mut self) -> String {
        self.end_line();
        self.lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_terms_become_lines() {
        let markup = "<p>Found: <strong>2 keys</strong>.</p><ul><li><p>one</p></li><li>two<ul><li>three</li></ul></li></ul><dl><dt>Mend</dt><dd>a &lt;b&gt; &amp; c</dd></dl>";
        assert_eq!(
            of_markup(markup),
            "Found: 2 keys.\n  - one\n  - two\n    - three\n  Mend: a <b> & c\n"
        );
    }

    #[test]
    fn what_is_printed_keeps_its_lines() {
        assert_eq!(
            of_markup("<pre class=\"printed\">a  b\n\n  c</pre><p>end</p>"),
            "    a  b\n      c\nend\n"
        );
    }

    #[test]
    fn controls_are_left_out_with_what_is_in_them() {
        let markup = "<p>a</p><div class=\"row wide\"><button>Press</button><input type=\"text\"><span>b</span></div><p>c</p>";
        assert_eq!(of_markup(markup), "a\nc\n");
    }
}
