CREATE TABLE schema_version (
	number INTEGER NOT NULL
);

CREATE TABLE account_bucket (
	account_id BIGINT NOT NULL,
	arrival_at BIGINT NOT NULL,
	CONSTRAINT pk_account_bucket PRIMARY KEY (account_id)
);

CREATE TABLE activity (
	id BIGSERIAL NOT NULL,
	at BIGINT NOT NULL,
	kind VARCHAR(40) NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	user_id BIGINT,
	run_id BIGINT,
	chain VARCHAR(200) DEFAULT '' NOT NULL,
	detail TEXT NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_activity PRIMARY KEY (id)
);

CREATE INDEX ix_activity_answer ON activity (kind) WHERE kind in ('email_received', 'sms_received', 'email_bounced', 'email_unsubscribed', 'sms_unsubscribed');

CREATE INDEX ix_activity_at ON activity (record_kind, at);

CREATE INDEX ix_activity_record ON activity (record_kind, record_id, at, id);

CREATE INDEX ix_activity_run ON activity (run_id);

CREATE INDEX ix_activity_said ON activity (record_kind, record_id, at, id) WHERE kind in ('email_queued', 'email_sent', 'email_failed', 'email_doubted', 'email_received', 'email_opened', 'email_bounced', 'email_unsubscribed', 'email_resubscribed', 'link_clicked', 'sms_queued', 'sms_sent', 'sms_failed', 'sms_doubted', 'sms_received', 'sms_delivered', 'sms_bounced', 'sms_unsubscribed', 'sms_resubscribed', 'form_submitted', 'call_logged', 'meeting_planned', 'meeting_completed', 'meeting_cancelled', 'note_added');

CREATE TABLE api_key (
	id BIGSERIAL NOT NULL,
	name VARCHAR(100) NOT NULL,
	handle VARCHAR(8) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	adds BOOLEAN DEFAULT false NOT NULL,
	created_at BIGINT NOT NULL,
	created_by BIGINT,
	used_at BIGINT,
	revoked_at BIGINT,
	CONSTRAINT pk_api_key PRIMARY KEY (id),
	CONSTRAINT uq_api_key_handle UNIQUE (handle)
);

CREATE TABLE attachment (
	digest VARCHAR(64) NOT NULL,
	content BYTEA NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_attachment PRIMARY KEY (digest)
);

CREATE TABLE audit_forgotten (
	activity_id BIGINT NOT NULL,
	digest VARCHAR(64) NOT NULL,
	CONSTRAINT pk_audit_forgotten PRIMARY KEY (activity_id)
);

CREATE TABLE audit_link (
	id BIGSERIAL NOT NULL,
	at BIGINT NOT NULL,
	origin VARCHAR(100) NOT NULL,
	first BIGINT NOT NULL,
	last BIGINT NOT NULL,
	lines TEXT NOT NULL,
	digest VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	salt TEXT NOT NULL,
	CONSTRAINT pk_audit_link PRIMARY KEY (id)
);

CREATE INDEX ix_audit_link_first ON audit_link (first);

CREATE TABLE choice (
	id BIGSERIAL NOT NULL,
	list VARCHAR(40) NOT NULL,
	value VARCHAR(200) NOT NULL,
	position INTEGER NOT NULL,
	terminal BOOLEAN DEFAULT false NOT NULL,
	archived BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_choice PRIMARY KEY (id),
	CONSTRAINT uq_choice_list_value UNIQUE (list, value)
);

CREATE TABLE contact_address (
	id BIGSERIAL NOT NULL,
	contact_id BIGINT NOT NULL,
	address VARCHAR(320) NOT NULL,
	CONSTRAINT pk_contact_address PRIMARY KEY (id),
	CONSTRAINT uq_contact_address_address UNIQUE (address)
);

CREATE INDEX ix_contact_address_contact_id ON contact_address (contact_id);

CREATE TABLE custom_field (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	name VARCHAR(64) NOT NULL,
	label VARCHAR(200) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	options TEXT,
	position INTEGER NOT NULL,
	archived BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_custom_field PRIMARY KEY (id),
	CONSTRAINT uq_custom_field_record_kind_name UNIQUE (record_kind, name)
);

CREATE TABLE distinct_pair (
	record_kind VARCHAR(8) NOT NULL,
	low_id BIGINT NOT NULL,
	high_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	user_id BIGINT,
	CONSTRAINT pk_distinct_pair PRIMARY KEY (record_kind, low_id, high_id)
);

CREATE TABLE draft_history (
	workflow_id BIGINT NOT NULL,
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	patch BYTEA NOT NULL,
	CONSTRAINT pk_draft_history PRIMARY KEY (workflow_id, number)
);

CREATE TABLE draft_seat (
	workflow_id BIGINT NOT NULL,
	page VARCHAR(40) NOT NULL,
	who VARCHAR(200) NOT NULL,
	computer VARCHAR(200) NOT NULL,
	process INTEGER NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	CONSTRAINT pk_draft_seat PRIMARY KEY (workflow_id)
);

