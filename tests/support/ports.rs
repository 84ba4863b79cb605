//! Ports for the servers that tests start.
//!
//! A port that the system hands out for port 0 is free only until it is let go:
//! between that and the server's own start, the system may give it to whoever
//! connects to something. So these ports lie below the range that the system
//! hands out by itself, and a count that all tests of this machine share gives
//! each of them out once, before it begins anew.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{Seek as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

/// Below Linux's default `net.ipv4.ip_local_port_range`, 32768 to 60999; above
/// the ports of etcd, and of most that listens by custom.
const PORTS: Range<u16> = 12_000..32_000;

/// Ports on loopback that nobody listens at, all different, and that no other
/// test is given.
///
/// # Panics
///
/// When the shared count cannot be kept, or no port is free.
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    let path = env::temp_dir().join("etcd-pki-lab-next-port");
    let mut count = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .unwrap_or_else(|error| panic!("{} cannot be opened: {error}", path.display()));
    count.lock().expect("a file can be locked");
    let mut next = read(&mut count);
    let ports = [(); N].map(|()| {
        PORTS
            .map(|_| {
                let port = next;
                next = if port + 1 < PORTS.end {
                    port + 1
                } else {
                    PORTS.start
                };
                port
            })
            .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
            .expect("no port of loopback is free")
    });
    count.rewind().expect("a file can be wound back");
    // Five digits, always: what stood there is gone.
    write!(count, "{next:05}").expect("the next port can be noted");
    ports
    // Closing the file ends the lock.
}

/// The port to try next; the first one when nothing sensible was noted.
fn read(count: &mut File) -> u16 {
    std::io::read_to_string(count)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .filter(|port| PORTS.contains(port))
        .unwrap_or(PORTS.start)
}
