//! The plan as it stands in the form: what was typed and chosen, what is wrong
//! with it and which of that is shown, the CSRs, and the CA that the reader
//! brings. It knows no file that was made; whoever changes it has it checked.

mod brought;
mod csr;

pub use brought::Brought;
pub use csr::{CsrFacts, CsrForm};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::link;
use crate::{
    etcd::{
        facts::release::Series,
        plan::{
            AuthoritySource, CheckedPlan, ExistingAuthorities, Fault, Field, Holder, IdentityField,
            IdentityPlan, IntermediatePlan, MAXIMUM_MEMBERS, MemberField, MemberPlan, Plan, Preset,
        },
        role::Role,
    },
    lab::IssuedAuthority,
    pki::{
        key::KeyType,
        pem::{self, PemError},
    },
};

/// The form.
pub struct PlanForm {
    plan: Plan,
    /// The plans of other presets, as they were left.
    put_aside: HashMap<Preset, Plan>,
    /// The intermediate CA, as it was left when none was wanted any more.
    intermediate: Option<IntermediatePlan>,
    /// The hosts that the table of members is filled from.
    hosts: String,
    /// The member that was removed last, with its place, to be put back.
    removed_member: Option<(usize, MemberPlan)>,
    server_csr: CsrForm,
    /// One for each client.
    client_csrs: Vec<CsrForm>,
    faults: Vec<Fault>,
    /// Fields whose faults are shown: those that were left faulty.
    revealed: BTreeSet<Field>,
    /// Faults that are not the plan's: files that were refused before they were
    /// read, a passphrase that is missing.
    refused: BTreeMap<Field, String>,
    /// The last plan without faults: its commands are shown before there are
    /// files.
    checked: Option<CheckedPlan>,
    pub(super) brought: Brought,
}

impl Default for PlanForm {
    /// The tutorial's plan.
    fn default() -> Self {
        let mut form = Self {
            plan: Plan::default(),
            put_aside: HashMap::new(),
            intermediate: None,
            hosts: String::new(),
            removed_member: None,
            server_csr: CsrForm::default(),
            client_csrs: Vec::new(),
            faults: Vec::new(),
            revealed: BTreeSet::new(),
            refused: BTreeMap::new(),
            checked: None,
            brought: Brought::default(),
        };
        form.begin_requests();
        form
    }
}

/// The field of a server or a client; members have others.
#[must_use]
pub fn field_of(holder: Holder, field: IdentityField) -> Option<Field> {
    match holder {
        Holder::Server => Some(Field::Server(field)),
        Holder::Client(place) => Some(Field::Client(place, field)),
        Holder::Member(_) | Holder::Many(_) => None,
    }
}

/// What the form says.
impl PlanForm {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The last plan without faults, where it is for what the reader needs now: the
    /// tutorial's commands are no use to who has chosen a kubeadm node since.
    #[must_use]
    pub fn checked(&self) -> Option<&CheckedPlan> {
        let checked = self.checked.as_ref();
        checked.filter(|checked| checked.preset == self.plan.preset)
    }

    /// The CA that the reader brings, once it is read.
    #[must_use]
    pub fn brought(&self) -> Option<&IssuedAuthority> {
        self.brought.authority()
    }

    /// Whether a worker is reading the CA that the reader brings.
    #[must_use]
    pub fn reads_authority(&self) -> bool {
        self.plan.authority.source == AuthoritySource::Bring && self.brought.is_being_read()
    }

