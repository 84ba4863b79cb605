//! The module of the npm package: what the program does, as functions of JavaScript.
//! Values go in and come out as JSON has them, in the program's names; files are texts
//! or bytes. Their types stand in `types.d.ts`, beside this file.
#![cfg(target_arch = "wasm32")]

use std::alloc::System;
use std::collections::BTreeMap;

use etcd_pki_lab::script::{chain, diagnosis, inspection, plan, verdict};
use etcd_pki_lab::{
    AuthoritySource, EtcdBuild, Evidence, GivenFile, LabFile, MakeError, PemPair, Plan, Role,
    Secret, look,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsError, JsValue, prelude::wasm_bindgen};
use zeroizing_alloc::ZeroAlloc;

/// What is given back is wiped, whoever had it.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// What `make` is given beside the plan.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    authority: Option<GivenAuthority>,
    csr: Option<String>,
    usage: Option<Role>,
    at: Option<Timestamp>,
    archives: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenAuthority {
    certificate: String,
    key: String,
    passphrase: Option<String>,
}

/// Makes all files of a plan, or archives of them: one for each machine, one for each
/// client, and one with the CAs' keys.
///
/// # Errors
///
/// The plan, or what it was given, can't be used.
#[wasm_bindgen(unchecked_return_type = "MadeFile[]")]
pub fn make(
    #[wasm_bindgen(unchecked_param_type = "PlanText | Plan")] plan: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Given")] given: &JsValue,
) -> Result<Array, JsError> {
    let given: Given = read(given)?;
    let mut plan = wanted(plan)?;
    let now = given.at.unwrap_or_else(now);
    if let Some(client) = plan.clients.first_mut() {
        if let Some(usage) = given.usage {
            client.choose_role(usage);
        }
        if let Some(csr) = &given.csr {
            client.take_csr(csr);
        }
    }
    let random = &mut UnwrapErr(SysRng);
    let brings = plan.authority.source == AuthoritySource::Bring;
    let brought = match given.authority {
        Some(_) if !brings => return Err(JsError::new("this plan makes a CA of its own")),
        None if brings => return Err(JsError::new("this plan brings a CA: name it as authority")),
        None => None,
        Some(authority) => {
            let pair = PemPair {
                certificate: authority.certificate,
                key: authority.key,
            };
            let passphrase = authority.passphrase.map(Secret);
            Some(plan::bring(pair, passphrase, now, random)?)
        }
    };
    let lab = etcd_pki_lab::make(&plan, brought.as_ref(), now, random).map_err(explained)?;
    let files: Vec<LabFile> = if given.archives {
        lab.archives()?.into_iter().map(|made| made.file).collect()
    } else {
        lab.files()
    };
    files.iter().map(made).collect()
}

/// A plan by its preset's name or its link's text, or as an object.
fn wanted(plan: &JsValue) -> Result<Plan, JsError> {
    let Some(text) = plan.as_string() else {
        return read(plan);
    };
    plan::of_text(&text)?.ok_or_else(|| {
        JsError::new(
            "it is no preset and no plan's link; presets are tutorial, cluster, kubeadm, client-only and sign-csr",
        )
    })
}

/// What is wrong with a plan, in the names of the plan's fields.
fn explained(error: MakeError) -> JsError {
    match error {
        MakeError::Plan(faults) => {
            let lines = faults
                .iter()
                .map(|fault| format!("\n{}: {}", fault.field.path(), fault.message));
            JsError::new(&format!(
                "the plan can't be made:{}",
                lines.collect::<Vec<_>>().concat()
            ))
        }
        MakeError::Work(error) => error.into(),
    }
}

fn made(file: &LabFile) -> Result<JsValue, JsError> {
    let object = Object::new();
    let kind = serde_json::to_value(file.kind)?;
    for (name, value) in [
        ("name", JsValue::from_str(&file.name)),
        (
            "kind",
            kind.as_str().map_or(JsValue::NULL, JsValue::from_str),
        ),
        ("mode", JsValue::from(file.kind.mode())),
        ("contents", Uint8Array::from(&*file.contents).into()),
    ] {
        Reflect::set(&object, &JsValue::from_str(name), &value).map_err(not_read)?;
    }
    Ok(object.into())
}

/// What `verdict` is given beside the lines.
#[derive(Default, Deserialize)]
#[serde(default)]
struct As {
    etcd: Option<String>,
    etcdctl: Option<String>,
    at: Option<Timestamp>,
    other_client: Option<String>,
    only_tls12: bool,
}

/// Says what etcd and etcdctl answer to command lines and the files that they name.
///
/// # Errors
///
/// The lines can't be read, or no release or client is called so.
#[wasm_bindgen(unchecked_return_type = "Verdict")]
pub fn verdict(
    #[wasm_bindgen(unchecked_param_type = "Case")] case: &JsValue,
) -> Result<JsValue, JsError> {
    let (case, files) = with_files(case)?;
    let lines = verdict::Lines::read(&case);
    let asked: As = serde_json::from_value(case)?;
    let build = |name: Option<String>| name.map(|name| EtcdBuild::parse(&name)).transpose();
    let judge_as = verdict::JudgeAs {
        etcd: build(asked.etcd)?,
        etcdctl: build(asked.etcdctl)?,
        at: asked.at,
        other: match asked.other_client {
            Some(name) => Some(verdict::Other::parse(&name)?),
            None => None,
        },
        only_tls12: asked.only_tls12,
    };
    written(&verdict::answer(&lines, &files, &judge_as, now())?)
}

/// What `diagnose` is given beside the files.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AtHand {
    text: String,
    server: String,
    client: String,
    etcd: Option<String>,
    at: Option<Timestamp>,
}