CREATE TABLE enrolment (
	id BIGSERIAL NOT NULL,
	workflow_id BIGINT NOT NULL,
	trigger VARCHAR(64) DEFAULT '' NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	cause VARCHAR(80) NOT NULL,
	chain VARCHAR(200) DEFAULT '' NOT NULL,
	state VARCHAR(16) NOT NULL,
	due_at BIGINT,
	at BIGINT NOT NULL,
	user_id BIGINT,
	CONSTRAINT pk_enrolment PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_enrolment_cause ON enrolment (record_kind, record_id, workflow_id, cause);

CREATE INDEX ix_enrolment_due ON enrolment (due_at) WHERE due_at is not null;

CREATE INDEX ix_enrolment_workflow ON enrolment (workflow_id, state);

CREATE TABLE erasure (
	id BIGSERIAL NOT NULL,
	erased_id BIGINT NOT NULL,
	state VARCHAR(16) NOT NULL,
	at BIGINT NOT NULL,
	done_at BIGINT,
	user_id BIGINT,
	counts TEXT,
	CONSTRAINT pk_erasure PRIMARY KEY (id)
);

CREATE INDEX ix_erasure_open ON erasure (state) WHERE done_at IS NULL;

CREATE TABLE form_entry (
	id BIGSERIAL NOT NULL,
	form_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	record_kind VARCHAR(8),
	record_id BIGINT,
	outcome VARCHAR(16) NOT NULL,
	answers TEXT NOT NULL,
	consent TEXT DEFAULT '' NOT NULL,
	code VARCHAR(24),
	confirmed_at BIGINT,
	CONSTRAINT pk_form_entry PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_form_entry_code ON form_entry (code) WHERE code IS NOT NULL;

CREATE INDEX ix_form_entry_form ON form_entry (form_id, id);

CREATE INDEX ix_form_entry_record ON form_entry (record_kind, record_id);

CREATE TABLE ignored_sender (
	id BIGSERIAL NOT NULL,
	pattern VARCHAR(320) NOT NULL,
	CONSTRAINT pk_ignored_sender PRIMARY KEY (id),
	CONSTRAINT uq_ignored_sender_pattern UNIQUE (pattern)
);

CREATE TABLE job (
	id BIGSERIAL NOT NULL,
	kind VARCHAR(16) NOT NULL,
	run_id BIGINT NOT NULL,
	step VARCHAR(64) NOT NULL,
	seq INTEGER NOT NULL,
	request TEXT NOT NULL,
	state VARCHAR(16) NOT NULL,
	token VARCHAR(40),
	claimed_until BIGINT,
	attempt INTEGER DEFAULT '0' NOT NULL,
	due_at BIGINT NOT NULL,
	answer TEXT DEFAULT '' NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_job PRIMARY KEY (id)
);

CREATE INDEX ix_job_due ON job (due_at) WHERE state in ('ready', 'claimed', 'retry');

CREATE UNIQUE INDEX ix_job_run ON job (run_id, seq);

CREATE TABLE lease (
	name VARCHAR(100) NOT NULL,
	holder VARCHAR(100) NOT NULL,
	token BIGINT NOT NULL,
	until BIGINT NOT NULL,
	CONSTRAINT pk_lease PRIMARY KEY (name)
);

CREATE TABLE letter_draft (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	user_id BIGINT,
	kind VARCHAR(10) NOT NULL,
	account_id BIGINT,
	to_line TEXT DEFAULT '' NOT NULL,
	cc_line TEXT DEFAULT '' NOT NULL,
	bcc_line TEXT DEFAULT '' NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	quoted TEXT DEFAULT '' NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	template VARCHAR(200) DEFAULT '' NOT NULL,
	template_version INTEGER,
	in_reply_to VARCHAR(300) DEFAULT '' NOT NULL,
	files TEXT,
	passed_on BIGINT,
	awaited TEXT,
	send_at BIGINT,
	revision INTEGER DEFAULT '1' NOT NULL,
	begun_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	outbox_id BIGINT,
	CONSTRAINT pk_letter_draft PRIMARY KEY (id)
);

CREATE INDEX ix_letter_draft_record ON letter_draft (record_kind, record_id);

CREATE TABLE mail_account (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) NOT NULL,
	channel VARCHAR(8) DEFAULT 'email' NOT NULL,
	address VARCHAR(320) NOT NULL,
	host VARCHAR(255) NOT NULL,
	port INTEGER NOT NULL,
	security VARCHAR(16) NOT NULL,
	login VARCHAR(320) DEFAULT '' NOT NULL,
	provider VARCHAR(16) DEFAULT '' NOT NULL,
	sender_name VARCHAR(200) DEFAULT '' NOT NULL,
	reply_to VARCHAR(320) DEFAULT '' NOT NULL,
	hourly_limit INTEGER DEFAULT '300' NOT NULL,
	daily_limit INTEGER DEFAULT '0' NOT NULL,
	connections INTEGER DEFAULT '1' NOT NULL,
	hours TEXT,
	errors INTEGER DEFAULT '0' NOT NULL,
	active BOOLEAN DEFAULT true NOT NULL,
	paused_why TEXT DEFAULT '' NOT NULL,
	writes_for TEXT,
	fallback BOOLEAN DEFAULT false NOT NULL,
	signature TEXT DEFAULT '' NOT NULL,
	signature_html TEXT DEFAULT '' NOT NULL,
	signs_by_hand BOOLEAN DEFAULT true NOT NULL,
	signs_automated BOOLEAN DEFAULT true NOT NULL,
	journal VARCHAR(8),
	imap_host VARCHAR(255),
	imap_port INTEGER,
	imap_security VARCHAR(16),
	imap_login VARCHAR(320) DEFAULT '' NOT NULL,
	keeps_id BOOLEAN,
	sent_lag INTEGER,
	stores_sent BOOLEAN,
	gateway VARCHAR(16) DEFAULT '' NOT NULL,
	gateway_url VARCHAR(500) DEFAULT '' NOT NULL,
	gateway_key VARCHAR(40) DEFAULT '' NOT NULL,
	options TEXT,
	checked_at BIGINT,
	secret_at BIGINT,
	CONSTRAINT pk_mail_account PRIMARY KEY (id)
);

CREATE TABLE mail_link (
	id BIGSERIAL NOT NULL,
	code VARCHAR(24) NOT NULL,
	outbox_id BIGINT NOT NULL,
	place INTEGER NOT NULL,
	url TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_mail_link PRIMARY KEY (id),
	CONSTRAINT uq_mail_link_outbox_id_place UNIQUE (outbox_id, place),
	CONSTRAINT uq_mail_link_code UNIQUE (code)
);

CREATE TABLE mail_seen (
	digest VARCHAR(32) NOT NULL,
	mailbox_id BIGINT NOT NULL,
	uid BIGINT NOT NULL,
	taken BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_mail_seen PRIMARY KEY (digest, mailbox_id)
);

CREATE INDEX ix_mail_seen_uid ON mail_seen (mailbox_id, uid);

CREATE TABLE mail_stranger (
	id BIGSERIAL NOT NULL,
	address VARCHAR(320) NOT NULL,
	name VARCHAR(200) DEFAULT '' NOT NULL,
	wrote INTEGER DEFAULT '0' NOT NULL,
	written INTEGER DEFAULT '0' NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_mail_stranger PRIMARY KEY (id),
	CONSTRAINT uq_mail_stranger_address UNIQUE (address)
);

CREATE INDEX ix_mail_stranger_last_at ON mail_stranger (last_at);

CREATE TABLE mailbox (
	id BIGSERIAL NOT NULL,
	account_id BIGINT NOT NULL,
	folder VARCHAR(500) NOT NULL,
	role VARCHAR(8) NOT NULL,
	validity BIGINT DEFAULT '0' NOT NULL,
	last BIGINT DEFAULT '0' NOT NULL,
	back BIGINT,
	since BIGINT NOT NULL,
	began_at BIGINT NOT NULL,
	looked_at BIGINT,
	trouble TEXT DEFAULT '' NOT NULL,
	tries INTEGER DEFAULT '0' NOT NULL,
	due_at BIGINT,
	owed TEXT,
	CONSTRAINT pk_mailbox PRIMARY KEY (id),
	CONSTRAINT uq_mailbox_account_id_folder UNIQUE (account_id, folder)
);

CREATE TABLE matching (
	workflow_id BIGINT NOT NULL,
	trigger VARCHAR(64) NOT NULL,
	record_id BIGINT NOT NULL,
	CONSTRAINT pk_matching PRIMARY KEY (workflow_id, trigger, record_id)
);

CREATE TABLE message (
	id BIGSERIAL NOT NULL,
	channel VARCHAR(8) NOT NULL,
	direction VARCHAR(8) NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	outbox_id BIGINT,
	at BIGINT NOT NULL,
	message_id VARCHAR(300) DEFAULT '' NOT NULL,
	server_id VARCHAR(300),
	in_reply_to VARCHAR(300) DEFAULT '' NOT NULL,
	root VARCHAR(300) DEFAULT '' NOT NULL,
	account_id BIGINT,
	digest VARCHAR(32) DEFAULT '' NOT NULL,
	size INTEGER,
	sender VARCHAR(400) NOT NULL,
	recipient TEXT NOT NULL,
	reply_to TEXT DEFAULT '' NOT NULL,
	subject TEXT NOT NULL,
	files TEXT,
	flaws TEXT,
	text TEXT NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_message PRIMARY KEY (id)
);

CREATE INDEX ix_message_digest ON message (digest) WHERE digest != '';

CREATE INDEX ix_message_message_id ON message (message_id);

CREATE INDEX ix_message_record ON message (record_kind, record_id);

CREATE INDEX ix_message_server_id ON message (server_id) WHERE server_id IS NOT NULL;

CREATE TABLE outbox (
	id BIGSERIAL NOT NULL,
	key VARCHAR(500) NOT NULL,
	channel VARCHAR(8) NOT NULL,
	account_id BIGINT,
	workflow_id BIGINT,
	contact_id BIGINT,
	user_id BIGINT,
	run_id BIGINT,
	step VARCHAR(64),
	seq INTEGER,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	state VARCHAR(16) NOT NULL,
	token VARCHAR(40),
	claimed_until BIGINT,
	doubted_at BIGINT,
	looks INTEGER DEFAULT '0' NOT NULL,
	attempt INTEGER DEFAULT '0' NOT NULL,
	due_at BIGINT NOT NULL,
	expires_at BIGINT,
	created_at BIGINT NOT NULL,
	sent_at BIGINT,
	transactional BOOLEAN DEFAULT false NOT NULL,
	template VARCHAR(200) DEFAULT '' NOT NULL,
	template_version INTEGER,
	files TEXT,
	message_id VARCHAR(300) NOT NULL,
	in_reply_to VARCHAR(300) DEFAULT '' NOT NULL,
	sender VARCHAR(400) NOT NULL,
	reply_to VARCHAR(320) DEFAULT '' NOT NULL,
	address VARCHAR(320) NOT NULL,
	recipient VARCHAR(400) NOT NULL,
	copies TEXT,
	subject TEXT NOT NULL,
	text TEXT NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	chain VARCHAR(200) DEFAULT '' NOT NULL,
	reason VARCHAR(40) DEFAULT '' NOT NULL,
	answer TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT uq_outbox_key UNIQUE (key)
);

CREATE INDEX ix_outbox_claimed ON outbox (claimed_until) WHERE state in ('claimed', 'sending', 'dot');

CREATE INDEX ix_outbox_contact ON outbox (contact_id, created_at);

CREATE INDEX ix_outbox_doubt ON outbox (due_at) WHERE state = 'doubt';

CREATE INDEX ix_outbox_due ON outbox (account_id, due_at) WHERE state in ('held', 'ready', 'retry');

CREATE INDEX ix_outbox_message_id ON outbox (message_id);

CREATE INDEX ix_outbox_record ON outbox (record_kind, record_id);

CREATE INDEX ix_outbox_sent ON outbox (account_id, sent_at) WHERE sent_at IS NOT NULL;

CREATE INDEX ix_outbox_workflow ON outbox (workflow_id, created_at, sent_at, run_id, seq, step);

CREATE TABLE pipeline (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) NOT NULL,
	position INTEGER NOT NULL,
	CONSTRAINT pk_pipeline PRIMARY KEY (id),
	CONSTRAINT uq_pipeline_name UNIQUE (name)
);

