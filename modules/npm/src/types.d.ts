/** A file's text, or its bytes. */
export type Contents = string | Uint8Array;

/** Files by the names with which command lines name them. */
export type Files = Record<string, Contents>;

/** A time such as 2026-11-23T16:10:00Z. */
export type Time = string;

/** What a certificate is for. */
export type Usage = "client" | "server" | "peer";

/** The kind of a key. */
export type KeyType =
    | "rsa2048" | "rsa3072" | "rsa4096" | "p256" | "p384" | "ed25519"
    | "ml_dsa_44" | "ml_dsa_65" | "ml_dsa_87";

/** A preset's name (tutorial, cluster, kubeadm, client-only, sign-csr), or the text of a
 * plan's link. */
export type PlanText = string;

/** A plan, as the page's links and the program's JSON files have it. What is left out is
 * the tutorial's. */
export interface Plan {
    preset?: "tutorial" | "cluster" | "kubeadm" | "client_only" | "sign_csr";
    /** The series of etcd that commands are written for. */
    etcd?: "3.4" | "3.5" | "3.6" | "3.7";
    key_type?: KeyType;
    authority?: {
        source?: "make" | "bring";
        subject?: string;
        days?: string;
        path_length?: string;
        permitted?: string;
        excluded?: string;
        intermediate?: { subject?: string; days?: string } | null;
        client_subject?: string;
        peer_subject?: string;
    };
    /** Whether clients and peers each have a CA of their own. */
    separate_authorities?: boolean;
    /** With CAs of their own and etcd 3.4: no gateway, rather than the servers' CA trusted too. */
    without_gateway?: boolean;
    server?: Identity;
    members?: {
        name?: string;
        hosts?: string;
        client_port?: string;
        peer_port?: string;
        data_directory?: string;
        days?: string;
        key_type?: KeyType | null;
    }[];
    clients?: Identity[];
    /** One name a line; `app-{1..1000}` stands for a thousand. */
    many_clients?: { names?: string; subject?: string; days?: string };
    host?: string;
    port?: string;
    /** The folder that the files will be in, where etcd runs. */
    directory?: string;
}

/** One certificate that is wanted. */
export interface Identity {
    /** The stem of its files' names. */
    name?: string;
    subject?: string;
    /** DNS names and IP addresses. */
    names?: string;
    days?: string;
    /** A CSR made elsewhere, as PEM; empty to make the key here. */
    csr?: string;
    key_type?: KeyType | null;
    usage?: Usage;
}

/** What a plan is given. */
export interface Given {
    /** The CA of a plan that brings one, as PEM. */
    authority?: { certificate: string; key: string; passphrase?: string };
    /** The CSR to sign, as PEM. */
    csr?: string;
    /** What that CSR is signed for. */
    usage?: Usage;
    /** When the certificates begin; else now. */
    at?: Time;
    /** Whether archives are made: one for each machine, one for each client, and one
     * with the CAs' keys, to be kept offline. */
    archives?: boolean;
}

/** A file that was made. */
export interface MadeFile {
    /** Its name below the folder: `ca.crt`, `etcd/server.key`. */
    name: string;
    kind: "Certificate" | "PrivateKey" | "CertificationRequest" | "RevocationList" | "Document";
    /** Its mode: 0o600 for keys, 0o644 for the rest. */
    mode: number;
    contents: Uint8Array;
}

/** Two command lines, and the files that they name. */
export interface Case {
    /** etcd's command line. */
    server: string;
    /** etcdctl's. */
    client?: string;
    files?: Files;
    /** The release of etcd, such as 3.7.3; -debian or -upstream after it says who built
     * it. Else the newest. */
    etcd?: string;
    /** The release of etcdctl; else etcd's. */
    etcdctl?: string;
    /** The time on both sides; else `measured`, else now. */
    at?: Time;
    measured?: Time;
    /** The command line of another member, which connects to the peer port of `server`. */
    peer?: string;
    /** The address that the other member is seen with. */
    from?: string;
    /** Host names with their addresses, since nothing is looked up. */
    names?: Record<string, string[]>;
    /** Another client in etcdctl's place, such as py-grpcio; or all. */
    other_client?: string;
    /** That client is limited to TLS 1.2. */
    only_tls12?: boolean;
}

