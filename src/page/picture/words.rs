//! The picture in sentences, for those who hear it and for the text of its file.

use super::{Drawn, Picture};
use crate::page::words::list;

/// What the picture shows.
#[must_use]
pub(in crate::page) fn words(picture: &Picture) -> Vec<String> {
    let mut said = Vec::new();
    for (place, authority) in picture.authorities.iter().enumerate() {
        let signed = picture
            .authorities
            .iter()
            .skip(place + 1)
            .chain(picture.leaves())
            .filter(|holder| holder.issuer.unwrap_or(0) == place);
        let signed: Vec<String> = signed.map(|holder| holder.certificate.clone()).collect();
        let what = if signed.is_empty() {
            String::new()
        } else {
            format!(" signs {}", list(&signed))
        };
        said.push(format!("{}{what}.", named(authority)));
    }
    for server in &picture.servers {
        said.push(format!("etcd shows {} to its clients.", named(server)));
    }
    if picture.peers.len() > 1 {
        let peers: Vec<String> = picture.peers.iter().map(certificate).collect();
        said.push(format!("Members show {} to each other.", list(&peers)));
    }
    for client in &picture.clients {
        said.push(if picture.let_in == Some(false) {
            format!("Whoever asks shows {}.", named(client))
        } else {
            format!("etcd lets in who shows {}.", named(client))
        });
    }
    if let [(_, first), _, ..] = picture.by_end().as_slice() {
        said.push(format!("{} ends first.", first.certificate));
    }
    let (servers, clients) = picture.more;
    if servers + clients > 0 {
        said.push(format!("{} more are not drawn.", servers + clients));
    }
    match picture.let_in {
        Some(true) => said.push("The last one who asked was let in.".to_owned()),
        Some(false) => said.push("The last one who asked was refused.".to_owned()),
        None => {}
    }
    said
}

fn certificate(holder: &Drawn) -> String {
    holder.certificate.clone()
}

/// `etcd (etcd.crt, until 29 November 2027)`.
fn named(holder: &Drawn) -> String {
    let life = if holder.life.is_empty() {
        String::new()
    } else {
        format!(", {}", holder.life)
    };
    format!("{} ({}{life})", holder.name, holder.certificate)
}