CREATE TABLE record_merge (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	kept_id BIGINT NOT NULL,
	gone_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	user_id BIGINT,
	undone_at BIGINT,
	detail TEXT NOT NULL,
	CONSTRAINT pk_record_merge PRIMARY KEY (id)
);

CREATE INDEX ix_record_merge_gone ON record_merge (record_kind, gone_id);

CREATE INDEX ix_record_merge_kept ON record_merge (record_kind, kept_id);

CREATE TABLE rotation (
	pool VARCHAR(120) NOT NULL,
	user_id BIGINT NOT NULL,
	given INTEGER NOT NULL,
	last_at BIGINT,
	CONSTRAINT pk_rotation PRIMARY KEY (pool, user_id)
);

CREATE TABLE run (
	id BIGSERIAL NOT NULL,
	workflow_id BIGINT NOT NULL,
	version_id BIGINT NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	state VARCHAR(16) NOT NULL,
	step VARCHAR(64),
	exit VARCHAR(64),
	due_at BIGINT,
	awaited VARCHAR(200),
	cause VARCHAR(80) NOT NULL,
	trigger VARCHAR(64) DEFAULT '' NOT NULL,
	chain VARCHAR(200) DEFAULT '' NOT NULL,
	seq INTEGER DEFAULT '0' NOT NULL,
	attempt INTEGER DEFAULT '0' NOT NULL,
	parallel BOOLEAN DEFAULT false NOT NULL,
	reason VARCHAR(40) DEFAULT '' NOT NULL,
	started_at BIGINT NOT NULL,
	ended_at BIGINT,
	since BIGINT,
	resume_at BIGINT,
	CONSTRAINT pk_run PRIMARY KEY (id)
);

