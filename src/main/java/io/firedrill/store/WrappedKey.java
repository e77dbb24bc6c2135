package io.firedrill.store;

/**
 * An age identity made for one attempt at one backup.
 *
 * @param wrapped as the key management service gave it, to be stored beside what it seals
 */
record WrappedKey(AgeIdentity identity, byte[] wrapped) {
    /** Never shows a secret. */
    @Override
    public String toString() {
        return "WrappedKey[" + identity + "]";
    }
}
