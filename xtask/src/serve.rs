//! Serves the product on loopback. The page needs no server: this is for those
//! whose browser runs elsewhere, and for a look at it as a web site.

use std::net::Ipv4Addr;

use anyhow::{Result, anyhow};
use clap::Args;
use tiny_http::{Header, Method, Request, Response, Server};

use crate::build;
use crate::workspace::Workspace;

/// How to serve.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 8379)]
    port: u16,

    #[command(flatten)]
    build: build::Options,
}

/// Builds the product, then serves it until the program is ended.
pub(crate) fn serve(workspace: &Workspace, options: &Options) -> Result<()> {
    let page = build::build(workspace, &options.build)?;
    let server = Server::http((Ipv4Addr::LOCALHOST, options.port)).map_err(|error| {
        anyhow!(
            "port {} on 127.0.0.1 cannot be used ({error}); choose another with --port",
            options.port
        )
    })?;
    println!("\n  page  http://{}/", server.server_addr());
    println!("  file  {}", workspace.product().display());
    println!("\nCtrl+C ends it.");
    for request in server.incoming_requests() {
        if let Err(error) = answer(request, &page) {
            // A browser that hangs up is no reason to stop serving others.
            eprintln!("a request was not answered: {error}");
        }
    }
    Ok(())
}

fn answer(request: Request, page: &str) -> std::io::Result<()> {
    let wanted = matches!(request.method(), Method::Get | Method::Head)
        && matches!(request.url(), "/" | "/etcd-pki-lab.html");
    if !wanted {
        return request
            .respond(Response::from_string("There is one page here: /\n").with_status_code(404));
    }
    let mut response = Response::from_string(page);
    for header in [
        "Content-Type: text/html; charset=utf-8",
        "Cache-Control: no-store",
        // What a policy inside of the page can't say, as the npm package's server does.
        "Content-Security-Policy: frame-ancestors 'none'; \
         sandbox allow-scripts allow-downloads allow-modals",
        "Cross-Origin-Opener-Policy: same-origin",
        "Permissions-Policy: bluetooth=(), camera=(), display-capture=(), geolocation=(), \
         hid=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), \
         serial=(), usb=()",
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
    ] {
        if let Ok(header) = header.parse::<Header>() {
            response.add_header(header);
        }
    }
    request.respond(response)
}