CREATE INDEX ix_run_aside ON run (state, since) WHERE state in ('in_review', 'held', 'paused', 'needs_attention');

CREATE INDEX ix_run_at_step ON run (version_id, step) WHERE state in ('in_review', 'active', 'held', 'paused', 'needs_attention');

CREATE INDEX ix_run_awaited ON run (awaited) WHERE awaited is not null;

CREATE UNIQUE INDEX ix_run_cause ON run (workflow_id, record_kind, record_id, cause);

CREATE INDEX ix_run_due ON run (due_at) WHERE state = 'active' and due_at is not null;

CREATE UNIQUE INDEX ix_run_inside ON run (workflow_id, record_kind, record_id) WHERE state in ('in_review', 'active', 'held', 'paused', 'needs_attention') and not parallel;

CREATE INDEX ix_run_record ON run (record_kind, record_id, workflow_id);

CREATE INDEX ix_run_resume ON run (resume_at) WHERE state = 'paused' and resume_at is not null;

CREATE INDEX ix_run_started ON run (started_at);

CREATE INDEX ix_run_stranded ON run (id) WHERE state = 'active' and due_at is null and awaited is null;

CREATE TABLE search_pending (
	kind VARCHAR(8) NOT NULL,
	first_id BIGINT NOT NULL,
	last_id BIGINT NOT NULL,
	CONSTRAINT pk_search_pending PRIMARY KEY (kind, first_id, last_id)
);

