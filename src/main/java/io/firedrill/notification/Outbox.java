package io.firedrill.notification;

/** Keeps what a target did not take, beyond the end of this process, and has it sent again later. */
public interface Outbox {
    /**
     * @param target as {@link Notifier} names it
     * @param problem why it was not taken
     * @return false when it cannot be kept now
     */
    boolean keep(String target, Message message, String problem);
}
