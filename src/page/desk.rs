//! The desk: where documents that somebody brings are looked at
//! ([`inspect`](inspector)), renewed and revoked ([`renew_and_revoke`](signing)). It holds what was given and what came of it; `browser`
//! brings events, workers do the work.

use std::fmt;

use jiff::Timestamp;
use maud::Markup;

use super::{
    chapters::{
        inspect::{self as inspector, Inspector},
        renew_and_revoke::{self as signing, Signing},
    },
    session::Session,
};
use crate::lab::wire::{Outcome, Task};

/// What a task of the desk is for: which of the attempts, because the outcome
/// for an older one is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Looking at what was given.
    Inspect(u32),
    /// Renewing a certificate.
    Renew(u32),
    /// Making a CRL.
    Revoke(u32),
}

/// An input of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// What is pasted to be looked at.
    Inspect,
    /// The passphrase for what is to be looked at.
    InspectPassphrase,
    /// The certificate of a CA that is brought to sign.
    SignerCertificate,
    /// Its private key.
    SignerKey,
    /// The passphrase of that.
    SignerPassphrase,
    /// An old certificate that is to be renewed.
    Old,
    /// How long the new one is to be valid.
    RenewalDays,
    /// What is to be revoked.
    Revoked,
    /// The CRL's number.
    Number,
    /// When the next CRL is due.
    RevocationDays,
}

impl Input {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Inspect,
        Self::InspectPassphrase,
        Self::SignerCertificate,
        Self::SignerKey,
        Self::SignerPassphrase,
        Self::Old,
        Self::RenewalDays,
        Self::Revoked,
        Self::Number,
        Self::RevocationDays,
    ];

    /// What is in it at the beginning.
    #[must_use]
    pub fn initial(self) -> &'static str {
        match self {
            Self::RenewalDays => "365",
            Self::Number => "1",
            Self::RevocationDays => "30",
            _ => "",
        }
    }

    /// The input of this identifier.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|input| input.to_string() == id)
    }
}

impl fmt::Display for Input {
    /// The element's identifier.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Inspect => "inspect-text",
            Self::InspectPassphrase => "inspect-passphrase",
            Self::SignerCertificate => "signer-certificate",
            Self::SignerKey => "signer-key",
            Self::SignerPassphrase => "signer-passphrase",
            Self::Old => "renew-certificate",
            Self::RenewalDays => "renew-days",
            Self::Revoked => "revoke-text",
            Self::Number => "revoke-number",
            Self::RevocationDays => "revoke-days",
        })
    }
}

/// Everything that lies on the desk.
#[derive(Default)]
pub struct Desk {
    /// What is looked at.
    pub inspector: Inspector,
    /// What is renewed and revoked.
    pub signing: Signing,
}

impl Desk {
    /// Text was typed. Whoever calls this calls [`Self::look`] a moment later.
    pub fn type_text(&mut self, input: Input, text: &str) {
        match input {
            Input::Inspect => self.inspector.type_text(text),
            Input::InspectPassphrase => self.inspector.type_passphrase(text),
            input => self.signing.type_text(input, text),
        }
    }

    /// A way was chosen. Says whether it was one of the desk's.
    pub fn choose(&mut self, id: &str) -> bool {
        self.signing.choose(id)
    }

    /// Has whatever is new looked at.
    pub fn look(&mut self) {
        self.inspector.look();
    }

    /// The next task that can be given out.
    pub fn next_task(&mut self, now: Timestamp) -> Option<(Errand, Task)> {
        self.inspector
            .next_task(now)
            .map(|(attempt, task)| (Errand::Inspect(attempt), task))
            .or_else(|| self.signing.next_task())
    }

    /// Takes back what came of a task.
    pub fn done(&mut self, errand: Errand, outcome: Outcome) {
        match errand {
            Errand::Inspect(attempt) => self.inspector.done(attempt, outcome),
            Errand::Renew(_) => self.signing.renewed(outcome),
            Errand::Revoke(_) => self.signing.listed(outcome),
        }
    }
}

impl Session {
    /// Takes back what came of a task of the desk; the focus goes to what is at
    /// fault.
    pub(super) fn desk_done(&mut self, errand: Errand, outcome: Outcome) {
        self.desk.done(errand, outcome);
        match errand {
            Errand::Inspect(_) => {}
            Errand::Renew(_) => self.focus_on_fault(true),
            Errand::Revoke(_) => {
                self.start_with_revocation_list();
                self.focus_on_fault(false);
            }
        }
    }
}