CREATE TABLE search_word (
	word VARCHAR(40) COLLATE "C" NOT NULL,
	backwards VARCHAR(40) COLLATE "C" NOT NULL,
	CONSTRAINT pk_search_word PRIMARY KEY (word)
);

CREATE INDEX ix_search_word_backwards ON search_word (backwards);

CREATE TABLE secret (
	name VARCHAR(200) NOT NULL,
	sealed TEXT NOT NULL,
	CONSTRAINT pk_secret PRIMARY KEY (name)
);

CREATE TABLE sent_copy (
	outbox_id BIGINT NOT NULL,
	tries INTEGER NOT NULL,
	due_at BIGINT,
	CONSTRAINT pk_sent_copy PRIMARY KEY (outbox_id)
);

CREATE TABLE setting (
	name VARCHAR(100) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY (name)
);

CREATE TABLE sms_arrival (
	id BIGSERIAL NOT NULL,
	account_id BIGINT NOT NULL,
	gateway_id VARCHAR(120) NOT NULL,
	number VARCHAR(40) NOT NULL,
	text TEXT NOT NULL,
	at BIGINT NOT NULL,
	contact_id BIGINT,
	ignored BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_sms_arrival PRIMARY KEY (id),
	CONSTRAINT uq_sms_arrival_account_id_gateway_id UNIQUE (account_id, gateway_id)
);

CREATE INDEX ix_sms_arrival_contact_id ON sms_arrival (contact_id);

CREATE INDEX ix_sms_arrival_number ON sms_arrival (number);

CREATE TABLE sms_told (
	id BIGSERIAL NOT NULL,
	account_id BIGINT NOT NULL,
	name VARCHAR(300) NOT NULL,
	reference VARCHAR(64) NOT NULL,
	state VARCHAR(12) NOT NULL,
	said VARCHAR(300) NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_sms_told PRIMARY KEY (id)
);

CREATE TABLE suppression (
	channel VARCHAR(8) NOT NULL,
	address VARCHAR(320) NOT NULL,
	reason VARCHAR(40) NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_suppression PRIMARY KEY (channel, address)
);

CREATE TABLE tag (
	id BIGSERIAL NOT NULL,
	name VARCHAR(100) NOT NULL,
	name_key VARCHAR(100) NOT NULL,
	colour VARCHAR(16) DEFAULT '' NOT NULL,
	CONSTRAINT pk_tag PRIMARY KEY (id),
	CONSTRAINT uq_tag_name_key UNIQUE (name_key)
);

CREATE TABLE template (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) NOT NULL,
	channel VARCHAR(8) NOT NULL,
	family VARCHAR(8) DEFAULT 'basic' NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	preheader TEXT DEFAULT '' NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	theme VARCHAR(32) DEFAULT '' NOT NULL,
	slots TEXT,
	source TEXT DEFAULT '' NOT NULL,
	files TEXT,
	folder VARCHAR(80) DEFAULT '' NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	transactional BOOLEAN DEFAULT false NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	CONSTRAINT pk_template PRIMARY KEY (id)
);

CREATE UNIQUE INDEX uq_template_name ON template (name) WHERE deleted_at IS NULL;

CREATE TABLE template_version (
	id BIGSERIAL NOT NULL,
	template_id BIGINT NOT NULL,
	number INTEGER NOT NULL,
	content TEXT NOT NULL,
	at BIGINT NOT NULL,
	user_id BIGINT,
	CONSTRAINT pk_template_version PRIMARY KEY (id),
	CONSTRAINT uq_template_version_template_id_number UNIQUE (template_id, number)
);

CREATE TABLE touch (
	link_id BIGINT NOT NULL,
	who VARCHAR(8) NOT NULL,
	rule VARCHAR(24) DEFAULT '' NOT NULL,
	count INTEGER NOT NULL,
	first_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_touch PRIMARY KEY (link_id, who)
);

CREATE INDEX ix_touch_pending ON touch (last_at) WHERE who = 'pending';

CREATE TABLE user_account (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) NOT NULL,
	email VARCHAR(320) DEFAULT '' NOT NULL,
	role VARCHAR(16) NOT NULL,
	active BOOLEAN DEFAULT true NOT NULL,
	away_until BIGINT,
	time_zone VARCHAR(64) DEFAULT '' NOT NULL,
	password_hash VARCHAR(200) DEFAULT '' NOT NULL,
	CONSTRAINT pk_user_account PRIMARY KEY (id)
);

CREATE TABLE verdict (
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	cause VARCHAR(80) NOT NULL,
	refusals TEXT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_verdict PRIMARY KEY (record_kind, record_id, cause)
);

CREATE INDEX ix_verdict_at ON verdict (at);

CREATE TABLE visit (
	run_id BIGINT NOT NULL,
	seq INTEGER NOT NULL,
	version_id BIGINT NOT NULL,
	step VARCHAR(64) NOT NULL,
	outcome VARCHAR(16) NOT NULL,
	exit VARCHAR(64),
	reason VARCHAR(40) DEFAULT '' NOT NULL,
	summary TEXT NOT NULL,
	detail TEXT,
	at BIGINT NOT NULL,
	until BIGINT,
	CONSTRAINT pk_visit PRIMARY KEY (run_id, seq)
);

