//! `commands.sh`: every command of a deployment in one file, in order, to be
//! read. It is no program: its parts belong to different machines, and some are
//! alternatives. Run by mistake, it says so and ends.

use super::{
    Document, Form, Language, etcd, etcdctl, gateway, handover, kubernetes, openssl, own_name,
    roles, unpack, with_few_clients,
};
use crate::etcd::{
    command::Command,
    deployment::{Deployment, Receives},
};

const HEAD: &str = "#!/bin/sh
# The commands for these files, in the order in which they are run.
#
# To be read, not to be run as a whole: the parts belong to different machines,
# and some of them are alternatives. README says what each file is.
set -eu
echo \"Open $0, and run the parts that you need.\" >&2
exit 1
";

/// The script. Of many clients it has the first few: the others' commands are
/// the same with their own files.
#[must_use]
pub fn commands_script(deployment: &Deployment) -> Document {
    let all_clients = deployment.clients.len();
    let deployment = &with_few_clients(deployment.clone());
    let mut script = Script {
        text: HEAD.to_owned(),
    };
    let receives = deployment
        .recipient
        .as_ref()
        .map(|recipient| &recipient.receives);
    if receives.is_some() {
        script.chapter("Bring the archive there, and unpack it");
        script.documents(&unpack::hand_over(deployment));
    } else {
        script.chapter("Unpack the archive, where it lies");
        script.documents(&unpack::documents(deployment));
    }
    if !deployment.members.is_empty() {
        let forms = Form::in_order(deployment.kubeadm);
        for (index, form) in forms.into_iter().enumerate() {
            script.chapter(&match index {
                0 => format!("Start etcd: {}", form.label()),
                _ => format!("Or: {}", form.label()),
            });
            let form = etcd(deployment, form);
            for note in &form.notes {
                script.comment(note);
            }
            script.documents(&form.documents);
        }
    }
    match receives {
        None => {
            script.asking(deployment, all_clients);
            script.roles(deployment);
            script.pairs(deployment);
            script.authorities(deployment);
        }
        Some(Receives::Machine(_)) => script.health(deployment),
        Some(Receives::Client(_)) => script.asking(deployment, all_clients),
        Some(Receives::AuthorityKeys) => script.authorities(deployment),
    }
    Document {
        id: "file-commands".to_owned(),
        title: "commands.sh".to_owned(),
        file_name: Some(own_name(deployment, "commands", ".sh")),
        saved_as: None,
        language: Language::Shell,
        text: script.text,
    }
}
/// The script so far.
struct Script {
    text: String,
}

impl Script {
    fn chapter(&mut self, title: &str) {
        let title = openssl::comment(title);
        let line = "-".repeat(title.chars().count());
        self.text.extend(["\n\n# ", &title, "\n# ", &line, "\n"]);
    }

    /// How the clients ask, and that nobody else can.
    fn asking(&mut self, deployment: &Deployment, all_clients: usize) {
        self.chapter("Ask etcd without a certificate: this must fail");
        let flags = etcdctl::flags(deployment, etcdctl::ServerTrust::Authority);
        self.lines(&flags.without_certificate);
        for (client, commands) in deployment.clients.iter().zip(&flags.clients) {
            self.chapter(&format!("Ask etcd as {}", client.stem));
            self.lines(&commands.put);
            self.lines(&commands.get);
            self.comment("Or with variables:");
            self.documents(&etcdctl::environment(deployment, client));
            if client.is_for_backup() {
                self.documents(&etcdctl::snapshot(deployment, client));
            }
        }
        if all_clients > deployment.clients.len() {
            self.comment(&format!(
                "The other {} clients do the same with their own files.",
                all_clients - deployment.clients.len()
            ));
        }
        if let Some(client) = deployment.clients.first() {
            self.chapter(&format!("Ask etcd with curl, as {}", client.stem));
            self.documents(&gateway::curl(deployment, client));
        }
    }

    fn health(&mut self, deployment: &Deployment) {
        self.chapter("Ask for its health, on this machine");
        self.documents(&etcdctl::health(deployment));
    }

    fn roles(&mut self, deployment: &Deployment) {
        self.chapter("Who may do what");
        match roles::roles(deployment) {
            Ok(roles) => {
                self.documents(&[roles.enable]);
                self.documents(&roles.show);
                self.documents(&[roles.disable]);
            }
            Err(reason) => self.comment(&format!("Not yet: {reason}.")),
        }
    }

    fn pairs(&mut self, deployment: &Deployment) {
        self.chapter("Kubernetes: a Secret for each pair, and cert-manager");
        self.comment("In the folder of the files.");
        self.documents(&[kubernetes::secrets(deployment)]);
        self.comment("What cert-manager issues goes into new Secrets.");
        let mut members = deployment.members.iter();
        let beside = members.next().filter(|_| deployment.kubeadm);
        let file = beside.map_or_else(
            || "cert-manager.yaml".to_owned(),
            |member| format!("{}/cert-manager.yaml", deployment.documents_folder(member)),
        );
        self.lines(&Command::new("kubectl apply -f").word(&file).to_string());
    }

    /// What goes on issuing from the same CAs, with their keys.
    fn authorities(&mut self, deployment: &Deployment) {
        self.chapter("step-ca, with this CA as its root");
        self.documents(&handover::step_ca(deployment));
        self.chapter("Vault, with this CA in a mount of its own");
        self.documents(&handover::vault(deployment));
        self.chapter("The same files with openssl, by hand");
        for step in openssl::steps(deployment) {
            self.comment(&format!("{}.crt", step.stem));
            self.lines(&step.script);
        }
    }

    fn comment(&mut self, text: &str) {
        self.text.extend(["\n# ", &openssl::comment(text), "\n"]);
    }

    fn lines(&mut self, lines: &str) {
        self.text += lines.trim_end_matches('\n');
        self.text.push('\n');
    }

    /// Commands, each under its title. Files lie in the archive, and are only
    /// named.
    fn documents(&mut self, documents: &[Document]) {
        for document in documents {
            if let Some(file) = &document.file_name {
                self.comment(&format!("The file {file}, then:"));
            } else {
                self.comment(&document.title);
                self.lines(&document.text);
            }
        }
    }
}
