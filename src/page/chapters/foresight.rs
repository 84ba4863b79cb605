//! The right pane of Make: what will come of the plan, or has. The press that makes
//! the files fills the same picture with dates.

use maud::{Markup, html};

use crate::{
    etcd::{
        plan::{CheckedIdentity, CheckedPlan},
        role::Role,
        telling::elsewhere,
    },
    page::{
        element::PageElement,
        event::Press,
        picture::{drawing, of_session::picture, words},
        session::Session,
        view::View,
        words::curly,
    },
    pki::{
        name::common_name,
        name_constraint::{NameConstraint, NameConstraints},
        subject_alternative_name::SubjectAlternativeName,
    },
};

/// What is shown of it.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::Picture, pane(session));
}

fn pane(session: &Session) -> Markup {
    let Some(picture) = picture(session) else {
        return html! { p.before { "The picture of who trusts whom stands here as soon as the form is complete." } };
    };
    html! {
        (drawing(&picture))
        p.out-of-sight { (words(&picture).join(" ")) }
        h3 { "On each machine" }
        ul.machines {
            @for machine in picture.machines() {
                li {
                    strong { (machine.name) } " "
                    @if !machine.folder.is_empty() { code { (machine.folder) } }
                    span.files-there {
                        @for (place, file) in machine.files.iter().enumerate() {
                            @if place > 0 { " · " }
                            code { (file) }
                        }
                    }
                }
            }
        }
        @for refusal in &refused_elsewhere(session) { p.notice { (curly(refusal)) } }
        @if session.files.lab().is_some() {
            div.row {
                button.quiet type="button" #download-picture data-action=(Press::DownloadPicture) { "Picture as SVG" }
                button.quiet type="button" #print data-action=(Press::Print) { "Print a sheet" }
                button.quiet type="button" #download-calendar data-action=(Press::DownloadCalendar) { "Dates as .ics" }
            }
        }
    }
}

/// What etcd and etcdctl will take of the plan, and another program will not.
fn refused_elsewhere(session: &Session) -> Vec<String> {
    let Some(plan) = session.form.checked() else {
        return Vec::new();
    };
    let servers = plan.identities.iter();
    let servers = servers.filter(|identity| identity.request.role == Role::Server);
    let mut told: Vec<String> = Vec::new();
    for server in servers {
        for refusal in refused_of(server, &confined(session, plan, server)) {
            if !told.contains(&refusal) {
                told.push(refusal);
            }
        }
    }
    told
}

fn refused_of(server: &CheckedIdentity, confined: &[&NameConstraints]) -> Vec<String> {
    let names = &server.request.names;
    let hosts: Vec<&str> = names
        .iter()
        .filter_map(|name| match name {
            SubjectAlternativeName::Dns(host) => Some(host.as_str()),
            SubjectAlternativeName::Ip(_) => None,
        })
        .collect();
    let mut told: Vec<String> = hosts
        .iter()
        .filter_map(|host| elsewhere::of_name(host))
        .collect();
    let limits_addresses = confined.iter().any(|it| {
        let mut limits = it.permitted.iter().chain(&it.excluded);
        limits.any(|limit| matches!(limit, NameConstraint::Ip(_)))
    });
    if limits_addresses && hosts.len() < names.len() {
        told.push(elsewhere::of_confined_addresses());
    }
    // A name without a dot is held to be no host's.
    if hosts.is_empty()
        && let Some(name) = common_name(server.subject()).filter(|name| name.contains('.'))
        && let Ok(host @ SubjectAlternativeName::Dns(_)) = SubjectAlternativeName::read(&name)
        && confined.iter().any(|it| it.check(&host).is_err())
    {
        told.push(elsewhere::of_confined_common_name(&name));
    }
    told
}

/// The limits of the CAs above a certificate.
fn confined<'s>(
    session: &'s Session,
    plan: &'s CheckedPlan,
    identity: &CheckedIdentity,
) -> Vec<&'s NameConstraints> {
    let mut limits = Vec::new();
    let mut next = plan.authorities.get(identity.issuer);
    while let Some(authority) = next {
        match &authority.request {
            Some(request) => limits.push(&request.options.name_constraints),
            None => limits.extend(
                session
                    .form
                    .brought()
                    .into_iter()
                    .flat_map(|it| &it.constraints),
            ),
        }
        next = authority
            .issuer
            .and_then(|issuer| plan.authorities.get(issuer));
    }
    limits
}