CREATE INDEX ix_visit_step ON visit (version_id, step, outcome, exit, at);

CREATE TABLE watermark (
	workflow_id BIGINT NOT NULL,
	trigger VARCHAR(64) NOT NULL,
	until BIGINT NOT NULL,
	CONSTRAINT pk_watermark PRIMARY KEY (workflow_id, trigger)
);

CREATE TABLE web_form (
	id BIGSERIAL NOT NULL,
	key VARCHAR(64) NOT NULL,
	name VARCHAR(200) NOT NULL,
	definition TEXT NOT NULL,
	active BOOLEAN DEFAULT true NOT NULL,
	robots INTEGER DEFAULT '0' NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_web_form PRIMARY KEY (id),
	CONSTRAINT uq_web_form_key UNIQUE (key)
);

CREATE TABLE workflow (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) NOT NULL,
	purpose VARCHAR(16) NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	draft TEXT,
	draft_by BIGINT,
	draft_at BIGINT,
	draft_revision INTEGER DEFAULT '0' NOT NULL,
	draft_from VARCHAR(64) DEFAULT '' NOT NULL,
	history_at INTEGER DEFAULT '0' NOT NULL,
	history_revision INTEGER DEFAULT '-1' NOT NULL,
	published_id BIGINT,
	state VARCHAR(16) NOT NULL,
	why TEXT DEFAULT '' NOT NULL,
	health VARCHAR(64) DEFAULT '' NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	deleted_by BIGINT,
	CONSTRAINT pk_workflow PRIMARY KEY (id)
);

CREATE TABLE call (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	direction VARCHAR(8) NOT NULL,
	outcome VARCHAR(40) NOT NULL,
	seconds INTEGER,
	text TEXT DEFAULT '' NOT NULL,
	at BIGINT NOT NULL,
	user_id BIGINT,
	CONSTRAINT pk_call PRIMARY KEY (id),
	CONSTRAINT fk_call_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);

CREATE INDEX ix_call_record ON call (record_kind, record_id);

CREATE TABLE company (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) DEFAULT '' NOT NULL,
	domain VARCHAR(200) DEFAULT '' NOT NULL,
	phone VARCHAR(200) DEFAULT '' NOT NULL,
	website VARCHAR(200) DEFAULT '' NOT NULL,
	industry VARCHAR(200) DEFAULT '' NOT NULL,
	street VARCHAR(200) DEFAULT '' NOT NULL,
	city VARCHAR(200) DEFAULT '' NOT NULL,
	state VARCHAR(200) DEFAULT '' NOT NULL,
	postal_code VARCHAR(200) DEFAULT '' NOT NULL,
	country VARCHAR(200) DEFAULT '' NOT NULL,
	time_zone VARCHAR(200) DEFAULT '' NOT NULL,
	owner_id BIGINT,
	last_activity_at BIGINT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	custom TEXT,
	sort_name VARCHAR(400) DEFAULT '' NOT NULL,
	search_text TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_company PRIMARY KEY (id),
	CONSTRAINT fk_company_owner_id FOREIGN KEY(owner_id) REFERENCES user_account (id)
);

CREATE INDEX ix_company_sort ON company (sort_name, id, deleted_at);

CREATE INDEX ix_company_trash ON company (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE INDEX ix_company_zone ON company (id) WHERE time_zone != '';

CREATE TABLE event_later (
	activity_id BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	CONSTRAINT pk_event_later PRIMARY KEY (activity_id),
	CONSTRAINT fk_event_later_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id)
);

CREATE INDEX ix_event_later_due ON event_later (due_at);

CREATE TABLE event_queue (
	activity_id BIGINT NOT NULL,
	CONSTRAINT pk_event_queue PRIMARY KEY (activity_id),
	CONSTRAINT fk_event_queue_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id)
);

CREATE TABLE import_job (
	id BIGSERIAL NOT NULL,
	file_name VARCHAR(400) NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	user_id BIGINT,
	at BIGINT NOT NULL,
	headings TEXT NOT NULL,
	result TEXT,
	undone_at BIGINT,
	CONSTRAINT pk_import_job PRIMARY KEY (id),
	CONSTRAINT fk_import_job_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);

CREATE TABLE meeting (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	type VARCHAR(40) NOT NULL,
	title VARCHAR(400) NOT NULL,
	starts_at BIGINT NOT NULL,
	ends_at BIGINT,
	done_at BIGINT,
	cancelled BOOLEAN DEFAULT false NOT NULL,
	user_id BIGINT,
	CONSTRAINT pk_meeting PRIMARY KEY (id),
	CONSTRAINT fk_meeting_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);

CREATE INDEX ix_meeting_record ON meeting (record_kind, record_id);

CREATE TABLE note (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	text TEXT NOT NULL,
	at BIGINT NOT NULL,
	user_id BIGINT,
	edited_at BIGINT,
	deleted_at BIGINT,
	CONSTRAINT pk_note PRIMARY KEY (id),
	CONSTRAINT fk_note_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);

CREATE INDEX ix_note_record ON note (record_kind, record_id);

