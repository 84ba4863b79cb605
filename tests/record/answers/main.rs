//! The verdict's recorded answers, which need no outside program: what real etcds
//! answered to the project's own cases and to those that others measured, that each
//! rule decides one and each of its texts is recognised, and hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::too_many_lines,
    reason = "tests end with a panic, build bytes from small numbers, and list many cases"
)]

mod cases;
mod causes;
#[path = "../../../crates/go-x509/tests/support/certificates.rs"]
mod certificates;
#[expect(dead_code, reason = "only real etcds are asked about all of them")]
mod clusters;
mod diagnosis;
mod etcds;
mod growth;
mod hostile;
mod keys;
mod last_words;
mod next_go;
mod peers;
mod post_quantum;
#[path = "../../support/post_quantum.rs"]
mod post_quantum_cases;
#[expect(
    dead_code,
    reason = "hostile input draws less than the questions to Go do"
)]
#[path = "../../../crates/go-x509/tests/support/random.rs"]
mod random;
mod record;
mod roles;
mod settings;
#[path = "../../support/work.rs"]
mod work;

use std::collections::BTreeSet;

#[test]
fn own_cases_get_the_answer_of_real_etcds() {
    let cases = cases::all();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "each case has its own id");
    let record = record::read();
    for case in &cases {
        for version in record::VERSIONS {
            let place = (case.id.clone(), version.to_owned());
            assert!(record.contains_key(&place), "{place:?} was never measured");
        }
    }
    assert!(cases.len() >= 250, "{} kinds are too few", cases.len());
    record::compare(&cases, &record, true);
}