/** The rule that decided, and what to do. */
export interface Finding {
    verdict: "ok" | "fail" | "server-start-fail";
    rule: string;
    sentence: string;
    source: string;
    /** The file at fault. */
    file: string | null;
    /** The field of it; empty where none is at fault. */
    field: string;
    mend: string;
}

/** What etcd and etcdctl answer; with `other_client`, what that client does. */
export type Verdict =
    | (Finding & {
        step: string;
        /** What etcdctl says, line by line. */
        etcdctl: string[];
        /** What etcd logs. */
        etcd: string[];
        assumes: string[];
        foretold: string[];
        /** The status that etcd's gateway answers with. */
        gateway: number | null;
        gateway_log: string[];
        peer?: Finding & { step: string; dialer: string[]; etcd: string[] };
    })
    | OtherVerdict
    | { clients: OtherVerdict[] };

/** What another client makes of it. */
export type OtherVerdict = Finding & {
    client: string;
    version: string;
    library: string;
    refuser: string;
    says: string[];
    etcd: string[];
    why: string;
};

/** What there is to look at: a text, and files; or command lines, and their files. */
export interface AtHand {
    /** A log, output, command lines, PEM. */
    text?: string;
    /** etcd's command line. */
    server?: string;
    /** etcdctl's. */
    client?: string;
    files?: Files;
    /** The release of etcd and etcdctl; else the one that the text names, else 3.7.3. */
    etcd?: string;
    at?: Time;
}

/** What is known; the names are those of `etcd-pki-lab diagnose --help`. */
export interface Diagnosis {
    read: string[];
    files: string[];
    verdict: {
        verdict: "ok" | "fail" | "server-start-fail";
        /** The release that the command lines were judged as. */
        judged_as: string;
        step: string;
        etcdctl: string[];
        etcd: string;
        foretold: string[];
    } | null;
    /** The most telling first. */
    findings: ({ from: "verdict" | "certificate" | "text"; rule: string | null } & Record<string, unknown>)[];
    mended: { label: string; text: string } | null;
    notes: string[];
    unknown: boolean;
    healthy: boolean;
}

/** How to look. */
export interface Looking {
    /** Tried on whatever is under one. */
    passphrase?: string;
    /** The time by which something has ended; else now. */
    at?: Time;
}

/** What was found. Private keys are told of, never shown. */
export interface Inspection {
    items: {
        /** Where it stands. */
        locations: {
            /** The file's name; empty for what was given without one. */
            file: string;
            /** The line of `-----BEGIN`, counted from 1, and the label, where it is PEM. */
            line: number | null;
            label: string | null;
            in_pkcs12: unknown;
        }[];
        /** What it is: one name (Certificate, Request, RevocationList, PrivateKey,
         * PublicKey, Locked, Unreadable) with its facts. */
        content: Record<string, unknown>;
        /** What etcd makes of it. */
        etcd: string[];
    }[];
    /** The number of things that were not read because there are too many. */
    left_out: number;
}

/** One chain. */
export interface ChainQuestion {
    id?: unknown;
    /** What the leaf is used as. */
    kind: "server" | "client";
    /** A time, or seconds since 1970. */
    time: Time | number;
    /** The name that was dialled. */
    name?: { dns: string } | { ip: string };
    /** PEM: one text or a list of texts. */
    roots?: string | string[];
    intermediates?: string | string[];
    leaf: string | string[];
}

/** Whether Go takes the chain, and what it says where it does not. */
export interface ChainAnswer {
    id: unknown;
    accepted: boolean;
    error: string | null;
}