    /// What is missing before the CA that the reader brings can be used.
    #[must_use]
    pub fn brought_lacks(&self) -> &'static str {
        let awaits = |field| self.brought.awaits(field);
        match (
            awaits(Field::AuthorityCertificate),
            awaits(Field::AuthorityKey),
        ) {
            (true, true) => "its certificate and key are still to be given",
            (true, false) => "its certificate is still to be given",
            (false, true) => "its key is still to be given",
            (false, false) if self.brought.is_being_read() => "being read",
            (false, false)
                if self.brought.is_encrypted()
                    && self.brought.awaits(Field::AuthorityPassphrase) =>
            {
                "its key’s passphrase is still to be given"
            }
            (false, false) => "it can’t be used yet: see below",
        }
    }

    /// Whether the key of the CA that the reader brings asks for a passphrase.
    #[must_use]
    pub fn asks_for_passphrase(&self) -> bool {
        self.brought.is_encrypted()
    }

    /// The number of members that the plan names.
    #[must_use]
    pub fn member_count(&self) -> usize {
        if self.plan.preset.has_members() {
            self.plan.members.len()
        } else {
            0
        }
    }

    /// The server and the clients that have a form of their own now: without the
    /// server, where there are members or none is wanted.
    pub fn identities(&self) -> impl Iterator<Item = Holder> + use<> {
        let server = self.plan.preset.has_server().then_some(Holder::Server);
        let clients = (0..self.plan.clients.len()).map(Holder::Client);
        server.into_iter().chain(clients)
    }

    /// Everybody on the page who can have keys of another kind.
    pub fn holders(&self) -> impl Iterator<Item = Holder> + use<> {
        let members = (0..self.member_count()).map(Holder::Member);
        members.chain(self.identities())
    }

    /// What a server's or a client's certificate is for.
    #[must_use]
    pub fn role(&self, holder: Holder) -> Role {
        match holder {
            Holder::Server | Holder::Member(_) => Role::Server,
            Holder::Client(place) if self.plan.preset == Preset::SignCsr => {
                let client = self.plan.clients.get(place);
                client.map_or(Role::Client, |client| client.role)
            }
            Holder::Client(_) | Holder::Many(_) => Role::Client,
        }
    }

    fn identity(&self, holder: Holder) -> Option<&IdentityPlan> {
        match holder {
            Holder::Server => Some(&self.plan.server),
            Holder::Client(place) => self.plan.clients.get(place),
            Holder::Member(_) | Holder::Many(_) => None,
        }
    }

    /// What the form holds about somebody's CSR; members have none.
    #[must_use]
    pub fn csr(&self, holder: Holder) -> Option<&CsrForm> {
        match holder {
            Holder::Server => Some(&self.server_csr),
            Holder::Client(place) => self.client_csrs.get(place),
            Holder::Member(_) | Holder::Many(_) => None,
        }
    }

    /// Somebody's CSR, and the part of the plan that it is about.
    fn csr_and_plan(&mut self, holder: Holder) -> Option<(&mut CsrForm, &mut IdentityPlan)> {
        match holder {
            Holder::Server => Some((&mut self.server_csr, &mut self.plan.server)),
            Holder::Client(place) => {
                let csr = self.client_csrs.get_mut(place)?;
                Some((csr, self.plan.clients.get_mut(place)?))
            }
            Holder::Member(_) | Holder::Many(_) => None,
        }
    }

    /// Whether somebody has a CSR rather than a key to be made here.
    #[must_use]
    pub fn has_csr(&self, holder: Holder) -> bool {
        self.csr(holder).is_some_and(CsrForm::is_chosen)
    }

    /// What somebody's CSR asks for, if there is one and it can be read.
    #[must_use]
    pub fn csr_facts(&self, holder: Holder) -> Option<&CsrFacts> {
        self.csr(holder)?.facts()
    }

    /// Whether a name that somebody's CSR asks for is among those that the
    /// certificate gets.
    #[must_use]
    pub fn keeps_name(&self, holder: Holder, name: &str) -> bool {
        let identity = self.identity(holder);
        identity.is_some_and(|identity| csr::is_among(&identity.names, name))
    }

    /// The text that belongs into a field, but for the CA that the reader
    /// brings: a key is not handed about.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match field {
            Field::MemberHosts => Some(&self.hosts),
            Field::Server(IdentityField::Csr) => Some(self.server_csr.text()),
            Field::Client(place, IdentityField::Csr) => {
                self.client_csrs.get(place).map(CsrForm::text)
            }
            field => self.plan.text(field),
        }
    }

    /// Every field that the form has now, in its order.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Field::SINGLE.to_vec();
        if self.member_count() == 0 {
            fields.retain(|field| *field != Field::MemberHosts);
        }
        for holder in self.identities() {
            fields.extend(
                IdentityField::ALL
                    .map(|field| field_of(holder, field))
                    .into_iter()
                    .flatten(),
            );
        }
        for member in 0..self.member_count() {
            fields.extend(MemberField::ALL.map(|field| Field::Member(member, field)));
        }
        fields.sort();
        fields
    }

    /// The fault to show beside a field.
    #[must_use]
    pub fn fault(&self, field: Field) -> Option<&str> {
        if let Some(message) = self.refused.get(&field) {
            return Some(message);
        }
        if !self.revealed.contains(&field) {
            return None;
        }
        self.faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.message.as_str())
    }

    /// A field's text with its fault mended, where that is plain.
    #[must_use]
    pub fn mended(&self, field: Field) -> Option<&str> {
        self.fault(field)?;
        let mut faults = self.faults.iter();
        let fault = faults.find(|fault| fault.field == field)?;
        fault.mended.as_deref()
    }

    /// The number of fields with a fault, shown or not.
    #[must_use]
    pub fn fault_count(&self) -> usize {
        let fields: BTreeSet<Field> = self.faults.iter().map(|fault| fault.field).collect();
        fields.len()
    }

    /// The first field with a fault, shown or not.
    #[must_use]
    pub fn first_fault(&self) -> Option<Field> {
        self.faults.first().map(|fault| fault.field)
    }
}

