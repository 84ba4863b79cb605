//! The two texts that an archive has beside its certificates and keys: what
//! each file is, and the commands that go with them.

use std::fmt::Write as _;

use super::Lab;
use crate::{
    etcd::plan::{Preset, Role},
    pki::validity::calendar_day,
};

/// What each file is, who needs it and until when it is good.
pub(super) fn readme(lab: &Lab) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let checked = lab.checked();
    line(&format!(
        "{} for etcd {}",
        title(checked.preset),
        checked.series
    ));
    line("");
    line(&format!(
        "Made {} with etcd PKI Lab. The files belong in {}.",
        calendar_day(lab.made()),
        checked.directory.as_str()
    ));
    line("Private keys (.key) have mode 0600 and stay with their owner; everything");
    line("else may be seen by anybody. commands.sh has the commands to unpack, start");
    line("and ask etcd: read it and run what you need.");
    line("");
    line("Authorities");
    line("");
    for (place, (stem, authority)) in lab.authorities().enumerate() {
        let signer = match lab.issuer_of_authority(place) {
            _ if place == 0 && lab.authority_was_brought() => {
                "brought along; its key is not here".to_owned()
            }
            None => "signs itself".to_owned(),
            Some(issuer) => format!(
                "signed by {}.crt",
                lab.authorities().nth(issuer).map_or("", |(stem, _)| stem)
            ),
        };
        line(&format!(
            "  {stem}.crt  {}, until {}, {signer}",
            authority.subject,
            calendar_day(authority.validity.not_after)
        ));
    }
    for bundle in checked.bundles() {
        line(&format!(
            "  {}  {} together: whom etcd's client port trusts",
            bundle.file,
            bundle.parts.join(" and ")
        ));
    }
    for (original, copy) in checked.copies() {
        line(&format!("  {copy}  a copy of {original}"));
    }
    line("");
    line("Certificates");
    line("");
    for (place, identity) in lab.identities().iter().enumerate() {
        let role = match identity.role {
            Role::Server => "server",
            Role::Peer => "peer",
            Role::Client => "client",
        };
        let names = if identity.names.is_empty() {
            String::new()
        } else {
            format!(", for {}", identity.names.join(", "))
        };
        let mut endings = vec!["crt"];
        endings.extend(identity.key.is_some().then_some("key"));
        endings.extend(lab.keeps_csr(place).then_some("csr"));
        line(&format!(
            "  {}.{}  {role} {}{names}, until {}",
            identity.stem(),
            endings.join("/"),
            identity.subject,
            calendar_day(identity.validity.not_after)
        ));
    }
    if lab.authorities().count() > 1
        && lab
            .checked()
            .authorities
            .iter()
            .any(|authority| authority.issuer.is_some())
    {
        line("");
        line("Each .crt that an intermediate signed holds the certificate first and the");
        line("intermediate behind it, as etcd's --cert-file wants it.");
    }
    text
}

fn title(preset: Preset) -> &'static str {
    match preset {
        Preset::Tutorial => "One etcd and its clients",
        Preset::Cluster => "A cluster of etcd members",
        Preset::Kubeadm => "etcd as kubeadm lays it out",
        Preset::ClientOnly => "Clients",
        Preset::SignCsr => "A certificate for a CSR",
    }
}

/// The commands, with a comment before each.
pub(super) fn commands_script(lab: &Lab) -> String {
    let commands = lab.commands();
    let mut text = String::from(
        "# The commands that go with these files. They run on different machines and\n\
         # at different times: read them and run what you need.\n",
    );
    let mut section = |title: &str, script: &str| {
        // Writing to a text never fails.
        let _ = write!(text, "\n# {title}\n{script}\n");
    };
    section(
        "Unpack the archive, where the download lies:",
        &commands.unpack,
    );
    section("Start etcd:", &commands.etcd);
    section(
        "Ask without a certificate: this must fail.",
        &commands.verified.without_certificate,
    );
    for client in &commands.verified.clients {
        section(&format!("Write as {}:", client.stem), &client.put);
        section(&format!("Read as {}:", client.stem), &client.get);
    }
    text
}
