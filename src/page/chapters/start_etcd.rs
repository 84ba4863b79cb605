//! Step 4 of Make: the commands and files that start etcd.

use maud::{Markup, html};

use super::files;
use crate::etcd::facts::port;
use crate::{
    etcd::{
        commands::{Form, etcd},
        plan::{Field, Preset},
        telling::foretold::Foretold,
    },
    page::{
        command::{command, document, waiting},
        element::PageElement,
        event::Choice,
        field::{line, way},
        id::{Id, InputPart},
        input::Input,
        session::Session,
        view::View,
        words::curly,
    },
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::Endpoint, endpoint_form());
    view.region(PageElement::Unpack, unpack(session));
    view.region(PageElement::RunForm, forms(session));
    view.region(PageElement::Start, start(session));
    for form in Form::ALL {
        view.choose(Choice::Form(form), form == session.run_as());
    }
    view.hide(PageElement::RunForm, starts_nothing(session));
    let members = session.form.plan().preset.has_members();
    for field in [Field::Host, Field::Port] {
        let row = Id::OfInput(Input::Plan(field), InputPart::Row);
        view.hide(row, members);
    }
}

/// The fields of the step.
fn endpoint_form() -> Markup {
    html! {
        div.endpoint {
            (line(Field::Host, "Address that clients dial", &html! {
                "One of the server’s names and addresses (SANs)."
            }))
            (line(Field::Port, "Port", &html! { "etcd’s usual port is " (port::CLIENT) "." }))
            (line(Field::Directory, "Folder of the files", &html! {
                "On the machine that runs etcd. Below " code { "/root" } ", the commands are for root. They follow as you type; the files stay as they are."
            }))
        }
    }
}

/// What is done before etcd is started: its files and itself are brought there.
fn unpack(session: &Session) -> Markup {
    let deployment = session.deployment();
    html! {
        (files::unpack(session))
        @if deployment.is_some_and(|deployment| !deployment.members.is_empty()) { (where_from(session)) }
    }
}

/// Where etcd comes from, and what runs already where a package was installed.
fn where_from(session: &Session) -> Markup {
    let newest = session.commands_plan().etcd.newest();
    let release = format!("etcd-v{newest}-linux-amd64");
    let etcdutl = if session.commands_plan().etcd.has_etcdutl() {
        format!(" {release}/etcdutl")
    } else {
        String::new()
    };
    html! {
        details.more #where-from-details {
            summary { "Where etcd comes from" }
            h4 { "A release archive, for Linux" }
            p { "From " code { "https://github.com/etcd-io/etcd/releases/tag/v" (newest) } ", which has the checksums too." }
            (command("command-release", &format!("tar -xzf {release}.tar.gz\nsudo install -m 0755 {release}/etcd {release}/etcdctl{etcdutl} /usr/local/bin/\n")))
            h4 { "Debian and Ubuntu" }
            p { "The package starts a server of its own at once, without TLS and on the same port 2379. Stop it first." }
            (command("command-debian", "sudo apt install etcd-server etcd-client\nsudo systemctl disable --now etcd\n"))
            h4 { "macOS" }
            (command("command-macos", "brew install etcd\n"))
        }
    }
}

/// What flags that are not in the commands would surprise with.
fn flags_of_your_own() -> Markup {
    html! {
        details.more #own-flags-details {
            summary { "Before you add flags of your own" }
            ul {
                li { (curly(&Foretold::NamesOfGateway.to_string())) }
                li { code { "--cipher-suites" } " with AES-256 suites alone ends etcd after its election: HTTP/2 wants one of AES-128 among them." }
                li { (curly(&Foretold::NamesOfNobody.to_string())) }
                li { (curly(&Foretold::ListBesideConfigFile.to_string())) }
                li { "At a Unix socket, " code { "unixs://" } ", etcdctl checks for the name of the socket’s file: it must be among the server’s names." }
                li { (curly(&Foretold::Learner.to_string())) }
                li { code { "etcd grpc-proxy" } " takes no client certificate with a common name (CN): give it one whose subject has none, such as " code { "O=proxy" } "." }
            }
        }
    }
}

/// Whether the certificates are for an etcd that runs already.
fn starts_nothing(session: &Session) -> bool {
    let preset = session.form.plan().preset;
    match session.deployment() {
        Some(deployment) => deployment.members.is_empty(),
        None => !preset.has_server() && !preset.has_members(),
    }
}

/// The choice of the form that etcd is run in.
fn forms(session: &Session) -> Markup {
    let kubeadm = session.form.plan().preset == Preset::Kubeadm;
    html! {
        h3 { "Start it" }
        fieldset.ways {
            legend { "How do you run etcd?" }
            div.forms {
                @for form in Form::in_order(kubeadm) { (way("run", Choice::Form(form), form.label(), "")) }
            }
        }
    }
}

/// The step below its fields.
fn start(session: &Session) -> Markup {
    let Some(commands) = session.commands() else {
        return waiting();
    };
    let run = etcd(&commands.deployment, session.run_as());
    // That they are started together is to be known before.
    let together = usize::from(commands.deployment.members.len() > 1);
    html! {
        @if commands.deployment.members.is_empty() {
            p { "Nothing is started here: these certificates are for an etcd that runs already." }
        }
        @if session.run_as() == Form::Shell && !commands.deployment.members.is_empty() {
            @if commands.deployment.members.len() == 1 {
                p { strong { "Terminal A." } " Leave it running; etcd logs here, and ends at Ctrl-C." }
            } @else {
                p { "A terminal for each member. Leave them running; etcd logs there." }
            }
        }
        @for note in run.notes.iter().take(together) { p { (note) } }
        @if let ([only], 1) = (run.documents.as_slice(), commands.deployment.members.len()) {
            (command(&only.id, &only.text))
        } @else {
            @for each in &run.documents { (document(each)) }
        }
        @for note in run.notes.iter().skip(together) { p.hint { (note) } }
        p.hint {
            code { "client-cert-auth" } " and " code { "trusted-ca-file" }
            " are the border: only certificates that this CA signed may pass."
        }
        @if !commands.deployment.members.is_empty() { (flags_of_your_own()) }
        details.more #openssl-details {
            summary { "The openssl lines that would do the same" }
            p {
                "They make the same files by hand. Do not leave out " code { "-extfile" } ": without it, "
                code { "openssl x509 -req" } " ignores " code { "-extensions" }
                ", drops the SANs that the CSR asks for, and makes a version 1 certificate."
            }
            @for (index, step) in commands.openssl.iter().enumerate() {
                h4 { code { (step.stem) ".crt" } }
                (command(&Id::Openssl(index).to_string(), &step.script))
            }
        }
    }
}
