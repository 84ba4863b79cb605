//! What a container has of the machine it runs on: `docker run`'s `--volume` and
//! `--mount`, compose's `volumes`, Kubernetes' `volumeMounts`.

use super::tree::Item;

/// Keys of compose's services that bring files in other ways, or whose values do.
const OTHER_WAYS: [&str; 6] = [
    "build",
    "configs",
    "env_file",
    "extends",
    "secrets",
    "volumes_from",
];

/// Places that whoever runs a container fills by himself, or programs within it.
const FILLED: [&str; 7] = [
    "/var/run/secrets/",
    "/run/secrets/",
    "/vault/secrets/",
    "/secrets/",
    "/local/",
    "/tmp/",
    "/dev/shm/",
];

/// So many mounts are named.
const MOST_NAMED: usize = 8;

/// What is mounted into one container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mounts {
    all: Vec<Mount>,
    /// Whether it may have files in other ways.
    is_open: bool,
}

/// A folder or a file of the machine's, or a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mount {
    /// What it is outside; none where that is not told.
    from: Option<String>,
    /// Where it is inside.
    at: String,
}

/// Where a container finds a path that it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Within what is mounted, or it can't be told.
    Open,
    /// The path is one of the machine's, and what lies there is elsewhere inside.
    Elsewhere {
        /// Inside.
        path: String,
    },
    /// Nothing is mounted there.
    Nowhere {
        /// What is mounted, by its places inside.
        mounted: Vec<String>,
    },
}

impl Mounts {
    /// Adds what an option of `docker run` says; whether it is one about mounts.
    pub(super) fn add_option(&mut self, option: &str, value: &str) {
        match option {
            "-v" | "--volume" => self.add(of_volume(value)),
            "--mount" => self.add(of_fields(value)),
            "--volumes-from" | "--env-file" | "--secret" => self.is_open = true,
            _ => {}
        }
    }

    /// What a container's item tells.
    pub(super) fn of(item: &Item) -> Self {
        let mut mounts = Self {
            // Without an image it is a part of something, as of a chart's values.
            is_open: OTHER_WAYS.iter().any(|key| item.get(key).is_some())
                || item.get("image").is_none(),
            ..Self::default()
        };
        for key in ["volumes", "volumeMounts", "Mounts"] {
            let listed = item.get(key).map(Item::list).unwrap_or_default();
            for mount in listed {
                mounts.add(match mount.text() {
                    Some(text) => of_volume(text),
                    None => of_item(mount),
                });
            }
        }
        mounts
    }

    /// What runs within may make files by itself.
    pub(super) const fn leave_open(&mut self) {
        self.is_open = true;
    }

    fn add(&mut self, mount: Option<Mount>) {
        match mount.filter(|it| it.at.starts_with('/') && !it.at.contains(['$', '{', '<'])) {
            Some(mount) => self.all.push(mount),
            None => self.is_open = true,
        }
    }

    /// Where a file is that the program in the container is told to take.
    #[must_use]
    pub fn sight(&self, path: &str) -> Sight {
        let is_path = path.starts_with('/') && !path.contains(['$', '{', '<']);
        let is_inside = self.all.iter().any(|it| behind(path, &it.at).is_some());
        let is_filled = FILLED.iter().any(|place| path.starts_with(place));
        if !is_path || self.all.is_empty() || self.is_open || is_inside || is_filled {
            return Sight::Open;
        }
        let moved = self.all.iter().find_map(|it| {
            let rest = behind(path, it.from.as_deref()?)?;
            Some(format!("{}{rest}", it.at.trim_end_matches('/')))
        });
        if let Some(path) = moved {
            return Sight::Elsewhere { path };
        }
        let mounted = self.all.iter().take(MOST_NAMED).map(|it| it.at.clone());
        Sight::Nowhere {
            mounted: mounted.collect(),
        }
    }
}

/// What is behind a folder in a path that lies within it, or nothing where it is the same.
fn behind<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let folder = folder.trim_end_matches('/');
    let rest = path.strip_prefix(folder)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// `FROM:AT`, `FROM:AT:ro`, or `AT` alone.
fn of_volume(text: &str) -> Option<Mount> {
    let parts: Vec<&str> = text.split(':').collect();
    let (from, at) = match parts.as_slice() {
        [at] => (None, *at),
        // A drive's letter on Windows.
        [drive, folder, at, ..]
            if drive.len() == 1
                && drive.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && folder.starts_with(['\\', '/'])
                && at.starts_with('/') =>
        {
            (None, *at)
        }
        [from, at, ..] => (Some((*from).to_owned()), *at),
        [] => return None,
    };
    Some(Mount {
        from,
        at: at.to_owned(),
    })
}

/// `type=bind,source=FROM,target=AT`.
fn of_fields(text: &str) -> Option<Mount> {
    let field = |names: &[&str]| {
        let mut fields = text.split(',').filter_map(|field| field.split_once('='));
        let found = fields.find(|(name, _)| names.contains(name));
        found.map(|(_, value)| value.to_owned())
    };
    Some(Mount {
        from: field(&["source", "src"]),
        at: field(&["target", "dst", "destination"])?,
    })
}

/// An item with the fields of compose, Kubernetes or a container's inspection.
fn of_item(item: &Item) -> Option<Mount> {
    let field = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| item.get(name));
        found.find_map(Item::text).map(str::to_owned)
    };
    Some(Mount {
        from: field(&["source", "Source"]),
        at: field(&["target", "mountPath", "Destination"])?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mounts(options: &[(&str, &str)]) -> Mounts {
        let mut mounts = Mounts::default();
        for (option, value) in options {
            mounts.add_option(option, value);
        }
        mounts
    }

    #[test]
    fn a_path_of_the_machine_is_told_by_its_place_inside() {
        for (option, value) in [
            ("-v", "/etc/etcd/pki:/certs:ro"),
            ("--volume", "/etc/etcd/pki/:/certs/"),
            ("--mount", "type=bind,source=/etc/etcd/pki,target=/certs"),
            ("--mount", "type=bind,src=/etc/etcd/pki,dst=/certs"),
        ] {
            let mounts = mounts(&[(option, value)]);
            let path = "/certs/server.crt".to_owned();
            assert_eq!(mounts.sight(&path), Sight::Open, "{value}");
            let told = mounts.sight("/etc/etcd/pki/server.crt");
            assert_eq!(told, Sight::Elsewhere { path }, "{value}");
        }
    }

    #[test]
    fn what_may_be_there_all_the_same_is_left_open() {
        let data = [("-v", "/var/lib/etcd:/data")];
        let nowhere = Sight::Nowhere {
            mounted: vec!["/data".to_owned()],
        };
        assert_eq!(mounts(&data).sight("/etc/etcd/ca.crt"), nowhere);
        // A folder whose name begins alike is another one.
        assert_eq!(mounts(&data).sight("/data2/ca.crt"), nowhere);
        for open in [
            ("--volumes-from", "certs"),
            ("-v", "/certs:$CERTS"),
            ("-v", "/:/"),
        ] {
            let sight = mounts(&[data[0], open]).sight("/etc/etcd/ca.crt");
            assert_eq!(sight, Sight::Open, "{open:?}");
        }
        assert_eq!(mounts(&data).sight("ca.crt"), Sight::Open);
        assert_eq!(mounts(&data).sight("$CERTS/ca.crt"), Sight::Open);
        assert_eq!(mounts(&[]).sight("/etc/etcd/ca.crt"), Sight::Open);
    }
}