/// What a reader does to it.
impl PlanForm {
    /// Text was typed.
    pub fn type_text(&mut self, field: Field, text: &str) {
        self.refused.remove(&field);
        match field {
            Field::MemberHosts => text.clone_into(&mut self.hosts),
            Field::AuthorityCertificate => self.brought.type_certificate(text),
            Field::AuthorityKey => self.brought.type_key(text),
            Field::AuthorityPassphrase => self.brought.type_passphrase(text),
            Field::Server(IdentityField::Csr) => {
                self.change_csr(Holder::Server, |csr| csr.type_text(text));
            }
            Field::Client(place, IdentityField::Csr) => {
                self.change_csr(Holder::Client(place), |csr| csr.type_text(text));
            }
            Field::Client(place, IdentityField::Name) => {
                if let Some(client) = self.plan.clients.get_mut(place) {
                    // Until it is another, the common name is the file's name.
                    if client.subject == format!("CN={}", client.name) {
                        client.subject = format!("CN={}", text.trim());
                    }
                    text.clone_into(&mut client.name);
                }
            }
            field => {
                if let Some(place) = self.plan.text_mut(field) {
                    text.clone_into(place);
                }
            }
        }
    }

    /// Changes what the form holds about somebody's CSR; the plan gets it if
    /// that way is chosen, and not if not.
    fn change_csr(&mut self, holder: Holder, change: impl FnOnce(&mut CsrForm)) {
        if let Some((csr, plan)) = self.csr_and_plan(holder) {
            change(csr);
            csr.in_plan().clone_into(&mut plan.csr);
        }
    }

    /// Somebody's key is to be made here, or there is a CSR.
    pub fn choose_csr(&mut self, holder: Holder, chosen: bool) {
        self.change_csr(holder, |csr| csr.choose(chosen));
    }

    /// What a client's CSR is signed for is chosen. Gives the field that it then
    /// may lack something in.
    pub fn choose_role(&mut self, holder: Holder, role: Role) -> Option<Field> {
        let Holder::Client(place) = holder else {
            return None;
        };
        self.plan.clients.get_mut(place)?.choose_role(role);
        field_of(holder, IdentityField::Names)
    }