CREATE INDEX ix_note_trash ON note (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE notification (
	id BIGSERIAL NOT NULL,
	user_id BIGINT,
	record_kind VARCHAR(8),
	record_id BIGINT,
	text TEXT NOT NULL,
	at BIGINT NOT NULL,
	seen_at BIGINT,
	CONSTRAINT pk_notification PRIMARY KEY (id),
	CONSTRAINT fk_notification_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);

CREATE INDEX ix_notification_user ON notification (user_id, id);

CREATE TABLE record_tag (
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	tag_id BIGINT NOT NULL,
	CONSTRAINT pk_record_tag PRIMARY KEY (record_kind, record_id, tag_id),
	CONSTRAINT fk_record_tag_tag_id FOREIGN KEY(tag_id) REFERENCES tag (id)
);

CREATE INDEX ix_record_tag_tag ON record_tag (tag_id, record_kind, record_id);

CREATE TABLE saved_view (
	id BIGSERIAL NOT NULL,
	page VARCHAR(40) NOT NULL,
	name VARCHAR(200) NOT NULL,
	user_id BIGINT,
	definition TEXT NOT NULL,
	CONSTRAINT pk_saved_view PRIMARY KEY (id),
	CONSTRAINT fk_saved_view_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);

CREATE TABLE stage (
	id BIGSERIAL NOT NULL,
	pipeline_id BIGINT,
	name VARCHAR(200) NOT NULL,
	position INTEGER NOT NULL,
	probability INTEGER NOT NULL,
	outcome VARCHAR(8) NOT NULL,
	colour VARCHAR(16) DEFAULT '' NOT NULL,
	CONSTRAINT pk_stage PRIMARY KEY (id),
	CONSTRAINT uq_stage_pipeline_id_name UNIQUE (pipeline_id, name),
	CONSTRAINT fk_stage_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipeline (id)
);

CREATE TABLE task (
	id BIGSERIAL NOT NULL,
	record_kind VARCHAR(8) NOT NULL,
	record_id BIGINT NOT NULL,
	type VARCHAR(40) NOT NULL,
	title VARCHAR(400) NOT NULL,
	description TEXT DEFAULT '' NOT NULL,
	due_at BIGINT,
	done_at BIGINT,
	answer VARCHAR(40) DEFAULT '' NOT NULL,
	assignee_id BIGINT,
	priority VARCHAR(40) NOT NULL,
	run_id BIGINT,
	deleted_at BIGINT,
	deleted_by BIGINT,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_task PRIMARY KEY (id),
	CONSTRAINT fk_task_assignee_id FOREIGN KEY(assignee_id) REFERENCES user_account (id),
	CONSTRAINT fk_task_deleted_by FOREIGN KEY(deleted_by) REFERENCES user_account (id)
);

CREATE INDEX ix_task_due ON task (due_at, id) WHERE done_at IS NULL;

CREATE INDEX ix_task_open ON task (assignee_id, due_at);

CREATE INDEX ix_task_record ON task (record_kind, record_id);

CREATE INDEX ix_task_trash ON task (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE workflow_version (
	id BIGSERIAL NOT NULL,
	workflow_id BIGINT,
	number INTEGER NOT NULL,
	definition TEXT NOT NULL,
	published_at BIGINT NOT NULL,
	published_by BIGINT,
	CONSTRAINT pk_workflow_version PRIMARY KEY (id),
	CONSTRAINT fk_workflow_version_workflow_id FOREIGN KEY(workflow_id) REFERENCES workflow (id)
);

CREATE INDEX ix_workflow_version_workflow ON workflow_version (workflow_id);

CREATE TABLE contact (
	id BIGSERIAL NOT NULL,
	first_name VARCHAR(200) DEFAULT '' NOT NULL,
	last_name VARCHAR(200) DEFAULT '' NOT NULL,
	email VARCHAR(320) DEFAULT '' NOT NULL,
	email_key VARCHAR(320),
	phone VARCHAR(200) DEFAULT '' NOT NULL,
	mobile VARCHAR(200) DEFAULT '' NOT NULL,
	title VARCHAR(200) DEFAULT '' NOT NULL,
	department VARCHAR(200) DEFAULT '' NOT NULL,
	linkedin VARCHAR(200) DEFAULT '' NOT NULL,
	twitter VARCHAR(200) DEFAULT '' NOT NULL,
	street VARCHAR(200) DEFAULT '' NOT NULL,
	city VARCHAR(200) DEFAULT '' NOT NULL,
	state VARCHAR(200) DEFAULT '' NOT NULL,
	postal_code VARCHAR(200) DEFAULT '' NOT NULL,
	country VARCHAR(200) DEFAULT '' NOT NULL,
	company_id BIGINT,
	lifecycle_stage VARCHAR(200) DEFAULT '' NOT NULL,
	lead_status VARCHAR(200) DEFAULT '' NOT NULL,
	lead_source VARCHAR(200) DEFAULT '' NOT NULL,
	lead_type VARCHAR(200) DEFAULT '' NOT NULL,
	lead_priority VARCHAR(200) DEFAULT '' NOT NULL,
	gender VARCHAR(200) DEFAULT '' NOT NULL,
	score INTEGER,
	score_points INTEGER,
	score_due_at BIGINT,
	owner_id BIGINT,
	time_zone VARCHAR(200) DEFAULT '' NOT NULL,
	consent_email VARCHAR(200) DEFAULT '' NOT NULL,
	consent_email_at BIGINT,
	consent_email_how VARCHAR(200) DEFAULT '' NOT NULL,
	consent_sms VARCHAR(200) DEFAULT '' NOT NULL,
	consent_sms_at BIGINT,
	consent_sms_how VARCHAR(200) DEFAULT '' NOT NULL,
	do_not_contact BOOLEAN DEFAULT false NOT NULL,
	email_invalid BOOLEAN DEFAULT false NOT NULL,
	last_email_sent_at BIGINT,
	last_email_opened_at BIGINT,
	last_link_clicked_at BIGINT,
	last_replied_at BIGINT,
	last_activity_at BIGINT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	reply_aside_at BIGINT,
	reply_aside_until BIGINT,
	deleted_at BIGINT,
	custom TEXT,
	sort_name VARCHAR(400) DEFAULT '' NOT NULL,
	search_text TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_contact PRIMARY KEY (id),
	CONSTRAINT fk_contact_company_id FOREIGN KEY(company_id) REFERENCES company (id),
	CONSTRAINT fk_contact_owner_id FOREIGN KEY(owner_id) REFERENCES user_account (id)
);

CREATE INDEX ix_contact_by_created_at ON contact (created_at, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contact_by_last_activity_at ON contact (last_activity_at, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contact_by_lead_source ON contact (lead_source, sort_name, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contact_by_lifecycle_stage ON contact (lifecycle_stage, sort_name, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contact_by_score ON contact (score, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contact_company ON contact (company_id);

CREATE UNIQUE INDEX ix_contact_email_key ON contact (email_key) WHERE email_key IS NOT NULL AND deleted_at IS NULL;

CREATE INDEX ix_contact_last_replied_at ON contact (last_replied_at) WHERE last_replied_at IS NOT NULL;

CREATE INDEX ix_contact_owner ON contact (owner_id);

CREATE INDEX ix_contact_score_due ON contact (score_due_at) WHERE score_due_at IS NOT NULL;

CREATE INDEX ix_contact_sort ON contact (sort_name, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contact_trash ON contact (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE import_batch (
	id BIGSERIAL NOT NULL,
	job_id BIGINT,
	at BIGINT NOT NULL,
	detail TEXT NOT NULL,
	CONSTRAINT pk_import_batch PRIMARY KEY (id),
	CONSTRAINT fk_import_batch_job_id FOREIGN KEY(job_id) REFERENCES import_job (id)
);

CREATE INDEX ix_import_batch_job ON import_batch (job_id);

CREATE TABLE deal (
	id BIGSERIAL NOT NULL,
	name VARCHAR(200) DEFAULT '' NOT NULL,
	pipeline VARCHAR(200) DEFAULT '' NOT NULL,
	stage VARCHAR(200) DEFAULT '' NOT NULL,
	amount DOUBLE PRECISION,
	contact_id BIGINT,
	company_id BIGINT,
	owner_id BIGINT,
	expected_close BIGINT,
	stage_moved_at BIGINT,
	last_activity_at BIGINT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	custom TEXT,
	sort_name VARCHAR(400) DEFAULT '' NOT NULL,
	search_text TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_deal PRIMARY KEY (id),
	CONSTRAINT fk_deal_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id),
	CONSTRAINT fk_deal_company_id FOREIGN KEY(company_id) REFERENCES company (id),
	CONSTRAINT fk_deal_owner_id FOREIGN KEY(owner_id) REFERENCES user_account (id)
);

CREATE INDEX ix_deal_company ON deal (company_id);

CREATE INDEX ix_deal_contact ON deal (contact_id);

CREATE INDEX ix_deal_stage ON deal (pipeline, stage, id);

CREATE INDEX ix_deal_trash ON deal (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF true THEN RAISE EXCEPTION 'the audit log is only ever added to' USING ERRCODE = 'restrict_violation'; END IF; RETURN new; END $$;

CREATE FUNCTION audit_said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM audit_forgotten WHERE activity_id = old.id) THEN RAISE EXCEPTION 'the audit log is only ever added to' USING ERRCODE = 'restrict_violation'; END IF; RETURN new; END $$;

CREATE TRIGGER audit_link_kept BEFORE DELETE OR UPDATE OF id, at, origin, "first", "last", lines, digest, hash ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_kept();

CREATE TRIGGER audit_link_whole BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();

CREATE TRIGGER audit_forgotten_kept BEFORE DELETE OR UPDATE ON audit_forgotten FOR EACH ROW EXECUTE FUNCTION audit_kept();

CREATE TRIGGER audit_forgotten_whole BEFORE TRUNCATE ON audit_forgotten FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();

CREATE TRIGGER activity_kept BEFORE DELETE OR UPDATE OF id, at, kind, user_id, run_id, chain ON activity FOR EACH ROW EXECUTE FUNCTION audit_kept();

CREATE TRIGGER activity_whole BEFORE TRUNCATE ON activity FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();

CREATE TRIGGER activity_said BEFORE UPDATE OF detail ON activity FOR EACH ROW EXECUTE FUNCTION audit_said();