/// The regions of the desk, outer ones first.
#[must_use]
pub fn regions(session: &Session) -> Vec<(String, String)> {
    let region = |id: &str, markup: Markup| (id.to_owned(), markup.into_string());
    let desk = &session.desk;
    let mut regions = vec![
        region("inspect-form", inspector::form()),
        region("inspect-given", inspector::given(&desk.inspector)),
        ("inspection".to_owned(), inspector::shown(&desk.inspector)),
        region("inspection-status", inspector::spoken(&desk.inspector)),
    ];
    regions.extend(signing::regions(session));
    regions
}

/// Which elements of the desk are not shown.
#[must_use]
pub fn hidden(session: &Session) -> Vec<(String, bool)> {
    let mut hidden = vec![
        (
            "inspect-passphrase-field".to_owned(),
            !session.desk.inspector.asks_for_passphrase(),
        ),
        ("inspect-made".to_owned(), session.lab().is_none()),
    ];
    hidden.extend(signing::hidden(session));
    hidden
}

/// Which radio buttons and boxes of the desk are chosen.
#[must_use]
pub fn chosen(session: &Session) -> Vec<(String, bool)> {
    signing::chosen(session)
}

/// Which inputs of the desk are at fault.
#[must_use]
pub fn invalid(session: &Session) -> Vec<(String, bool)> {
    signing::invalid(session)
}

