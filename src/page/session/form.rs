//! What a reader does to the form, and what is looked at again after it.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{super::link, Notice, Session};
use crate::{
    etcd::{
        facts::release::Series,
        plan::{
            AuthoritySource, Fault, Field, Holder, IdentityField, IdentityPlan, MemberField, Plan,
            Preset,
        },
    },
    lab::making::existing,
    pki::{
        key::KeyType,
        pem::{self, PemError},
    },
};

/// What a reader does to the form.
impl Session {
    /// Text was typed. Whoever calls this calls [`Self::check`] a moment later.
    pub fn type_text(&mut self, field: Field, text: &str) {
        self.refused_files.remove(&field);
        match field {
            Field::AuthorityCertificate => {
                if self.brought.certificate != text {
                    text.clone_into(&mut self.brought.certificate);
                    self.brought.read_again();
                }
            }
            Field::AuthorityKey => {
                if self.brought.key.as_str() != text {
                    self.brought.key = Zeroizing::new(text.to_owned());
                    self.brought.read_again();
                }
            }
            Field::ExportPassphrase => {
                self.exporting.passphrase = Zeroizing::new(text.to_owned());
            }
            Field::AuthorityPassphrase => {
                if self.brought.passphrase.as_str() != text {
                    self.brought.passphrase = Zeroizing::new(text.to_owned());
                    self.brought.read_again();
                }
            }
            Field::Server(IdentityField::Csr) => self.type_csr(0, text),
            Field::Client(index, IdentityField::Csr) => self.type_csr(index + 1, text),
            field => {
                if let Some(place) = self.plan.text_mut(field) {
                    text.clone_into(place);
                }
            }
        }
    }

    pub(super) fn identity_mut(&mut self, index: usize) -> Option<&mut IdentityPlan> {
        match index.checked_sub(1) {
            None => Some(&mut self.plan.server),
            Some(client) => self.plan.clients.get_mut(client),
        }
    }

    /// A field was left: from now on its fault is shown, and that of every
    /// other field that this one made faulty.
    pub fn leave(&mut self, field: Field, now: Timestamp) {
        self.check(now);
        for fault in &self.faults {
            if fault.field == field || !self.awaits(fault.field) {
                self.revealed.insert(fault.field);
            }
        }
    }

    /// Whether nothing has been given yet where something must be: no reason to
    /// complain before the reader gets there.
    fn awaits(&self, field: Field) -> bool {
        let empty_csr = |index: usize| {
            self.csr_forms
                .get(index)
                .is_some_and(|form| form.text.trim().is_empty())
        };
        match field {
            Field::AuthorityCertificate => self.brought.certificate.trim().is_empty(),
            Field::AuthorityKey => self.brought.key.trim().is_empty(),
            Field::AuthorityPassphrase => self.brought.passphrase.is_empty(),
            Field::Server(IdentityField::Csr) => empty_csr(0),
            Field::Client(index, IdentityField::Csr) => empty_csr(index + 1),
            _ => false,
        }
    }

    /// A CA is to be made here, or the reader brings one.
    pub fn choose_authority(&mut self, source: AuthoritySource, now: Timestamp) {
        self.plan.authority.source = source;
        self.check(now);
    }

    /// Another preset is chosen. What was typed for the one before comes back
    /// with it; what was made stays until something is made again.
    pub fn choose_preset(&mut self, preset: Preset, now: Timestamp) {
        if preset == self.plan.preset {
            return;
        }
        let mut next = self
            .put_aside
            .remove(&preset)
            .unwrap_or_else(|| Plan::preset(preset));
        next.etcd = self.plan.etcd;
        next.key_type = self.plan.key_type;
        let before = std::mem::replace(&mut self.plan, next);
        self.put_aside.insert(before.preset, before);
        self.fill_form(now);
    }

    /// Another series of etcd is chosen. No key changes.
    pub fn choose_series(&mut self, series: Series, now: Timestamp) {
        self.plan.etcd = series;
        self.check(now);
    }

    /// Keys are to be of another kind.
    pub fn choose_key_type(&mut self, key_type: KeyType, now: Timestamp) {
        self.plan.key_type = key_type;
        self.check(now);
    }

