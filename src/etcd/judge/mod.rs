//! The verdict: for two command lines, the files they name, the versions on
//! both sides and a time, whether etcd and etcdctl get together, what each
//! says, which rule decided, and what to do. Computed as etcd computes it, in
//! its order; nothing is looked up by scenario.

#![deny(clippy::indexing_slicing)]

pub mod assumption;
pub mod authorization;
pub mod case;
pub mod cause;
pub mod cipher_suites;
pub mod client;
pub mod cluster;
pub mod connection;
pub mod curl;
pub mod etcdctl;
pub mod failure;
pub mod finding;
pub mod gateway;
pub mod peer;
pub mod phrase;
pub mod proxy;
pub mod reading;
pub mod running;
pub mod start;

pub use case::{Case, Question};
pub use finding::{Finding, GatewayDials, Stage, Verdict};
pub use reading::files::Files;

use reading::command_line::CommandLineError;
use running::Running;

/// Judges a question.
///
/// # Errors
///
/// A text that is no command line of etcd or etcdctl.
pub fn judge(question: &Question<'_>) -> Result<Finding, CommandLineError> {
    Case::read(question)?.judge()
}

impl Case<'_> {
    /// Judges what was read.
    ///
    /// # Errors
    ///
    /// The client's text is no command line of etcdctl, and etcd starts.
    pub fn judge(&self) -> Result<Finding, CommandLineError> {
        if let Some(proxy) = reading::proxy::Proxy::of(&self.etcd.line) {
            return Ok(proxy::judge(proxy, &self.etcd));
        }
        let (configuration, started) = match start::start_etcd(&self.etcd) {
            Ok(started) => started,
            Err(failure) => {
                let words = failure.words(&self.etcd.build);
                return Ok(Finding::start_failed(failure).saying(Vec::new(), words));
            }
        };
        let etcd = Running {
            case: self,
            configuration,
            loaded: started.client.as_ref(),
        };
        let gateway = etcd.gateway();
        let mut finding = match &self.etcdctl {
            None => Finding::accepted(),
            Some(etcdctl) => Finding {
                gateway: etcd.gateway_status(&gateway),
                ..etcd.ask(etcdctl)?
            },
        };
        finding.assumes = assumption::of_server(configuration);
        if let Some(client) = self.client() {
            finding.assumes.extend(assumption::of_client(client));
        }
        if finding.verdict == Verdict::Accepted {
            finding.listener.clear();
        }
        finding.gateway_dials = if finding.gateway.is_some() {
            GatewayDials::Anyway
        } else {
            etcd.gateway_dials()
        };
        finding.gateway_log = gateway.log;
        finding.gateway_names = gateway.names;
        Ok(finding)
    }
}
