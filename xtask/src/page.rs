//! Puts the product together: template, style, script and core in, one HTML
//! text out. Pure: files are read and written by `build`.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::packing;

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    /// HTML with each of [`PLACEHOLDERS`] exactly once, as `{{name}}`.
    pub(crate) template: &'a str,
    pub(crate) style: &'a str,
    pub(crate) script: &'a str,
    /// The page's own module first: it stands before the script, which starts it while
    /// the browser still reads the others.
    pub(crate) modules: &'a [Module],
}

/// A module of wasm, as it stands in the page.
#[derive(Debug, Clone)]
pub(crate) struct Module {
    /// The identifier of its element.
    pub(crate) id: &'static str,
    pub(crate) packing: Packing,
    pub(crate) wasm: Vec<u8>,
}

/// How a module is packed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Packing {
    /// As each browser unpacks it by itself.
    Gzip,
    /// As `modules/unpack` unpacks it.
    Lzma {
        /// The identifier of the module that is unpacked before it.
        behind: Option<&'static str>,
    },
}

/// What the template must name.
const PLACEHOLDERS: [&str; 5] = [
    "content-security-policy",
    "style",
    "page-module",
    "script",
    "modules",
];

/// The whole page.
pub(crate) fn assemble(parts: Parts<'_>) -> Result<String> {
    let style = inline("style", parts.style)?;
    let script = inline("script", parts.script)?;
    let policy = content_security_policy(&style, &script);
    let modules: Vec<String> = parts
        .modules
        .iter()
        .map(|module| element(module, parts.modules))
        .collect::<Result<_>>()?;
    let (first, others) = modules.split_at(modules.len().min(1));
    let (first, others) = (first.concat(), others.join("\n"));
    fill(parts.template, |name| {
        Some(match name {
            "content-security-policy" => policy.as_str(),
            "style" => style.as_str(),
            "script" => script.as_str(),
            "page-module" => first.as_str(),
            "modules" => others.as_str(),
            _ => return None,
        })
    })
}

/// A module as an element that no browser runs.
fn element(module: &Module, all: &[Module]) -> Result<String> {
    let id = module.id;
    let packed = match module.packing {
        Packing::Gzip => packing::gzip(&module.wasm)?,
        Packing::Lzma { behind } => {
            let behind = all.iter().find(|known| Some(known.id) == behind);
            packing::lzma(&module.wasm, behind.map_or(&[], |known| &known.wasm))?
        }
    };
    let text = inline("script", &packing::to_text(&packed))?;
    Ok(format!(
        "<script type=\"application/octet-stream\" id=\"{id}\">{text}</script>"
    ))
}

/// What the browser itself enforces: nothing is fetched, nothing is sent, and
/// no script runs but the one that was built.
///
/// `'wasm-unsafe-eval'` allows WebAssembly and nothing else, `worker-src blob:`
/// the workers that the script makes from its own text. A worker from a Blob
/// URL inherits this policy. `img-src data:` is for pictures in the style. Text becomes
/// markup or a worker's address by the one policy of Trusted Types that `start.js` has.
fn content_security_policy(style: &str, script: &str) -> String {
    let hash = |text: &str| BASE64.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; connect-src 'none'; script-src 'sha256-{}' 'wasm-unsafe-eval'; \
         style-src 'sha256-{}'; worker-src blob:; img-src data:; form-action 'none'; \
         base-uri 'none'; require-trusted-types-for 'script'; trusted-types default",
        hash(script),
        hash(style)
    )
}

/// Text that stands inside `<name>…</name>`. A parser would end the element at
/// the first `</name`, and would replace each CR before the hash is compared.
fn inline(name: &str, text: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    ensure!(
        !text.contains('\r'),
        "the {name} contains a lone carriage return, which HTML parsers replace; remove it"
    );
    ensure!(
        !text.contains('\0'),
        "the {name} contains a NUL, which HTML parsers replace; write it as an escape"
    );
    let lower = text.to_ascii_lowercase();
    for forbidden in [format!("</{name}"), "<!--".to_owned()] {
        ensure!(
            !lower.contains(&forbidden),
            "the {name} contains `{forbidden}`, which HTML parsers take as markup; \
             write it as an escape"
        );
    }
    Ok(text)
}