    /// The reader keeps or strikes the name at this place of those that
    /// somebody's CSR asks for.
    pub fn keep_name(&mut self, holder: Holder, place: usize, keeps: bool) {
        if let Some((csr, plan)) = self.csr_and_plan(holder)
            && let Some(name) = csr.facts().and_then(|facts| facts.names.get(place))
        {
            plan.names = csr::kept(&plan.names, name, keeps);
        }
    }

    /// A CA is to be made here, or the reader brings one.
    pub fn choose_authority(&mut self, source: AuthoritySource) {
        self.plan.authority.source = source;
    }

    /// Another preset is chosen. What was typed for the one before comes back
    /// with it; what was made stays until something is made again.
    pub fn choose_preset(&mut self, preset: Preset) {
        if preset == self.plan.preset {
            return;
        }
        let mut next = self
            .put_aside
            .remove(&preset)
            .unwrap_or_else(|| Plan::preset(preset));
        next.etcd = self.plan.etcd;
        next.key_type = self.plan.key_type;
        if self.plan.authority.source == AuthoritySource::Bring
            && (!self.brought.awaits(Field::AuthorityCertificate)
                || self.plan.preset.has_server()
                || self.plan.preset.has_members())
        {
            // Who has a CA has it for whatever is chosen next.
            next.authority.source = AuthoritySource::Bring;
        }
        let before = std::mem::replace(&mut self.plan, next);
        self.put_aside.insert(before.preset, before);
        self.follow_plan();
    }

    /// Another series of etcd is chosen. No key changes.
    pub fn choose_series(&mut self, series: Series) {
        self.plan.etcd = series;
    }

    /// Keys are to be of another kind.
    pub fn choose_key_type(&mut self, key_type: KeyType) {
        self.plan.key_type = key_type;
    }

    /// One server, member or client gets keys of another kind than the rest, or
    /// of the plan's again.
    pub fn choose_own_key_type(&mut self, holder: Holder, key_type: Option<KeyType>) {
        self.plan.choose_own_key_type(holder, key_type);
    }

    /// Clients and peers get a CA of their own, or none.
    pub fn choose_separate_authorities(&mut self, separate: bool) {
        self.plan.separate_authorities = separate;
    }

    /// etcd's gateway is off where it can have no certificate of its own.
    pub fn choose_no_gateway(&mut self, without: bool) {
        self.plan.without_gateway = without;
    }

    /// There is an intermediate CA, or none.
    pub fn choose_intermediate(&mut self, wanted: bool) {
        let before = &mut self.plan.authority.intermediate;
        match (wanted, before.is_some()) {
            (true, false) => *before = Some(self.intermediate.take().unwrap_or_default()),
            (false, true) => self.intermediate = before.take(),
            _ => {}
        }
    }

    /// One more member, like the last one, under the next free name and ports.
    /// Gives its first field.
    pub fn add_member(&mut self) -> Option<Field> {
        let full = self.plan.members.len() >= MAXIMUM_MEMBERS;
        if full || !self.plan.preset.has_members() {
            return None;
        }
        self.plan.members.push(self.plan.next_member());
        Some(Field::Member(
            self.plan.members.len() - 1,
            MemberField::Name,
        ))
    }

    /// Takes a member out of the plan, and says whether it did. One always stays.
    pub fn remove_member(&mut self, index: usize) -> bool {
        if self.plan.members.len() < 2 || index >= self.plan.members.len() {
            return false;
        }
        self.removed_member = Some((index, self.plan.members.remove(index)));
        self.shift_fields(|field| match field {
            Field::Member(place, _) if place == index => None,
            Field::Member(place, field) if place > index => Some(Field::Member(place - 1, field)),
            field => Some(field),
        });
        true
    }

    /// The name of the member that was removed last, if it can be put back.
    #[must_use]
    pub fn removed_member(&self) -> Option<&str> {
        let room = self.plan.members.len() < MAXIMUM_MEMBERS;
        let (_, member) = self.removed_member.as_ref()?;
        (room && self.plan.preset.has_members()).then(|| member.name.trim())
    }

