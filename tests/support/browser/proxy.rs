//! The only way out that a browser is given.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Takes what a browser would send to a network, notes the first line of it,
/// and refuses.
pub(super) struct Proxy {
    pub(super) port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(super) fn start() -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("no port of loopback is free");
        let port = listener.local_addr().expect("a bound address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        // The thread ends with the test's process; it holds nothing but a port.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut line = String::new();
                let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
                let _ = BufReader::new(&stream).take(2000).read_line(&mut line);
                if let Ok(mut noted) = noted.lock() {
                    noted.push(line.trim().to_owned());
                }
                let _ = (&stream).write_all(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
            }
        });
        Self { port, requests }
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .map(|noted| noted.clone())
            .unwrap_or_default()
    }
}
