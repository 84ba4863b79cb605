//! The members of a cluster, or the control-plane nodes: a row each, folded
//! away like every other identity.

use maud::{Markup, html};

use super::key_types;
use crate::etcd::facts::port;
use crate::etcd::plan::{Field, Holder, MemberField, MemberPlan, Preset};
use crate::page::{
    event::Press,
    field::{line, lines, unmade},
    id::{HolderPart, Id},
    session::Session,
    view::View,
    words::span,
};

/// What is shown of each.
pub(super) fn show(session: &Session, view: &mut View) {
    for index in 0..session.form.member_count() {
        let summary_id = Id::OfHolder(Holder::Member(index), HolderPart::Summary);
        view.region(summary_id, summary(session, index));
    }
}

/// The members' fields and the button for one more.
pub(super) fn form(session: &Session) -> Markup {
    let count = session.form.member_count();
    let kubeadm = session.form.plan().preset == Preset::Kubeadm;
    html! {
        @if count > 0 {
            (lines(Field::MemberHosts, "Addresses of the machines", "10.0.0.11-13", &html! {
                "One a line, or a range: " code { "10.0.0.11-13" } ", " code { "etcd-[1-3].example.com" }
                "; with names: " code { "m1=10.0.0.11" } ", or all of " code { "--initial-cluster" } "."
                @if !kubeadm { " Until they are given, all members run on this machine, to try a cluster." }
            }))
            div.row {
                button type="button" #fill-members data-action=(Press::FillMembers) {
                    "Use these"
                }
            }
        }
        @for index in 0..count { (member(index, count > 1, kubeadm)) }
        @if count > 0 {
            div.row {
                button type="button" #add-member data-action=(Press::AddMember) {
                    @if kubeadm { "Add a control-plane node" } @else { "Add a member" }
                }
                @if let Some(name) = session.form.removed_member() {
                    button.quiet type="button" #restore-member data-action=(Press::RestoreMember) {
                        "Undo: put " (name) " back"
                    }
                }
            }
        }
    }
}

fn member(index: usize, removable: bool, kubeadm: bool) -> Markup {
    let at = |field| Field::Member(index, field);
    let holder = Holder::Member(index);
    let part = |part| Id::OfHolder(holder, part);
    html! {
        details.card id=(part(HolderPart::Details)) {
            summary { span.summary id=(part(HolderPart::Summary)) {} span.change { "Change" } }
            div.card-body.member {
                (line(at(MemberField::Name), "Name", &html! {
                    @if kubeadm { "The node’s name, as Kubernetes knows it." }
                    @else { "etcd’s " code { "--name" } ". It begins the names of its files." }
                }))
                (line(at(MemberField::Hosts), "Addresses and host names", &html! {
                    @if kubeadm { "The node’s own address first. kubeadm’s other names are added." }
                    @else { "First the one that other members dial. Both its certificates name all of them." }
                }))
                (line(at(MemberField::ClientPort), "Client port", &html! { "etcd’s usual port is " (port::CLIENT) "." }))
                (line(at(MemberField::PeerPort), "Peer port", &html! { "etcd’s usual port is " (port::PEER) "." }))
                (line(at(MemberField::DataDirectory), "Folder of its data", &html! {
                    "Empty: " code { "NAME.etcd" } " in the folder where etcd is started."
                }))
                (line(at(MemberField::Days), "Valid for, in days", &html! { "For both its certificates." }))
                (key_types::form(holder))
                @if removable {
                    button.quiet type="button" id=(part(HolderPart::Remove)) data-action=(Press::RemoveMember(index)) {
                        @if kubeadm { "Remove this node" } @else { "Remove this member" }
                    }
                }
            }
        }
    }
}

/// One member in one line.
fn summary(session: &Session, index: usize) -> Markup {
    let text = |field| {
        let text = session.form.text(Field::Member(index, field));
        text.unwrap_or_default().trim()
    };
    html! {
        span.label { @if session.form.plan().preset == Preset::Kubeadm { "Node" } @else { "Member" } }
        span.subject { (text(MemberField::Name)) }
        span.facts {
            @if text(MemberField::Hosts).is_empty() { "give its address, " }
            @else { (text(MemberField::Hosts)) ", " }
            "ports " (text(MemberField::ClientPort)) " and " (text(MemberField::PeerPort)) ", "
            (span(text(MemberField::Days)))
            (key_types::summary(session, Holder::Member(index)))
        }
        @if session.is_unmade(|plan| plan.members.get(index).map(MemberPlan::certified)) { (unmade()) }
    }
}