    /// Puts the member that was removed last back into its place. Gives its first
    /// field.
    pub fn restore_member(&mut self) -> Option<Field> {
        self.removed_member()?;
        let (place, member) = self.removed_member.take()?;
        let place = place.min(self.plan.members.len());
        self.shift_fields(|field| match field {
            Field::Member(other, field) if other >= place => Some(Field::Member(other + 1, field)),
            field => Some(field),
        });
        self.plan.members.insert(place, member);
        Some(Field::Member(place, MemberField::Name))
    }

    /// Fills the table of members from the hosts that were typed, if any were; what
    /// can't be read is said beside their field, and the table stays.
    pub fn fill_members(&mut self) {
        if self.hosts.trim().is_empty() || !self.plan.preset.has_members() {
            return;
        }
        let before = self.plan.members.len();
        match self.plan.take_hosts(&self.hosts) {
            Ok(()) => {
                self.removed_member = None;
                let count = self.plan.members.len();
                if count < before {
                    self.shift_fields(|field| match field {
                        Field::Member(place, _) if place >= count => None,
                        field => Some(field),
                    });
                }
                // The table has them now, and is what is changed from here on.
                self.hosts.clear();
            }
            Err(error) => {
                self.refused.insert(Field::MemberHosts, error.to_string());
            }
        }
    }

    /// One more client, under the next free name. Gives its first field.
    pub fn add_client(&mut self) -> Option<Field> {
        if self.plan.clients.len() >= link::MAXIMUM_CLIENTS {
            return None;
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
        let place = self.client_csrs.len();
        self.client_csrs.push(self.new_csr(Holder::Client(place)));
        field_of(Holder::Client(place), IdentityField::Name)
    }

    /// Takes a client out of the plan, and says whether it did. One always stays.
    pub fn remove_client(&mut self, index: usize) -> bool {
        if self.plan.clients.len() < 2 || index >= self.plan.clients.len() {
            return false;
        }
        self.plan.clients.remove(index);
        self.client_csrs.remove(index);
        self.shift_fields(|field| match field {
            Field::Client(place, _) if place == index => None,
            Field::Client(place, field) if place > index => Some(Field::Client(place - 1, field)),
            field => Some(field),
        });
        true
    }

    /// What is remembered about fields follows them to their new places.
    fn shift_fields(&mut self, shifted: impl Fn(Field) -> Option<Field>) {
        self.revealed = self.revealed.iter().copied().filter_map(&shifted).collect();
        self.refused = std::mem::take(&mut self.refused)
            .into_iter()
            .filter_map(|(field, message)| Some((shifted(field)?, message)))
            .collect();
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
        self.refuse(field, error.to_string());
        Err(error)
    }

    /// What was given for a field can't be used, which stands beside it until
    /// something else is typed.
    pub fn refuse(&mut self, field: Field, message: String) {
        self.refused.insert(field, message);
    }

    /// What is there for a field can be used after all.
    pub fn accept(&mut self, field: Field) {
        self.refused.remove(&field);
    }

    /// Nothing is refused any more.
    pub fn refuse_nothing(&mut self) {
        self.refused.clear();
    }

    /// Another plan takes the place of the one that was there.
    pub fn open(&mut self, plan: Plan) {
        self.plan = plan;
        self.follow_plan();
    }

    /// Everything that hangs on the plan follows it, after another plan took its
    /// place.
    fn follow_plan(&mut self) {
        self.begin_requests();
        self.removed_member = None;
        self.hosts.clear();
        self.revealed.clear();
        self.refused.clear();
    }

    /// What the form holds about each CSR, from the plan.
    fn begin_requests(&mut self) {
        self.server_csr = self.new_csr(Holder::Server);
        let clients = 0..self.plan.clients.len();
        self.client_csrs = clients
            .map(|place| self.new_csr(Holder::Client(place)))
            .collect();
    }

    fn new_csr(&self, holder: Holder) -> CsrForm {
        let text = self.identity(holder).map(|identity| identity.csr.as_str());
        // To sign a CSR is what that preset is for.
        let wanted = holder != Holder::Server && self.plan.preset == Preset::SignCsr;
        CsrForm::new(text.unwrap_or_default(), wanted)
    }
}

/// What is looked at after it.
impl PlanForm {
    /// Reads each CSR that is new. Its names go into the form, where they can be
    /// seen and changed.
    pub fn read_requests(&mut self) {
        let untouched = Plan::default().server.names;
        self.server_csr
            .read(&mut self.plan.server.names, &untouched);
        let clients = self.client_csrs.iter_mut().zip(&mut self.plan.clients);
        for (csr, client) in clients {
            csr.read(&mut client.names, "");
        }
    }

