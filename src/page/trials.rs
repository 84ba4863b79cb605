//! What is tried out rather than made: the dry runs of chapter 5, the drills of
//! chapter 6 and the diagnosis of chapter 7. The session asks here for tasks and
//! brings back what came of them; each of the three keeps its own state.

use jiff::Timestamp;

use super::chapters::{
    break_it::Drills,
    diagnose::Diagnosis,
    dry_run::{Builds, DryRun},
};
use crate::etcd::facts::release::Offer;
use crate::lab::{
    Lab,
    job::judge::FilesByPath,
    wire::{Outcome, Task},
};

/// What a task was for. The number tells an answer that is still wanted from
/// one that came too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// A dry run of a command.
    DryRun(u32),
    /// The making of a drill.
    Drill(u32),
    /// The dry run of a drill.
    DrillVerdict(u32),
    /// A part of the diagnosis.
    Diagnosis(u32),
}

/// All three.
#[derive(Default)]
pub struct Trials {
    /// The build of etcd that all of them are about.
    pub builds: Builds,
    /// Chapter 5.
    pub dry_run: DryRun,
    /// Chapter 6.
    pub drills: Drills,
    /// Chapter 7.
    pub diagnosis: Diagnosis,
}

impl Trials {
    /// The next task, if there is something to try.
    pub fn next_task(
        &mut self,
        lab: Option<&Lab>,
        build: Offer,
        now: Timestamp,
    ) -> Option<(Trial, Task)> {
        if let Some((number, task)) = self.dry_run.next_task(lab, build, now) {
            return Some((Trial::DryRun(number), task));
        }
        if let Some((number, task)) = self.diagnosis.next_task(lab, build, now) {
            return Some((Trial::Diagnosis(number), task));
        }
        self.drills.next_task(lab, build, now)
    }

    /// Takes what came of a task.
    pub fn done(&mut self, trial: Trial, outcome: Outcome) {
        match trial {
            Trial::DryRun(number) => self.dry_run.done(number, outcome),
            Trial::Drill(number) => self.drills.made(number, outcome),
            Trial::DrillVerdict(number) => self.drills.judged(number, outcome),
            Trial::Diagnosis(number) => self.diagnosis.done(number, outcome),
        }
    }

    /// Another build of etcd was chosen: everything is asked of it again.
    pub fn choose_build(&mut self, id: &str) {
        if self.builds.choose(id) {
            self.dry_run.again();
            self.drills.again();
            self.diagnosis.again();
        }
    }
}