/// Which buttons of the desk can't be pressed.
#[must_use]
pub fn disabled(session: &Session) -> Vec<(String, bool)> {
    signing::disabled(session)
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::{
        etcd::{
            commands::Form,
            plan::{Field, MemberField, Preset},
        },
        lab::job::Workbench,
        page::{jobs::JobNumber, view::view},
        pki::{
            key::KeyType,
            revocation_list::{RevocationList, RevocationReason},
        },
    };

    const TUTORIAL: &str = include_str!("../../tests/fixtures/tutorial-client.crt");

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn region(session: &Session, id: &str) -> String {
        let mut regions = view(session).regions.into_iter();
        regions.find(|region| region.0 == id).unwrap().1
    }

    fn job(session: &mut Session) -> (JobNumber, Outcome) {
        let (number, task) = session.next_job(now()).unwrap();
        let outcome = Workbench::default().finish(task, &mut UnwrapErr(SysRng));
        (number, outcome)
    }

    #[test]
    fn every_input_is_there_once_with_a_label() {
        let session = Session::new(now());
        let page: String = regions(&session)
            .into_iter()
            .map(|region| region.1)
            .collect();
        for input in Input::ALL {
            assert_eq!(
                page.matches(&format!(" id=\"{input}\"")).count(),
                1,
                "{input}"
            );
            assert!(
                page.contains(&format!("<label for=\"{input}\">")),
                "{input}"
            );
            assert_eq!(Input::from_id(&input.to_string()), Some(input));
        }
    }

    #[test]
    fn what_is_typed_is_looked_at_when_it_rests_and_an_older_answer_is_ignored() {
        let mut session = Session::new(now());
        session.desk.type_text(Input::Inspect, "hello");
        assert!(session.next_job(now()).is_none(), "it is still being typed");
        session.check(now());
        let (first, outcome) = job(&mut session);
        session.desk.type_text(Input::Inspect, TUTORIAL);
        session.job_done(first, outcome, now());
        assert!(region(&session, "inspection").contains("Reading"));
        session.check(now());
        let (second, outcome) = job(&mut session);
        session.job_done(second, outcome, now());
        assert!(region(&session, "inspection").contains("/CN=client"));
        session.desk.type_text(Input::Inspect, " ");
        assert_eq!(region(&session, "inspection"), "");
        session.desk.type_text(Input::Inspect, TUTORIAL);
        session.forget(now());
        assert_eq!(region(&session, "inspection"), "");
        assert!(session.next_job(now()).is_none());
    }

    #[test]
    fn what_is_too_much_is_refused_before_it_is_read() {
        let mut session = Session::new(now());
        let inspector = &mut session.desk.inspector;
        assert!(inspector.admits(1 << 20));
        inspector.add_file("a.pem", &vec![b'a'; 1 << 20]);
        assert!(!inspector.admits(8 << 20));
        assert!(region(&session, "inspection").contains("too much to look at"));
    }

    #[test]
    fn a_crl_of_this_pages_ca_is_in_the_commands_and_in_the_archive() {
        let mut session = Session::new(now());
        session.choose_key_type(KeyType::Ed25519, now());
        session.choose_preset(Preset::Cluster, now());
        let work = |session: &mut Session| {
            let mut workbench = Workbench::default();
            while let Some((number, task)) = session.next_job(now()) {
                let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
                session.job_done(number, outcome, now());
            }
        };
        session.press_make(now());
        work(&mut session);
        let place = session
            .lab()
            .unwrap()
            .identities()
            .iter()
            .position(|identity| identity.stem() == "client")
            .unwrap();
        let choice = format!("<select id=\"revoke-made-{place}-reason\"");
        assert!(!region(&session, "revoke-made").contains(&choice));
        session.tick(&format!("revoke-made-{place}"), true);
        assert!(region(&session, "revoke-made").contains(&choice));
        session.choose_reason(&format!("revoke-made-{place}-reason-keyCompromise"));
        session
            .desk
            .type_text(Input::Revoked, "0A0B superseded\n0C");
        session.choose_reason("revoke-text-reason-cessationOfOperation");
        session.press_revoke(now());
        work(&mut session);

        let list = RevocationList::from_der(&session.bytes("revoked.crl").unwrap()).unwrap();
        let reasons: Vec<_> = list.revoked().iter().map(|entry| entry.reason).collect();
        assert_eq!(
            reasons,
            [
                Some(RevocationReason::KeyCompromise),
                Some(RevocationReason::Superseded),
                Some(RevocationReason::CessationOfOperation),
            ]
        );
        for form in Form::ALL {
            session.choose_form(form);
            let start = region(&session, "start");
            let flags = match form {
                Form::Environment => ["ETCD_CLIENT_CRL_FILE=", "ETCD_PEER_CRL_FILE="],
                _ => ["--client-crl-file", "--peer-crl-file"],
            };
            for flag in flags {
                assert!(start.contains(flag), "{form}: {flag}");
            }
            assert!(start.contains("etcd 3.4 and 3.5 read DER or PEM") || form == Form::ConfigFile);
        }
        assert!(region(&session, "file-list").contains("data-file=\"revoked.crl\""));
        let read_me = session.contents("README").unwrap();
        assert!(read_me.contains("revoked.crl\n") && read_me.contains("(CRL), in DER"));
        assert!(
            session
                .contents("etcd-m1.env")
                .unwrap()
                .contains("revoked.crl")
        );
        assert!(session.contents("etcd-m1.conf.yaml").is_none());
        assert!(region(&session, "revoked").contains("commands of chapter 4 start etcd with it"));

        // The same CA goes on with it, and another one has nothing to do with it.
        session.type_text(Field::Member(0, MemberField::Days), "200");
        session.press_make(now());
        work(&mut session);
        assert!(session.bytes("revoked.crl").is_some());
        session.type_text(Field::AuthoritySubject, "CN=other");
        session.press_make(now());
        work(&mut session);
        assert!(session.bytes("revoked.crl").is_none());
        assert!(region(&session, "revoked").contains("one more flag"));
    }

    #[test]
    fn the_commands_can_leave_a_crl_out_again() {
        let mut session = Session::new(now());
        session.choose_key_type(KeyType::Ed25519, now());
        session.press_make(now());
        let work = |session: &mut Session| {
            let mut workbench = Workbench::default();
            while let Some((number, task)) = session.next_job(now()) {
                let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
                session.job_done(number, outcome, now());
            }
        };
        work(&mut session);
        session.press_revoke(now());
        work(&mut session);
        assert!(region(&session, "start").contains("--client-crl-file"));
        session.start_without_revocation_list();
        assert!(!region(&session, "start").contains("--client-crl-file"));
        assert!(region(&session, "revoked").contains("one more flag"));
    }

    #[test]
    fn nothing_is_signed_without_an_authority_and_the_fault_says_so() {
        let mut session = Session::new(now());
        session.press_revoke(now());
        assert!(region(&session, "revoked").contains("no CA on this page yet"));
        assert!(session.desk.choose("signer-source-own"));
        session.press_renew(false, now());
        assert_eq!(session.take_focus().as_deref(), Some("signer-certificate"));
        let fault = region(&session, "signer-certificate-fault");
        assert!(fault.contains("give the CA’s certificate"));
        session.desk.type_text(Input::SignerCertificate, "x");
        assert_eq!(region(&session, "signer-certificate-fault"), "");
        assert!(!session.desk.choose("authority-source-make"));
    }
}