    /// Looks at every field again. `existing` are the CAs that are there
    /// already; without them, nothing is held against the end of one.
    pub fn check(&mut self, existing: Option<&ExistingAuthorities>, now: Timestamp) {
        self.faults.clear();
        match self.plan.check(existing, now) {
            Ok(checked) => self.checked = Some(checked),
            Err(faults) => self.faults = faults,
        }
        if self.plan.authority.source == AuthoritySource::Bring {
            let faults = self.brought.faults();
            self.faults.extend(faults);
        }
        // With that preset the plan's own check asks for a CSR.
        if self.plan.preset != Preset::SignCsr {
            for holder in self.identities() {
                if self.csr(holder).is_some_and(CsrForm::is_missing) {
                    let missing = |field| Fault::new(field, PemError::Empty.to_string());
                    let field = field_of(holder, IdentityField::Csr);
                    self.faults.extend(field.map(missing));
                }
            }
        }
        self.faults.sort_by_key(|fault| fault.field);
        // What is right is no longer complained about, nor as soon as it is
        // touched again.
        let faults = &self.faults;
        self.revealed
            .retain(|field| faults.iter().any(|fault| fault.field == *field));
    }

    /// Faults that were found elsewhere take the place of those that are known,
    /// and are shown.
    pub fn find_faults(&mut self, faults: Vec<Fault>) {
        self.faults = faults;
        self.reveal_all();
    }

    /// Shows the fault of a field, and that of every other field that this one
    /// made faulty.
    pub fn reveal(&mut self, field: Field) {
        for fault in &self.faults {
            if fault.field == field || !self.awaits(fault.field) {
                self.revealed.insert(fault.field);
            }
        }
    }

    /// Shows every fault.
    pub fn reveal_all(&mut self) {
        self.revealed
            .extend(self.faults.iter().map(|fault| fault.field));
    }

    /// Shows every fault but of what nothing has been given for yet.
    pub fn reveal_given(&mut self) {
        let fields: Vec<Field> = self.faults.iter().map(|fault| fault.field).collect();
        let given = fields.into_iter().filter(|field| !self.awaits(*field));
        let given: Vec<Field> = given.collect();
        self.revealed.extend(given);
    }

    /// Whether nothing has been given yet where something must be: no reason to
    /// complain before the reader gets there.
    fn awaits(&self, field: Field) -> bool {
        let awaits_csr = |csr: &CsrForm| csr.text().trim().is_empty();
        match field {
            Field::AuthorityCertificate | Field::AuthorityKey | Field::AuthorityPassphrase => {
                self.brought.awaits(field)
            }
            // A node's own address, which nobody can guess.
            Field::Member(_, MemberField::Hosts) => {
                self.text(field).is_some_and(|text| text.trim().is_empty())
            }
            Field::Server(IdentityField::Csr) => awaits_csr(&self.server_csr),
            Field::Client(place, IdentityField::Csr) => {
                self.client_csrs.get(place).is_some_and(awaits_csr)
            }
            _ => false,
        }
    }
}
