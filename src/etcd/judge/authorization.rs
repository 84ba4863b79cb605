//! After the handshake: the user, if authentication is on. etcd takes the common
//! name of the client's certificate for it (`auth/store.go`, `AuthInfoFromTLS`).

use go_x509::certificate::Certificate;

use super::cause::Cause;
use super::finding::{Finding, Step};
use super::running::Running;

impl Running<'_> {
    /// Whether whoever shows `leaf` may write.
    pub(super) fn authorize(&self, leaf: Option<&Certificate>) -> Result<(), Box<Finding>> {
        let Some(users) = self.case.users else {
            return Ok(());
        };
        let user = leaf
            .map(|leaf| leaf.subject.common_name.clone())
            .unwrap_or_default();
        if users.contains(&user) {
            return Ok(());
        }
        let text = if user.is_empty() {
            "etcdserver: user name is empty"
        } else {
            "etcdserver: permission denied"
        };
        let refused = Finding::refused(Step::Authorization, Cause::PermissionDenied { user }, None);
        Err(Box::new(refused.saying(vec![text.to_owned()], Vec::new())))
    }
}
