//! Where etcd is dialled: an address or host name, and a port.

use crate::pki::subject_alternative_name::{SubjectAlternativeName, SubjectAlternativeNameError};

pub(super) fn host(text: &str) -> Result<SubjectAlternativeName, String> {
    if text.trim().is_empty() {
        return Err("write the address that clients dial, such as 127.0.0.1".to_owned());
    }
    let host: SubjectAlternativeName = text
        .parse()
        .map_err(|error: SubjectAlternativeNameError| error.to_string())?;
    can_be_dialled(&host)?;
    Ok(host)
}

pub(super) fn can_be_dialled(host: &SubjectAlternativeName) -> Result<(), String> {
    match host {
        SubjectAlternativeName::Ip(address) if address.is_unspecified() => Err(format!(
            "{address} means every address of a machine, and cannot be dialled; write the one that clients use"
        )),
        SubjectAlternativeName::Dns(name) if name.as_str().starts_with('*') => {
            Err("a wildcard cannot be dialled; write the whole host name".to_owned())
        }
        _ => Ok(()),
    }
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    match text.trim().parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!(
            "“{}” is no port; write a number from 1 to 65535, such as 2379",
            text.trim()
        )),
    }
}