/// Says what is wrong, from a log, output, command lines and files.
///
/// # Errors
///
/// No release is called so.
#[wasm_bindgen(unchecked_return_type = "Diagnosis")]
pub fn diagnose(
    #[wasm_bindgen(unchecked_param_type = "AtHand")] at_hand: &JsValue,
) -> Result<JsValue, JsError> {
    let (at_hand, files) = with_files(at_hand)?;
    let at_hand: AtHand = serde_json::from_value(at_hand)?;
    let is_build_chosen = at_hand.etcd.is_some();
    let build = match at_hand.etcd {
        Some(name) => EtcdBuild::parse(&name).map(|_| name)?,
        None => NEWEST.to_owned(),
    };
    let mut evidence = Evidence {
        build,
        is_build_chosen,
        now: at_hand.at.unwrap_or_else(now),
        ..Evidence::default()
    };
    if at_hand.server.is_empty() && at_hand.client.is_empty() {
        evidence.text = at_hand.text;
        evidence.files = given(files);
    } else {
        evidence.text = [at_hand.text, at_hand.server, at_hand.client].join("\n\n");
        let own = files.into_iter();
        evidence.own = own.map(|(name, bytes)| (name, bytes.into())).collect();
    }
    written(&diagnosis::answer(&evidence, &evidence.diagnose()))
}

/// The release that a diagnosis is for where none is named, as the program has it.
const NEWEST: &str = "3.7.3";

/// What `inspect` is given beside the files.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Looking {
    passphrase: Option<String>,
    at: Option<Timestamp>,
}

/// Reads certificates, CSRs, CRLs, keys and archives.
///
/// # Errors
///
/// What is given are no files.
#[wasm_bindgen(unchecked_return_type = "Inspection")]
pub fn inspect(
    #[wasm_bindgen(unchecked_param_type = "Files | Contents")] files: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Looking")] looking: &JsValue,
) -> Result<JsValue, JsError> {
    let looking: Looking = read(looking)?;
    let files = match contents(files) {
        Some(bytes) => vec![GivenFile::new("", &bytes)],
        None => given(files_of(files)?),
    };
    let passphrase = looking.passphrase.map(Secret);
    let found = look(&files, passphrase.as_ref(), looking.at.unwrap_or_else(now));
    written(&inspection::answer(&found))
}

/// Says what Go's crypto/x509 answers to a certificate chain; `go` is the release, such
/// as 1.27.3, and `language` the version on the `go` line of the program's go.mod.
///
/// # Errors
///
/// The question can't be read, or no release is called so.
#[wasm_bindgen(unchecked_return_type = "ChainAnswer")]
pub fn chain(
    #[wasm_bindgen(unchecked_param_type = "ChainQuestion")] question: &JsValue,
    go: &str,
    language: Option<String>,
) -> Result<JsValue, JsError> {
    let go = chain::go_version(go)?;
    let language = language.map(|text| chain::go_version(&text)).transpose()?;
    let question: chain::ChainQuestion = read(question)?;
    written(&chain::answer(&question, chain::go_build(go, language))?)
}

/// The time now, to the millisecond.
fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of milliseconds, far below 2^53"
    )]
    Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or_default()
}

/// A value of JavaScript's that JSON has; nothing at all is an empty object.
fn read<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsError> {
    if value.is_undefined() || value.is_null() {
        return Ok(serde_json::from_str("{}")?);
    }
    let text = JSON::stringify(value).map_err(not_read)?;
    Ok(serde_json::from_str(&String::from(text))?)
}

fn written(value: &Value) -> Result<JsValue, JsError> {
    JSON::parse(&value.to_string()).map_err(not_read)
}

/// An object, and the files that it has under `files`.
fn with_files(value: &JsValue) -> Result<(Value, BTreeMap<String, Vec<u8>>), JsError> {
    let key = JsValue::from_str("files");
    let files = match value.dyn_ref::<Object>() {
        Some(object) => Reflect::get(object, &key).map_err(not_read)?,
        None => return Err(JsError::new("an object is wanted")),
    };
    let rest = Object::assign(&Object::new(), value.unchecked_ref());
    Reflect::delete_property(&rest, &key).map_err(not_read)?;
    Ok((read(&rest)?, files_of(&files)?))
}

/// Files by their names.
fn files_of(value: &JsValue) -> Result<BTreeMap<String, Vec<u8>>, JsError> {
    if value.is_undefined() || value.is_null() {
        return Ok(BTreeMap::new());
    }
    let object = value.dyn_ref::<Object>();
    let object = object.ok_or_else(|| JsError::new("files: an object of names is wanted"))?;
    let entries = Object::entries(object).into_iter();
    entries
        .map(|entry| {
            let entry = Array::from(&entry);
            let name = entry.get(0).as_string().unwrap_or_default();
            let bytes = contents(&entry.get(1))
                .ok_or_else(|| JsError::new(&format!("files: {name} is no text and no bytes")))?;
            Ok((name, bytes))
        })
        .collect()
}

/// A text or bytes.
fn contents(value: &JsValue) -> Option<Vec<u8>> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Some(bytes.to_vec()),
        None => value.as_string().map(String::into_bytes),
    }
}

fn given(files: BTreeMap<String, Vec<u8>>) -> Vec<GivenFile> {
    let files = files.into_iter();
    files
        .map(|(name, bytes)| GivenFile::new(&name, &bytes))
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what JavaScript threw, handed on by map_err"
)]
fn not_read(thrown: JsValue) -> JsError {
    let said = thrown
        .dyn_ref::<js_sys::Error>()
        .map(js_sys::Error::message);
    let said = said.map_or_else(|| "JavaScript threw something".to_owned(), String::from);
    JsError::new(&said)
}