/// Bytes as a server would send them.
fn sent(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Replaces each placeholder once. What is put in is not searched again, so a
/// script may well contain `{{`.
fn fill<'a>(template: &str, value: impl Fn(&str) -> Option<&'a str>) -> Result<String> {
    let mut page = String::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after
            .split_once("}}")
            .context("www/index.html: a placeholder that begins with {{ does not end; add }}")?;
        let text = value(name).with_context(|| {
            format!(
                "www/index.html: unknown placeholder {{{{{name}}}}}; there are {}",
                PLACEHOLDERS.join(", ")
            )
        })?;
        if seen.contains(&name) {
            bail!("www/index.html: placeholder {{{{{name}}}}} occurs twice; keep one");
        }
        seen.push(name);
        page.push_str(before);
        page.push_str(text);
        rest = after;
    }
    for name in PLACEHOLDERS {
        ensure!(
            seen.contains(&name),
            "www/index.html: placeholder {{{{{name}}}}} is missing; add it"
        );
    }
    page.push_str(rest);
    Ok(page)
}

/// Size, compressed size and SHA-256, as the build reports them.
pub(crate) fn summary(page: &str) -> Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "  size     {:>9} bytes\n  gzipped  {:>9} bytes",
        page.len(),
        sent(page.as_bytes())?.len()
    )?;
    write!(text, "  SHA-256  {}", sha256(page.as_bytes()))?;
    Ok(text)
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "<meta content=\"{{content-security-policy}}\"><style>{{style}}</style>\
                            {{page-module}}\
                            <script>{{script}}</script>\
                            {{modules}}";

    fn parts() -> Parts<'static> {
        Parts {
            template: TEMPLATE,
            style: "body { color: black }",
            script: "const template = '{{style}}';",
            modules: &[],
        }
    }

    fn message(parts: Parts<'_>) -> String {
        assemble(parts).unwrap_err().to_string()
    }

    #[test]
    fn each_part_lands_in_its_place_and_is_not_searched_again() {
        let page = assemble(parts()).unwrap();
        assert!(page.contains("<style>body { color: black }</style>"));
        assert!(page.contains("<script>const template = '{{style}}';</script>"));
    }

    #[test]
    fn the_policy_holds_the_hash_of_the_script_as_the_browser_computes_it() {
        // printf %s "alert('Hello, world.');" | openssl dgst -sha256 -binary | base64,
        // the example of the CSP specification.
        let policy = content_security_policy("", "alert('Hello, world.');");
        assert!(policy.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"));
        assert!(policy.starts_with("default-src 'none'; connect-src 'none'; "));
        assert!(!policy.contains('"'), "the policy stands in an attribute");
    }

    #[test]
    fn a_placeholder_that_is_missing_is_named() {
        let template = TEMPLATE.replace("{{modules}}", "");
        assert!(
            message(Parts {
                template: &template,
                ..parts()
            })
            .contains("{{modules}} is missing")
        );
    }

    #[test]
    fn a_placeholder_that_occurs_twice_is_named() {
        let template = format!("{TEMPLATE}{{{{modules}}}}");
        assert!(
            message(Parts {
                template: &template,
                ..parts()
            })
            .contains("{{modules}} occurs twice")
        );
    }

    #[test]
    fn an_unknown_placeholder_is_named() {
        let template = format!("{TEMPLATE}{{{{moduls}}}}");
        assert!(
            message(Parts {
                template: &template,
                ..parts()
            })
            .contains("unknown placeholder {{moduls}}")
        );
    }

    #[test]
    fn a_script_that_would_end_its_own_element_is_refused() {
        assert!(
            message(Parts {
                script: "const text = '</SCRIPT>';",
                ..parts()
            })
            .contains("</script")
        );
    }

    #[test]
    fn line_endings_of_another_system_do_not_change_the_page() {
        let unix = assemble(Parts {
            script: "a;\nb;",
            ..parts()
        })
        .unwrap();
        let windows = assemble(Parts {
            script: "a;\r\nb;",
            ..parts()
        })
        .unwrap();
        assert_eq!(unix, windows);
    }
}
