//! The alerts of TLS with which etcd or a client ends a handshake (RFC 8446, section 6.2),
//! by their numbers and in Go's words. What the other libraries call them stands in
//! [`client`](super::client).

/// An alert of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// 40
    HandshakeFailure,
    /// 42
    BadCertificate,
    /// 43
    UnsupportedCertificate,
    /// 45
    Expired,
    /// 47
    IllegalParameter,
    /// 48
    UnknownAuthority,
    /// 50
    DecodeError,
    /// 51
    DecryptError,
    /// 70
    ProtocolVersion,
    /// 80
    InternalError,
    /// 116, TLS 1.3 alone
    CertificateRequired,
}

impl Alert {
    /// Its number.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::HandshakeFailure => 40,
            Self::BadCertificate => 42,
            Self::UnsupportedCertificate => 43,
            Self::Expired => 45,
            Self::IllegalParameter => 47,
            Self::UnknownAuthority => 48,
            Self::DecodeError => 50,
            Self::DecryptError => 51,
            Self::ProtocolVersion => 70,
            Self::InternalError => 80,
            Self::CertificateRequired => 116,
        }
    }

    /// Go's text for one that came from the other side (`crypto/tls`, `alertText`).
    #[must_use]
    pub const fn remote_text(self) -> &'static str {
        match self {
            Self::HandshakeFailure => "remote error: tls: handshake failure",
            Self::BadCertificate => "remote error: tls: bad certificate",
            Self::UnsupportedCertificate => "remote error: tls: unsupported certificate",
            Self::Expired => "remote error: tls: expired certificate",
            Self::IllegalParameter => "remote error: tls: illegal parameter",
            Self::UnknownAuthority => "remote error: tls: unknown certificate authority",
            Self::DecodeError => "remote error: tls: error decoding message",
            Self::DecryptError => "remote error: tls: error decrypting message",
            Self::ProtocolVersion => "remote error: tls: protocol version not supported",
            Self::InternalError => "remote error: tls: internal error",
            Self::CertificateRequired => "remote error: tls: certificate required",
        }
    }
}