    /// One server, member or client gets keys of another kind than the rest, or
    /// of the plan's again.
    pub fn choose_own_key_type(
        &mut self,
        holder: Holder,
        key_type: Option<KeyType>,
        now: Timestamp,
    ) {
        self.plan.choose_own_key_type(holder, key_type);
        self.check(now);
    }

    /// Clients and peers get a CA of their own, or none.
    pub fn choose_separate_authorities(&mut self, separate: bool, now: Timestamp) {
        self.plan.separate_authorities = separate;
        self.check(now);
    }

    /// There is an intermediate CA, or none.
    pub fn choose_intermediate(&mut self, wanted: bool, now: Timestamp) {
        let before = &mut self.plan.authority.intermediate;
        match (wanted, before.is_some()) {
            (true, false) => *before = Some(self.intermediate.take().unwrap_or_default()),
            (false, true) => self.intermediate = before.take(),
            _ => {}
        }
        self.check(now);
    }

    /// Puts the mended text into a field, where its fault can be mended.
    pub fn mend(&mut self, field: Field, now: Timestamp) {
        let Some(mended) = self.mended(field).map(str::to_owned) else {
            return;
        };
        self.type_text(field, &mended);
        self.check(now);
        self.focus_on(field);
    }

    /// One more member, like the last one, under the next free name and ports.
    pub fn add_member(&mut self, now: Timestamp) {
        let full = self.plan.members.len() >= link::MAXIMUM_MEMBERS;
        if full || !self.plan.preset.has_members() {
            return;
        }
        let kubeadm = self.plan.preset == Preset::Kubeadm;
        let stem = if kubeadm { "node" } else { "m" };
        let members = &self.plan.members;
        let name = (1..=link::MAXIMUM_MEMBERS + 1)
            .map(|number| format!("{stem}{number}"))
            .find(|name| members.iter().all(|member| member.name.trim() != name));
        let mut member = members.last().cloned().unwrap_or_default();
        member.name = name.unwrap_or_default();
        if kubeadm {
            // Each node has an address of its own, which nobody can guess.
            member.hosts = String::new();
        } else if members.iter().any(|other| other.hosts == member.hosts) {
            // On the same machine it needs ports of its own.
            for port in [&mut member.client_port, &mut member.peer_port] {
                let next = port
                    .trim()
                    .parse::<u16>()
                    .ok()
                    .and_then(|port| port.checked_add(100));
                *port = next.map(|port| port.to_string()).unwrap_or_default();
            }
        }
        self.plan.members.push(member);
        self.check(now);
        let field = Field::Member(self.plan.members.len() - 1, MemberField::Name);
        self.focus_on(field);
    }

    /// Takes a member out of the plan. One always stays.
    pub fn remove_member(&mut self, index: usize, now: Timestamp) {
        if self.plan.members.len() < 2 || index >= self.plan.members.len() {
            return;
        }
        self.plan.members.remove(index);
        self.shift_fields(|field| match field {
            Field::Member(place, _) if place == index => None,
            Field::Member(place, field) if place > index => Some(Field::Member(place - 1, field)),
            field => Some(field),
        });
        self.check(now);
        self.focus_on("add-member");
    }

    /// What is remembered about fields follows them to their new places.
    fn shift_fields(&mut self, shifted: impl Fn(Field) -> Option<Field>) {
        self.revealed = self.revealed.iter().copied().filter_map(&shifted).collect();
        self.refused_files = std::mem::take(&mut self.refused_files)
            .into_iter()
            .filter_map(|(field, message)| Some((shifted(field)?, message)))
            .collect();
    }

    /// Everything that hangs on the plan follows it, after another plan took its
    /// place.
    fn fill_form(&mut self, now: Timestamp) {
        self.csr_forms.clear();
        self.fit_csr_forms();
        self.revealed.clear();
        self.refused_files.clear();
        self.check(now);
    }

    /// One more client, under the next free name.
    pub fn add_client(&mut self, now: Timestamp) {
        if self.plan.clients.len() >= link::MAXIMUM_CLIENTS {
            return;
        }
        // One of so many names is free.
        let name = (2..=link::MAXIMUM_CLIENTS + 2)
            .map(|number| format!("client-{number}"))
            .find(|name| {
                self.plan
                    .clients
                    .iter()
                    .all(|client| client.name.trim() != name)
                    && self.plan.server.name.trim() != name
            })
            .unwrap_or_default();
        self.plan.clients.push(IdentityPlan {
            subject: format!("CN={name}"),
            name,
            ..IdentityPlan::default()
        });
        self.fit_csr_forms();
        self.check(now);
        let field = Field::Client(self.plan.clients.len() - 1, IdentityField::Name);
        self.focus_on(field);
    }

