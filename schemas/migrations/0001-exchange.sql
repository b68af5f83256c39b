-- The exchange: documents, their parts and deliveries, the registry of agencies. Ours; words as in exchange/document.h.
-- Times are milliseconds since 1970 UTC. Codes of agencies stand twice: as given, and as the key they are compared by.

CREATE TABLE agencies (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    other_code TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    mobile TEXT NOT NULL,
    fax TEXT NOT NULL,
    system TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL UNIQUE, -- grows with every change of the registry
    modified INTEGER NOT NULL
) STRICT;
CREATE INDEX agencies_of_system ON agencies (system);

-- Every form a living agency is known by.
CREATE TABLE agency_codes (
    key TEXT PRIMARY KEY,
    agency INTEGER NOT NULL REFERENCES agencies (seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_codes_of ON agency_codes (agency);

-- Every blob a record names; small ones with their bytes, the others stand in blobs/.
CREATE TABLE blobs (
    seq INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    bytes BLOB
) STRICT;

CREATE TABLE documents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    caller TEXT NOT NULL,
    system TEXT NOT NULL,
    from_code TEXT NOT NULL,
    from_key TEXT NOT NULL,
    from_name TEXT NOT NULL,
    document_id TEXT NOT NULL,
    business_type INTEGER NOT NULL,
    number TEXT NOT NULL,
    notation TEXT NOT NULL,
    date TEXT NOT NULL,
    subject TEXT NOT NULL,
    header TEXT NOT NULL,
    identity TEXT NOT NULL, -- From, DocumentId, business type; a status: From, ResponseFor, code, timestamp
    content TEXT NOT NULL,
    package TEXT NOT NULL DEFAULT '',
    package_size INTEGER NOT NULL DEFAULT 0,
    sign_key TEXT NOT NULL,
    seal_key TEXT NOT NULL,
    conclusion TEXT NOT NULL DEFAULT '',
    verdict TEXT NOT NULL DEFAULT '',
    why_code TEXT NOT NULL DEFAULT '',
    why_vi TEXT NOT NULL DEFAULT '',
    why_en TEXT NOT NULL DEFAULT '',
    why_since INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    due INTEGER, -- NULL: nothing left to do; leased: when the lease ends; urgent ones are dated back and come first
    lease TEXT NOT NULL DEFAULT '',
    accepted INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_identity ON documents (identity, content);
CREATE INDEX documents_due ON documents (due) WHERE due IS NOT NULL;
CREATE INDEX documents_from ON documents (from_key, document_id);
CREATE INDEX documents_number ON documents (from_key, date);
CREATE INDEX documents_stage ON documents (stage);
CREATE INDEX documents_system ON documents (system, kind, seq) WHERE system <> '';

CREATE TABLE parts (
    document INTEGER NOT NULL REFERENCES documents (seq),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    description TEXT NOT NULL,
    original TEXT NOT NULL,
    blob TEXT NOT NULL,
    size INTEGER NOT NULL,
    has_signature INTEGER NOT NULL DEFAULT 0,
    has_seal INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (seq),
    kind TEXT NOT NULL,
    to_code TEXT NOT NULL,
    to_key TEXT NOT NULL,
    to_name TEXT NOT NULL,
    package TEXT NOT NULL, -- '' until wrapped
    package_size INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_note TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT '',
    status_note TEXT NOT NULL DEFAULT '',
    status_time INTEGER NOT NULL DEFAULT 0,
    recall_status TEXT NOT NULL DEFAULT '',
    why_code TEXT NOT NULL,
    why_vi TEXT NOT NULL,
    why_en TEXT NOT NULL,
    why_since INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due INTEGER, -- NULL: not ours to try; leased: when the lease ends
    lease TEXT NOT NULL DEFAULT '',
    accepted INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    fetched INTEGER NOT NULL DEFAULT 0,
    UNIQUE (document, to_key)
) STRICT;
CREATE INDEX deliveries_mailbox ON deliveries (to_key, kind, seq) WHERE state IN ('initial', 'processing');
CREATE INDEX deliveries_waiting ON deliveries (to_key) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due) WHERE due IS NOT NULL;
CREATE INDEX deliveries_state ON deliveries (state, why_since);

-- What was said of a delivery, by which status message.
CREATE TABLE statuses (
    message INTEGER PRIMARY KEY REFERENCES documents (seq),
    delivery INTEGER REFERENCES deliveries (seq), -- NULL: of a copy that did not go through us
    code TEXT NOT NULL,
    note TEXT NOT NULL,
    said TEXT NOT NULL -- the message's own timestamp
) STRICT;
CREATE INDEX statuses_of ON statuses (delivery) WHERE delivery IS NOT NULL;

CREATE TABLE repeat_keys (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (seq),
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_codes (
    code TEXT PRIMARY KEY,
    document INTEGER NOT NULL UNIQUE REFERENCES documents (seq),
    issued INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
