//! After the handshake: the user, if authentication is on. etcd takes the common
//! name of the client's certificate for it (`auth/store.go`, `AuthInfoFromTLS`),
//! but only where `--client-cert-auth` is given: with `--trusted-ca-file` alone a
//! certificate is demanded, and its name is nobody's. With `--user` etcdctl logs in,
//! and no certificate is asked whose it is.

use go_x509::certificate::Certificate;

use super::cause::Cause;
use super::finding::{Finding, Stage};
use super::reading::client_configuration::ClientConfiguration;
use super::running::Running;

/// What etcd says of a name that is no user's, and of a wrong password. Measured on
/// 3.4.23, 3.5.35, 3.6.16 and 3.7.3.
const NO_SUCH_USER: &str = "etcdserver: authentication failed, invalid user ID or password";

impl Running<'_> {
    /// Whether etcdctl may write, with what it was told. That a user's password is the
    /// right one is taken for granted.
    pub(super) fn authorize_etcdctl(
        &self,
        client: &ClientConfiguration,
        leaf: Option<&Certificate>,
    ) -> Result<(), Box<Finding>> {
        let Some(user) = client.logs_in_as() else {
            return self.authorize(leaf);
        };
        let Some(users) = self.case.users else {
            return Ok(());
        };
        if users.iter().any(|known| known == user) {
            return Ok(());
        }
        let user = user.to_owned();
        let refused = Finding::refused(Stage::Authorization, Cause::NoSuchUser { user }, None);
        let words = vec![NO_SUCH_USER.to_owned()];
        Err(Box::new(refused.saying(words, Vec::new())))
    }

    /// Whether whoever shows `leaf` may write.
    pub(super) fn authorize(&self, leaf: Option<&Certificate>) -> Result<(), Box<Finding>> {
        let Some(users) = self.case.users else {
            return Ok(());
        };
        let leaf = leaf.filter(|_| self.takes_names_for_users());
        let user = leaf.map(|leaf| leaf.subject.common_name.clone());
        if user.as_ref().is_some_and(|user| users.contains(user)) {
            return Ok(());
        }
        // A certificate without a common name is that of the user "", whom
        // nobody has made: measured on 3.4.23, 3.5.35, 3.6.16 and 3.7.3.
        let (cause, text) = match user {
            Some(user) => (
                Cause::PermissionDenied { user },
                "etcdserver: permission denied",
            ),
            None => (Cause::NobodysName, "etcdserver: user name is empty"),
        };
        let refused = Finding::refused(Stage::Authorization, cause, None);
        Err(Box::new(refused.saying(vec![text.to_owned()], Vec::new())))
    }

    /// Whether a common name is a user's (`Cfg.ClientCertAuthEnabled`).
    fn takes_names_for_users(&self) -> bool {
        self.loaded.is_some() && self.configuration.client.client_cert_auth
    }
}