/// The files of a lab under the paths that its commands name them with: those
/// of the clients' machine, and those of each member's, where the folder of the
/// member's own files goes into its directory.
#[must_use]
pub fn files_by_path(lab: &Lab) -> FilesByPath {
    let deployment = lab.deployment();
    let mut places = vec![(lab.plan().directory.trim().to_owned(), None)];
    for member in &deployment.members {
        let folder = member.archive_folder.clone();
        places.push((member.directory.as_str().to_owned(), folder));
    }
    let mut files = FilesByPath::new();
    for file in lab.files() {
        for (directory, folder) in &places {
            let name = match folder {
                None => Some(file.name.as_str()),
                Some(folder) => file
                    .name
                    .strip_prefix(folder.as_str())
                    .and_then(|name| name.strip_prefix('/')),
            };
            if let Some(name) = name {
                let path = format!("{}/{name}", directory.trim_end_matches('/'));
                files.insert(path, file.contents.clone());
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::{
        lab::{drills::Drill, job::Workbench},
        page::{session::Session, view::view},
        pki::key::KeyType,
    };

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn region(session: &Session, id: &str) -> String {
        let mut regions = view(session).regions.into_iter();
        regions.find(|region| region.0 == id).unwrap().1
    }

    fn work(session: &mut Session) {
        let mut workbench = Workbench::default();
        while let Some((number, task)) = session.next_job(now()) {
            let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
            session.job_done(number, outcome, now());
        }
    }

    fn drill(id: &str) -> Drill {
        Drill::from_id(id).unwrap()
    }

    #[test]
    fn a_drill_needs_no_files_and_follows_the_build() {
        let mut session = Session::new(now());
        assert!(region(&session, "drill-panel").contains("Press one"));
        session.trials.drills.press(drill("expired-client"), false);
        assert!(region(&session, "drill-panel").contains("Making the files"));
        work(&mut session);
        let panel = region(&session, "drill-panel");
        assert!(panel.contains("validity-ends") && panel.contains("expired certificate"));
        assert!(
            panel.contains("(*Certificate).isValid"),
            "the rule's source"
        );
        assert!(panel.contains("drill-expired-client/client.crt"));
        session.trials.choose_build("etcd-build-3-5-1");
        work(&mut session);
        let panel = region(&session, "drill-panel");
        assert!(panel.contains("remote error: tls: bad certificate"));
        session.trials.drills.press(drill("expired-client"), true);
        work(&mut session);
        assert!(region(&session, "drill-panel").contains("class=\"seal\""));
        let (name, _) = session.drill_archive().unwrap();
        assert_eq!(name, "drill-expired-client.tar");
    }

    #[test]
    fn an_answer_about_an_earlier_drill_is_ignored() {
        let mut session = Session::new(now());
        session.trials.drills.press(drill("revoked"), false);
        let (number, task) = session.next_job(now()).unwrap();
        session.trials.drills.press(drill("wrong-host"), false);
        let (later, later_task) = session.next_job(now()).unwrap();
        let mut workbench = Workbench::default();
        let outcome = workbench.finish(later_task, &mut UnwrapErr(SysRng));
        session.job_done(later, outcome, now());
        let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
        session.job_done(number, outcome, now());
        assert_eq!(
            session.trials.drills.set().map(|set| set.drill),
            Some(drill("wrong-host"))
        );
    }

    #[test]
    fn a_dry_run_asks_for_files_first_and_holds_for_the_shown_text_alone() {
        let mut session = Session::new(now());
        let id = "command-verified-put-0";
        assert!(region(&session, "authenticate").contains("Make the files first"));
        // Its keys are made in a moment.
        session.choose_key_type(KeyType::P256, now());
        session.press_make(now());
        work(&mut session);
        let put = |session: &Session| session.commands().unwrap().verified.clients[0].put.clone();
        let script = put(&session);
        session.run(id, &script);
        work(&mut session);
        let shown = region(&session, "authenticate");
        assert!(shown.contains("class=\"seal\"") && shown.contains(">OK</pre>"));
        assert!(shown.contains("client-ca-known"), "what was checked");
        let get = session.commands().unwrap().verified.clients[0].get.clone();
        session.run("command-verified-get-0", &get);
        work(&mut session);
        assert!(region(&session, "authenticate").contains("testclient\ndata</pre>"));
        let without = session.commands().unwrap().verified.without_certificate;
        session.run("command-verified-without", &without);
        work(&mut session);
        let shown = region(&session, "authenticate");
        assert!(
            shown.contains("class=\"refused\"") && shown.contains("client-certificate-required")
        );
        // A drill is made with the page's own CA then.
        session.trials.drills.press(drill("no-san"), false);
        work(&mut session);
        let set = session.trials.drills.set().unwrap();
        let authority = set.files.iter().find(|file| file.name == "ca.crt").unwrap();
        assert_eq!(
            authority.contents.0.as_slice(),
            session.contents("ca.crt").unwrap().as_bytes()
        );
        // Another port makes other commands.
        session.type_text(crate::etcd::plan::Field::Port, "2399");
        session.check(now());
        assert!(!region(&session, "authenticate").contains("class=\"seal\""));
    }

    #[test]
    fn a_long_text_is_looked_at_in_parts_and_put_together() {
        let mut session = Session::new(now());
        let quiet = "{\"level\":\"info\",\"msg\":\"nothing to see\"}\n".repeat(20_000);
        let refused = "{\"level\":\"warn\",\"msg\":\"rejected connection\",\"error\":\"tls: client didn't provide a certificate\"}\n";
        let text = format!("{quiet}{refused}{quiet}Error: context deadline exceeded\n");
        session.trials.diagnosis.add("etcd.log", text.into_bytes());
        assert!(region(&session, "diagnosis-result").contains("Looking"));
        work(&mut session);
        let result = region(&session, "diagnosis-result");
        let first = result.find("client didn't provide a certificate").unwrap();
        let second = result.find("context deadline exceeded").unwrap();
        assert!(first < second, "the more telling words come first");
        assert!(result.contains("Give etcdctl --cert and --key."));
        session.trials.diagnosis.clear();
        assert!(!region(&session, "diagnosis-result").contains("provide"));
    }

    #[test]
    fn hostile_evidence_stays_text() {
        let mut session = Session::new(now());
        let hostile = "<img src=x onerror=alert(1)>";
        session
            .trials
            .diagnosis
            .type_text(&format!("rejected connection {hostile}: revoked"));
        session
            .trials
            .diagnosis
            .add(hostile, hostile.as_bytes().to_vec());
        work(&mut session);
        let result = region(&session, "diagnosis-result");
        assert!(!result.contains("<img") && result.contains("&lt;img"));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_with_its_size() {
        let mut session = Session::new(now());
        assert!(!session.trials.diagnosis.admits("huge.log", 100_000_000));
        assert!(region(&session, "diagnosis-result").contains("100 MB"));
    }
}
