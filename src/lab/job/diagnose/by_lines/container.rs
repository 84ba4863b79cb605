//! What a container's line tells by itself: files that lie outside of it.

use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::judge::reading::material::{Invocation, Program, Sight};

/// A file that a program in a container is told to take, and that the container does not
/// have by what is mounted into it.
pub(in crate::lab::job::diagnose) fn of_mounts(line: &Invocation) -> Option<String> {
    let of_etcdctl = [
        EtcdctlOption::AuthorityCertificate,
        EtcdctlOption::Certificate,
        EtcdctlOption::Key,
    ];
    let flags: Vec<&str> = match line.program {
        Program::Etcd => {
            let options = EtcdOption::ALL.iter().map(|option| option.flag());
            options.filter(|flag| flag.ends_with("-file")).collect()
        }
        Program::Etcdctl => of_etcdctl.iter().map(|option| option.flag()).collect(),
        Program::Etcdutl | Program::Curl => return None,
    };
    let given = flags.into_iter().filter_map(|flag| {
        let path = line.option(flag.trim_start_matches('-'))?;
        Some((flag, path, line.mounts.sight(path)))
    });
    let mut nowhere = None;
    for (flag, path, sight) in given {
        match sight {
            Sight::Open => {}
            Sight::Elsewhere { path: inside } => {
                return Some(format!(
                    "{flag} names {path}, which is where the machine has it: in the container it is {inside}."
                ));
            }
            Sight::Nowhere { mounted } => {
                nowhere.get_or_insert_with(|| {
                    format!(
                        "{flag} names {path}, and the container has only {} mounted: unless its image brings that file, {} does not find it.",
                        mounted.join(", "),
                        line.program
                    )
                });
            }
        }
    }
    nowhere
}
