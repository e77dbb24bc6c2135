package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every kind of store. */
abstract class StoreContract {
    /** An empty store. */
    abstract Store store();

    @Test
    void anObjectComesBackAsWritten() throws IOException {
        put("a/b/c.txt", "hello".getBytes());
        try (InputStream in = store().open("a/b/c.txt")) {
            assertThat(in.readAllBytes()).isEqualTo("hello".getBytes());
        }
        assertThat(store().head("a/b/c.txt")).contains(new Store.StoredObject("a/b/c.txt", 5));
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        put("empty", new byte[0]);
        assertThat(store().head("empty")).contains(new Store.StoredObject("empty", 0));
    }

    @Test
    void anObjectLargerThanOnePartComesBackAsWritten() throws IOException {
        byte[] content = new byte[20_000_003];
        new Random(1).nextBytes(content);
        put("large", content);
        try (InputStream in = store().open("large")) {
            assertThat(Digested.hexOf(in.readAllBytes())).isEqualTo(Digested.hexOf(content));
        }
    }

    @Test
    void nothingIsVisibleBeforeCommit() throws IOException {
        try (ObjectSink sink = store().create("x")) {
            sink.write(new byte[9_000_000]);
            assertThat(store().head("x")).isEmpty();
            assertThat(store().list("")).isEmpty();
        }
        assertThat(store().list("")).isEmpty();
    }

    @Test
    void anExistingObjectIsNeverReplaced() throws IOException {
        put("once", "first".getBytes());
        assertFails("object-exists", false, () -> put("once", "second".getBytes()));
        assertFails("object-exists", false, () -> put("once", new byte[9_000_000]));
        try (InputStream in = store().open("once")) {
            assertThat(in.readAllBytes()).isEqualTo("first".getBytes());
        }
    }

    @Test
    void ofTwoWritersAtTheSameTimeTheFirstToCommitWins() throws IOException {
        try (ObjectSink one = store().create("race");
                ObjectSink two = store().create("race")) {
            one.write("one".getBytes());
            two.write("two".getBytes());
            two.commit();
            assertFails("object-exists", false, one::commit);
        }
        try (InputStream in = store().open("race")) {
            assertThat(in.readAllBytes()).isEqualTo("two".getBytes());
        }
    }

    @Test
    void listsByPrefixSorted() throws IOException {
        put("shop/b/1", new byte[1]);
        put("shop/a/2", new byte[2]);
        put("shop2/a/3", new byte[3]);
        assertThat(store().list("shop/")).containsExactly(
                new Store.StoredObject("shop/a/2", 2), new Store.StoredObject("shop/b/1", 1));
        assertThat(store().list("")).hasSize(3);
        assertThat(store().list("none/")).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamedAndRemovingItIsNoError() {
        assertThat(store().head("none")).isEmpty();
        assertFails("object-missing", false, () -> store().open("none"));
        store().delete("none");
    }

    @Test
    void aRemovedObjectIsGone() throws IOException {
        put("a/x", new byte[1]);
        store().delete("a/x");
        assertThat(store().list("")).isEmpty();
        assertThat(store().head("a/x")).isEmpty();
    }

    final void put(String key, byte[] content) throws IOException {
        try (ObjectSink sink = store().create(key)) {
            sink.write(content);
            sink.commit();
        }
    }

    static void assertFails(String code, boolean passing, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.passing()).isEqualTo(passing);
        });
    }
}