    /// Takes a client out of the plan. One always stays.
    pub fn remove_client(&mut self, index: usize, now: Timestamp) {
        if self.plan.clients.len() < 2 || index >= self.plan.clients.len() {
            return;
        }
        self.plan.clients.remove(index);
        self.csr_forms.remove(index + 1);
        self.shift_fields(|field| match field {
            Field::Client(place, _) if place == index => None,
            Field::Client(place, field) if place > index => Some(Field::Client(place - 1, field)),
            field => Some(field),
        });
        self.check(now);
        self.focus_on("add-client");
    }

    /// A file of this size may be read for a field.
    ///
    /// # Errors
    ///
    /// Nothing is to be read: the file is too large, which now stands beside
    /// the field.
    pub fn admit_file(&mut self, field: Field, size: usize) -> Result<(), PemError> {
        if size <= pem::MAXIMUM_LENGTH {
            return Ok(());
        }
        let error = PemError::TooLarge { length: size };
        self.refused_files.insert(field, error.to_string());
        Err(error)
    }

    /// Fills the form with a plan from a link.
    pub fn open_link(&mut self, fragment: &str, now: Timestamp) {
        match link::plan(fragment) {
            Ok(None) => {}
            Ok(Some(plan)) => {
                self.plan = plan;
                self.fill_form(now);
                self.reveal_all();
                self.notice = Notice::LinkRead;
            }
            Err(error) => self.notice = Notice::LinkRefused(error.to_string()),
        }
    }

    pub(super) fn reveal_all(&mut self) {
        self.revealed
            .extend(self.faults.iter().map(|fault| fault.field));
    }

    /// Looks at the whole form again: at each CSR that is new, at the CA that
    /// the reader brings, and at every field. Commands follow at once.
    pub fn check(&mut self, now: Timestamp) {
        for index in 0..self.csr_forms.len() {
            self.look_at_csr(index);
        }
        self.inspector.look();
        // What is made already is not held against its CA's end again: a day
        // later the same days would be too many.
        let made = !self.is_ahead_of_files() && self.lab.is_some();
        let known = (!made).then(|| existing(&self.plan, self.brought(), self.lab.as_ref()));
        self.faults.clear();
        match self.plan.check(known.as_ref(), now) {
            Ok(checked) => self.checked = Some(checked),
            Err(faults) => self.faults = faults,
        }
        if self.plan.authority.source == AuthoritySource::Bring {
            let faults = self.brought.faults();
            self.faults.extend(faults);
        }
        // With that preset the plan's own check asks for a CSR.
        let asked = self.plan.preset == Preset::SignCsr;
        for index in self.identities() {
            let Some(form) = self.csr_forms.get(index) else {
                continue;
            };
            if !asked && form.chosen && form.text.trim().is_empty() {
                let field = IdentityField::Csr;
                let field = match index.checked_sub(1) {
                    None => Field::Server(field),
                    Some(client) => Field::Client(client, field),
                };
                self.faults
                    .push(Fault::new(field, PemError::Empty.to_string()));
            }
        }
        self.faults.sort_by_key(|fault| fault.field);
        // What is right is no longer complained about, nor as soon as it is
        // touched again.
        let faults = &self.faults;
        self.revealed
            .retain(|field| faults.iter().any(|fault| fault.field == *field));
        if self.notice == Notice::Faults && self.faults.is_empty() {
            self.notice = Notice::Nothing;
        }
        self.follow(now);
    }

    /// Brings the commands of files that are there up to date with the host,
    /// the port and the folder of the form.
    fn follow(&mut self, now: Timestamp) {
        if let Some(lab) = &mut self.lab {
            let wanted = lab.plan().following(&self.plan);
            if wanted != *lab.plan()
                && let Ok(checked) = wanted.check(None, now)
            {
                lab.follow(&wanted, &checked);
            }
        }
    }
}
