/**
 * The settings both engines take, call by call. Two of them keep a stranger's file from making this server open
 * connections: a manifest may name a URL to fetch itself from, and the library follows it unless both
 * `remote_manifest_fetch` is off and the list of allowed hosts is empty. Identity assertions resolve `did:web` names
 * over the network as well.
 */
export function engineSettings(
  roots: readonly string[],
  createdLabels: readonly string[] = [],
): Record<string, unknown> {
  return {
    core: {
      // The default of 512 holds whole videos in memory: 0.9 GB for a 500 MB file.
      backing_store_memory_threshold_in_mb: 32,
      allowed_network_hosts: [],
      decode_identity_assertions: false,
    },
    trust: { user_anchors: roots.join('\n'), trust_config: extendedKeyUsages.join('\n') },
    // What was signed is read again by `stamp` with these same settings, so the engine need not do it as well.
    verify: { verify_trust: true, verify_after_sign: false, remote_manifest_fetch: false, ocsp_fetch: false },
    builder: {
      thumbnail: { enabled: false },
      // The labels without version: 'c2pa.actions.v2' does not match. Unlisted ones would count as gathered, not ours.
      created_assertion_labels: ['c2pa.actions', 'c2pa.ingredient', ...createdLabels],
    },
  }
}

/**
 * Purposes a signing certificate may have (C2PA 2.2, 14.5.1): e-mail protection, document signing, C2PA signing, and for
 * time-stamps and OCSP their own. Always given, for without it the wasm engine refuses certificates that have only the C2PA purpose.
 */
const extendedKeyUsages = [
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
]
