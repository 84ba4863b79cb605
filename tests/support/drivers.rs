//! Programs that connect to etcd: the drivers of `src/etcd/facts/client/`, one a
//! family. Each is a script that installs what its clients need, names them, and lets
//! one speak with an etcd. What it is asked stands in CONTRIBUTING.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::shell::{Output, Shell};
use super::target;

/// The driver of a family of clients.
#[derive(Debug, Clone)]
pub(crate) struct Driver {
    /// Its family's name.
    pub(crate) family: String,
    script: PathBuf,
    libraries: PathBuf,
}

/// A client that a driver can let speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Speaker {
    /// Its name in the table of clients.
    pub(crate) client: String,
    /// Its release and that of its library.
    pub(crate) version: String,
}

/// What a machine may tell a client of CAs beside its own file: requests, for one, lets
/// these win over what a session was told.
const OF_THE_MACHINE: &str = "unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS NIX_SSL_CERT_FILE; ";

/// What a client is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// Scheme, host and port.
    pub(crate) endpoint: &'a str,
    /// CA file, certificate and key.
    pub(crate) files: &'a [String; 3],
    /// Whether it speaks TLS 1.2 at most.
    pub(crate) only_tls12: bool,
}

impl Driver {
    /// Those of all families, by name.
    pub(crate) fn all() -> Vec<Self> {
        let families = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/etcd/facts/client");
        let folders = fs::read_dir(families).expect("the families of clients");
        let mut all: Vec<Self> = folders
            .map(|entry| entry.expect("a family").path())
            .map(|folder| {
                let family = folder.file_name().expect("a family has a name");
                Self {
                    family: family.to_string_lossy().into_owned(),
                    script: folder.join("driver/driver.sh"),
                    libraries: target().join("tools/clients").join(family),
                }
            })
            .filter(|driver| driver.script.is_file())
            .collect();
        all.sort_by(|one, other| one.script.cmp(&other.script));
        all
    }

    fn ask(&self, shell: Shell, question: &str) -> Output {
        self.ask_after("", shell, question)
    }

    /// Asks after other lines have run in the same shell.
    fn ask_after(&self, first: &str, shell: Shell, question: &str) -> Output {
        fs::create_dir_all(&self.libraries).expect("a folder for libraries");
        let script = self.script.display();
        shell
            .with_variable("LIBRARIES", &self.libraries.to_string_lossy())
            .run(&format!("{first}bash '{script}' {question}"))
    }

    /// Installs what its clients need, or what the page's lines need.
    pub(crate) fn install(&self, what: &str) {
        let shell = Shell::in_folder(Path::new("/")).at_most(Duration::from_mins(30));
        self.ask(shell, what).succeeded();
    }

    /// Its clients.
    pub(crate) fn speakers(&self) -> Vec<Speaker> {
        let listed = self.ask(Shell::in_folder(Path::new("/")), "clients");
        let line = |line: &str| {
            let (client, version) = line.split_once(' ').expect("a client and its version");
            Speaker {
                client: client.to_owned(),
                version: version.to_owned(),
            }
        };
        listed.succeeded().lines().map(line).collect()
    }

    /// The programs whose lines on the page it runs.
    pub(crate) fn programs(&self) -> Vec<String> {
        let listed = self.ask(Shell::in_folder(Path::new("/")), "programs");
        listed.succeeded().lines().map(str::to_owned).collect()
    }

    /// Lets a client ask etcd for a key, with an empty folder of its own. A host that
    /// no name server knows is known to the client alone, as this machine: as root.
    pub(crate) fn speak(
        &self,
        speaker: &Speaker,
        told: &Told<'_>,
        host_of_this_machine: Option<&str>,
    ) -> Output {
        let folder = tempfile::tempdir().expect("no temporary folder can be made");
        let (scheme, address) = told.endpoint.split_once("://").expect("an endpoint");
        let (host, port) = address.rsplit_once(':').expect("a port");
        let [authority, certificate, key] = told.files;
        let mut shell = Shell::in_folder(folder.path()).at_most(Duration::from_mins(2));
        for (name, value) in [
            ("ENDPOINT", told.endpoint),
            ("SCHEME", scheme),
            ("HOST", host),
            ("PORT", port),
            ("CA", authority),
            ("CERT", certificate),
            ("KEY", key),
            ("TLS_MAX", if told.only_tls12 { "1.2" } else { "" }),
            ("FOLDER", &folder.path().to_string_lossy()),
        ] {
            shell = shell.with_variable(name, value);
        }
        let Speaker { client, version } = speaker;
        let question = format!("speak '{client}' '{version}'");
        let mut said = match host_of_this_machine {
            None => self.ask_after(OF_THE_MACHINE, shell, &question),
            Some(name) => {
                let hosts = format!("127.0.0.1 localhost {name}\n");
                fs::write(folder.path().join("hosts"), hosts).expect("a file of hosts");
                let mounted = "mount --bind \"$FOLDER/hosts\" /etc/hosts";
                let first = format!(
                    "{OF_THE_MACHINE}unshare --mount bash -c '{mounted} && exec \"$@\"' own "
                );
                self.ask_after(&first, shell, &question)
            }
        };
        // What is printed names neither the folder nor the port, which are new each time.
        let folder = folder.path().to_string_lossy().into_owned();
        for text in [&mut said.stdout, &mut said.stderr] {
            *text = text.replace(&folder, "FOLDER");
        }
        said
    }

    /// Runs the lines of the page, which stand in a file; those that name no endpoint
    /// speak with this one.
    pub(crate) fn lines(&self, program: &str, file: &Path, endpoint: &str) -> Output {
        let folder = tempfile::tempdir().expect("no temporary folder can be made");
        let shell = Shell::in_folder(folder.path())
            .at_most(Duration::from_mins(15))
            .with_variable("ENDPOINT", endpoint)
            .with_variable("FOLDER", &folder.path().to_string_lossy());
        self.ask(shell, &format!("lines '{program}' '{}'", file.display()))
    }
}
